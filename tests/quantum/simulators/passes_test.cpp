#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "quantum/feature_maps/feature_map.h"
#include "quantum/simulators/exchange_plan.h"
#include "quantum/simulators/first_gates.h"
#include "quantum/simulators/passes.h"
#include "quantum/simulators/reference.h"
#include "quantum/simulators/split_plan.h"
#include "tests/quantum/support/random_circuit.h"

namespace bloch::quantum {
namespace {

/// Gates that the planner gathers: H, phases, cx-phase-cx, rotations, cx.
Circuit gathered_circuit(int qubits, int steps, unsigned seed) {
  std::mt19937 random(seed);
  Circuit circuit(qubits);
  for (int step = 0; step < steps; ++step) {
    const auto chosen = some_qubits(qubits, 2, random);
    const int a = chosen[0], b = chosen[1];
    switch (random() % 10) {
    case 0:
      circuit.h(a);
      break;
    case 1:
      circuit.h(a).h(b);
      break;
    case 2:
      circuit.p(some_angle(random), a);
      break;
    case 3:
      circuit.rz(some_angle(random), a).gate("tdg", {b});
      break;
    case 4:
      circuit.cp(some_angle(random), a, b);
      break;
    case 5:
      circuit.rzz(some_angle(random), a, b);
      break;
    case 6:
      circuit.cx(a, b).rz(some_angle(random), b).cx(a, b);
      break;
    case 7:
      circuit.ry(some_angle(random), a);
      break;
    case 8:
      circuit.cx(a, b);
      break;
    default:
      circuit.gate("crz", {a, b}, {some_angle(random)}).cz(a, b);
      break;
    }
  }
  return circuit;
}

using Change = std::vector<PlanItem> (*)(std::span<const PlanItem>);

template <class Real>
double plan_error(const Circuit& circuit, bool fresh, int block_qubits, Change change = nullptr) {
  Statevector<Real> state(circuit.qubits());
  auto plan = plan_gates(circuit.operations());
  if (change) plan = change(plan);
  run_plan(state.data(), circuit.qubits(), plan, fresh, block_qubits);
  const auto expected = reference_state(circuit);
  double largest = 0;
  for (std::size_t k = 0; k < expected.size(); ++k)
    largest = std::max(largest, std::abs(state.amplitude(k) - expected[k]));
  return largest;
}

TEST(Passes, agree_with_the_reference_on_random_circuits_of_many_blocks) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    const int qubits = 11 + static_cast<int>(seed % 3);
    const Circuit circuit = seed % 2 ? random_circuit(qubits, 30, seed) : gathered_circuit(qubits, 60, seed);
    ASSERT_LT(plan_error<float>(circuit, seed % 4 < 2, 10), 3e-5) << "seed " << seed;
    ASSERT_LT(plan_error<double>(circuit, seed % 4 < 2, 10), 1e-12) << "seed " << seed;
  }
}

TEST(Passes, agree_with_the_reference_on_small_circuits_of_gathered_gates) {
  for (unsigned seed = 0; seed < 1500; ++seed) {
    const int qubits = 2 + static_cast<int>(seed % 8);
    const Circuit circuit = gathered_circuit(qubits, 40, 1000 + seed);
    Statevector<double> state =
        Statevector<double>::after(qubits, random_circuit(qubits, 5, seed).operations());
    state.restart(circuit.operations());
    const auto expected = reference_state(circuit);
    for (std::size_t k = 0; k < expected.size(); ++k)
      ASSERT_LT(std::abs(state.amplitude(k) - expected[k]), 1e-12) << "seed " << seed;
  }
}

/// Layers of random unitaries on pairs of qubits in random order.
Circuit quantum_volume(int qubits, int layers, unsigned seed) {
  std::mt19937 random(seed);
  Circuit circuit(qubits);
  for (int layer = 0; layer < layers; ++layer) {
    const auto order = some_qubits(qubits, qubits, random);
    for (std::size_t k = 0; k + 1 < order.size(); k += 2)
      circuit.unitary(some_unitary(2, random), std::span(order).subspan(k, 2));
  }
  return circuit;
}

/// One-qubit gates and a ladder of CZ, again and again.
Circuit hardware_efficient(int qubits, int layers, unsigned seed) {
  std::mt19937 random(seed);
  Circuit circuit(qubits);
  for (int layer = 0; layer < layers; ++layer) {
    for (int qubit = 0; qubit < qubits; ++qubit)
      circuit.ry(some_angle(random), qubit).rz(some_angle(random), qubit);
    for (int qubit = 0; qubit + 1 < qubits; ++qubit) circuit.cz(qubit, qubit + 1);
  }
  return circuit;
}

TEST(SplitPlan, agrees_with_the_reference) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    const int qubits = 11 + static_cast<int>(seed % 3);
    const Circuit circuit = seed % 4 == 0   ? random_circuit(qubits, 30, seed)
                            : seed % 4 == 1 ? gathered_circuit(qubits, 60, seed)
                            : seed % 4 == 2 ? quantum_volume(qubits, 4, seed)
                                            : hardware_efficient(qubits, 3, seed);
    ASSERT_LT(plan_error<float>(circuit, seed % 8 < 4, 10, split_matrices), 3e-5) << "seed " << seed;
    ASSERT_LT(plan_error<double>(circuit, seed % 8 < 4, 10, split_matrices), 1e-12) << "seed " << seed;
  }
}

TEST(SplitPlan, agrees_with_the_reference_on_small_circuits) {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    const int qubits = 5 + static_cast<int>(seed % 4);
    const Circuit circuit = seed % 2 ? random_circuit(qubits, 20, seed) : quantum_volume(qubits, 3, seed);
    ASSERT_LT(plan_error<double>(circuit, seed % 3 == 0, 10, split_matrices), 1e-12) << "seed " << seed;
  }
}

TEST(SplitPlan, keeps_the_phase_beside_a_turn_by_next_to_nothing) {
  for (const double small : {0.0, 5e-14, 2e-13, 4e-13, 1e-10, 1e-7})
    for (const bool flip : {false, true}) {
      Circuit circuit(5);
      for (int qubit = 0; qubit < 5; ++qubit) {
        circuit.h(qubit);
        const Complex c(std::cos(small), 0), s(std::sin(small), 0);
        const std::vector<Complex> turn =
            flip ? std::vector<Complex>{s, -c, c, s} : std::vector<Complex>{c, -s, s, c};
        circuit.unitary(turn, std::vector<int>{qubit}).ry(0.3 * qubit, qubit);
      }
      for (int qubit = 0; qubit + 1 < 5; ++qubit) circuit.cz(qubit, qubit + 1).ry(0.7, qubit);
      EXPECT_LT(plan_error<double>(circuit, false, 10, split_matrices), 1e-12) << small << flip;
    }
}

TEST(SplitPlan, keeps_interactions_of_small_angles) {
  Circuit chain(11);
  for (int step = 0; step < 50; ++step)
    for (int qubit = 0; qubit + 1 < 11; ++qubit) {
      const double angle = std::pow(10.0, -2 - step % 6);
      chain.gate("rxx", {qubit, qubit + 1}, {angle}).gate("ryy", {qubit, qubit + 1}, {angle}).ry(0.3, qubit);
    }
  EXPECT_LT(plan_error<double>(chain, true, 10, split_matrices), 1e-12);
}

TEST(SplitPlan, takes_matrices_of_few_digits_as_they_are) {
  std::mt19937 random(6);
  Circuit circuit(11);
  for (int k = 0; k < 200; ++k) {
    auto matrix = some_unitary(2, random);
    if (k % 2) matrix = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1};
    for (Complex& element : matrix) element += 4e-10 * Complex(some_angle(random), some_angle(random));
    circuit.unitary(matrix, some_qubits(11, 2, random));
  }
  EXPECT_LT(plan_error<double>(circuit, true, 10, split_matrices), 1e-6);
}

TEST(SplitPlan, keeps_an_error_of_single_precision_through_deep_circuits) {
  EXPECT_LT(plan_error<float>(quantum_volume(12, 40, 5), true, 10, split_matrices), 3e-6);
  EXPECT_LT(plan_error<float>(hardware_efficient(12, 40, 5), true, 10, split_matrices), 3e-6);
}

TEST(SplitPlan, makes_a_layer_of_turns_and_one_of_phases_of_a_hardware_efficient_layer) {
  const auto plan = split_matrices(plan_gates(hardware_efficient(16, 3, 1).operations()));
  for (const PlanItem& item : plan) EXPECT_TRUE(item.kind == PlanKind::turns || item.kind == PlanKind::phase);
  EXPECT_LE(plan.size(), 8U) << to_text(plan);
}

TEST(SplitPlan, is_taken_where_it_is_cheaper) {
  const auto kinds = [](const Circuit& circuit) {
    std::string text;
    for (const PlanItem& item : best_plan(circuit.operations(), circuit.qubits()))
      text += item.kind == PlanKind::dense ? 'm' : '.';
    return text;
  };
  EXPECT_EQ(kinds(hardware_efficient(16, 4, 2)).find('m'), std::string::npos);
  std::mt19937 random(2);
  Circuit alone(16);
  alone.unitary(some_unitary(2, random), std::vector<int>{3, 9});
  EXPECT_EQ(kinds(alone), "m");
}

std::vector<PlanItem> with_exchanges(std::span<const PlanItem> plan) {
  return exchange_matrices({plan.begin(), plan.end()});
}

std::size_t exchanges(std::span<const PlanItem> plan) {
  return static_cast<std::size_t>(std::count_if(
      plan.begin(), plan.end(), [](const PlanItem& item) { return item.kind == PlanKind::exchange; }));
}

/// Two-qubit gates of every kind, each between matrices: local ones, swaps, single and double interactions.
Circuit special_pairs(int qubits, int steps, unsigned seed) {
  std::mt19937 random(seed);
  Circuit circuit(qubits);
  const std::vector<Complex> iswap = {1, 0, 0, 0, 0, 0, {0, 1}, 0, 0, {0, 1}, 0, 0, 0, 0, 0, 1};
  for (int step = 0; step < steps; ++step) {
    const auto pair = some_qubits(qubits, 2, random);
    const int a = pair[0], b = pair[1];
    switch (random() % 8) {
    case 0:
      circuit.gate("swap", {a, b});
      break;
    case 1:
      circuit.unitary(iswap, pair);
      break;
    case 2:
      circuit.cx(a, b);
      break;
    case 3:
      circuit.gate("rxx", {a, b}, {some_angle(random)});
      break;
    case 4:
      circuit.gate("rxx", {a, b}, {some_angle(random)}).gate("ryy", {a, b}, {some_angle(random)});
      break;
    case 5:
      circuit.gate("swap", {a, b}).gate("rxx", {a, b}, {1e-7});
      break;
    default:
      circuit.unitary(some_unitary(2, random), pair);
      break;
    }
    if (random() % 2) circuit.gate("u", {a}, {some_angle(random), some_angle(random), some_angle(random)});
    if (random() % 4 == 0) circuit.gate("x", {b});
  }
  return circuit;
}

TEST(ExchangePlan, agrees_with_the_reference) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    const int qubits = 11 + static_cast<int>(seed % 3);
    const Circuit circuit = seed % 4 == 0   ? random_circuit(qubits, 30, seed)
                            : seed % 4 == 1 ? special_pairs(qubits, 60, seed)
                                            : quantum_volume(qubits, 6, seed);
    ASSERT_LT(plan_error<float>(circuit, seed % 8 < 4, 10, with_exchanges), 3e-5) << "seed " << seed;
    ASSERT_LT(plan_error<double>(circuit, seed % 8 < 4, 10, with_exchanges), 1e-12) << "seed " << seed;
  }
}

TEST(ExchangePlan, agrees_with_the_reference_on_small_circuits) {
  std::size_t tried = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    const int qubits = 5 + static_cast<int>(seed % 4);
    const Circuit circuit = seed % 2 ? special_pairs(qubits, 30, seed) : quantum_volume(qubits, 5, seed);
    ASSERT_LT(plan_error<double>(circuit, seed % 3 == 0, 10, with_exchanges), 1e-12) << "seed " << seed;
    tried += exchanges(with_exchanges(plan_gates(circuit.operations())));
  }
  EXPECT_GT(tried, 3000U);
}

TEST(ExchangePlan, keeps_an_error_of_single_precision_through_deep_circuits) {
  const Circuit circuit = quantum_volume(12, 40, 5);
  EXPECT_LT(plan_error<float>(circuit, true, 10, with_exchanges), 3e-6);
  const auto plan = with_exchanges(plan_gates(circuit.operations()));
  EXPECT_GT(exchanges(plan), plan.size() * 3 / 4) << to_text(plan); // all but the first and last layers
}

TEST(ExchangePlan, is_taken_for_large_states) {
  const Circuit circuit = quantum_volume(17, 4, 7);
  EXPECT_GT(exchanges(best_plan(circuit.operations(), 17)), 8U);
  const Circuit phases = hardware_efficient(17, 4, 2);
  EXPECT_EQ(exchanges(best_plan(phases.operations(), 17)), 0U);
}

TEST(Passes, begin_with_a_product_of_one_and_two_qubit_states) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const int qubits = 3 + static_cast<int>(seed % 10);
    const auto order = some_qubits(qubits, qubits, random);
    Circuit circuit(qubits);
    for (std::size_t k = 0; k < order.size();) { // one qubit after the other stays, gets a gate, or a pair does
      const auto kind = random() % 4;
      if (kind == 1) circuit.h(order[k]);
      if (kind == 2)
        circuit.gate("u", {order[k]}, {some_angle(random), some_angle(random), some_angle(random)});
      if (kind == 3 && k + 1 < order.size())
        circuit.unitary(some_unitary(2, random), std::span(order).subspan(k++, 2));
      ++k;
    }
    circuit.cx(order[0], order[1]);
    ASSERT_LT(plan_error<double>(circuit, true, 10), 1e-12) << "seed " << seed;
    ASSERT_LT(plan_error<double>(circuit, true, 10, split_matrices), 1e-12) << "seed " << seed;
  }
}

TEST(Passes, work_out_first_gates_on_the_qubits_that_they_join) {
  for (unsigned seed = 0; seed < 120; ++seed) {
    const int qubits = 14 + static_cast<int>(seed % 3), steps = 5 + static_cast<int>(seed % 7) * 7;
    const Circuit circuit = seed % 5 == 0   ? random_circuit(qubits, steps, seed)
                            : seed % 5 == 1 ? gathered_circuit(qubits, steps, seed)
                            : seed % 5 == 2 ? special_pairs(qubits, steps, seed)
                            : seed % 5 == 3 ? hardware_efficient(qubits, 1 + static_cast<int>(seed % 2), seed)
                                            : quantum_volume(qubits, 3, seed);
    const Change change = seed % 2 ? with_exchanges : split_matrices;
    ASSERT_LT(plan_error<double>(circuit, true, 10, change), 1e-12) << "seed " << seed;
    ASSERT_LT(plan_error<float>(circuit, true, 12), 1e-5) << "seed " << seed;
  }
}

TEST(FirstGates, join_qubits_up_to_a_number) {
  Circuit ladder(16);
  for (int qubit = 0; qubit < 16; ++qubit) ladder.ry(0.1 * (qubit + 1), qubit);
  for (int qubit = 0; qubit + 1 < 16; ++qubit) ladder.cx(qubit, qubit + 1).ry(0.2, qubit);
  for (const auto& [most, largest] : {std::pair{12, 12U}, std::pair{5, 5U}, std::pair{0, 2U}}) {
    FirstGates first(most);
    std::uint64_t held = 0;
    for (PlanItem& item : plan_gates(ladder.operations())) {
      const std::uint64_t mask = item.mixed() | item.diagonal();
      if ((mask & held) != 0 || !first.take(item)) held |= mask;
    }
    std::size_t found = 0;
    for (const auto& factor : first.state<double>().factors()) found = std::max(found, factor.qubits.size());
    EXPECT_EQ(found, largest);
  }
}

TEST(Plan, gathers_a_zz_feature_map_into_two_hadamard_layers_and_two_phases) {
  const std::vector<double> x = {0.1, 0.2, 0.3, 0.4, 0.5};
  const Circuit circuit = find_feature_map("zz")->circuit(x, {});
  const auto plan = plan_gates(circuit.operations());
  ASSERT_EQ(plan.size(), 4U) << to_text(plan);
  EXPECT_EQ(plan[0].kind, PlanKind::hadamards);
  EXPECT_EQ(plan[1].phase.pairs.size(), 10U);
  EXPECT_EQ(plan[2].hadamards, 31U);
}

TEST(Plan, makes_one_matrix_of_gates_on_the_same_two_qubits) {
  std::mt19937 random(3);
  Circuit circuit(3);
  for (int k = 0; k < 4; ++k) {
    for (const int qubit : {0, 2})
      circuit.gate("u", {qubit}, {some_angle(random), some_angle(random), some_angle(random)});
    circuit.cx(0, 2);
  }
  circuit.rz(0.3, 2).h(0);
  const auto plan = plan_gates(circuit.operations());
  EXPECT_EQ(plan.size(), 1U) << to_text(plan);
}

TEST(Plan, keeps_the_phase_of_many_turns) {
  for (const double angle : {104.0, 1e6, -333.25}) {
    Circuit circuit(3);
    circuit.h(0).h(1).gate("crz", {0, 1}, {angle}).rz(angle, 2).gate("rzz", {0, 2}, {angle});
    circuit.gate("cp", {1, 2}, {angle}).ry(0.4, 0).ry(0.3, 1);
    EXPECT_LT(plan_error<double>(circuit, false, 10), 1e-9) << angle;
  }
}

TEST(Plan, cancels_two_hadamards) {
  Circuit circuit(2);
  circuit.h(0).h(1).h(0);
  const auto plan = plan_gates(circuit.operations());
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].hadamards, 2U);
}

} // namespace
} // namespace bloch::quantum
