#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "quantum/circuits/circuit.h"
#include "quantum/optimisers/binary_polynomial.h"
#include "quantum/optimisers/minimise.h"
#include "quantum/simulators/statevector.h"

namespace bloch::quantum {

enum class QaoaMixer {
  x, ///< flips bits; starts from all strings alike
  xy ///< exchanges neighbouring bits along a ring, so that the number of ones stays; starts from all strings
     ///< of so many ones alike
};

struct QaoaOptions {
  int layers = 3;
  QaoaMixer mixer = QaoaMixer::x;
  int ones = -1;           ///< of the xy mixer: 0 to the number of variables
  bool warm_start = false; ///< of the x mixer: starts near a relaxed solution (Egger 2021)
  double warm_margin = 0.25;
  MinimiseOptions minimiser = {.method = "cobyla", .evaluations = 200, .tolerance = 1e-5};
  std::uint64_t seed = 0; ///< of the relaxation's start
};

/// Angles of each layer: exp(-i gamma cost / spread), then the mixer by beta.
struct QaoaAngles {
  std::vector<double> gammas, betas;
};

struct QaoaResult {
  QaoaAngles angles;
  double expectation = 0;
  int evaluations = 0;
  bool converged = false;
};

/// The quantum approximate optimisation algorithm on a problem of bits, simulated exactly in complex64.
///
/// source: Farhi 2014, arXiv:1411.4028; Hadfield 2019, arXiv:1709.03489 (xy); Egger 2021, arXiv:2009.10095
class Qaoa {
 public:
  /// throws: std::invalid_argument (no layers, too many variables for this machine, ones that do not fit, a
  /// warm start with the xy mixer)
  Qaoa(const BinaryPolynomial& problem, const QaoaOptions& options);

  /// What comes of every layer's angles. cost: for each layer one pass for all the problem's products and one
  /// for the mixer
  Statevector<float> state(const QaoaAngles& angles) const;
  /// Mean cost of the strings. throws: std::invalid_argument (a state of another number of qubits)
  double expectation(const Statevector<float>& state) const;
  /// Gates of all layers, after the start.
  Circuit layers(const QaoaAngles& angles) const;
  /// Gates that make the start of the x mixer from |0…0>; the xy mixer's is written into the state.
  Circuit start() const;

  /// Best angles: a grid for one layer, then each further layer from the interpolated angles of the one before
  /// (Zhou 2020, doi:10.1103/PhysRevX.10.021067).
  QaoaResult run() const;

  /// Standard deviation of the cost over the strings at the start; angles gamma count in units of it.
  double spread() const { return spread_; }
  /// Of each variable, the chance to be 1 in the warm start, before the margin is kept; empty without.
  const std::vector<double>& relaxed() const { return relaxed_; }
  /// Chance to measure a string of a cost not above `value`.
  double probability_at_most(const Statevector<float>& state, double value) const;

 private:
  void add_cost(Circuit& circuit, double gamma) const;
  void add_mixer(Circuit& circuit, double beta) const;
  double warm_angle(int variable) const;
  double at(const std::vector<double>& angles) const;

  BinaryPolynomial problem_;
  QaoaOptions options_;
  std::vector<double> values_; ///< of every string
  double spread_ = 1;
  std::vector<double> relaxed_;
};

/// A minimum of the polynomial as a function of numbers from 0 to 1, from a start near the middle.
std::vector<double> relaxed_minimum(const BinaryPolynomial& problem, std::uint64_t seed);

} // namespace bloch::quantum
