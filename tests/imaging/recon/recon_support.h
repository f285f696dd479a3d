#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "core/data/volume.h"
#include "imaging/operators/fft.h"
#include "imaging/operators/mask.h"
#include "imaging/recon/reconstruct.h"
#include "imaging/recon/simulation_parts.h"

namespace bloch::imaging {

/// Ellipses of different brightness on black.
inline std::vector<float> ellipses(int nx, int ny, int shift = 0) {
  std::vector<float> image;
  for (int y = 0; y < ny; ++y)
    for (int x = 0; x < nx; ++x) {
      const double u = 2.0 * (x - nx / 2) / nx;
      const double v = 2.0 * (y - ny / 2 + shift) / ny;
      double value = 0;
      if (u * u / 0.55 + v * v / 0.7 < 1) value += 0.5;
      if (std::pow(u - 0.2, 2) / 0.05 + std::pow(v + 0.1, 2) / 0.15 < 1) value += 0.4;
      if (std::pow(u + 0.3, 2) / 0.03 + std::pow(v - 0.2, 2) / 0.06 < 1) value -= 0.25;
      image.push_back(static_cast<float>(value));
    }
  return image;
}

inline Volume ellipse_volume(int nx, int ny, int nz) {
  std::vector<float> samples;
  for (int z = 0; z < nz; ++z) {
    const auto slice = ellipses(nx, ny, z);
    samples.insert(samples.end(), slice.begin(), slice.end());
  }
  VolumeGeometry geometry;
  geometry.size = {nx, ny, nz};
  geometry.spacing_mm = {0.9, 0.8, 3};
  return {geometry, std::move(samples)};
}

/// One slice of simulated, under-sampled data with the maps it was made of.
struct Experiment {
  std::vector<float> truth;
  Sensitivities maps;
  std::vector<Complex> samples;
  SamplingMask mask;

  Experiment(int nx, int ny, int coils, double noise, const MaskRequest& request)
      : truth(ellipses(nx, ny))
      , maps(simulated_coils({nx, ny, 1}, coils))
      , mask(*make_mask({nx, ny, 1}, request)) {
    set_fft_planning(FftPlanning::estimate);
    samples.resize(maps.samples.size());
    add_coil_samples(with_smooth_phase(truth, {nx, ny, 1}), maps, noise, 7, samples);
    const std::size_t pixels = truth.size();
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto at = static_cast<int>(i % pixels);
      if (!mask.at(at % nx, at / nx, 0)) samples[i] = {};
    }
  }
  ReconstructionInput input() const {
    return {{maps.x, maps.y, 1, maps.coils, 1}, samples, &mask, &maps, truth, 1};
  }
};

inline ReconstructionOutput reconstructed(const std::string& method, const Experiment& experiment,
                                          const std::vector<std::string>& settings) {
  const auto found = find_reconstruction(method).value();
  const auto set = parse_settings(found->parameters, settings).value();
  return found->run(experiment.input(), set, {}).value();
}

inline double nrmse_of(const std::vector<Complex>& image, const std::vector<float>& truth) {
  double error = 0, energy = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    error += std::pow(static_cast<double>(std::abs(image[i])) - static_cast<double>(truth[i]), 2);
    energy += std::pow(static_cast<double>(truth[i]), 2);
  }
  return std::sqrt(error / energy);
}

} // namespace bloch::imaging
