// Reconstruction on one thread, 256 x 256 and 8 coils, variable density R = 4. The goal stands beside each
// benchmark, in ms of CPU on a 2.5 GHz core with AVX-512, and in its label; it is never asserted.
#include <benchmark/benchmark.h>

#include "imaging/operators/block_fft.h"
#include "imaging/operators/finite_difference.h"
#include "imaging/operators/sense.h"
#include "imaging/operators/wavelet.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/recon/coils.h"
#include "tests/imaging/recon/recon_support.h"

namespace bloch::imaging {
namespace {

const Experiment& experiment_of(const char* kind) {
  static const Experiment plane(256, 256, 8, 0.01, {"variable-density", 4, 24, 1});
  static const Experiment lines(256, 256, 8, 0.01, {"random", 4, 20, 1});
  return std::string(kind) == "random" ? lines : plane;
}

void with_goal(benchmark::State& state, double goal_ms) {
  state.SetLabel("goal " + std::to_string(goal_ms).substr(0, 5) + " ms");
}

void normal_operator(benchmark::State& state, const char* mask, double goal_ms) {
  set_thread_count(1);
  set_fft_planning(FftPlanning::measure);
  const Experiment& experiment = experiment_of(mask);
  const SenseOperator sense(experiment.input().size, experiment.maps, experiment.mask, 1);
  ComplexBuffer image(sense.pixels(), Complex(1)), product(sense.pixels());
  for (auto _ : state) sense.normal(image.data(), product.data());
  with_goal(state, goal_ms);
}
BENCHMARK_CAPTURE(normal_operator, plane_mask, "variable-density", 2.2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(normal_operator, line_mask, "random", 1.1)->Unit(benchmark::kMillisecond);

/// There and back, 16 lines at a time; half of what FFTW's estimate takes.
void block_fft(benchmark::State& state) {
  const auto length = static_cast<int>(state.range(0));
  const BlockFft& fft = BlockFft::of_length(length);
  ComplexBuffer block(static_cast<std::size_t>(length) * BlockFft::width);
  for (auto _ : state) {
    fft.forward(block.data());
    fft.inverse(block.data());
  }
  with_goal(state, 0.007 * static_cast<double>(length) / 256);
}
BENCHMARK(block_fft)->Arg(64)->Arg(128)->Arg(256)->Arg(320)->Arg(230)->Unit(benchmark::kMicrosecond);

/// 128 x 128 x 128 and 8 coils with a whole readout: a tenth of BART's time for an iteration.
struct VolumeExperiment {
  static constexpr std::array<int, 3> size{128, 128, 128};
  Sensitivities maps = simulated_coils(size, 8);
  SamplingMask mask = make_mask(size, {"poisson-variable-density", 9.6, 24, 1}).value();
  std::vector<Complex> samples = std::vector<Complex>(maps.samples.size());

  VolumeExperiment() {
    const Volume body = ellipse_volume(size[0], size[1], size[2]);
    add_coil_samples(with_smooth_phase(to_float(body), size), maps, 0.01, 7, samples);
    const std::size_t plane = static_cast<std::size_t>(size[0]);
    for (std::size_t i = 0; i < samples.size(); ++i)
      if (!mask.at(0, static_cast<int>(i / plane % 128), static_cast<int>(i / (plane * 128) % 128)))
        samples[i] = {};
  }
  ReconstructionInput input() const {
    return {{size[0], size[1], size[2], 8, 1}, samples, &mask, &maps, {}, 1};
  }
};

const VolumeExperiment& volume_experiment() {
  static const VolumeExperiment experiment;
  return experiment;
}

void normal_operator_volume(benchmark::State& state) {
  set_thread_count(1);
  const VolumeExperiment& experiment = volume_experiment();
  const SenseOperator sense(experiment.input().size, experiment.maps, experiment.mask, 1);
  ComplexBuffer image(sense.pixels(), Complex(1)), product(sense.pixels());
  for (auto _ : state) sense.normal(image.data(), product.data());
  with_goal(state, 130);
}
BENCHMARK(normal_operator_volume)->Unit(benchmark::kMillisecond);

void calibration_volume(benchmark::State& state) {
  set_thread_count(1);
  for (auto _ : state) benchmark::DoNotOptimize(espirit(volume_experiment().input(), {}));
  with_goal(state, 20000);
}
BENCHMARK(calibration_volume)->Iterations(1)->Unit(benchmark::kMillisecond);

void wavelet_threshold(benchmark::State& state) {
  Wavelet wavelet({256, 256, 1});
  ComplexBuffer image(256 * 256, Complex(1));
  for (auto _ : state) wavelet.threshold(image.data(), 0.01F, {17, 31, 0});
  with_goal(state, 1);
}
BENCHMARK(wavelet_threshold)->Unit(benchmark::kMillisecond);

void total_variation_step(benchmark::State& state) {
  TotalVariation variation({256, 256, 1});
  ComplexBuffer image(256 * 256, Complex(1));
  for (auto _ : state) variation.proximal(image.data(), 0.01F, 1);
  with_goal(state, 0.5);
}
BENCHMARK(total_variation_step)->Unit(benchmark::kMillisecond);

/// A quarter (an eighth for tv) of BART's CPU time for the whole command.
void method(benchmark::State& state, const char* name, const std::vector<std::string>& settings,
            double goal_ms) {
  set_thread_count(1);
  const Experiment& experiment = experiment_of("variable-density");
  for (auto _ : state) benchmark::DoNotOptimize(reconstructed(name, experiment, settings));
  with_goal(state, goal_ms);
}
BENCHMARK_CAPTURE(method, cg_sense, "cg-sense", {"lambda=0.01", "iterations=30"}, 237)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(method, l1_wavelet, "l1-wavelet", {"lambda=0.008", "iterations=30"}, 285)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(method, tv, "tv", {"lambda=0.004"}, 936)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(method, l1_wavelet_tv, "l1-wavelet-tv", {"lambda=0.002", "lambda-tv=0.002"}, 936)
    ->Unit(benchmark::kMillisecond);

void calibration(benchmark::State& state) {
  set_thread_count(1);
  const ReconstructionInput input = experiment_of("variable-density").input();
  for (auto _ : state) benchmark::DoNotOptimize(espirit(input, {}));
  with_goal(state, 212);
}
BENCHMARK(calibration)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace bloch::imaging
