#pragma once

#include <array>

#include "imaging/operators/aligned.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

/// A fully sampled box around the centre of k-space.
struct CalibrationRegion {
  std::array<int, 3> first{}; ///< kx, ky, kz
  std::array<int, 3> size{};
};

/// The largest such box of at most `limit` a side, grown along the diagonal first; along a fully sampled
/// readout it is moved to where the energy is. The same region as BART's `calib_geom`. The size may be as small
/// as 1.
CalibrationRegion find_calibration(const ReconstructionInput& input, int limit);

/// The region, grown further on the one side that is sampled, up to `limit`, along each phase-encoding axis
/// where it is smaller than `enough`: the calibration lines of some scans lie off the centre.
CalibrationRegion extend_calibration(const ReconstructionInput& input, CalibrationRegion region, int limit,
                                     const std::array<int, 3>& enough);

/// The samples of a region, [coil][kz][ky][kx].
ComplexBuffer cut_region(const ReconstructionInput& input, const CalibrationRegion& region);

/// BART's scale s of the data, by which lambda of l1 and TV is multiplied: 90th percentile, or the maximum, of
/// the root-sum-of-squares image of the central 32 samples a side, times the square root of how much smaller it
/// is.
double data_scale(const ReconstructionInput& input);

/// Standard deviation of the complex noise of a sample, from the least energetic quarter of the outermost
/// acquired samples: exact where that is noise alone, too large where signal reaches the edge. 0 where nothing
/// was acquired there.
double noise_level(const ReconstructionInput& input);

/// Where the search for the lambda of l1 and TV begins, on BART's scale: factor times the noise of a pixel of
/// A^H y over the scale. Of less noise than 0.006 the usual steps do not settle any more: that counts as 0.006.
double lambda_guess(const ReconstructionInput& input, double scale, double factor);

} // namespace bloch::imaging
