#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"
#include "imaging/io/kspace_file.h"
#include "imaging/open/open.h"
#include "imaging/recon/reconstruct.h"

namespace bloch::app {

/// What `recon` starts from: raw data, or an image from which they are simulated.
struct ReconInput {
  std::optional<KSpace> kspace;
  std::optional<imaging::OpenedImage> image;

  KSpaceSize size(int dimensions, int simulated_coils) const;
};

/// .h5, .cfl, .npz, complex .npy and .mat are raw data, unless `wants_image` (--simulate) says otherwise;
/// everything else is an image. Of raw data that hold several parts, `part` is read. errors: those of readers;
/// invalid_parameter (no coil axis, but an image)
Result<ReconInput> read_recon_input(const std::filesystem::path& path, const imaging::KSpacePart& part,
                                    imaging::CoilAxis coil_axis, const std::string& series, bool wants_image,
                                    const Progress& progress);

/// Any image, or the magnitude of a complex .cfl or .npy. A .npy is an image when it is real; of a .mat the
/// variable that is an image is taken.
Result<Volume> read_magnitude(const std::filesystem::path& path, const Progress& progress = {});

/// Whether a path is raw data by its name and, for .npy and .mat, by its complex samples.
bool is_raw_data(const std::filesystem::path& path);

/// Maps of one set, or one a slice, for data of this size.
Result<void> read_coil_maps(const std::filesystem::path& path, const KSpaceSize& size,
                            imaging::ReconstructionTask& task);

/// A mask that fits, a [kz][ky] plane given for 3D data turned into place.
Result<SamplingMask> read_sampling_mask(const std::filesystem::path& path, const KSpaceSize& size);

/// Whether `out` means a folder for a DICOM series.
bool is_folder_output(const std::string& out);
/// Whether `out` means DICOM: such a folder, or one .dcm file.
bool is_dicom_output(const std::string& out);
bool is_complex_output(const std::filesystem::path& out);
/// Refuses an output that nothing here can write, before any work is done.
Result<void> check_recon_output(const std::string& out);

/// Complex stack or volume: .cfl in BART's dimensions (slices in dimension 13), .npy as [z][y][x].
Result<void> write_complex_image(const std::filesystem::path& path, const ComplexVolume& image, bool stack);

} // namespace bloch::app
