#include <vector>

#include "core/base/contract.h"
#include "core/base/file.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/gzip.h"
#include "imaging/io/detail/nifti_header.h"
#include "imaging/io/image_file.h"
#include "imaging/io/volumes_file.h"

// NIfTI through our own header code: ITK's reader allocates what the header claims before it looks at the file,
// and its writer does not notice a full disk. ITK's reader is the reference in the tests.

namespace bloch::imaging {
namespace {

Result<int> count_nifti(const std::filesystem::path& path) {
  detail::ByteSource source(path);
  BLOCH_TRY(header, detail::read_nifti_header(source, path));
  return header.volumes;
}

Result<Volume> read_nifti(const std::filesystem::path& path, int volume) {
  detail::ByteSource source(path);
  BLOCH_TRY(header, detail::read_nifti_header(source, path));
  BLOCH_EXPECTS(volume >= 0 && volume < header.volumes);
  std::vector<std::uint8_t> bytes(header.geometry.voxel_count() * detail::bytes_of(header.type));
  BLOCH_CHECK(source.skip(header.data_offset - header.header_bytes +
                          static_cast<std::uint64_t>(volume) * bytes.size()));
  BLOCH_CHECK(source.read(bytes));
  if (volume + 1 == header.volumes) BLOCH_CHECK(source.check_end());
  if (header.swapped) detail::swap_bytes(bytes, detail::bytes_of(header.type));
  return detail::to_volume(header.geometry, header.type, std::move(bytes), header.slope, header.intercept);
}

/// samples: one piece a volume.
Result<void> write_nifti_bytes(const std::filesystem::path& path, const VolumeGeometry& geometry,
                               detail::SampleType type, std::span<const std::span<const std::uint8_t>> samples,
                               const std::string& description = {}) {
  BLOCH_CHECK(detail::check_nifti_size(geometry));
  const auto header = detail::nifti_header(geometry, type, static_cast<int>(samples.size()), description);
  std::vector<std::span<const std::uint8_t>> pieces{header};
  pieces.insert(pieces.end(), samples.begin(), samples.end());
  if (detail::has_ending(path, ".gz")) return write_file(path, detail::gzip(pieces));
  return write_file(path, pieces);
}

Result<void> write_nifti_bytes(const std::filesystem::path& path, const VolumeGeometry& geometry,
                               detail::SampleType type, std::span<const std::uint8_t> samples,
                               const std::string& description = {}) {
  return write_nifti_bytes(path, geometry, type, std::span(&samples, 1), description);
}

template <class T> std::span<const std::uint8_t> raw_bytes(std::span<const T> samples) {
  return {reinterpret_cast<const std::uint8_t*>(samples.data()), samples.size_bytes()};
}

Result<void> write_nifti(const std::filesystem::path& path, const Volume& volume,
                         const std::string& description) {
  const auto type = volume.holds<float>() ? detail::SampleType::float32 : detail::SampleType::int16;
  return volume.visit([&](auto samples) {
    return write_nifti_bytes(path, volume.geometry(), type, raw_bytes(samples), description);
  });
}

Result<void> write_nifti_labels(const std::filesystem::path& path, const LabelMap& labels) {
  const auto type = labels.holds<std::uint8_t>() ? detail::SampleType::uint8 : detail::SampleType::uint16;
  return labels.visit(
      [&](auto samples) { return write_nifti_bytes(path, labels.geometry(), type, raw_bytes(samples)); });
}

} // namespace

Result<void> write_volumes(const std::filesystem::path& path, std::span<const Volume> volumes) {
  BLOCH_EXPECTS(!volumes.empty());
  if (!detail::has_ending(path, ".nii") && !detail::has_ending(path, ".nii.gz"))
    return failure(ErrorKind::unsupported,
                   "several volumes in one file are written as NIfTI alone; name it .nii.gz");
  if (volumes.size() > 32767)
    return failure(ErrorKind::unsupported, "NIfTI-1 keeps at most 32767 volumes; write fewer of them");
  const VolumeGeometry& geometry = volumes.front().geometry();
  bool whole = true;
  for (const Volume& volume : volumes) {
    BLOCH_EXPECTS(volume.geometry().size == geometry.size);
    whole = whole && volume.holds<std::int16_t>();
  }
  std::vector<std::vector<float>> converted;
  std::vector<std::span<const std::uint8_t>> pieces;
  converted.reserve(volumes.size());
  for (const Volume& volume : volumes) {
    if (whole)
      pieces.push_back(raw_bytes(volume.samples<std::int16_t>()));
    else if (volume.holds<float>())
      pieces.push_back(raw_bytes(volume.samples<float>()));
    else
      pieces.push_back(raw_bytes(std::span<const float>(converted.emplace_back(to_float(volume)))));
  }
  const auto type = whole ? detail::SampleType::int16 : detail::SampleType::float32;
  return write_nifti_bytes(path, geometry, type, pieces);
}

double time_step_ms(const std::filesystem::path& path) {
  if (!detail::has_ending(path, ".nii") && !detail::has_ending(path, ".nii.gz")) return 0;
  detail::ByteSource source(path);
  const auto header = detail::read_nifti_header(source, path);
  return header ? header->time_step_ms : 0;
}

const ImageFormat& nifti_format() {
  static const ImageFormat format{
      .name = "nifti",
      .label = "NIfTI",
      .extensions = {".nii.gz", ".nii"},
      .help = "Voxels and geometry (read: NIfTI-1 and 2; written: NIfTI-1, RAS, sform = qform). No patient.",
      .keeps_geometry = true,
      .read = read_nifti,
      .count = count_nifti,
      .write = write_nifti,
      .write_labels = write_nifti_labels};
  return format;
}

} // namespace bloch::imaging
