#pragma once

#include <cmath>
#include <complex>
#include <span>
#include <vector>

#include "imaging/operators/aligned.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

/// Makes of coils combined by the conjugates of their maps, [z][y][x], what solving for the image would give of
/// full data, whatever scale the maps have. Images of several sets of maps are left as they are: they cannot be
/// told apart pixel by pixel.
inline void divide_by_energy(ComplexBuffer& image, const Sensitivities& maps) {
  if (maps.sets != 1) return;
  std::vector<float> energy(image.size(), 0.0F);
  for (std::size_t first = 0; first < maps.samples.size(); first += image.size())
    for (std::size_t i = 0; i < image.size(); ++i) energy[i] += std::norm(maps.samples[first + i]);
  for (std::size_t i = 0; i < image.size(); ++i)
    if (energy[i] > 0) image[i] /= energy[i];
}

/// One image of those of the sets of coil maps, [set][z][y][x]: the root of their summed energy, with the phase
/// of the first.
inline std::vector<std::complex<float>> combined_sets(std::span<const Complex> images, int sets) {
  const std::size_t pixels = images.size() / static_cast<std::size_t>(sets);
  std::vector<std::complex<float>> image(images.begin(), images.begin() + static_cast<std::ptrdiff_t>(pixels));
  if (sets == 1) return image;
  for (std::size_t i = 0; i < pixels; ++i) {
    float energy = 0;
    for (std::size_t place = i; place < images.size(); place += pixels) energy += std::norm(images[place]);
    const float first = std::abs(image[i]);
    image[i] = first > 0 ? image[i] * (std::sqrt(energy) / first) : Complex(std::sqrt(energy));
  }
  return image;
}

} // namespace bloch::imaging
