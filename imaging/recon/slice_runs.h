#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "imaging/operators/aligned.h"
#include "imaging/recon/reconstruct.h"

namespace bloch::imaging {

// How a reconstruction runs over the slices of a scan, once it is known where each slice comes from.

/// One slice (or volume) of raw data as it is to be reconstructed.
struct SliceData {
  std::span<const Complex> full;    ///< before retrospective under-sampling; empty when there was none
  std::span<const Complex> samples; ///< [coil][kz][ky][kx], of `own` or borrowed
  std::vector<Complex> own;
  SamplingMask mask = SamplingMask(1, 1, 1, {1});
  std::vector<float> reference; ///< may be empty
};

/// Everything that is the same for all slices.
struct RunPlan {
  const Reconstruction* method = nullptr;
  ParameterSet parameters, coil_settings;
  const ReconstructionTask* task = nullptr;
  KSpaceSize size; ///< of one slice
  int first = 0, count = 1;
  bool fresh_reference = false; ///< the reference comes from the fully sampled data
  std::function<Result<SliceData>(int slice)> slice;
};

struct SliceOutcome {
  ReconstructionOutput output;
  std::vector<float> reference;
  std::optional<SamplingMask> mask;
  bool filled = false;    ///< a missing side of k-space
  bool unfilled = false;  ///< a side is missing along another axis as well
  bool empty = false;     ///< no sample but zeros, so that the image is zero
  double empty_share = 0; ///< of the pixels of maps that were estimated
  double calibrate_s = 0, solve_s = 0;
};

/// The method, its settings and the slices that a task names; without the slices' source.
/// errors: invalid_parameter
Result<RunPlan> plan_run(const ReconstructionTask& task, const KSpaceSize& size);

/// All slices, as many at once as there are threads; a single one is parallel within.
Result<std::vector<SliceOutcome>> run_slices(const RunPlan& plan, const Progress& progress);

double seconds_since(std::chrono::steady_clock::time_point begin);

} // namespace bloch::imaging
