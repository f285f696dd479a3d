#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

#include "quantum/noise/density_matrix.h"
#include "quantum/noise/noisy_simulation.h"
#include "quantum/noise/readout_mitigation.h"
#include "quantum/simulators/expectation.h"
#include "quantum/simulators/reference.h"
#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

NoiseModel some_model(double t2_us) {
  NoiseModel model;
  model.one_qubit = {0.01, {}, 40};
  model.more_qubits = {0.03, {}, 300};
  model.gates["cx"] = {0.02, {{0.01, {2, 1}}, {0.005, {0, 3}}}, 250};
  model.qubit.t1_us = 5;
  model.qubit.t2_us = t2_us;
  return model;
}

/// At most two qubits a gate.
Circuit small_gates(int qubits, int steps, unsigned seed) {
  std::mt19937 random(seed);
  Circuit circuit(qubits);
  for (int k = 0; k < steps; ++k) {
    const auto chosen = some_qubits(qubits, 2, random);
    circuit.gate("u", {chosen[0]}, {some_angle(random), some_angle(random), some_angle(random)});
    circuit.cx(chosen[0], chosen[1]).gate("crz", {chosen[1], chosen[0]}, {some_angle(random)}).h(chosen[1]);
  }
  return circuit;
}

TEST(DensityMatrix, without_noise_is_the_projector_on_the_reference_state) {
  for (unsigned seed = 0; seed < 25; ++seed) {
    const int qubits = 1 + static_cast<int>(seed % 6);
    const Circuit circuit = random_circuit(qubits, 25, 90 + seed);
    DensityMatrix<double> state(qubits);
    state.apply(circuit.operations());
    const auto expected = reference_state(circuit);
    for (std::size_t row = 0; row < expected.size(); ++row)
      for (std::size_t column = 0; column < expected.size(); ++column)
        ASSERT_LT(std::abs(state.element(row, column) - expected[row] * std::conj(expected[column])), 1e-12)
            << "seed " << seed;
    EXPECT_NEAR(state.purity(), 1, 1e-12);
  }
}

/// Noise one Kraus matrix at a time on a plain matrix: what the fast way is compared with.
class PlainDensity {
 public:
  explicit PlainDensity(int qubits)
      : size_(std::size_t{1} << qubits)
      , rho_(size_ * size_) {
    rho_[0] = 1;
  }
  void apply(const std::vector<std::vector<Complex>>& kraus, const std::vector<int>& targets) {
    std::vector<Complex> sum(rho_.size());
    for (const auto& matrix : kraus) {
      const std::vector<Complex> left = times(matrix, targets, rho_);
      const std::vector<Complex> both = times(matrix, targets, daggered(left));
      const std::vector<Complex> result = daggered(both);
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += result[k];
    }
    rho_ = sum;
  }
  Complex element(std::size_t row, std::size_t column) const { return rho_[row * size_ + column]; }

 private:
  std::vector<Complex> daggered(const std::vector<Complex>& m) const {
    std::vector<Complex> result(m.size());
    for (std::size_t r = 0; r < size_; ++r)
      for (std::size_t c = 0; c < size_; ++c) result[c * size_ + r] = std::conj(m[r * size_ + c]);
    return result;
  }
  std::vector<Complex> times(const std::vector<Complex>& matrix, const std::vector<int>& targets,
                             const std::vector<Complex>& m) const {
    const std::size_t inner = std::size_t{1} << targets.size();
    std::vector<Complex> result(m.size());
    for (std::size_t r = 0; r < size_; ++r)
      for (std::size_t k = 0; k < inner; ++k) {
        std::size_t row = 0, source = r;
        for (std::size_t t = 0; t < targets.size(); ++t) {
          row |= (r >> targets[t] & 1) << t;
          source = (source & ~(std::size_t{1} << targets[t])) | (k >> t & 1) << targets[t];
        }
        for (std::size_t c = 0; c < size_; ++c)
          result[r * size_ + c] += matrix[row * inner + k] * m[source * size_ + c];
      }
    return result;
  }

  std::size_t size_;
  std::vector<Complex> rho_;
};

TEST(DensityMatrix, with_noise_agrees_with_kraus_matrices_applied_one_by_one) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    const int qubits = 2 + static_cast<int>(seed % 3);
    const Circuit circuit = small_gates(qubits, 6, seed);
    const NoiseModel model = some_model(seed % 2 ? 4 : 8);
    DensityMatrix<double> state(qubits);
    state.apply(circuit.operations(), model);
    PlainDensity plain(qubits);
    for (const Operation& operation : circuit.operations()) {
      const int count = static_cast<int>(operation.qubits.size());
      Circuit single(count); // the whole unitary, controls included, column by column
      std::vector<Complex> matrix(std::size_t{1} << (2 * count));
      for (std::size_t column = 0; column < std::size_t{1} << count; ++column) {
        Circuit prepare(count);
        for (int q = 0; q < count; ++q)
          if (column >> q & 1) prepare.x(q);
        Operation local = operation;
        for (int q = 0; q < count; ++q) local.qubits[static_cast<std::size_t>(q)] = q;
        prepare.add(local);
        const auto result = reference_state(prepare);
        for (std::size_t row = 0; row < result.size(); ++row) matrix[(row << count) + column] = result[row];
      }
      plain.apply({matrix}, operation.qubits);
      const GateNoise& noise = model.of(operation);
      plain.apply(depolarising_channel(noise.depolarising, count).kraus, operation.qubits);
      plain.apply(pauli_channel(noise.errors, count).kraus, operation.qubits);
      for (const int qubit : operation.qubits)
        plain.apply(relaxation_channel(model.qubit.t1_us, model.qubit.t2_us, noise.duration_ns * 1e-3).kraus,
                    {qubit});
    }
    for (std::size_t row = 0; row < std::size_t{1} << qubits; ++row)
      for (std::size_t column = 0; column < std::size_t{1} << qubits; ++column)
        ASSERT_LT(std::abs(state.element(row, column) - plain.element(row, column)), 1e-12) << "seed " << seed;
    EXPECT_NEAR(state.trace(), 1, 1e-12);
    EXPECT_LT(state.purity(), 0.999);
  }
}

TEST(NoisyExpectations, of_a_depolarised_rotation_follow_the_closed_form) {
  NoiseModel model;
  model.one_qubit.depolarising = 0.1;
  Circuit circuit(1);
  for (int k = 0; k < 5; ++k) circuit.ry(0.2, 0);
  const std::vector<PauliSum> sums = {PauliSum().add(1, "Z")};
  const double expected = std::pow(0.9, 5) * std::cos(1.0);
  EXPECT_NEAR(noisy_expectations(circuit, model, sums, {}, NoiseMethod::density_matrix)[0].value, expected,
              1e-6);
  const Estimate drawn =
      noisy_expectations(circuit, model, sums, {.shots = 20000, .seed = 3}, NoiseMethod::trajectories)[0];
  EXPECT_NEAR(drawn.value, expected, 5 * drawn.standard_error);
  EXPECT_LT(drawn.standard_error, 0.01);
  EXPECT_LT(drawn.lower, drawn.value);
}

TEST(NoisyExpectations, by_trajectories_agree_with_the_density_matrix) {
  for (const double t2_us : {3.0, 5.0, 9.0}) // below, at and above T1: mixtures and jumps
    for (unsigned seed = 0; seed < 3; ++seed) {
      const Circuit circuit = small_gates(4, 6, 30 + seed);
      const NoiseModel model = some_model(t2_us);
      const std::vector<PauliSum> sums = {PauliSum().add(1, "ZIII"), PauliSum().add(1, "XZIY").add(0.5, "IIZZ"),
                                          PauliSum().add(1, "IXXI")};
      const auto exact = noisy_expectations(circuit, model, sums, {.precision = Precision::complex128},
                                            NoiseMethod::density_matrix);
      const auto drawn =
          noisy_expectations(circuit, model, sums, {.shots = 3000, .seed = seed}, NoiseMethod::trajectories);
      for (std::size_t k = 0; k < sums.size(); ++k) {
        EXPECT_NEAR(drawn[k].value, exact[k].value, 4.5 * drawn[k].standard_error + 1e-6)
            << "T2 " << t2_us << ", seed " << seed << ", sum " << k;
        EXPECT_EQ(exact[k].standard_error, 0);
      }
    }
}

TEST(NoisyShots, without_noise_are_drawn_from_the_plain_state) {
  Circuit bell(2, 2);
  bell.h(0).cx(0, 1).measure(0, 0).measure(1, 1);
  for (const NoiseMethod method : {NoiseMethod::density_matrix, NoiseMethod::trajectories}) {
    const Counts counts = run_noisy_shots(bell, {}, {.shots = 4000, .seed = 1}, method);
    ASSERT_EQ(counts.size(), 2U);
    EXPECT_NEAR(static_cast<double>(counts.at("00")), 2000, 200);
  }
}

TEST(NoisyShots, of_both_methods_agree_on_a_circuit_that_measures_in_its_midst) {
  Circuit circuit(3, 3);
  circuit.h(0).cx(0, 1).measure(0, 0).reset(0);
  Operation fix = Circuit(3).x(2).operations()[0];
  fix.conditions = {{0, 1, 1, true}};
  circuit.add(fix).measure(1, 1).measure(2, 2);
  NoiseModel model = some_model(4);
  model.qubit.one_given_zero = 0.05;
  model.qubit.zero_given_one = 0.1;
  const std::size_t shots = 20000;
  const Counts exact =
                   run_noisy_shots(circuit, model, {.shots = shots, .seed = 1}, NoiseMethod::density_matrix),
               drawn = run_noisy_shots(circuit, model, {.shots = shots, .seed = 2}, NoiseMethod::trajectories);
  std::size_t total = 0;
  for (const auto& [bits, times] : exact) {
    const double other = drawn.contains(bits) ? static_cast<double>(drawn.at(bits)) : 0;
    EXPECT_NEAR(static_cast<double>(times), other, 6 * std::sqrt(static_cast<double>(times) + 10)) << bits;
    total += times;
  }
  EXPECT_EQ(total, shots);
}

TEST(NoisyShots, read_wrongly_as_often_as_the_model_says) {
  NoiseModel model;
  model.qubit.one_given_zero = 0.02;
  model.qubits[1].zero_given_one = 0.2;
  const std::size_t shots = 50000;
  const Counts counts = run_noisy_shots(Circuit(2).x(1), model, {.shots = shots, .seed = 5});
  EXPECT_NEAR(static_cast<double>(counts.at("00") + counts.at("01")) / shots, 0.2, 0.01);
  EXPECT_NEAR(static_cast<double>(counts.at("01") + counts.at("11")) / shots, 0.02, 0.004);
}

TEST(NoisyShots, are_the_same_for_the_same_seed_and_refuse_wrong_models) {
  const Circuit circuit = small_gates(5, 5, 2);
  const ShotOptions options{.shots = 300, .seed = 7};
  EXPECT_EQ(run_noisy_shots(circuit, some_model(4), options, NoiseMethod::trajectories),
            run_noisy_shots(circuit, some_model(4), options, NoiseMethod::trajectories));
  NoiseModel model;
  model.one_qubit.depolarising = 2;
  EXPECT_THROW(run_noisy_shots(circuit, model, options), std::invalid_argument);
  model = {};
  model.qubit = {10, 30, 0, 0};
  EXPECT_THROW(run_noisy_shots(circuit, model, options), std::invalid_argument);
  EXPECT_THROW(run_noisy_shots(Circuit(13), {}, options, NoiseMethod::density_matrix), std::invalid_argument);
  model = {};
  model.more_qubits.depolarising = 0.1;
  EXPECT_THROW(run_noisy_shots(Circuit(5).gate("c4x", {0, 1, 2, 3, 4}), model, options), std::invalid_argument);
}

TEST(ReadoutMitigation, gives_back_the_probabilities_before_the_errors) {
  NoiseModel model;
  model.qubit.one_given_zero = 0.05;
  model.qubit.zero_given_one = 0.12;
  Circuit ghz(3, 3);
  ghz.h(0).cx(0, 1).cx(1, 2);
  for (int k = 0; k < 3; ++k) ghz.measure(k, 2 - k);
  const std::size_t shots = 100000;
  const Counts counts = run_noisy_shots(ghz, model, {.shots = shots, .seed = 5});
  EXPECT_LT(static_cast<double>(counts.at("000")) / shots, 0.46);
  const auto mitigated = mitigated_readout(counts, ghz, model);
  EXPECT_NEAR(mitigated.at("000"), 0.5, 0.01);
  EXPECT_NEAR(mitigated.at("111"), 0.5, 0.01);
  double sum = 0;
  for (const auto& [bits, probability] : mitigated) {
    EXPECT_GT(probability, 0);
    sum += probability;
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  model.qubit = {1, 1, 0.5, 0.5};
  EXPECT_THROW(mitigated_readout(counts, ghz, model), std::invalid_argument);
  EXPECT_THROW(mitigated_readout({}, ghz, {}), std::invalid_argument);
}

TEST(ProportionEstimate, is_wilsons_interval) {
  const Estimate estimate = proportion_estimate(10, 100);
  EXPECT_NEAR(estimate.lower, 0.05523, 1e-5);
  EXPECT_NEAR(estimate.upper, 0.17437, 1e-5);
  EXPECT_NEAR(proportion_estimate(8, 10).lower, 0.4902, 1e-4); // Wilson's own worked values
  EXPECT_NEAR(proportion_estimate(8, 10).upper, 0.9433, 1e-4);
  EXPECT_EQ(proportion_estimate(0, 50).lower, 0);
  EXPECT_EQ(proportion_estimate(50, 50).upper, 1);
}

} // namespace
} // namespace bloch::quantum
