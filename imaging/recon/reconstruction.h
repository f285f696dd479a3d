#pragma once

#include <complex>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "core/data/shared_samples.h"
#include "core/jobs/progress.h"
#include "core/parameters/parameter_set.h"

namespace bloch::imaging {

/// Coil sensitivities of one slice or volume: [set][coil][z][y][x], root-sum-of-squares over the coils 1 inside
/// the body, 0 outside. A second set holds what a second image contributes where one does not explain the data
/// (aliasing of a small field of view, motion).
struct Sensitivities {
  int coils = 0, z = 1, y = 0, x = 0;
  SharedSamples samples;
  int sets = 1;

  /// Whether the maps are for data of this size, and complete.
  bool fits(const KSpaceSize& size) const {
    return coils == size.coils && x == size.kx && y == size.ky && z == size.kz && sets > 0 &&
           samples.size() ==
               size.samples_per_coil() * static_cast<std::size_t>(coils) * static_cast<std::size_t>(sets);
  }
};

/// One slice (or one 3D volume) of raw data, ready for a reconstruction. Spans are borrowed for the call.
struct ReconstructionInput {
  KSpaceSize size;                              ///< slices = 1
  std::span<const std::complex<float>> samples; ///< [coil][kz][ky][kx], unsampled points zero
  const SamplingMask* mask = nullptr;           ///< fits the size
  const Sensitivities* sensitivities = nullptr; ///< null for methods that need none
  std::span<const float> reference = {}; ///< magnitude [z][y][x] for the metric by iteration; may be empty
  int workers = 0; ///< pieces that may run at once; 0: all threads. 1 inside a loop over slices
};

struct ReconstructionOutput {
  std::vector<std::complex<float>> image; ///< [z][y][x]
  int iterations = 0;
  bool converged = true;
  double residual = 0;                  ///< relative, by the method's own stopping rule
  double lambda = 0;                    ///< as used (what `auto` became)
  std::optional<double> lambda_tv = {}; ///< of methods with a second weight, `lambda-tv`
  std::vector<double> objective;        ///< by iteration; may be empty
  std::vector<double> nrmse;            ///< by iteration where there is a reference; may be empty
};

/// One reconstruction: one .cpp file and one line in reconstructions.inc.
struct Reconstruction {
  std::string name;    ///< "l1-wavelet"
  std::string label;   ///< "l1-wavelet"
  std::string summary; ///< one sentence
  std::string source;  ///< paper, doi
  bool needs_sensitivities = true;
  std::vector<Parameter> parameters;
  /// errors: invalid_parameter, cancelled
  std::function<Result<ReconstructionOutput>(const ReconstructionInput&, const ParameterSet&, const Progress&)>
      run;
};

std::span<const Reconstruction> reconstructions();
/// Errors: invalid_parameter with the nearest name.
Result<const Reconstruction*> find_reconstruction(std::string_view name);

} // namespace bloch::imaging
