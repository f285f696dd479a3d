#include "imaging/recon/noise_maps.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "imaging/operators/aligned.h"
#include "imaging/recon/calibration.h"
#include "imaging/recon/coils.h"
#include "imaging/recon/data_exponent.h"

namespace bloch::imaging {
namespace {

/// The coil maps that every replica uses.
Result<void> hold_maps(const KSpace& kspace, ReconstructionTask& task, const Progress& progress) {
  BLOCH_TRY(method, find_reconstruction(task.method));
  if (!method->needs_sensitivities || task.sensitivities || !task.slice_sensitivities.empty() ||
      kspace.size().coils == 1)
    return {};
  for (int index = 0; index < kspace.size().slices; ++index) {
    const KSpace slice = kspace.only(index);
    const SamplingMask mask = sampled_points(slice);
    if (mask.kept_count() == 0) {
      task.slice_sensitivities.push_back({kspace.size().coils, kspace.size().kz, kspace.size().ky,
                                          kspace.size().kx, std::vector<Complex>(slice.samples().size())});
      continue;
    }
    BLOCH_TRY(maps,
              espirit({slice.size(), slice.samples(), &mask, nullptr, {}, 0}, task.coil_parameters, progress));
    task.slice_sensitivities.push_back(std::move(maps));
  }
  return {};
}

/// What `auto` became stays, however noisy a replica is.
Result<void> hold_lambda(ReconstructionTask& task, const ReconstructedScan& scan) {
  BLOCH_TRY(method, find_reconstruction(task.method));
  for (const Parameter& parameter : method->parameters)
    if (parameter.name == "lambda")
      task.parameters.set("lambda", scan.lambda);
    else if (parameter.name == "lambda-tv" && scan.lambda_tv)
      task.parameters.set("lambda-tv", *scan.lambda_tv);
  return {};
}

double sample_noise(const KSpace& kspace) {
  double sum = 0;
  int measured = 0;
  for (int index = 0; index < kspace.size().slices; ++index) {
    const KSpace slice = kspace.only(index);
    const SamplingMask mask = sampled_points(slice);
    if (mask.kept_count() == 0) continue;
    const int exponent = extreme_exponent(slice.samples());
    const auto scaled = exponent != 0 ? times_power_of_two(slice.samples(), -exponent) : std::vector<Complex>();
    const std::span<const Complex> samples = exponent != 0 ? std::span<const Complex>(scaled) : slice.samples();
    sum += std::ldexp(noise_level({slice.size(), samples, &mask, nullptr, {}, 1}), exponent);
    ++measured;
  }
  if (sum > 0) return sum / measured;
  double largest = 0; // nothing at the edge of k-space: any small noise shows what the method does to it
  for (const Complex& sample : kspace.samples())
    largest = std::max(largest, static_cast<double>(std::abs(sample)));
  return 1e-4 * largest;
}

KSpace with_noise(const KSpace& kspace, double deviation, std::mt19937_64& random) {
  std::vector<Complex> samples(kspace.samples().begin(), kspace.samples().end());
  for (Complex& sample : samples) {
    if (sample == Complex()) continue;
    const double u = (static_cast<double>(random() >> 11) + 1) / 9007199254740993.0;
    const double v = static_cast<double>(random() >> 11) / 9007199254740992.0;
    sample += Complex(std::polar(deviation * std::sqrt(-std::log(u)), 2 * std::numbers::pi * v));
  }
  KSpace noisy(kspace.size(), std::move(samples));
  noisy.geometry = kspace.geometry;
  noisy.image_size = kspace.image_size;
  return noisy;
}

/// Sums of the replicas, from which their standard deviation follows.
class Spread {
 public:
  explicit Spread(std::size_t pixels)
      : sum_(pixels)
      , energy_(pixels, 0.0) {}
  void add(std::span<const Complex> image, std::span<const Complex> origin) {
    // Differences from the image without added noise: no digits are lost where the signal is strong.
    for (std::size_t i = 0; i < image.size(); ++i) {
      const std::complex<double> difference(image[i] - origin[i]);
      sum_[i] += difference;
      energy_[i] += std::norm(difference);
    }
    ++count_;
  }
  std::vector<float> deviation() const {
    std::vector<float> values;
    values.reserve(sum_.size());
    for (std::size_t i = 0; i < sum_.size(); ++i)
      values.push_back(static_cast<float>(
          std::sqrt(std::max(0.0, energy_[i] - std::norm(sum_[i]) / count_) / (count_ - 1))));
    return values;
  }

 private:
  std::vector<std::complex<double>> sum_;
  std::vector<double> energy_;
  double count_ = 0;
};

} // namespace

Result<NoiseMaps> pseudo_replica(const KSpace& given, ReconstructionTask task, const ReconstructedScan& scan,
                                 int replicas, int seed, const Progress& progress) {
  if (replicas < 2) return failure(ErrorKind::invalid_parameter, "a noise map needs at least 2 replicas");
  if (task.dimensions == 2 && given.size().kz > 1)
    return failure(ErrorKind::invalid_parameter,
                   "noise maps of a volume that is taken slice by slice are not made; use --dimensions 3");
  const bool masked = task.mask || task.undersample;
  const KSpace kspace = masked && scan.mask ? under_sample(given, *scan.mask) : given;
  task.mask.reset();
  task.undersample.reset();
  BLOCH_CHECK(hold_maps(kspace, task, progress.child(0, 0.1, "calibrate")));
  BLOCH_CHECK(hold_lambda(task, scan));
  const double noise = sample_noise(kspace);
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  Spread spread(scan.image.voxel_count());
  for (int replica = 0; replica < replicas; ++replica) {
    const double begin = 0.1 + 0.9 * replica / replicas;
    BLOCH_TRY(one, reconstruct(with_noise(kspace, noise, random), task, {},
                               progress.child(begin, begin + 0.9 / replicas, "replica")));
    spread.add(one.image.samples<Complex>(), scan.image.samples<Complex>());
  }
  std::vector<float> deviation = spread.deviation();
  std::vector<float> g_factor = deviation;
  for (float& value : g_factor) value = static_cast<float>(value / (noise * std::sqrt(scan.acceleration)));
  return NoiseMaps{Volume(scan.image.geometry(), std::move(deviation)),
                   Volume(scan.image.geometry(), std::move(g_factor)), noise};
}

} // namespace bloch::imaging
