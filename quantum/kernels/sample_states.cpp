#include "quantum/kernels/sample_states.h"

#include <algorithm>
#include <vector>

#include "quantum/kernels/phase_states.h"
#include "quantum/simulators/passes.h"
#include "quantum/simulators/split_plan.h"
#include "quantum/simulators/statevector.h"

namespace bloch::quantum {
namespace {

std::span<const double> sample_row(const Matrix& samples, Eigen::Index row) {
  return {samples.data() + row * samples.cols(), static_cast<std::size_t>(samples.cols())};
}

void states_of_phases(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                      Eigen::Index first, Eigen::Index count, float* out, std::size_t stride) {
  const int qubits = map.qubits(static_cast<int>(samples.cols()));
  const std::size_t size = std::size_t{1} << qubits;
  thread_local std::vector<QuadraticPhase> phases(phase_batch);
  thread_local std::vector<float> tail;
  for (Eigen::Index done = 0; done < count; done += phase_batch) {
    const int filled = static_cast<int>(std::min<Eigen::Index>(phase_batch, count - done));
    for (int lane = 0; lane < phase_batch; ++lane) // lanes past the end repeat the last sample
      map.phase(sample_row(samples, first + done + std::min(lane, filled - 1)), options, phases[lane]);
    if (filled == phase_batch) {
      phase_states(qubits, options.reps, phases, out + done, out + size * stride + done, stride);
      continue;
    }
    tail.resize(2 * size * phase_batch);
    phase_states(qubits, options.reps, phases, tail.data(), tail.data() + size * phase_batch, phase_batch);
    for (std::size_t row = 0; row < 2 * size; ++row)
      std::copy_n(tail.data() + row * phase_batch, filled, out + row * stride + done);
  }
}

} // namespace

void sample_states(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                   Eigen::Index first, Eigen::Index count, float* out, std::size_t stride) {
  if (map.phase) return states_of_phases(map, options, samples, first, count, out, stride);
  const int qubits = map.qubits(static_cast<int>(samples.cols()));
  const std::size_t size = std::size_t{1} << qubits;
  if (map.amplitudes) {
    std::vector<double> amplitudes(size);
    for (Eigen::Index k = 0; k < count; ++k) {
      map.amplitudes(sample_row(samples, first + k), options, amplitudes);
      for (std::size_t b = 0; b < size; ++b) {
        out[b * stride + k] = static_cast<float>(amplitudes[b]);
        out[(size + b) * stride + k] = 0;
      }
    }
    return;
  }
  for (Eigen::Index k = 0; k < count; ++k) {
    Statevector<float> state(qubits);
    state.apply(map.circuit(sample_row(samples, first + k), options));
    for (std::size_t b = 0; b < size; ++b) {
      const Complex amplitude = state.amplitude(b);
      out[b * stride + k] = static_cast<float>(amplitude.real());
      out[(size + b) * stride + k] = static_cast<float>(amplitude.imag());
    }
  }
}

std::size_t sample_state_lanes() { return std::size_t{1} << lane_bits<float>(); }

void sample_state(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                  Eigen::Index row, float* out) {
  const int qubits = map.qubits(static_cast<int>(samples.cols()));
  if (!map.phase) {
    const Circuit circuit = map.circuit(sample_row(samples, row), options);
    return run_plan(out, qubits, best_plan(circuit.operations(), qubits), true);
  }
  QuadraticPhase phase;
  map.phase(sample_row(samples, row), options, phase);
  PlanItem layer, diagonal;
  layer.kind = PlanKind::hadamards;
  layer.hadamards = (std::uint64_t{1} << qubits) - 1;
  diagonal.kind = PlanKind::phase;
  diagonal.phase.constant = phase.constant;
  for (int qubit = 0; qubit < qubits; ++qubit)
    diagonal.phase.add_linear(qubit, phase.linear[static_cast<std::size_t>(qubit)]);
  for (const auto& pair : phase.pairs) diagonal.phase.add_pair(pair.a, pair.b, pair.angle);
  std::vector<PlanItem> plan;
  for (int rep = 0; rep < options.reps; ++rep) {
    plan.push_back(layer);
    plan.push_back(diagonal);
  }
  run_plan(out, qubits, plan, true);
}

void sample_products(const FeatureMap& map, const FeatureMapOptions& options, const Matrix& samples,
                     Eigen::Index first, Eigen::Index count, double* out) {
  const std::size_t qubits = static_cast<std::size_t>(map.qubits(static_cast<int>(samples.cols())));
  std::vector<BlochVector> vectors(qubits);
  for (Eigen::Index k = 0; k < count; ++k) {
    map.product(sample_row(samples, first + k), options, vectors);
    for (const BlochVector& vector : vectors) out = std::copy(vector.begin(), vector.end(), out);
  }
}

} // namespace bloch::quantum
