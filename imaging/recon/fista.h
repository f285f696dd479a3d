#pragma once

#include <functional>
#include <optional>
#include <span>

#include "imaging/operators/sense.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

struct FistaSettings {
  int iterations = 50;
  double tolerance = 1e-3; ///< on |x_k+1 - x_k| / |x_k+1|; 0: never early
  /// The proximal operator has a random part, so that the change has a floor: also stop when its mean over ten
  /// iterations is no longer below nine tenths of that over the ten before, and extrapolate further, which
  /// gains more above the floor than it costs there.
  bool random_proximal = false;
  /// Where to start, [set][z][y][x]; empty: from zero.
  std::span<const Complex> start = {};
  /// The image that comes out is one a set of coil maps, [set][z][y][x], as `start` takes it.
  bool keep_sets = false;
};

/// In place: the proximal operator of step * penalty; returns the penalty of what it leaves (lambda included).
using Proximal = std::function<double(Complex* image, float step, int iteration)>;

/// Minimises |A x - y|^2 / 2 + penalty(x) by FISTA with gradient restart; the answer is an output of the
/// proximal operator.
///
/// One normal operator an iteration, none for a first that steps from zero: the gradient step of each iterate
/// is extrapolated with it, and gives the objective on the way. errors: cancelled source: Beck 2009,
/// doi:10.1137/080716542; Chambolle 2015, doi:10.1007/s10957-015-0746-4; O'Donoghue 2015,
/// doi:10.1007/s10208-013-9150-3
Result<ReconstructionOutput> fista(const SenseOperator& sense, const ReconstructionInput& input,
                                   const Proximal& proximal, const FistaSettings& settings,
                                   const Progress& progress);

/// A problem with one weight, solved by FISTA.
using FistaSolver = std::function<Result<ReconstructionOutput>(
    const SenseOperator&, const ReconstructionInput&, double weight, const FistaSettings&, const Progress&)>;

/// Solves with the weight or, where there is none, with the one that cross-validation finds around `guess`; the
/// weight is the outcome's lambda. errors: the solver's
Result<ReconstructionOutput> solve_weighted(const ReconstructionInput& input, std::optional<double> weight,
                                            double guess, const FistaSettings& settings,
                                            const FistaSolver& solve, const Progress& progress);

} // namespace bloch::imaging
