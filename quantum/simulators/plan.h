#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "quantum/circuits/circuit.h"

namespace bloch::quantum {

/// Phase of basis state b: constant + sum linear[i] b_i + sum pairs[{i, j}] b_i b_j, in radians, i < j.
struct PhasePolynomial {
  double constant = 0;
  std::map<int, double> linear;
  std::map<std::pair<int, int>, double> pairs;
  std::uint64_t qubits = 0; ///< qubits it depends on

  double at(std::uint64_t basis_state) const;
  void add_linear(int qubit, double angle);
  void add_pair(int a, int b, double angle);
  void add(const PhasePolynomial& more);
};

/// A turn of one qubit in the real plane, [[cos, -sin], [sin, cos]] of an angle up to pi / 4, after an X where
/// `flip` is set.
struct PlanTurn {
  double angle = 0;
  bool flip = false;
};

enum class PlanKind { hadamards, turns, phase, dense };

/// One piece of work: H on every qubit of a mask, real turns of some qubits, a diagonal, or a matrix on a few
/// qubits.
struct PlanItem {
  PlanKind kind = PlanKind::dense;
  std::uint64_t hadamards = 0;
  std::map<int, PlanTurn> turns = {}; ///< by qubit
  PhasePolynomial phase = {};
  std::vector<Complex> matrix = {}; ///< [row][column], bit k of an index is targets[k]
  std::vector<int> targets = {};
  std::vector<int> controls = {};

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
