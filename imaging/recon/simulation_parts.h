#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "imaging/operators/aligned.h"
#include "imaging/recon/reconstruction.h"
#include "imaging/recon/simulate.h"

namespace bloch::imaging {

/// Smooth coils in a ring around the field of view, unit root-sum-of-squares everywhere: [coil][z][y][x]. size:
/// x, y, z.
Sensitivities simulated_coils(std::array<int, 3> size, int coils);

/// The image with a phase that varies smoothly over the field of view.
ComplexBuffer with_smooth_phase(std::span<const float> image, std::array<int, 3> size);

/// out = FFT(maps * image) + complex noise of this standard deviation; no sample is exactly zero.
void add_coil_samples(std::span<const Complex> image, const Sensitivities& maps, double noise,
                      std::uint64_t seed, std::span<Complex> out);

/// Slice z of a volume (or all of it, for z < 0) with the phase that the request asks for.
ComplexBuffer phased_image(const Volume& volume, int z, const SimulationRequest& request);

/// Every slice has noise of its own.
inline std::uint64_t simulation_seed(const SimulationRequest& request, int slice) {
  return static_cast<std::uint64_t>(request.seed) * 1000003U + static_cast<std::uint64_t>(slice);
}

} // namespace bloch::imaging
