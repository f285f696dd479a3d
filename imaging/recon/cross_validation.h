#pragma once

#include <functional>
#include <span>
#include <vector>

#include "imaging/operators/sense.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

/// A part of the samples of a scan, held out to be predicted from the others.
struct HeldOutSamples {
  SamplingMask kept;    ///< what a solver sees
  SamplingMask held;    ///< what its image is judged by
  SamplingMask central; ///< kept, and judged too: they show what is lost where the signal is strong
  double density = 0;   ///< held-out samples per point of k-space
};

/// About a tenth of the samples where they lie as close as usual, more where they are sparse and fewer where
/// they are dense, so that each region of k-space counts by its area; none of the central samples that show the
/// coils. Points, or, of a volume whose readouts are whole, readouts. The same ones for the same mask.
HeldOutSamples hold_out(const ReconstructionInput& input, bool whole_readouts);

/// An image, [set][z][y][x], for one weight: solved with this operator for the samples in its mask. `start` is
/// the image of the last weight, empty at first; a solver may go on from it or begin from zero.
using WeightSolver =
    std::function<Result<std::vector<Complex>>(const SenseOperator&, const ReconstructionInput&, double weight,
                                               std::span<const Complex> start, const Progress&)>;

/// Where a weight is looked for: a guess, halved and doubled so many times at most.
struct WeightSearch {
  double guess;
  int halvings = 4, doublings = 4;
};

/// The weight with which samples that were held out are predicted best, by |A x - y|^2 over them and, by their
/// area, over the central ones: tried by factors of two, then the vertex of a
/// parabola through the three best. The guess itself where there are too few samples to hold out. errors: the
/// solver's, cancelled
///
/// sense: of the whole input. source: Ward 2009, doi:10.1109/TIT.2009.2032712
Result<double> cross_validated_weight(const SenseOperator& sense, const ReconstructionInput& input,
                                      const WeightSearch& search, const WeightSolver& solve,
                                      const Progress& progress);

} // namespace bloch::imaging
