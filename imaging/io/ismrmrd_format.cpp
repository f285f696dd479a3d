#include <algorithm>

#include "core/data/finite.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/hdf5_id.h"
#include "imaging/io/detail/ismrmrd_file.h"
#include "imaging/io/detail/ismrmrd_plan.h"
#include "imaging/io/detail/ismrmrd_writer.h"
#include "imaging/io/detail/oversampling.h"
#include "imaging/io/kspace_file.h"

namespace bloch::imaging {
namespace {

using detail::IsmrmrdLine;
using Samples = std::vector<std::complex<float>>;

/// Sums lines on the encoded grid [slice][coil][kz][ky][kx] and remembers how often each was measured.
class LineSum {
 public:
  explicit LineSum(const detail::IsmrmrdPlan& plan)
      : plan_(plan)
      , samples_(plan.encoded.sample_count())
      , counts_(line_count())
      , place_(plan.slice_order.size()) {
    for (std::size_t i = 0; i < place_.size(); ++i) place_[static_cast<std::size_t>(plan.slice_order[i])] = i;
  }

  bool measured(const IsmrmrdLine& line) const { return counts_[line_index(line)] > 0; }

  /// acquired: [channel][sample], all samples of the acquisition.
  void add(const IsmrmrdLine& line, std::span<const std::complex<float>> acquired) {
    const KSpaceSize& size = plan_.encoded;
    const std::size_t stride = acquired.size() / static_cast<std::size_t>(size.coils);
    for (std::size_t coil = 0; coil < static_cast<std::size_t>(size.coils); ++coil) {
      auto from = acquired.begin() + static_cast<std::ptrdiff_t>(coil * stride) + line.first_sample;
      auto to = samples_.begin() + static_cast<std::ptrdiff_t>(row_offset(line, coil)) + line.first_kx;
      for (int i = 0; i < line.samples; ++i) *to++ += *from++;
    }
    ++counts_[line_index(line)];
  }

  /// Sums become means.
  Samples finish() {
    const std::size_t row = static_cast<std::size_t>(plan_.encoded.kx);
    const std::size_t rows_a_coil =
        static_cast<std::size_t>(plan_.encoded.ky) * static_cast<std::size_t>(plan_.encoded.kz);
    for (std::size_t line = 0; line < counts_.size(); ++line) {
      if (counts_[line] < 2) continue;
      const std::size_t slice = line / rows_a_coil;
      for (std::size_t coil = 0; coil < static_cast<std::size_t>(plan_.encoded.coils); ++coil) {
        auto* first =
            samples_.data() + ((slice * static_cast<std::size_t>(plan_.encoded.coils) + coil) * rows_a_coil +
                               line % rows_a_coil) *
                                  row;
        for (std::size_t i = 0; i < row; ++i) first[i] /= static_cast<float>(counts_[line]);
      }
    }
    return std::move(samples_);
  }

 private:
  std::size_t line_count() const {
    return static_cast<std::size_t>(plan_.encoded.slices) * static_cast<std::size_t>(plan_.encoded.kz) *
           static_cast<std::size_t>(plan_.encoded.ky);
  }
  std::size_t line_index(const IsmrmrdLine& line) const {
    const std::size_t slice = place_[static_cast<std::size_t>(line.slice)];
    return (slice * static_cast<std::size_t>(plan_.encoded.kz) + static_cast<std::size_t>(line.kz)) *
               static_cast<std::size_t>(plan_.encoded.ky) +
           static_cast<std::size_t>(line.ky);
  }
  std::size_t row_offset(const IsmrmrdLine& line, std::size_t coil) const {
    const KSpaceSize& size = plan_.encoded;
    const std::size_t slice = place_[static_cast<std::size_t>(line.slice)];
    return (((slice * static_cast<std::size_t>(size.coils) + coil) * static_cast<std::size_t>(size.kz) +
             static_cast<std::size_t>(line.kz)) *
                static_cast<std::size_t>(size.ky) +
            static_cast<std::size_t>(line.ky)) *
           static_cast<std::size_t>(size.kx);
  }

  const detail::IsmrmrdPlan& plan_;
  Samples samples_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::size_t> place_; ///< by slice counter
};

Result<Samples> gather(const detail::IsmrmrdFile& file, const detail::IsmrmrdPlan& plan,
                       std::span<const detail::IsmrmrdHead> heads, const std::filesystem::path& path,
                       const Progress& progress) {
  LineSum sum(plan);
  const std::size_t coils = static_cast<std::size_t>(plan.encoded.coils);
  // Two rounds: calibration lines fill in only where the image itself has none.
  const bool calibration = std::any_of(plan.lines.begin(), plan.lines.end(), [](const IsmrmrdLine& line) {
    return line.use == IsmrmrdLine::Use::calibration;
  });
  std::vector<bool> image_has(plan.lines.size(), false);
  for (int round = 0; round < (calibration ? 2 : 1); ++round) {
    const auto wanted = round == 0 ? IsmrmrdLine::Use::image : IsmrmrdLine::Use::calibration;
    if (round == 1)
      for (std::size_t i = 0; i < plan.lines.size(); ++i)
        image_has[i] = plan.lines[i].use == wanted && sum.measured(plan.lines[i]);
    BLOCH_CHECK(file.visit_samples(
        [&](std::uint64_t index, std::span<const std::complex<float>> samples) -> Result<void> {
          const IsmrmrdLine& line = plan.lines[index];
          if (line.use != wanted || image_has[index]) return {};
          if (samples.size() != coils * heads[index].number_of_samples)
            return detail::broken(path, "an acquisition holds more or fewer samples than it says");
          sum.add(line, samples);
          if (index % 64 == 0) {
            progress.report(static_cast<double>(index) / static_cast<double>(plan.lines.size()));
            if (progress.cancelled()) return failure(ErrorKind::cancelled, "reading was stopped");
          }
          return {};
        }));
  }
  return sum.finish();
}

Result<std::vector<KSpacePart>> ismrmrd_parts(const std::filesystem::path& path) {
  BLOCH_TRY(file, detail::IsmrmrdFile::open(path));
  BLOCH_TRY(heads, file.read_heads());
  return detail::scan_parts(file.header(), heads);
}

Result<KSpace> read_ismrmrd_part(const std::filesystem::path& path, const KSpacePart& part,
                                 const Progress& progress) {
  BLOCH_TRY(file, detail::IsmrmrdFile::open(path));
  BLOCH_TRY(heads, file.read_heads());
  std::error_code code;
  BLOCH_TRY(plan, detail::plan_scan(file.header(), heads, part, std::filesystem::file_size(path, code), path));
  BLOCH_TRY(samples, gather(file, plan, heads, path, progress));
  KSpaceSize size = plan.encoded;
  if (plan.image_kx != size.kx) {
    samples = detail::without_oversampling(samples, size.kx, plan.image_kx);
    size.kx = plan.image_kx;
  }
  KSpace kspace(size, std::move(samples));
  kspace.geometry = plan.geometry;
  kspace.image_size = plan.image_size;
  kspace.warnings = plan.warnings;
  kspace.notes = plan.notes;
  kspace.simulated = detail::simulation_note(file.header());
  return kspace;
}

Result<KSpace> read_ismrmrd(const std::filesystem::path& path, const Progress& progress) {
  return read_ismrmrd_part(path, {}, progress);
}

Result<RawDataInfo> describe_ismrmrd(const std::filesystem::path& path) {
  constexpr std::size_t most_parts = 64; // each is planned from the heads of all acquisitions
  BLOCH_TRY(file, detail::IsmrmrdFile::open(path));
  BLOCH_TRY(heads, file.read_heads());
  std::error_code code;
  const std::uint64_t bytes = std::filesystem::file_size(path, code);
  const std::vector<KSpacePart> parts = detail::scan_parts(file.header(), heads);
  RawDataInfo info;
  info.part_count = static_cast<int>(parts.size());
  for (std::size_t i = 0; i < std::min(parts.size(), most_parts); ++i) {
    BLOCH_TRY(plan, detail::plan_scan(file.header(), heads, parts[i], bytes, path));
    KSpaceSize size = plan.encoded;
    size.kx = plan.image_kx;
    info.parts.push_back({to_text(parts[i]), size});
    if (i == 0) info.notes = plan.notes;
  }
  info.simulated = detail::simulation_note(file.header());
  return info;
}

bool is_ismrmrd(const std::filesystem::path& path) { return detail::hdf5_has(path, "/dataset"); }

} // namespace

Result<ComplexArray> read_noise(const std::filesystem::path& path) {
  BLOCH_CHECK(detail::check_readable(path));
  if (!detail::has_ending(path, ".h5"))
    return detail::refused(path, "cannot hold a noise scan; give an ISMRMRD file (.h5)");
  BLOCH_TRY(file, detail::IsmrmrdFile::open(path));
  BLOCH_TRY(heads, file.read_heads());
  const auto is_noise = [](const detail::IsmrmrdHead& head) {
    return detail::kind_of(head) == detail::IsmrmrdKind::noise;
  };
  const auto first = std::find_if(heads.begin(), heads.end(), is_noise);
  if (first == heads.end() || first->active_channels == 0)
    return failure(ErrorKind::not_found,
                   detail::quoted(path) +
                       " holds no noise scan; give the file of the scanner's noise measurement");
  const std::size_t coils = first->active_channels;
  std::vector<std::vector<std::complex<float>>> by_coil(coils);
  BLOCH_CHECK(file.visit_samples(
      [&](std::uint64_t index, std::span<const std::complex<float>> samples) -> Result<void> {
        if (!is_noise(heads[index])) return {};
        if (heads[index].active_channels != coils || samples.size() % coils != 0)
          return detail::broken(path, "the number of coils changes within its noise scan");
        const std::size_t count = samples.size() / coils;
        for (std::size_t coil = 0; coil < coils; ++coil)
          by_coil[coil].insert(by_coil[coil].end(), samples.begin() + static_cast<std::ptrdiff_t>(coil * count),
                               samples.begin() + static_cast<std::ptrdiff_t>((coil + 1) * count));
        return {};
      }));
  std::vector<std::complex<float>> noise;
  for (const auto& row : by_coil) noise.insert(noise.end(), row.begin(), row.end());
  if (noise.empty() || !all_finite(noise)) return detail::broken(path, "its noise scan holds no numbers");
  return ComplexArray{{1, static_cast<int>(coils), 1, 1, static_cast<int>(by_coil.front().size())},
                      std::move(noise)};
}

const KSpaceFormat& ismrmrd_format() {
  static const KSpaceFormat format{
      .name = "ismrmrd",
      .label = "ISMRMRD",
      .extensions = {".h5"},
      .help = "Cartesian 2D slices or 3D slabs, with geometry; readout oversampling is removed, averages are "
              "averaged. Encodings, slabs, contrasts, phases, sets and repetitions are parts of their own.",
      .read = read_ismrmrd,
      .write = detail::write_ismrmrd,
      .recognises = is_ismrmrd,
      .parts = ismrmrd_parts,
      .read_part = read_ismrmrd_part,
      .describe = describe_ismrmrd};
  return format;
}

} // namespace bloch::imaging
