#pragma once

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "core/data/volume.h"
#include "core/jobs/progress.h"
#include "imaging/recon/reconstruct.h"

namespace bloch::imaging {

struct NoiseMaps {
  Volume noise;    ///< standard deviation of the complex image noise, in the image's units
  Volume g_factor; ///< noise over (noise of a sample times the square root of R); 0 where the image is 0
  double sample_noise = 0; ///< standard deviation of the complex noise that was added to a sample
};

/// Noise of an image by pseudo-replicas: the same reconstruction, with its coil maps and lambda held, of the
/// data with fresh noise added, many times over. Exact for linear methods; for the others it is the noise
/// around this image. Relative error of a pixel: 1 / sqrt(2 replicas).
///
/// scan:    the reconstruction of `kspace` by `task` without added noise
/// errors:  invalid_parameter (fewer than 2 replicas; a volume taken slice by slice), cancelled
/// cost:    replicas times the reconstruction
/// source:  Robson 2008, doi:10.1002/mrm.21728
Result<NoiseMaps> pseudo_replica(const KSpace& kspace, ReconstructionTask task, const ReconstructedScan& scan,
                                 int replicas, int seed, const Progress& progress = {});

} // namespace bloch::imaging
