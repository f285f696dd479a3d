#include <cmath>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include "quantum/optimisers/ground_energy.h"
#include "quantum/optimisers/vqe.h"
#include "quantum/simulators/expectation.h"

namespace bloch::quantum {
namespace {

/// The transverse-field Ising chain: -sum Z Z - field sum X.
PauliSum ising(int qubits, double field) {
  PauliSum sum;
  for (int k = 0; k < qubits; ++k) {
    if (k + 1 < qubits) sum.add(-1, PauliString{0, std::uint64_t{3} << k});
    sum.add(-field, PauliString{std::uint64_t{1} << k, 0});
  }
  return sum;
}

PauliSum random_sum(int qubits, int terms, unsigned seed) {
  std::mt19937 random(seed);
  PauliSum sum;
  for (int k = 0; k < terms; ++k)
    sum.add(2.0 * random() / random.max() - 1,
            PauliString{random() % (1U << qubits), random() % (1U << qubits)});
  return sum;
}

Eigen::MatrixXcd matrix_of(const PauliSum& sum, int qubits) {
  const Eigen::Index size = Eigen::Index{1} << qubits;
  Eigen::MatrixXcd matrix = Eigen::MatrixXcd::Zero(size, size);
  for (const PauliTerm& term : sum.terms())
    for (Eigen::Index column = 0; column < size; ++column) {
      Complex factor = term.coefficient;
      for (int k = 0; k < qubits; ++k) {
        const bool x = term.string.x >> k & 1, z = term.string.z >> k & 1, one = column >> k & 1;
        if (x && z) factor *= one ? Complex(0, -1) : Complex(0, 1);
        if (!x && z && one) factor = -factor;
      }
      matrix(column ^ static_cast<Eigen::Index>(term.string.x), column) += factor;
    }
  return matrix;
}

double exact_energy(const PauliSum& sum, int qubits) {
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXcd>(matrix_of(sum, qubits)).eigenvalues()[0];
}

TEST(GroundEnergy, is_that_of_exact_diagonalisation) {
  for (const int qubits : {1, 2, 4, 6}) {
    const PauliSum sum = random_sum(qubits, 12, static_cast<unsigned>(qubits));
    const GroundEnergy found = ground_energy(sum);
    EXPECT_NEAR(found.energy, exact_energy(sum, std::max(1, sum.qubits())), 1e-8) << qubits;
    EXPECT_TRUE(found.converged);
  }
  const GroundEnergy chain = ground_energy(ising(7, 0.7));
  EXPECT_NEAR(chain.energy, exact_energy(ising(7, 0.7), 7), 1e-8);
  EXPECT_THROW(ground_energy(PauliSum()), std::invalid_argument);
  EXPECT_THROW(ground_energy(PauliSum().add(1, PauliString{std::uint64_t{1} << 20, 0})), std::invalid_argument);
}

TEST(Vqe, reaches_the_exact_ground_energy_of_small_hamiltonians) {
  EXPECT_NEAR(vqe(ising(4, 0.5), {.reps = 3, .restarts = 3, .seed = 1}).energy, exact_energy(ising(4, 0.5), 4),
              2e-2);
  // The hydrogen molecule at 0.735 Angstrom, O'Malley 2016's two-qubit form: -1.8573 Hartree (electronic).
  PauliSum hydrogen;
  hydrogen.add(-1.052373245772859, "II").add(0.39793742484318045, "IZ").add(-0.39793742484318045, "ZI");
  hydrogen.add(-0.01128010425623538, "ZZ").add(0.18093119978423156, "XX");
  const VqeResult result = vqe(hydrogen, {.reps = 1, .restarts = 3, .seed = 2});
  EXPECT_NEAR(result.energy, exact_energy(hydrogen, 2), 1e-6);
  EXPECT_NEAR(result.energy, -1.85727503, 1e-6);
  EXPECT_TRUE(result.converged);
  // The angles are those of the energy.
  const Circuit circuit = vqe_circuit(2, {.reps = 1}, result.angles);
  EXPECT_NEAR(expectation(Statevector<double>::after(2, circuit.operations()), hydrogen), result.energy, 1e-9);
}

TEST(Vqe, never_goes_below_the_ground_energy_with_any_optimiser) {
  const PauliSum sum = random_sum(3, 8, 4);
  const double exact = exact_energy(sum, 3);
  for (const Optimiser& optimiser : optimisers()) {
    VqeOptions options{.reps = 1, .restarts = 1, .seed = 3};
    options.minimiser.method = std::string(optimiser.name);
    const VqeResult result = vqe(sum, options);
    EXPECT_GE(result.energy, exact - 1e-9) << optimiser.name;
    const auto angles = static_cast<std::size_t>(vqe_angles(3, options));
    EXPECT_LT(result.energy, exact + 1.5) << optimiser.name;
    EXPECT_LE(result.evaluations, 1 + 500 + 2 * static_cast<int>(angles)) << optimiser.name;
  }
  VqeOptions unknown;
  unknown.minimiser.method = "magic";
  EXPECT_THROW(vqe(sum, unknown), std::invalid_argument);
  EXPECT_THROW(vqe(PauliSum(), {}), std::invalid_argument);
  EXPECT_THROW(vqe(sum, {.restarts = 0}), std::invalid_argument);
  EXPECT_THROW(vqe_circuit(3, {}, std::vector<double>(5)), std::invalid_argument);
}

TEST(MeasurementGroups, hold_each_string_once_and_agree_on_every_qubit) {
  const PauliSum sum = random_sum(5, 60, 6);
  std::vector<int> seen(sum.terms().size());
  const auto groups = measurement_groups(sum);
  for (const MeasurementGroup& group : groups)
    for (const std::size_t term : group.terms) {
      ++seen[term];
      const PauliString& string = sum.terms()[term].string;
      const std::uint64_t acts = string.x | string.z;
      EXPECT_EQ(group.basis.x & acts, string.x);
      EXPECT_EQ(group.basis.z & acts, string.z);
    }
  for (std::size_t term = 0; term < seen.size(); ++term) {
    const PauliString& string = sum.terms()[term].string;
    EXPECT_EQ(seen[term], (string.x | string.z) != 0 ? 1 : 0);
  }
  EXPECT_LT(groups.size(), sum.terms().size());
  EXPECT_EQ(measurement_groups(ising(6, 1)).size(), 2U);
}

TEST(MeasuredEnergy, lies_within_its_error_of_the_exact_one) {
  const PauliSum sum = random_sum(4, 20, 8);
  const VqeOptions options{.reps = 1};
  std::vector<double> angles(static_cast<std::size_t>(vqe_angles(4, options)));
  for (std::size_t k = 0; k < angles.size(); ++k) angles[k] = 0.3 + 0.1 * static_cast<double>(k);
  const Circuit circuit = vqe_circuit(4, options, angles);
  const double exact = expectation(Statevector<double>::after(4, circuit.operations()), sum);
  double squares = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const MeasuredEnergy measured = measure_energy(circuit, sum, 500, seed);
    squares += std::pow((measured.energy - exact) / measured.standard_error, 2);
    EXPECT_EQ(measured.circuits, measurement_groups(sum).size());
  }
  EXPECT_NEAR(squares / 40, 1, 5 * std::sqrt(2.0 / 40));
  EXPECT_THROW(measure_energy(circuit, sum, 1, 0), std::invalid_argument);
}

TEST(Minimise, finds_the_minimum_of_a_bowl_with_every_optimiser) {
  for (const Optimiser& optimiser : optimisers()) {
    EXPECT_EQ(find_optimiser(optimiser.name), &optimiser);
    EXPECT_FALSE(optimiser.summary.empty());
    const Objective bowl = [](std::span<const double> x, std::span<double> gradient) {
      if (!gradient.empty()) {
        gradient[0] = 2 * (x[0] - 1);
        gradient[1] = 8 * (x[1] + 2);
      }
      return (x[0] - 1) * (x[0] - 1) + 4 * (x[1] + 2) * (x[1] + 2) + 3;
    };
    for (const bool has_gradient : {true, false}) {
      const Minimum minimum = minimise(
          bowl, {0, 0}, {.method = std::string(optimiser.name), .evaluations = 2000, .tolerance = 1e-10},
          has_gradient);
      EXPECT_NEAR(minimum.value, 3, 1e-5) << optimiser.name;
      EXPECT_NEAR(minimum.point[0], 1, 1e-2) << optimiser.name;
      EXPECT_NEAR(minimum.point[1], -2, 1e-2) << optimiser.name;
    }
  }
  const Objective broken = [](std::span<const double>, std::span<double>) { return std::nan(""); };
  EXPECT_THROW(minimise(broken, {0}, {}, false), std::invalid_argument);
  EXPECT_THROW(minimise(broken, {}, {}, false), std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
