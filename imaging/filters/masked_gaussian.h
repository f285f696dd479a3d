#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace bloch::imaging {

/// Gaussian mean over the voxels of the mask alone (normalised convolution): the border does not darken. 0
/// outside.
///
/// sigma_mm: standard deviation; the kernel ends at 3 sigma
/// cost:     two separable convolutions
/// source:   Knutsson and Westin 1993, doi:10.1109/CVPR.1993.341081
std::vector<float> masked_gaussian(std::span<const float> samples, std::span<const std::uint8_t> mask,
                                   const std::array<int, 3>& size, const std::array<double, 3>& spacing_mm,
                                   double sigma_mm);

} // namespace bloch::imaging
