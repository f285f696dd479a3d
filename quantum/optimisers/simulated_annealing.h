#pragma once

#include <cstdint>
#include <vector>

#include "quantum/optimisers/binary_polynomial.h"

namespace bloch::quantum {

struct AnnealingOptions {
  int reads = 100;   ///< independent runs
  int sweeps = 1000; ///< tries of every variable in a run
  std::uint64_t seed = 0;
  int ones = -1; ///< keep so many ones, by exchanges of two bits; -1: any
};

struct AnnealingRead {
  std::uint64_t bits = 0; ///< the best of the run
  double value = 0;
};

/// Metropolis steps at temperatures that fall geometrically from the largest change a flip can make to a tenth
/// of the smallest coefficient. The same reads for the same seed, whatever the threads.
///
/// returns: one a read
/// throws:  std::invalid_argument (no reads, no sweeps, more ones than variables)
/// source:  Kirkpatrick 1983, doi:10.1126/science.220.4598.671
std::vector<AnnealingRead> simulated_annealing(const BinaryPolynomial& polynomial,
                                               const AnnealingOptions& options);

} // namespace bloch::quantum
