#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "quantum/feature_maps/feature_map.h"

namespace bloch::quantum {

// Where a map's phases couple neighbours only, an overlap is a product of small transfer matrices along the
// chain of qubits: each site carries one bit for every layer of either sample, the last being shared, so 2^(2
// reps - 1) states, whatever 2^qubits is.

/// Repetitions that the transfer matrix takes: 128 states a site.
inline constexpr int most_chain_reps = 4;

/// The neighbours that a set of pairs couples.
struct Chain {
  bool ring = false; ///< the last qubit is coupled to the first as well
};
/// Nothing where a pair is not of neighbours.
std::optional<Chain> chain_of(const QuadraticPhase& phase);

/// Phases of many samples along a chain, as factors: [site][sample], samples padded to a whole number of
/// vectors.
class ChainSamples {
 public:
  ChainSamples(std::size_t sites, std::size_t samples);
  void set(std::size_t sample, const QuadraticPhase& phase);

  std::size_t sites() const { return sites_; }
  std::size_t samples() const { return samples_; }
  std::size_t stride() const { return stride_; }
  /// exp(i angle) of each site's own phase, and of its coupling to the site before (site 0: to the last).
  const double* site_re() const { return values_.data(); }
  const double* site_im() const { return values_.data() + plane(); }
  const double* bond_re() const { return values_.data() + 2 * plane(); }
  const double* bond_im() const { return values_.data() + 3 * plane(); }

 private:
  std::size_t plane() const { return sites_ * stride_; }

  std::size_t sites_, samples_, stride_;
  std::vector<double> values_;
};

/// Fidelities of one row sample with column samples 0 … count-1, in complex128; whole vectors are written, so
/// `out` has room for the columns' stride.
void chain_fidelities(const ChainSamples& rows, std::size_t row, const ChainSamples& columns, int reps,
                      const Chain& chain, std::size_t count, double* out);

} // namespace bloch::quantum
