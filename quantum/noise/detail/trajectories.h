#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "quantum/noise/noise_model.h"
#include "quantum/simulators/statevector.h"

namespace bloch::quantum {

/// Something that goes wrong after a gate, drawn before the state is known: a Pauli string, or a decay of one
/// qubit to 0.
struct TrajectoryError {
  std::size_t gate = 0;
  PauliString string = {};
  int decay = -1; ///< qubit

  auto operator<=>(const TrajectoryError&) const = default;
};

/// The errors that gates may suffer, made ready to be drawn.
class ErrorSource {
 public:
  ErrorSource(std::span<const Operation> gates, const NoiseModel& model);

  /// Errors of one shot, in order.
  std::vector<TrajectoryError> draw(Random& random) const;
  /// A damping whose jumps depend on the state: T2 over T1.
  struct Damping {
    std::size_t gate = 0;
    int qubit = 0;
    double decay = 0;
  };
  const std::vector<Damping>& dampings() const { return dampings_; }

 private:
  struct Choice { ///< at most one of these happens
    double total = 0;
    std::vector<std::pair<double, TrajectoryError>> errors; ///< cumulative probability
  };
  std::vector<Choice> choices_;
  std::vector<Damping> dampings_;
};

/// Gates with errors in between, and where the state decides, the outcome drawn from it.
template <class Real>
void apply_with_errors(Statevector<Real>& state, std::span<const Operation> gates,
                       const std::vector<TrajectoryError>& errors,
                       const std::vector<ErrorSource::Damping>& dampings, Random& random);

/// Takes many shots along statevectors; those whose errors agree stay together.
template <class Real> class TrajectoryMethod {
 public:
  using State = Statevector<Real>;

  TrajectoryMethod(const NoiseModel& model, Random& random)
      : model_(model)
      , random_(random) {}

  State start(int qubits) const { return State(qubits); }

  template <class Then>
  void advance(State state, const std::vector<Operation>& gates, std::size_t shots, const Then& then) {
    const ErrorSource source(gates, model_);
    std::map<std::vector<TrajectoryError>, std::size_t> together;
    std::vector<std::pair<std::size_t, std::vector<TrajectoryError>>> groups;
    for (std::size_t shot = 0; shot < shots; ++shot) {
      std::vector<TrajectoryError> errors = source.draw(random_);
      const bool open =
          !source.dampings().empty() ||
          std::any_of(errors.begin(), errors.end(), [](const auto& error) { return error.decay >= 0; });
      if (open)
        groups.emplace_back(1, std::move(errors));
      else
        ++together[std::move(errors)];
    }
    for (const auto& [errors, count] : together) groups.emplace_back(count, errors);
    std::stable_sort(groups.begin(), groups.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t k = 0; k < groups.size(); ++k) { // the largest goes last and needs no copy
      State branch = k + 1 < groups.size() ? State(state) : std::move(state);
      apply_with_errors(branch, gates, groups[k].second, source.dampings(), random_);
      then(std::move(branch), groups[k].first);
    }
  }

  double total(const State& state) const { return state.norm_squared(); }
  void flip(State& state, int qubit) const { state.apply(Circuit(state.qubits()).x(qubit)); }

 private:
  const NoiseModel& model_;
  Random& random_;
};

} // namespace bloch::quantum
