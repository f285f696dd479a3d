#include "quantum/noise/noisy_simulation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include <oneapi/tbb/task_arena.h>

#include "quantum/noise/density_matrix.h"
#include "quantum/noise/detail/trajectories.h"
#include "quantum/noise/schedule.h"
#include "quantum/simulators/detail/shots.h"
#include "quantum/simulators/expectation.h"

namespace bloch::quantum {
namespace {

constexpr double normal_95 = 1.959963984540054;
constexpr std::ptrdiff_t most_measurements_within = 2000; ///< each is a level of recursion

/// The state of many shots, exactly.
template <class Real> class DensityMethod {
 public:
  using State = DensityMatrix<Real>;

  DensityMethod(const NoiseModel& model, Random&)
      : model_(model) {}

  State start(int qubits) const { return State(qubits); }
  template <class Then>
  void advance(State state, const std::vector<Operation>& gates, std::size_t shots, const Then& then) {
    if (!gates.empty()) state.apply(gates, model_);
    then(std::move(state), shots);
  }
  double total(const State& state) const { return state.trace(); }
  void flip(State& state, int qubit) const {
    const Operation step = Circuit(state.qubits()).x(qubit).operations()[0];
    state.apply(std::span(&step, 1));
  }

 private:
  const NoiseModel& model_;
};

/// Takes shots through a circuit together for as long as they agree.
template <class Method> class NoisyShotRunner {
 public:
  using State = typename Method::State;

  NoisyShotRunner(const Circuit& circuit, const NoiseModel& model, std::uint64_t seed)
      : circuit_(circuit)
      , model_(model)
      , final_(final_measurements(circuit))
      , random_(seed)
      , method_(model, random_) {
    std::ptrdiff_t within = -std::count(final_.begin(), final_.end(), true);
    for (const Operation& operation : circuit.operations())
      within += operation.kind == OperationKind::measure || operation.kind == OperationKind::reset ? 1 : 0;
    if (within > most_measurements_within)
      throw std::invalid_argument(
          "a noisy simulation takes at most " + std::to_string(most_measurements_within) +
          " resets and measurements that something follows, not " + std::to_string(within));
  }

  Counts run(std::size_t shots) {
    if (shots > 0)
      follow(method_.start(circuit_.qubits()), ShotBits(static_cast<std::size_t>(circuit_.bits())), 0, shots);
    return std::move(counts_);
  }

 private:
  void follow(State state, ShotBits bits, std::size_t next, std::size_t shots) {
    const std::vector<Operation> gates = gates_from(circuit_, final_, bits, next);
    method_.advance(std::move(state), gates, shots, [&](State after, std::size_t some) {
      if (next == circuit_.operations().size())
        read(after, bits, some);
      else
        settle(std::move(after), bits, next, some);
    });
  }

  /// A measurement or reset: the shots go on by what the qubit was and what was read.
  void settle(State state, const ShotBits& bits, std::size_t next, std::size_t shots) {
    const Operation& operation = circuit_.operations()[next];
    const int qubit = operation.qubits[0];
    const bool measured = operation.kind == OperationKind::measure;
    const double total = method_.total(state), one = state.probability_of_one(qubit) / total;
    std::size_t counts[2][2] = {}; // [value][read]
    for (std::size_t shot = 0; shot < shots; ++shot) {
      const bool value = random_.uniform() < one;
      ++counts[value][measured ? as_read(qubit, value) : value];
    }
    struct Branch {
      std::size_t shots;
      bool value, seen;
    };
    std::vector<Branch> branches;
    for (const bool value : {false, true})
      for (const bool seen : {false, true})
        if (counts[value][seen] > 0) branches.push_back({counts[value][seen], value, seen});
    std::stable_sort(branches.begin(), branches.end(),
                     [](const Branch& a, const Branch& b) { return a.shots < b.shots; });
    for (std::size_t k = 0; k < branches.size(); ++k) { // the largest goes last and needs no copy
      const Branch& branch = branches[k];
      State part = k + 1 < branches.size() ? State(state) : std::move(state);
      part.project(qubit, branch.value, (branch.value ? one : 1 - one) * total);
      if (!measured && branch.value) method_.flip(part, qubit);
      ShotBits part_bits = bits;
      if (measured) part_bits[static_cast<std::size_t>(operation.bit)] = branch.seen;
      follow(std::move(part), std::move(part_bits), next + 1, branch.shots);
    }
  }

  bool as_read(int qubit, bool value) {
    const QubitNoise& noise = model_.of_qubit(qubit);
    if (!noise.misreads()) return value;
    return random_.uniform() < (value ? noise.zero_given_one : noise.one_given_zero) ? !value : value;
  }

  void read(const State& state, ShotBits bits, std::size_t shots) {
    const auto& operations = circuit_.operations();
    for (const std::size_t index : state.sample(shots, random_)) {
      for (std::size_t k = 0; k < final_.size(); ++k) {
        if (!final_[k]) continue;
        const int qubit = operations[k].qubits[0];
        bits[static_cast<std::size_t>(operations[k].bit)] = as_read(qubit, index >> qubit & 1);
      }
      ++counts_[bit_string(bits, circuit_.bit_registers())];
    }
  }

  const Circuit& circuit_;
  const NoiseModel& model_;
  std::vector<bool> final_;
  Random random_;
  Method method_;
  Counts counts_;
};

template <class Real>
Counts noisy_counts(const Circuit& circuit, const NoiseModel& model, const ShotOptions& options,
                    NoiseMethod method) {
  if (method == NoiseMethod::density_matrix)
    return NoisyShotRunner<DensityMethod<Real>>(circuit, model, options.seed).run(options.shots);
  return NoisyShotRunner<TrajectoryMethod<Real>>(circuit, model, options.seed).run(options.shots);
}

template <class Real>
std::vector<Estimate> density_expectations(const std::vector<Operation>& gates, int qubits,
                                           const NoiseModel& model, std::span<const PauliSum> sums) {
  DensityMatrix<Real> state(qubits);
  state.apply(gates, model);
  std::vector<Estimate> estimates;
  for (const PauliSum& sum : sums) {
    const double value = expectation(state, sum);
    estimates.push_back({value, 0, value, value});
  }
  return estimates;
}

template <class Real>
std::vector<Estimate> trajectory_expectations(const std::vector<Operation>& gates, int qubits,
                                              const NoiseModel& model, std::span<const PauliSum> sums,
                                              const ShotOptions& options) {
  if (options.shots < 2) throw std::invalid_argument("an estimate by trajectories needs at least 2 of them");
  Random random(options.seed);
  TrajectoryMethod<Real> method(model, random);
  std::vector<double> sum_of(sums.size()), squares(sums.size());
  method.advance(method.start(qubits), gates, options.shots,
                 [&](const Statevector<Real>& state, std::size_t shots) {
                   const double norm = state.norm_squared();
                   for (std::size_t k = 0; k < sums.size(); ++k) {
                     const double value = expectation(state, sums[k]) / norm;
                     sum_of[k] += value * static_cast<double>(shots);
                     squares[k] += value * value * static_cast<double>(shots);
                   }
                 });
  std::vector<Estimate> estimates;
  const double count = static_cast<double>(options.shots);
  for (std::size_t k = 0; k < sums.size(); ++k) {
    const double mean = sum_of[k] / count, variance = std::max(squares[k] / count - mean * mean, 0.0),
                 error = std::sqrt(variance / (count - 1));
    estimates.push_back({mean, error, mean - normal_95 * error, mean + normal_95 * error});
  }
  return estimates;
}

} // namespace

NoiseMethod resolved(NoiseMethod method, int qubits) {
  if (method != NoiseMethod::automatic) return method;
  return qubits <= most_automatic_density_qubits ? NoiseMethod::density_matrix : NoiseMethod::trajectories;
}

Counts run_noisy_shots(const Circuit& circuit, const NoiseModel& model, const ShotOptions& options,
                       NoiseMethod method) {
  model.check();
  if (options.threads > 0) {
    ShotOptions ambient = options;
    ambient.threads = 0;
    return oneapi::tbb::task_arena(options.threads).execute([&] {
      return run_noisy_shots(circuit, model, ambient, method);
    });
  }
  if (!measures_something(circuit))
    return run_noisy_shots(measured_everywhere(circuit, most_qubits), model, options, method);
  const NoiseMethod chosen = resolved(method, circuit.qubits());
  const Circuit timed = scheduled(circuit, model);
  return options.precision == Precision::complex128 ? noisy_counts<double>(timed, model, options, chosen)
                                                    : noisy_counts<float>(timed, model, options, chosen);
}

std::vector<Estimate> noisy_expectations(const Circuit& circuit, const NoiseModel& model,
                                         std::span<const PauliSum> sums, const ShotOptions& options,
                                         NoiseMethod method) {
  model.check();
  if (options.threads > 0) {
    ShotOptions ambient = options;
    ambient.threads = 0;
    return oneapi::tbb::task_arena(options.threads).execute([&] {
      return noisy_expectations(circuit, model, sums, ambient, method);
    });
  }
  const std::vector<Operation> gates = gates_before_measurement(scheduled(circuit, model));
  const bool exact = resolved(method, circuit.qubits()) == NoiseMethod::density_matrix;
  if (options.precision == Precision::complex128)
    return exact ? density_expectations<double>(gates, circuit.qubits(), model, sums)
                 : trajectory_expectations<double>(gates, circuit.qubits(), model, sums, options);
  return exact ? density_expectations<float>(gates, circuit.qubits(), model, sums)
               : trajectory_expectations<float>(gates, circuit.qubits(), model, sums, options);
}

Estimate proportion_estimate(std::size_t times, std::size_t shots) {
  if (shots == 0) return {0, 0, 0, 1};
  const double n = static_cast<double>(shots), p = static_cast<double>(times) / n, z2 = normal_95 * normal_95;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n),
               half = normal_95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  // Rounding must not take the ends away from what was always or never seen.
  return {p, std::sqrt(p * (1 - p) / n), times == 0 ? 0 : std::max(centre - half, 0.0),
          times == shots ? 1 : std::min(centre + half, 1.0)};
}

} // namespace bloch::quantum
