// Speed of the quantum library. Goals are for one thread of the machine named in quantum/README.md; CPU time is
// what counts on a machine that others use. Bandwidth and matrix-product speed are recorded in the same run,
// because they are the roof.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <oneapi/tbb/task_arena.h>

#include "quantum/feature_maps/feature_map.h"
#include "quantum/kernels/kernel.h"
#include "quantum/kernels/quantum_kernel.h"
#include "quantum/noise/noisy_simulation.h"
#include "quantum/optimisers/exact_optimum.h"
#include "quantum/optimisers/qaoa.h"
#include "quantum/simulators/adjoint_gradient.h"
#include "quantum/simulators/aligned_buffer.h"
#include "quantum/simulators/expectation.h"
#include "quantum/simulators/statevector.h"

namespace bloch::quantum {
namespace {

constexpr auto unit = benchmark::kMillisecond;

std::vector<double> perf_features(int count) {
  std::mt19937 random(1);
  std::vector<double> features(static_cast<std::size_t>(count));
  for (double& feature : features) feature = std::uniform_real_distribution<double>(0, 2)(random);
  return features;
}

/// From |0...0> each time, in the same memory, as the peers do; planning is part of it.
void run_circuit(benchmark::State& state, const Circuit& circuit, int threads) {
  oneapi::tbb::task_arena arena(threads);
  Statevector<float> result(circuit.qubits());
  arena.execute([&] {
    for (auto _ : state) {
      result.restart(circuit.operations());
      benchmark::DoNotOptimize(result.data());
    }
  });
}

/// The roof: read and write of 2^24 complex64 in place.
void sweep_in_place(benchmark::State& state) {
  AlignedBuffer<float> buffer(std::size_t{1} << 25);
  std::memset(buffer.data(), 0, buffer.size() * sizeof(float));
  for (auto _ : state) {
    for (std::size_t k = 0; k < buffer.size(); ++k) buffer.data()[k] *= 1.5f;
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * 2 *
                          static_cast<std::int64_t>(buffer.size() * sizeof(float)));
}
BENCHMARK(sweep_in_place)->Unit(unit);

/// Goal: n = 24 under 60 ms on one thread; 28 x the best peer at 16, 20 and 24.
void zz_map(benchmark::State& state) {
  const auto features = perf_features(static_cast<int>(state.range(0)));
  run_circuit(state, find_feature_map("zz")->circuit(features, FeatureMapOptions{}),
              static_cast<int>(state.range(1)));
}
BENCHMARK(zz_map)
    ->ArgNames({"n", "threads"})
    ->ArgsProduct({{16, 20, 24}, {1, 2}})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(unit);

/// Goal: 1.5 x the best peer (qsim 105 ms on a 2.5 GHz Xeon).
void quantum_volume(benchmark::State& state) {
  const int qubits = 20;
  std::mt19937 random(2);
  std::vector<int> order(qubits);
  for (int k = 0; k < qubits; ++k) order[k] = k;
  std::uniform_real_distribution<double> angle(-3, 3);
  Circuit circuit(qubits);
  for (int layer = 0; layer < 20; ++layer) {
    std::shuffle(order.begin(), order.end(), random);
    for (int k = 0; k + 1 < qubits; k += 2)
      for (int part = 0; part < 3; ++part) { // three cx with one-qubit gates around make any two-qubit gate
        for (const int qubit : {order[k], order[k + 1]})
          circuit.gate("u", {qubit}, {angle(random), angle(random), angle(random)});
        circuit.cx(order[k], order[k + 1]);
      }
  }
  run_circuit(state, circuit, static_cast<int>(state.range(0)));
}
BENCHMARK(quantum_volume)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(unit);

/// Layers of ry and rz on every qubit, then a ladder of cz (or cx): an ansatz for near-term devices.
Circuit ansatz(int qubits, int layers, bool cx) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> angle(-3, 3);
  Circuit circuit(qubits);
  for (int layer = 0; layer < layers; ++layer) {
    for (int qubit = 0; qubit < qubits; ++qubit) circuit.ry(angle(random), qubit).rz(angle(random), qubit);
    for (int qubit = 0; qubit + 1 < qubits; ++qubit) {
      if (cx)
        circuit.cx(qubit, qubit + 1);
      else
        circuit.cz(qubit, qubit + 1);
    }
  }
  return circuit;
}

void hardware_efficient(benchmark::State& state) {
  run_circuit(state, ansatz(20, 10, state.range(1) != 0), static_cast<int>(state.range(0)));
}
BENCHMARK(hardware_efficient)
    ->ArgNames({"threads", "cx"})
    ->ArgsProduct({{1, 2}, {0, 1}})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(unit);

/// Ising chain in a transverse field: n diagonal strings in one pass, n others in a pass each.
PauliSum ising(int qubits) {
  PauliSum sum;
  for (int k = 0; k < qubits; ++k) {
    sum.add(0.5, PauliString{std::uint64_t{1} << k, 0});
    sum.add(-1, PauliString{0, (std::uint64_t{1} << k) | (std::uint64_t{1} << (k + 1) % qubits)});
  }
  return sum;
}

void expectation_value(benchmark::State& state) {
  const auto circuit = ansatz(20, 1, false);
  const auto prepared = Statevector<float>::after(circuit.qubits(), circuit.operations());
  const PauliSum sum = ising(circuit.qubits());
  oneapi::tbb::task_arena(1).execute([&] {
    for (auto _ : state) benchmark::DoNotOptimize(expectation(prepared, sum));
  });
}
BENCHMARK(expectation_value)->Unit(unit);

/// 200 derivatives. Beside it hardware_efficient, the circuit alone at the same size: the cost is a few of
/// those.
void gradient(benchmark::State& state) {
  const auto circuit = ansatz(static_cast<int>(state.range(0)), 5, false);
  const PauliSum sum = ising(circuit.qubits());
  oneapi::tbb::task_arena(1).execute([&] {
    for (auto _ : state) benchmark::DoNotOptimize(adjoint_gradient<float>(circuit, sum).value);
  });
}
BENCHMARK(gradient)->ArgName("n")->Arg(16)->Arg(20)->Unit(unit);

/// 1,000 shots of a circuit whose gates err: the density matrix of 8 qubits, trajectories of 14.
void noisy_shots(benchmark::State& state) {
  auto circuit = ansatz(static_cast<int>(state.range(0)), 4, true);
  circuit.measure_all();
  NoiseModel model;
  model.one_qubit.depolarising = 1e-3;
  model.more_qubits.depolarising = 1e-2;
  model.one_qubit.duration_ns = 35;
  model.more_qubits.duration_ns = 300;
  model.qubit.t1_us = 100;
  model.qubit.t2_us = 80;
  model.qubit.one_given_zero = model.qubit.zero_given_one = 0.01;
  ShotOptions options;
  options.shots = 1000;
  options.seed = 1;
  options.threads = 1;
  for (auto _ : state) benchmark::DoNotOptimize(run_noisy_shots(circuit, model, options).size());
}
BENCHMARK(noisy_shots)->ArgName("n")->Arg(8)->Arg(14)->Unit(unit);

/// Goal: 7 x the best peer (qsim 743 ms).
void fourier_transform(benchmark::State& state) {
  const int qubits = 22;
  Circuit circuit(qubits);
  for (int k = qubits; k-- > 0;) {
    circuit.h(k);
    for (int other = 0; other < k; ++other) circuit.cp(std::acos(-1.0) / (1 << (k - other)), other, k);
  }
  for (int k = 0; k < qubits / 2; ++k) circuit.swap(k, qubits - 1 - k);
  run_circuit(state, circuit, static_cast<int>(state.range(0)));
}
BENCHMARK(fourier_transform)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(unit);

Circuit qaoa_layer(int qubits) {
  Circuit circuit(qubits);
  for (int a = 0; a < qubits; ++a)
    for (int b = a + 1; b < qubits; ++b) circuit.rzz(0.3 + 0.01 * a - 0.02 * b, a, b);
  for (int k = 0; k < qubits; ++k) circuit.rx(0.7, k);
  return circuit;
}

/// Goal: 20 x gate by gate, on a dense graph of 22 vertices.
void qaoa_planned(benchmark::State& state) { run_circuit(state, qaoa_layer(22), 1); }
BENCHMARK(qaoa_planned)->Unit(unit);

void qaoa_gate_by_gate(benchmark::State& state) {
  const Circuit circuit = qaoa_layer(22);
  oneapi::tbb::task_arena arena(1);
  arena.execute([&] {
    for (auto _ : state) {
      Statevector<float> result(22);
      for (const Operation& operation : circuit.operations()) result.apply(operation);
    }
  });
}
BENCHMARK(qaoa_gate_by_gate)->Unit(unit)->Iterations(2);

Operation named_gate(const char* name) {
  Operation operation;
  operation.gate = find_gate(name);
  operation.controls = operation.gate->controls;
  if (operation.gate->parameters == 1) operation.parameters = {0.4};
  if (operation.gate->parameters == 3) operation.parameters = {0.4, 0.7, 1.1};
  return operation;
}

/// A 4 x 4 matrix without a zero.
Operation dense_gate() {
  Operation turn = named_gate("u");
  turn.qubits = {0};
  const auto u = turn.unitary();
  std::vector<Complex> matrix;
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 4; ++column)
      matrix.push_back(u[row % 2 * 2 + column % 2] * u[row / 2 * 2 + column / 2]);
  Operation operation;
  operation.kind = OperationKind::unitary;
  operation.matrix = std::make_shared<const std::vector<Complex>>(std::move(matrix));
  return operation;
}

/// Goal: no slower than the best peer's: n = 24: h 13, cx 6.5, cz 3.8, rzz 12.7, dense 14 ms.
void single_gate(benchmark::State& state, const char* name) {
  const int qubits = static_cast<int>(state.range(0));
  Statevector<float> result(qubits);
  const bool dense = std::string(name) == "dense";
  Operation operation = dense ? dense_gate() : named_gate(name);
  int target = 0;
  oneapi::tbb::task_arena arena(1);
  arena.execute([&] {
    for (auto _ : state) { // over all targets in turn
      operation.qubits = {target};
      if (dense || operation.gate->qubits() == 2) operation.qubits = {(target + 7) % qubits, target};
      result.apply(operation);
      target = (target + 7) % qubits; // prime to 20 and 24
    }
  });
}
BENCHMARK_CAPTURE(single_gate, h, "h")->ArgName("n")->Arg(20)->Arg(24)->Unit(unit);
BENCHMARK_CAPTURE(single_gate, cx, "cx")->ArgName("n")->Arg(20)->Arg(24)->Unit(unit);
BENCHMARK_CAPTURE(single_gate, cz, "cz")->ArgName("n")->Arg(20)->Arg(24)->Unit(unit);
BENCHMARK_CAPTURE(single_gate, rzz, "rzz")->ArgName("n")->Arg(20)->Arg(24)->Unit(unit);
BENCHMARK_CAPTURE(single_gate, dense, "dense")->ArgName("n")->Arg(20)->Arg(24)->Unit(unit);

Matrix perf_samples(int rows, int features) {
  const auto values = perf_features(rows * features);
  return Eigen::Map<const Matrix>(values.data(), rows, features);
}

/// Goals: linear n = 12 in 8 x and n = 16 in 79 x less than the best peer (30 and 364 ms), n = 100 in tens of
/// ms; full 2 x.
void gram(benchmark::State& state, Entanglement entanglement) {
  const Matrix samples = perf_samples(200, static_cast<int>(state.range(0)));
  const FeatureMapOptions options{.entanglement = entanglement};
  for (auto _ : state)
    benchmark::DoNotOptimize(fidelity_kernel(*find_feature_map("zz"), options, samples, 1).data());
}
BENCHMARK_CAPTURE(gram, linear, Entanglement::linear)->ArgName("n")->Arg(12)->Arg(16)->Arg(100)->Unit(unit);
BENCHMARK_CAPTURE(gram, ring, Entanglement::circular)->ArgName("n")->Arg(16)->Unit(unit);
BENCHMARK_CAPTURE(gram, full, Entanglement::full)->ArgName("n")->Arg(8)->Arg(12)->Arg(16)->Unit(unit);

/// Goal: no slower than the fidelity kernel of the same states, though it reads every qubit.
void projected(benchmark::State& state, Entanglement entanglement) {
  QuantumKernel kernel;
  kernel.map = find_feature_map("zz");
  kernel.options.entanglement = entanglement;
  kernel.kind = KernelKind::projected;
  const Matrix samples = perf_samples(200, static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(evaluate(kernel, samples, 1).data());
}
BENCHMARK_CAPTURE(projected, linear, Entanglement::linear)->ArgName("n")->Arg(12)->Arg(100)->Unit(unit);
BENCHMARK_CAPTURE(projected, full, Entanglement::full)->ArgName("n")->Arg(8)->Arg(12)->Unit(unit);

BinaryPolynomial dense_problem(int variables) {
  BinaryPolynomial problem(variables);
  for (int a = 0; a < variables; ++a)
    for (int b = a; b < variables; ++b) problem.add(std::sin(1.0 + 7 * a + 13 * b), std::vector{a, b});
  return problem;
}

/// One evaluation of QAOA's cost, a layer, on a dense graph of 22 vertices. Goal: 20 x a layer gate by gate.
void qaoa_evaluation(benchmark::State& state) {
  const Qaoa qaoa(dense_problem(22), {});
  const QaoaAngles angles{{0.3}, {0.4}};
  oneapi::tbb::task_arena arena(static_cast<int>(state.range(0)));
  arena.execute([&] {
    for (auto _ : state) benchmark::DoNotOptimize(qaoa.expectation(qaoa.state(angles)));
  });
}
BENCHMARK(qaoa_evaluation)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(unit);

/// The part of it that adds up the cost. Goal: the time of reading 64 MiB once.
void qaoa_expectation(benchmark::State& state) {
  const Qaoa qaoa(dense_problem(22), {});
  const auto amplitudes = qaoa.state({{0.3}, {0.4}});
  oneapi::tbb::task_arena arena(1);
  arena.execute([&] {
    for (auto _ : state) benchmark::DoNotOptimize(qaoa.expectation(amplitudes));
  });
}
BENCHMARK(qaoa_expectation)->Unit(unit);

/// Goal: every string of 26 variables in under 5 s on two threads.
void gray_code(benchmark::State& state) {
  const BinaryPolynomial problem = dense_problem(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(exact_optimum(problem).minimum);
}
BENCHMARK(gray_code)
    ->ArgName("variables")
    ->Arg(20)
    ->Arg(26)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(unit);

/// What scoring an anomaly map takes. Goal: under 3000 ms on two threads.
void anomaly_kernel(benchmark::State& state) {
  const Matrix patches = perf_samples(100000, 8), support = perf_samples(200, 8);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        fidelity_kernel(*find_feature_map("zz"), {}, patches, support, static_cast<int>(state.range(0)))
            .data());
}
BENCHMARK(anomaly_kernel)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(unit);

} // namespace
} // namespace bloch::quantum
