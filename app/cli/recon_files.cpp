#include "app/cli/recon_files.h"

#include <fmt/format.h>

#include "app/cli/object_kind.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/data/finite.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"

namespace bloch::app {
namespace fs = std::filesystem;
namespace {

bool has_suffix(const fs::path& path, std::string_view suffix) {
  return lower_case(path.filename().string()).ends_with(suffix);
}

} // namespace

KSpaceSize ReconInput::size(int dimensions, int simulated_coils) const {
  if (kspace) return kspace->size();
  const auto& extent = image->volume.geometry().size;
  const bool volume = dimensions == 3 && extent[2] > 1;
  return {extent[0], extent[1], volume ? extent[2] : 1, simulated_coils, volume ? 1 : extent[2]};
}

bool is_raw_data(const fs::path& path) {
  std::error_code code;
  return !fs::is_directory(path, code) && imaging::kspace_format_of(path).has_value() &&
         !imaging::holds_real_numbers(path);
}

Result<ReconInput> read_recon_input(const fs::path& path, const imaging::KSpacePart& part,
                                    imaging::CoilAxis coil_axis, const std::string& series, bool wants_image,
                                    const Progress& progress) {
  ReconInput input;
  std::error_code code;
  if (!fs::exists(file_of(path), code))
    return failure(ErrorKind::not_found, fmt::format("'{}' does not exist", path.string()));
  if (!wants_image && is_raw_data(path)) {
    BLOCH_TRY(kspace, imaging::read_kspace_part(path, part, progress, coil_axis));
    input.kspace = std::move(kspace);
    return input;
  }
  if (coil_axis == imaging::CoilAxis::none)
    return failure(
        ErrorKind::invalid_parameter,
        "--coil-axis none is for k-space; this input is read as an image, whose coils are simulated");
  BLOCH_TRY(image, imaging::open_image(path, series, progress));
  input.image = std::move(image);
  return input;
}

Result<Volume> read_magnitude(const fs::path& path, const Progress& progress) {
  const bool bart = has_suffix(path, ".cfl") || has_suffix(path, ".hdr") || has_suffix(file_of(path), ".npz");
  if (!bart && !has_suffix(path, ".npy")) {
    BLOCH_TRY(image, imaging::open_image(path, {}, progress));
    return image.volume;
  }
  if (!bart && imaging::holds_real_numbers(path)) return imaging::read_image(path);
  BLOCH_TRY(array, imaging::read_complex(path));
  if (array.extents[1] > 1)
    return failure(ErrorKind::invalid_parameter,
                   fmt::format("'{}' holds {} coils and is no image", path.string(), array.extents[1]));
  VolumeGeometry geometry;
  geometry.size = {array.extents[4], array.extents[3], array.extents[2] * array.extents[0]};
  std::vector<float> values;
  values.reserve(array.samples.size());
  for (const auto& sample : array.samples) values.push_back(std::abs(sample));
  return Volume(geometry, std::move(values));
}

Result<void> read_coil_maps(const fs::path& path, const KSpaceSize& size, imaging::ReconstructionTask& task) {
  BLOCH_TRY(array, imaging::read_complex(path));
  if (!all_finite(array.samples))
    return failure(
        ErrorKind::invalid_parameter,
        fmt::format("the coil maps '{}' hold values that are not numbers (NaN or infinite)", path.string()));
  auto& e = array.extents;
  // A three-dimensional .npy is [coil][y][x].
  if (e[0] == 1 && e[1] == 1 && e[2] > 1 && size.kz == 1) std::swap(e[1], e[2]);
  // Several sets for one slice or volume are those of soft-SENSE; of a .npy with as many as slices, one a
  // slice.
  int slices = array.slices;
  if (slices == 0) slices = e[0] == 1 || size.slices == 1 ? 1 : e[0];
  const int sets = e[0] / slices;
  if (slices == 1) {
    task.sensitivities = imaging::Sensitivities{e[1], e[2], e[3], e[4], std::move(array.samples), sets};
    return {};
  }
  if (slices != size.slices)
    return failure(ErrorKind::invalid_parameter,
                   fmt::format("'{}' holds coil maps of {} slices, but the data have {}; give one set, or one "
                               "for each of the {} slices",
                               path.string(), slices, size.slices, size.slices));
  const std::size_t samples = array.samples.size() / static_cast<std::size_t>(slices);
  for (std::size_t begin = 0; begin < array.samples.size(); begin += samples)
    task.slice_sensitivities.push_back({e[1], e[2], e[3], e[4], array.samples.part(begin, samples), sets});
  return {};
}

Result<SamplingMask> read_sampling_mask(const fs::path& path, const KSpaceSize& size) {
  BLOCH_TRY(mask, imaging::read_mask(path));
  if (mask.fits(size)) return mask;
  if (size.kz > 1 && mask.kz() == 1 && mask.kx() == size.ky && mask.ky() == size.kz)
    return SamplingMask(1, size.ky, size.kz, {mask.kept().begin(), mask.kept().end()});
  return failure(ErrorKind::invalid_parameter,
                 fmt::format("the mask '{}' is {} x {} x {}, but the k-space is {} x {} x {}", path.string(),
                             mask.kx(), mask.ky(), mask.kz(), size.kx, size.ky, size.kz));
}

bool is_folder_output(const std::string& out) {
  std::error_code code;
  return out.ends_with('/') || fs::is_directory(out, code);
}

bool is_dicom_output(const std::string& out) { return is_folder_output(out) || is_dicom_file(out); }

bool is_complex_output(const fs::path& out) {
  return has_suffix(out, ".cfl") || has_suffix(out, ".hdr") || has_suffix(out, ".npy");
}

Result<void> check_recon_output(const std::string& out) {
  if (is_dicom_output(out) || is_complex_output(out)) return {};
  const auto format = imaging::image_writer_of(out);
  if (!format)
    return failure(
        ErrorKind::invalid_parameter,
        format.error().message +
            "; .cfl and .npy keep the phase, a folder ending in / becomes a DICOM series, a .dcm file "
            "an enhanced MR");
  return {};
}

Result<void> write_complex_image(const fs::path& path, const ComplexVolume& image, bool stack) {
  const auto& size = image.geometry().size;
  const auto samples = image.samples<std::complex<float>>();
  imaging::ComplexArray array{{1, 1, size[2], size[1], size[0]}, {nullptr, samples}}; // lent for the call
  if (stack && !has_suffix(path, ".npy")) std::swap(array.extents[0], array.extents[2]);
  return imaging::write_complex(path, array);
}

} // namespace bloch::app
