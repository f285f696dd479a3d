#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

/// | |image| - reference | over |reference|; 0 for an empty reference. The image may be of several sets of coil
/// maps, whose energies add up.
inline double magnitude_nrmse(std::span<const Complex> image, std::span<const float> reference) {
  double error = 0;
  double energy = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    double power = 0;
    for (std::size_t place = i; place < image.size(); place += reference.size())
      power += static_cast<double>(std::norm(image[place]));
    const double difference = std::sqrt(power) - static_cast<double>(reference[i]);
    error += difference * difference;
    energy += static_cast<double>(reference[i]) * static_cast<double>(reference[i]);
  }
  return energy > 0 ? std::sqrt(error / energy) : 0;
}

} // namespace bloch::imaging
