#pragma once

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "imaging/operators/aligned.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

inline ComplexBuffer random_samples(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  ComplexBuffer samples(count);
  for (auto& sample : samples) sample = {uniform(engine), uniform(engine)};
  return samples;
}

inline std::complex<double> inner(const Complex* a, const Complex* b, std::size_t count) {
  std::complex<double> sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += std::conj(std::complex<double>(a[i])) * std::complex<double>(b[i]);
  return sum;
}

inline double norm_of(const Complex* a, std::size_t count) { return std::sqrt(inner(a, a, count).real()); }

inline double relative_difference(const Complex* a, const Complex* b, std::size_t count) {
  double difference = 0;
  for (std::size_t i = 0; i < count; ++i)
    difference += std::norm(std::complex<double>(a[i]) - std::complex<double>(b[i]));
  return std::sqrt(difference) / std::max(1e-30, norm_of(b, count));
}

inline SamplingMask random_mask_of(int kx, int ky, int kz, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<std::uint8_t> kept(static_cast<std::size_t>(kx * ky * kz));
  for (auto& k : kept) k = engine() % 3 == 0 ? 1 : 0;
  kept[kept.size() / 2] = 1;
  return {kx, ky, kz, std::move(kept)};
}

} // namespace bloch::imaging
