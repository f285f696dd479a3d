#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/data/volume.h"
#include "imaging/operators/mask.h"
#include "imaging/recon/metrics.h"
#include "imaging/recon/reconstruction.h"
#include "imaging/recon/simulate.h"

namespace bloch::imaging {

/// What to do with raw data; the same for the window, the command line and the demo.
struct ReconstructionTask {
  std::string method = "l1-wavelet";
  ParameterSet parameters = {};
  ParameterSet coil_parameters = {};                   ///< of the ESPIRiT calibration, when no maps are given
  std::optional<Sensitivities> sensitivities = {};     ///< given maps, one set for all slices
  std::vector<Sensitivities> slice_sensitivities = {}; ///< or one set a slice of the input; empty: not given
  std::optional<SamplingMask> mask = {};               ///< retrospective under-sampling by this mask
  std::optional<MaskRequest> undersample = {};         ///< or by a mask made for the size
  std::string partial_fourier = "zero"; ///< how a missing side of k-space is filled: zero, pocs, homodyne
  int first_slice = 0;
  std::optional<int> last_slice = {}; ///< inclusive
  int dimensions = 0; ///< 2: slice by slice, 3: as one volume; 0: raw data as they are, a series by slice
};

struct Seconds {
  double read = 0, calibrate = 0, solve = 0, write = 0, total = 0;
};

struct ReconstructedScan {
  ComplexVolume image; ///< whole slice stack
  std::optional<Volume>
      reference; ///< the image under-sampling started from, same grid; or the fully sampled reconstruction
  std::optional<Volume> error; ///< | |image| - reference |
  std::optional<ImageMetrics> metrics;
  std::optional<SamplingMask> mask; ///< the one in force
  double acceleration = 1;          ///< reached
  int iterations = 0;               ///< most of any slice
  bool converged = true;
  double lambda = 0;                    ///< mean over slices, of what was used
  std::optional<double> lambda_tv = {}; ///< the same of the second weight, where the method has one
  std::vector<double> objective;        ///< of the middle slice
  std::vector<double> nrmse;            ///< of the middle slice, where there is a reference
  std::string simulated;                ///< how, when k-space or under-sampling was simulated; empty else
  std::vector<std::string> warnings;
  Seconds seconds;
};

/// Measured raw data, slice by slice (2D) or whole (3D), estimating the coils itself when the task gives none.
/// The image is cut to the k-space's `image_size`; without a `reference` that of the k-space is compared with.
/// errors: invalid_parameter (unknown method or setting, mask or maps of another size), cancelled
Result<ReconstructedScan> reconstruct(const KSpace& kspace, const ReconstructionTask& task,
                                      const std::optional<Volume>& reference, const Progress& progress = {});

/// Retrospective: a loaded series is given coils, phase and noise, transformed, under-sampled and reconstructed
/// slice by slice along its z axis (as one volume when the task says 3 dimensions). The reference is the series
/// itself, in its own units. Given maps take the place of simulated coils, in the simulation too.
Result<ReconstructedScan> reconstruct_series(const Volume& series, const SimulationRequest& simulation,
                                             const ReconstructionTask& task, const Progress& progress = {});

} // namespace bloch::imaging
