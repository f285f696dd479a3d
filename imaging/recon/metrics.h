#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/volume.h"

namespace bloch::imaging {

/// As fastMRI's (RECONSTRUCTION conventions): NRMSE is the root of NMSE; PSNR and SSIM with the volume's
/// maximum, SSIM 7 x 7 uniform, K1 .01, K2 .03, unbiased covariance, 3-pixel border left out, per slice then
/// mean over the slices that have one.
struct QualityNumbers {
  double nrmse = 0;
  double psnr_db = 0;
  std::optional<double> ssim = 0.0; ///< nothing where no window fits: a slice or region that is too small
  double nmse = 0;                  ///< |image - reference|^2 / |reference|^2
  double mse = 0;                   ///< mean squared difference, in units of the reference squared
};

/// The numbers of one slice, still with the maximum of the whole volume.
struct SliceQuality {
  int slice = 0;
  QualityNumbers numbers;
};

struct ImageMetrics {
  QualityNumbers plain;
  QualityNumbers scaled;  ///< after the least-squares factor on the image
  double scale = 1;       ///< that factor
  std::size_t voxels = 0; ///< that were compared
  std::vector<SliceQuality> slices =
      {}; ///< of the image as it is; slices without a voxel of the region left out
};

/// Voxels that count, [z][y][x], not 0 inside; of the reference's size.
using MetricsRegion = std::vector<std::uint8_t>;

/// A box of voxels, both corners included. Errors: invalid_parameter (outside the volume).
Result<MetricsRegion> box_region(const VolumeGeometry& geometry, const std::array<int, 3>& first,
                                 const std::array<int, 3>& last);

/// errors: invalid_parameter, with `what` in front ("the image 'a.nii' holds values that are not numbers…")
Result<void> check_finite(const Volume& volume, const std::string& what);

/// With a region, error and energy are summed inside it, SSIM is the mean of the windows centred in it, and the
/// range is still the maximum of the whole reference.
/// errors: invalid_parameter (sizes differ; values that are not finite; a reference of zeros, or an empty
/// region)
Result<ImageMetrics> image_metrics(const Volume& reference, const Volume& image,
                                   const std::optional<MetricsRegion>& region = {});

/// |image - reference| on the reference's grid.
Result<Volume> error_map(const Volume& reference, const Volume& image);

/// Structural similarity of the 7 x 7 window around each pixel, slice by slice; 0 in the 3-pixel border.
Result<Volume> ssim_map(const Volume& reference, const Volume& image);

/// "0.9876", or "–" where there is none.
std::string ssim_text(const std::optional<double>& ssim, int digits);

/// {"nrmse","psnr_db","ssim","scaled":{…}} as DESIGN.md 4 names them, and {"slices":[…]}.
std::string to_json(const ImageMetrics& metrics);

} // namespace bloch::imaging
