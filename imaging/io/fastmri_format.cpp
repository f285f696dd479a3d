#include <algorithm>
#include <array>
#include <optional>

#include "core/data/finite.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/io/detail/fastmri_plan.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/hdf5_id.h"
#include "imaging/io/detail/oversampling.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

using detail::Hdf5;
using Samples = std::vector<std::complex<float>>;
constexpr std::size_t longest_name = 64;

std::vector<unsigned long long> extents_of(hid_t set) {
  const Hdf5 space(H5Dget_space(set), H5Sclose);
  std::array<hsize_t, H5S_MAX_RANK> extents{};
  const int rank = H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  return {extents.begin(), extents.begin() + std::max(rank, 0)};
}

/// Bytes that the samples of a data set can be: those in the file, times what its compression reaches at best.
std::uint64_t most_bytes(hid_t set, const std::filesystem::path& path) {
  std::error_code code;
  const std::uint64_t file = std::filesystem::file_size(path, code);
  const Hdf5 creation(H5Dget_create_plist(set), H5Pclose);
  const bool packed = H5Pget_nfilters(creation) > 0;
  const std::uint64_t stored = std::min<std::uint64_t>(H5Dget_storage_size(set), code ? 0 : file);
  return packed ? stored * detail::best_deflate : stored;
}

/// Complex numbers as h5py keeps them: a pair of floats called r and i.
bool is_complex(hid_t type) {
  if (H5Tget_class(type) != H5T_COMPOUND || H5Tget_nmembers(type) != 2) return false;
  for (const char* name : {"r", "i"}) {
    const int index = H5Tget_member_index(type, name);
    if (index < 0 || H5Tget_member_class(type, static_cast<unsigned>(index)) != H5T_FLOAT) return false;
  }
  return true;
}

Hdf5 complex_type() {
  Hdf5 type(H5Tcreate(H5T_COMPOUND, sizeof(std::complex<float>)), H5Tclose);
  H5Tinsert(type, "r", 0, H5T_NATIVE_FLOAT);
  H5Tinsert(type, "i", sizeof(float), H5T_NATIVE_FLOAT);
  return type;
}

/// One slice of a data set [slice][…].
Result<void> read_slice(hid_t set, hid_t type, int slice, void* target, const std::filesystem::path& path) {
  const auto extents = extents_of(set);
  std::vector<hsize_t> begin(extents.size(), 0), count(extents.begin(), extents.end());
  begin[0] = static_cast<hsize_t>(slice);
  count[0] = 1;
  const Hdf5 file_space(H5Dget_space(set), H5Sclose);
  const Hdf5 memory_space(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose);
  if (H5Sselect_hyperslab(file_space, H5S_SELECT_SET, begin.data(), nullptr, count.data(), nullptr) < 0 ||
      H5Dread(set, type, memory_space, file_space, H5P_DEFAULT, target) < 0)
    return detail::broken(path, "its samples cannot be read");
  return {};
}

/// [count][rows][columns] to [count][columns][rows].
template <class Value> std::vector<Value> turned(const std::vector<Value>& from, int rows, int columns) {
  std::vector<Value> to(from.size());
  const auto r = static_cast<std::size_t>(rows);
  const auto c = static_cast<std::size_t>(columns);
  for (std::size_t plane = 0; plane < from.size(); plane += r * c)
    for (std::size_t i = 0; i < r; ++i)
      for (std::size_t j = 0; j < c; ++j) to[plane + j * r + i] = from[plane + i * c + j];
  return to;
}

/// The data sets of a file, opened.
struct Opened {
  Hdf5 file, kspace;
  std::optional<Hdf5> reference;
  std::string reference_name;
  detail::FastmriHead head;
};

Result<Opened> open_fastmri(const std::filesystem::path& path) {
  BLOCH_TRY(file, detail::open_hdf5(path));
  Hdf5 kspace(H5Dopen2(file, "/kspace", H5P_DEFAULT), H5Dclose);
  if (!kspace.good())
    return failure(ErrorKind::malformed,
                   detail::quoted(path) +
                       " is HDF5, but neither ISMRMRD (no /dataset) nor fastMRI (no /kspace)");
  const Hdf5 type(H5Dget_type(kspace), H5Tclose);
  if (!is_complex(type)) return detail::refused(path, "has a kspace that is not of complex numbers (r, i)");
  Opened opened{std::move(file), std::move(kspace), {}, {}, {}};
  opened.head.kspace = extents_of(opened.kspace);
  opened.head.most_samples = most_bytes(opened.kspace, path) / std::max<std::size_t>(1, H5Tget_size(type));
  if (H5Lexists(opened.file, "ismrmrd_header", H5P_DEFAULT) > 0) {
    BLOCH_TRY(text, detail::read_hdf5_text(opened.file, "/ismrmrd_header", path));
    opened.head.header = std::move(text);
  }
  for (const char* name : {"reconstruction_rss", "reconstruction_esc"}) {
    if (opened.reference || H5Lexists(opened.file, name, H5P_DEFAULT) <= 0) continue;
    Hdf5 set(H5Dopen2(opened.file, name, H5P_DEFAULT), H5Dclose);
    const Hdf5 real(H5Dget_type(set), H5Tclose);
    if (!set.good() || H5Tget_class(real) != H5T_FLOAT)
      return detail::broken(path, std::string(name) + " is no image");
    opened.head.reference = extents_of(set);
    if (opened.head.reference.empty()) return detail::broken(path, std::string(name) + " is no image");
    opened.reference.emplace(std::move(set));
    opened.reference_name = name;
  }
  return opened;
}

/// What the file says of itself; the name of the reference is "" without one.
struct Said {
  detail::FastmriHead head;
  std::string reference_name;
};

Result<Said> read_head(const std::filesystem::path& path) {
  Said said;
  const auto done = detail::read_hdf5_apart(
      path, detail::most_hdf5_text_bytes,
      [&](detail::ApartSink& sink) -> Result<void> {
        BLOCH_TRY(opened, open_fastmri(path));
        sink.put(opened.head.kspace);
        sink.put(opened.head.reference);
        sink.put(opened.head.header);
        sink.put(opened.head.most_samples);
        sink.put(opened.reference_name);
        return {};
      },
      [&](detail::ApartSource& source) -> Result<void> {
        BLOCH_TRY(kspace, source.get_values<unsigned long long>(H5S_MAX_RANK));
        BLOCH_TRY(reference, source.get_values<unsigned long long>(H5S_MAX_RANK));
        BLOCH_TRY(header, source.get_text(detail::most_hdf5_text_bytes));
        BLOCH_TRY(most_samples, source.get<std::uint64_t>());
        BLOCH_TRY(name, source.get_text(longest_name));
        std::error_code code;
        const std::uint64_t file = std::filesystem::file_size(path, code);
        most_samples = std::min<std::uint64_t>(most_samples, code ? 0 : file * detail::best_deflate);
        said = {{std::move(kspace), std::move(reference), std::move(header), most_samples}, std::move(name)};
        return {};
      });
  BLOCH_CHECK(done);
  return said;
}

Result<void> put_samples(detail::ApartSink& sink, const Said& said, const detail::FastmriPlan& plan,
                         const std::filesystem::path& path) {
  BLOCH_TRY(opened, open_fastmri(path));
  const Hdf5 type = complex_type();
  Samples slice(plan.size.samples_per_slice());
  for (int index = 0; index < plan.size.slices; ++index) {
    BLOCH_CHECK(read_slice(opened.kspace, type, index, slice.data(), path));
    sink.put(slice.data(), slice.size() * sizeof(slice[0]));
  }
  if (!opened.reference) return {};
  const auto& extents = said.head.reference;
  std::vector<float> image(extents[1] * extents[2]);
  for (int z = 0; z < static_cast<int>(extents[0]); ++z) {
    BLOCH_CHECK(read_slice(*opened.reference, H5T_NATIVE_FLOAT, z, image.data(), path));
    sink.put(image.data(), image.size() * sizeof(image[0]));
  }
  return {};
}

Result<Samples> take_samples(detail::ApartSource& source, const detail::FastmriPlan& plan,
                             const Progress& progress) {
  Samples samples;
  KSpaceSize narrow = plan.size;
  narrow.kx = plan.image_kx;
  BLOCH_CHECK(source.wait());
  samples.reserve(narrow.sample_count());
  Samples slice(plan.size.samples_per_slice());
  for (int index = 0; index < plan.size.slices; ++index) {
    if (progress.cancelled()) return failure(ErrorKind::cancelled, "reading was stopped");
    BLOCH_CHECK(source.get(slice.data(), slice.size() * sizeof(slice[0])));
    Samples lines = turned(slice, plan.size.kx, plan.size.ky);
    if (plan.image_kx != plan.size.kx) lines = detail::without_oversampling(lines, plan.size.kx, plan.image_kx);
    samples.insert(samples.end(), lines.begin(), lines.end());
    progress.report(static_cast<double>(index + 1) / plan.size.slices);
  }
  return samples;
}

Result<Volume> take_reference(detail::ApartSource& source, const Said& said, const KSpace& kspace,
                              const std::filesystem::path& path) {
  const auto& extents = said.head.reference;
  VolumeGeometry geometry;
  geometry.size = {static_cast<int>(extents[1]), static_cast<int>(extents[2]), static_cast<int>(extents[0])};
  if (kspace.geometry) geometry.spacing_mm = kspace.geometry->spacing_mm;
  std::vector<float> values;
  std::vector<float> slice(static_cast<std::size_t>(geometry.size[0]) *
                           static_cast<std::size_t>(geometry.size[1]));
  for (int z = 0; z < geometry.size[2]; ++z) {
    BLOCH_CHECK(source.get(slice.data(), slice.size() * sizeof(slice[0])));
    const std::vector<float> rows = turned(slice, geometry.size[0], geometry.size[1]);
    values.insert(values.end(), rows.begin(), rows.end());
  }
  if (!all_finite(values)) return detail::broken(path, "its reference image holds values that are not numbers");
  return Volume(geometry, std::move(values));
}

Result<KSpace> read_fastmri(const std::filesystem::path& path, const Progress& progress) {
  BLOCH_TRY(said, read_head(path));
  BLOCH_TRY(plan, detail::plan_fastmri(said.head, path));
  KSpaceSize size = plan.size;
  size.kx = plan.image_kx;
  std::optional<KSpace> kspace;
  const auto done = detail::read_hdf5_apart(
      path, plan.size.sample_count() * sizeof(std::complex<float>),
      [&](detail::ApartSink& sink) { return put_samples(sink, said, plan, path); },
      [&](detail::ApartSource& source) -> Result<void> {
        BLOCH_TRY(samples, take_samples(source, plan, progress));
        kspace.emplace(size, std::move(samples));
        kspace->geometry = plan.geometry;
        if (said.head.reference.empty()) return {};
        BLOCH_TRY(reference, take_reference(source, said, *kspace, path));
        kspace->reference = std::move(reference);
        return {};
      });
  BLOCH_CHECK(done);
  kspace->image_size = plan.image_size;
  kspace->warnings = plan.warnings;
  kspace->notes = plan.notes;
  if (kspace->reference) kspace->notes.push_back("the reference is the file's " + said.reference_name);
  return std::move(*kspace);
}

Result<RawDataInfo> describe_fastmri(const std::filesystem::path& path) {
  BLOCH_TRY(said, read_head(path));
  BLOCH_TRY(plan, detail::plan_fastmri(said.head, path));
  RawDataInfo info;
  info.parts.push_back({{}, plan.size});
  info.parts.front().size.kx = plan.image_kx;
  info.notes = plan.notes;
  if (!said.reference_name.empty()) info.notes.push_back("the reference is the file's " + said.reference_name);
  return info;
}

bool is_fastmri(const std::filesystem::path& path) { return detail::hdf5_has(path, "/kspace"); }

} // namespace

const KSpaceFormat& fastmri_format() {
  static const KSpaceFormat format{
      .name = "fastmri",
      .label = "fastMRI HDF5",
      .extensions = {".h5"},
      .help =
          "kspace [slice][coil][readout][phase encoding], turned so that x is the readout and cut to the "
          "image; "
          "reconstruction_rss (or _esc) becomes the reference, ismrmrd_header gives the spacing. Read only.",
      .read = read_fastmri,
      .recognises = is_fastmri,
      .describe = describe_fastmri};
  return format;
}

} // namespace bloch::imaging
