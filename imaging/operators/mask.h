#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/kspace.h"
#include "core/parameters/parameter.h"

namespace bloch::imaging {

/// Which mask to make: `--undersample variable-density,accel=4,acs=24,seed=1`.
struct MaskRequest {
  std::string kind = "variable-density";
  double accel = 4; ///< the whole R, calibration included
  int acs = 24;     ///< fully sampled centre: lines, or a square
  int seed = 1;
  double center_fraction = 0; ///< fastMRI's way to give the centre: round(N * fraction) lines; 0: acs counts

  bool operator==(const MaskRequest&) const = default;
};

/// One kind of sampling mask: one .cpp file and one line in masks.inc.
struct MaskKind {
  std::string name;  ///< "poisson"
  std::string label; ///< "Poisson disc"
  std::string summary;
  std::string source; ///< paper or code it follows
  bool lines = false; ///< acts on ky alone (kx = 1 in the mask)
  /// size: kx, ky, kz of the data. Errors: invalid_parameter (R or calibration that cannot be).
  Result<SamplingMask> (*make)(std::array<int, 3> size, const MaskRequest&) = nullptr;
};

std::span<const MaskKind> mask_kinds();
Result<const MaskKind*> find_mask_kind(std::string_view name);

/// accel, acs, seed and center-fraction described for the form and the command line.
const std::vector<Parameter>& mask_parameters();

Result<SamplingMask> make_mask(std::array<int, 3> size, const MaskRequest& request);

/// Reads "variable-density,accel=4,acs=24,seed=1". Errors: invalid_parameter with the nearest name.
Result<MaskRequest> parse_mask_request(std::string_view text);
std::string to_text(const MaskRequest& request);

} // namespace bloch::imaging
