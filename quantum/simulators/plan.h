#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "quantum/circuits/circuit.h"

namespace bloch::quantum {

/// How many items back a gate looks for company.
inline constexpr std::size_t most_steps_back = 400;

inline std::uint64_t qubit_bit(int qubit) { return std::uint64_t{1} << qubit; }

/// Angles by key, in ascending order and in one piece of memory: plans hold many small ones.
template <class Key> class AngleMap {
 public:
  using Entry = std::pair<Key, double>;

  double& operator[](const Key& key) {
    if (entries_.empty() || entries_.back().first < key) return entries_.emplace_back(key, 0.0).second;
    const auto at = lower_bound(key);
    return at->first == key ? at->second : entries_.insert(at, {key, 0.0})->second;
  }
  typename std::vector<Entry>::const_iterator find(const Key& key) {
    const auto at = lower_bound(key);
    return at != entries_.end() && at->first == key ? entries_.cbegin() + (at - entries_.begin())
                                                    : entries_.cend();
  }
  void erase(typename std::vector<Entry>::const_iterator at) { entries_.erase(at); }
  auto begin() const { return entries_.cbegin(); }
  auto end() const { return entries_.cend(); }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  void clear() { entries_.clear(); }

 private:
  auto lower_bound(const Key& key) {
    return std::lower_bound(entries_.begin(), entries_.end(), key,
                            [](const Entry& entry, const Key& wanted) { return entry.first < wanted; });
  }

  std::vector<Entry> entries_;
};

/// Phase of basis state b: constant + sum linear[i] b_i + sum pairs[{i, j}] b_i b_j, in radians, i < j.
struct PhasePolynomial {
  double constant = 0;
  AngleMap<int> linear;
  AngleMap<std::pair<int, int>> pairs;
  std::uint64_t qubits = 0; ///< qubits it depends on

  double at(std::uint64_t basis_state) const;
  void add_linear(int qubit, double angle);
  void add_pair(int a, int b, double angle);
  void add(const PhasePolynomial& more);
  void clear(); ///< keeps its memory
};

/// A turn of one qubit in the real plane, [[cos, -sin], [sin, cos]] of an angle up to pi / 4, after an X where
/// `flip` is set.
struct PlanTurn {
  double angle = 0;
  bool flip = false;
};

/// A two-qubit unitary without its last one-qubit gates, in 11 products an amplitude where the matrix has 16:
/// [[1, -t], [t, 1]] of each target; then 00 += added[0] 11, 11 -= conj(added[0]) 00 and likewise of 01 (the
/// first target is 1) and 10 with added[1], all of values before; then the diagonal. All times `scale`.
struct PlanExchange {
  std::array<double, 2> tangents{};
  std::array<Complex, 2> added{};
  std::array<Complex, 4> diagonal{1, 1, 1, 1}; ///< bit k of an index is targets[k]; the first is 1
  double scale = 1;
};

enum class PlanKind { hadamards, turns, phase, dense, exchange };

/// One piece of work: H on every qubit of a mask, real turns of some qubits, a diagonal, a matrix on a few
/// qubits, or an exchange of two.
struct PlanItem {
  PlanKind kind = PlanKind::dense;
  std::uint64_t hadamards = 0;
  std::map<int, PlanTurn> turns = {}; ///< by qubit
  PhasePolynomial phase = {};
  std::vector<Complex> matrix = {}; ///< [row][column], bit k of an index is targets[k]
  std::vector<int> targets = {};
  std::vector<int> controls = {};
  PlanExchange exchange = {};

  std::uint64_t mixed() const;    ///< qubits whose values it mixes
  std::uint64_t diagonal() const; ///< qubits it only reads
};

/// Gates put together: diagonal gates (and cx-phase-cx) gathered into phase polynomials past everything they
/// commute with, H into layers, one- and two-qubit gates on the same qubits into one matrix.
///
/// throws: std::invalid_argument (measurement, reset; more than 63 qubits)
std::vector<PlanItem> plan_gates(std::span<const Operation> operations);

/// One line an item, for people.
std::string to_text(std::span<const PlanItem> plan);

} // namespace bloch::quantum
