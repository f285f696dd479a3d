#pragma once

#include <complex>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "imaging/recon/reconstruction.h"

namespace bloch::imaging {

/// New coils as weighted sums of the measured ones.
struct CoilMixing {
  int from = 0, to = 0;
  std::vector<std::complex<float>> weights; ///< [to][from]
  double kept_energy = 1;                   ///< share of the data's energy that the new coils hold
};

/// The principal components of the coils over all samples of all slices.
///
/// wanted:  a number of coils (1 or more), or the share of the energy to keep (below 1)
/// errors:  invalid_parameter (more coils than there are or a part of one, a share that is not above 0)
/// source:  Buehrer 2007, doi:10.1002/mrm.21237
Result<CoilMixing> coil_compression(const KSpace& kspace, double wanted);

/// Makes the noise of the coils white and equally strong, from a noise scan: the inverse of the Cholesky factor
/// of its covariance, times the mean noise, so that the image keeps its units.
///
/// noise:   [coil][sample]
/// errors:  invalid_parameter (other coils, fewer samples than twice the coils, a coil without noise)
/// source:  Pruessmann 2001, doi:10.1002/mrm.1241; Kellman 2005, doi:10.1002/mrm.20713
Result<CoilMixing> noise_whitening(std::span<const std::complex<float>> noise, int coils);

/// The same scan seen by the new coils. Contract: as many coils as the mixing takes.
KSpace mix_coils(const KSpace& kspace, const CoilMixing& mixing);

/// Maps of the new coils. Their root-sum-of-squares is no longer that of the maps: so the image keeps its
/// values.
Sensitivities mix_coils(const Sensitivities& maps, const CoilMixing& mixing);

} // namespace bloch::imaging
