#pragma once

#include <complex>
#include <vector>

namespace bloch::imaging::detail {

/// Cuts the field of view down to its middle along the readout: inverse FFT, middle, FFT, all centred and
/// unitary, so that the image keeps its values. Where a side of a row was not acquired (zeros, an asymmetric
/// echo), that side of the narrow row is exactly zero too, so that it can be seen and filled.
///
/// wide:    [...][kx]
/// returns: [...][kept], kept <= kx
std::vector<std::complex<float>> without_oversampling(const std::vector<std::complex<float>>& wide, int kx,
                                                      int kept);

} // namespace bloch::imaging::detail
