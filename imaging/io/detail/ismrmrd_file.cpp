#include "imaging/io/detail/ismrmrd_file.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/hdf5_id.h"

namespace bloch::imaging::detail {
namespace {

using Head = ISMRMRD::ISMRMRD_AcquisitionHeader;

constexpr std::size_t acquisitions_at_once = 64;

Hdf5 data_type(hid_t id) { return Hdf5(id, H5Tclose); }

Hdf5 array_type(hid_t element, hsize_t length) { return data_type(H5Tarray_create2(element, 1, &length)); }

void insert_array(hid_t type, const char* name, std::size_t offset, hid_t element, hsize_t length) {
  const Hdf5 array = array_type(element, length);
  H5Tinsert(type, name, offset, array);
}

Hdf5 counters_type() {
  using Counters = ISMRMRD::ISMRMRD_EncodingCounters;
  Hdf5 type = data_type(H5Tcreate(H5T_COMPOUND, sizeof(Counters)));
  H5Tinsert(type, "kspace_encode_step_1", offsetof(Counters, kspace_encode_step_1), H5T_NATIVE_UINT16);
  H5Tinsert(type, "kspace_encode_step_2", offsetof(Counters, kspace_encode_step_2), H5T_NATIVE_UINT16);
  H5Tinsert(type, "average", offsetof(Counters, average), H5T_NATIVE_UINT16);
  H5Tinsert(type, "slice", offsetof(Counters, slice), H5T_NATIVE_UINT16);
  H5Tinsert(type, "contrast", offsetof(Counters, contrast), H5T_NATIVE_UINT16);
  H5Tinsert(type, "phase", offsetof(Counters, phase), H5T_NATIVE_UINT16);
  H5Tinsert(type, "repetition", offsetof(Counters, repetition), H5T_NATIVE_UINT16);
  H5Tinsert(type, "set", offsetof(Counters, set), H5T_NATIVE_UINT16);
  H5Tinsert(type, "segment", offsetof(Counters, segment), H5T_NATIVE_UINT16);
  return type;
}

/// The members of the head that are looked at; HDF5 matches them by name.
Hdf5 head_type() {
  Hdf5 type = data_type(H5Tcreate(H5T_COMPOUND, sizeof(Head)));
  H5Tinsert(type, "flags", offsetof(Head, flags), H5T_NATIVE_UINT64);
  H5Tinsert(type, "number_of_samples", offsetof(Head, number_of_samples), H5T_NATIVE_UINT16);
  H5Tinsert(type, "active_channels", offsetof(Head, active_channels), H5T_NATIVE_UINT16);
  H5Tinsert(type, "discard_pre", offsetof(Head, discard_pre), H5T_NATIVE_UINT16);
  H5Tinsert(type, "discard_post", offsetof(Head, discard_post), H5T_NATIVE_UINT16);
  H5Tinsert(type, "center_sample", offsetof(Head, center_sample), H5T_NATIVE_UINT16);
  H5Tinsert(type, "encoding_space_ref", offsetof(Head, encoding_space_ref), H5T_NATIVE_UINT16);
  H5Tinsert(type, "trajectory_dimensions", offsetof(Head, trajectory_dimensions), H5T_NATIVE_UINT16);
  insert_array(type, "position", offsetof(Head, position), H5T_NATIVE_FLOAT, 3);
  insert_array(type, "read_dir", offsetof(Head, read_dir), H5T_NATIVE_FLOAT, 3);
  insert_array(type, "phase_dir", offsetof(Head, phase_dir), H5T_NATIVE_FLOAT, 3);
  insert_array(type, "slice_dir", offsetof(Head, slice_dir), H5T_NATIVE_FLOAT, 3);
  const Hdf5 counters = counters_type();
  H5Tinsert(type, "idx", offsetof(Head, idx), counters);
  return type;
}

void replace_first(std::string& text, std::string_view from, std::string_view to) {
  if (const std::size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

} // namespace

Result<ISMRMRD::IsmrmrdHeader> parse_ismrmrd_header(std::string text, const std::filesystem::path& path) {
  replace_first(text, "<trajectory>Cartesian<", "<trajectory>cartesian<");
  const std::size_t begin = text.find("<encodedSpace>");
  const std::size_t end = text.find("</encodedSpace>");
  if (text.find("<reconSpace>") == std::string::npos && begin < end && end != std::string::npos) {
    const std::string inside = text.substr(begin + 14, end - begin - 14);
    text.insert(end + 15, "<reconSpace>" + inside + "</reconSpace>");
  }
  if (text.find("<encodingLimits") == std::string::npos)
    replace_first(text, "</reconSpace>", "</reconSpace><encodingLimits></encodingLimits>");
  ISMRMRD::IsmrmrdHeader header;
  try {
    ISMRMRD::deserialize(text.c_str(), header);
  } catch (const std::exception&) {
    return broken(path, "its ISMRMRD header does not follow the schema");
  }
  if (header.encoding.empty()) return broken(path, "its header describes no encoding");
  return header;
}

namespace {

/// The data set of acquisitions, opened within read_hdf5_apart.
struct Acquisitions {
  std::filesystem::path path;
  Hdf5 file;
  Hdf5 set;
  std::string header;
  std::uint64_t count = 0;

  /// Reads members of `count` acquisitions from `first` on. Not a member of Hdf5: it needs both spaces.
  Result<void> read(hid_t type, hsize_t first, hsize_t wanted, void* target) const {
    const Hdf5 file_space(H5Dget_space(set), H5Sclose);
    const Hdf5 memory_space(H5Screate_simple(1, &wanted, nullptr), H5Sclose);
    if (H5Sselect_hyperslab(file_space, H5S_SELECT_SET, &first, nullptr, &wanted, nullptr) < 0 ||
        H5Dread(set, type, memory_space, file_space, H5P_DEFAULT, target) < 0)
      return broken(path, "its acquisitions cannot be read");
    return {};
  }
};

std::uint64_t bytes_of_file(const std::filesystem::path& path) {
  std::error_code code;
  const std::uintmax_t bytes = std::filesystem::file_size(path, code);
  return code ? 0 : bytes;
}

/// Stored heads take 340 bytes each before any sample.
std::uint64_t most_acquisitions(const std::filesystem::path& path) { return bytes_of_file(path) / 64; }

Result<Acquisitions> open_acquisitions(const std::filesystem::path& path) {
  BLOCH_TRY(file, open_hdf5(path));
  if (H5Lexists(file, "/dataset", H5P_DEFAULT) <= 0)
    return failure(ErrorKind::malformed, quoted(path) +
                                             " is HDF5, but neither ISMRMRD (no /dataset) nor fastMRI (no "
                                             "/kspace); check what it is");
  if (H5Lexists(file, "/dataset/xml", H5P_DEFAULT) <= 0)
    return failure(ErrorKind::malformed, quoted(path) + " is HDF5 but not ISMRMRD (no /dataset/xml)");
  BLOCH_TRY(text, read_hdf5_text(file, "/dataset/xml", path));
  Hdf5 set(H5Dopen2(file, "/dataset/data", H5P_DEFAULT), H5Dclose);
  if (!set.good()) return broken(path, "it holds no acquisitions");
  const Hdf5 space(H5Dget_space(set), H5Sclose);
  const Hdf5 type(H5Dget_type(set), H5Tclose);
  if (H5Tget_class(type) != H5T_COMPOUND || H5Tget_member_index(type, "head") < 0 ||
      H5Tget_member_index(type, "data") < 0 || H5Sget_simple_extent_ndims(space) != 1)
    return broken(path, "its acquisitions are not in ISMRMRD's form");
  hsize_t count = 0;
  H5Sget_simple_extent_dims(space, &count, nullptr);
  if (count == 0 || count > most_acquisitions(path))
    return broken(path, "it claims more acquisitions than it holds");
  return Acquisitions{path, std::move(file), std::move(set), std::move(text), count};
}

Result<void> put_heads(ApartSink& sink, const std::filesystem::path& path) {
  BLOCH_TRY(open, open_acquisitions(path));
  const Hdf5 head = head_type();
  const Hdf5 type = data_type(H5Tcreate(H5T_COMPOUND, sizeof(Head)));
  H5Tinsert(type, "head", 0, head);
  std::vector<Head> heads(open.count);
  for (std::uint64_t first = 0; first < open.count; first += acquisitions_at_once) {
    const hsize_t wanted = std::min<hsize_t>(acquisitions_at_once, open.count - first);
    BLOCH_CHECK(open.read(type, first, wanted, heads.data() + first));
  }
  sink.put(heads);
  return {};
}

Result<void> put_samples(ApartSink& sink, const std::filesystem::path& path) {
  BLOCH_TRY(open, open_acquisitions(path));
  const Hdf5 floats = data_type(H5Tvlen_create(H5T_NATIVE_FLOAT));
  const Hdf5 type = data_type(H5Tcreate(H5T_COMPOUND, sizeof(hvl_t)));
  H5Tinsert(type, "data", 0, floats);
  std::array<hvl_t, acquisitions_at_once> rows{};
  for (std::uint64_t first = 0; first < open.count; first += acquisitions_at_once) {
    const hsize_t wanted = std::min<hsize_t>(acquisitions_at_once, open.count - first);
    rows.fill({});
    BLOCH_CHECK(open.read(type, first, wanted, rows.data()));
    for (std::size_t i = 0; i < wanted; ++i) {
      const std::uint64_t count = rows[i].len / 2;
      sink.put(count);
      sink.put(rows[i].p, count * sizeof(std::complex<float>));
    }
    const Hdf5 space(H5Screate_simple(1, &wanted, nullptr), H5Sclose);
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, rows.data());
  }
  return {};
}

} // namespace

Result<IsmrmrdFile> IsmrmrdFile::open(const std::filesystem::path& path) {
  std::string text;
  std::uint64_t count = 0;
  BLOCH_CHECK(read_hdf5_apart(
      path, most_hdf5_text_bytes,
      [&](ApartSink& sink) -> Result<void> {
        BLOCH_TRY(opened, open_acquisitions(path));
        sink.put(opened.header);
        sink.put(opened.count);
        return {};
      },
      [&](ApartSource& source) -> Result<void> {
        BLOCH_TRY(header, source.get_text(most_hdf5_text_bytes));
        BLOCH_TRY(acquisitions, source.get<std::uint64_t>());
        text = std::move(header);
        count = acquisitions;
        return {};
      }));
  BLOCH_TRY(header, parse_ismrmrd_header(std::move(text), path));
  IsmrmrdFile file;
  file.path_ = path;
  file.header_ = std::move(header);
  file.count_ = std::min(count, most_acquisitions(path));
  return file;
}

Result<std::vector<Head>> IsmrmrdFile::read_heads() const {
  std::vector<Head> heads;
  BLOCH_CHECK(read_hdf5_apart(
      path_, count_ * sizeof(Head), [&](ApartSink& sink) { return put_heads(sink, path_); },
      [&](ApartSource& source) -> Result<void> {
        BLOCH_TRY(read, source.get_values<Head>(count_));
        heads = std::move(read);
        return {};
      }));
  if (heads.size() != count_) return broken(path_, "it holds fewer acquisitions than it says");
  return heads;
}

Result<void> IsmrmrdFile::visit_samples(const Visitor& visitor) const {
  const std::uint64_t file_bytes = bytes_of_file(path_);
  return read_hdf5_apart(
      path_, file_bytes, [&](ApartSink& sink) { return put_samples(sink, path_); },
      [&](ApartSource& source) -> Result<void> {
        for (std::uint64_t index = 0; index < count_; ++index) {
          // Samples of variable length are never packed.
          BLOCH_TRY(samples, source.get_values<std::complex<float>>(file_bytes / sizeof(std::complex<float>)));
          BLOCH_CHECK(visitor(index, samples));
        }
        return {};
      });
}

} // namespace bloch::imaging::detail
