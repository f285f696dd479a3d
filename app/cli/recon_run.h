#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "core/base/result.h"

namespace bloch::app {

/// The line of `bloch-cli recon`, as it was given.
struct ReconOptions {
  std::filesystem::path input;
  std::string series, method = "l1-wavelet", select, mask, undersample, simulate, slices, coils, reference,
                      like, phase, prewhiten, compress, partial_fourier = "zero", coil_axis = "auto", out,
                      out_error, out_noise, out_gfactor, batch;
  std::vector<std::string> settings;
  int dimensions = 0;
  int replicas = 32;
  bool simulate_given = false;
  bool prewhiten_given = false;
};

/// Reconstructs every part of the input that was selected, writes results and recipes, and hands over the JSON.
Result<void> run_recon(const Invocation& invocation, const ReconOptions& options);

/// "image.nii.gz" and {"contrast", 1} become "image_contrast-1.nii.gz"; "DIR/" becomes "DIR/contrast-1/".
std::string part_output(const std::string& out, const std::string& part);

} // namespace bloch::app
