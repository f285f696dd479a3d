#include "imaging/operators/mask.h"

#include "core/base/text.h"
#include "core/parameters/fields.h"

namespace bloch::imaging {

#define BLOCH_MASK(function) MaskKind function();
#include "imaging/operators/masks.inc"
#undef BLOCH_MASK

namespace {

const Fields<MaskRequest>& mask_fields() {
  static const Fields<MaskRequest> fields =
      Fields<MaskRequest>()
          .add("accel", &MaskRequest::accel,
               {.label = "Acceleration R",
                .help = "all samples over acquired samples, calibration included",
                .minimum = 1,
                .maximum = 64,
                .step = 0.5})
          .add("acs", &MaskRequest::acs,
               {.label = "Calibration",
                .help = "fully sampled centre: this many lines, or a square of this size",
                .minimum = 0,
                .maximum = 512,
                .step = 2})
          .add("seed", &MaskRequest::seed,
               {.label = "Seed",
                .help = "the same seed makes the same mask",
                .minimum = 0,
                .maximum = 2147483647})
          .add("center-fraction", &MaskRequest::center_fraction,
               {.label = "Centre fraction",
                .help = "fully sampled share of each under-sampled axis, as fastMRI's center_fractions; 0: the "
                        "number in acs counts",
                .minimum = 0,
                .maximum = 1,
                .step = 0.01});
  return fields;
}

} // namespace

std::span<const MaskKind> mask_kinds() {
  static const std::vector<MaskKind> all = {
#define BLOCH_MASK(function) function(),
#include "imaging/operators/masks.inc"
#undef BLOCH_MASK
  };
  return all;
}

Result<const MaskKind*> find_mask_kind(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& kind : mask_kinds()) {
    if (kind.name == name) return &kind;
    names.push_back(kind.name);
  }
  return failure(ErrorKind::invalid_parameter,
                 "there is no sampling mask '" + std::string(name) + "'" + suggestion(name, names));
}

const std::vector<Parameter>& mask_parameters() { return mask_fields().parameters(); }

Result<SamplingMask> make_mask(std::array<int, 3> size, const MaskRequest& request) {
  BLOCH_TRY(kind, find_mask_kind(request.kind));
  BLOCH_CHECK(mask_fields().from(mask_fields().to_set(request)));
  for (const int extent : size)
    if (extent < 1 || extent > 65536)
      return failure(ErrorKind::invalid_parameter,
                     "a mask's extents must be from 1 to 65536, not " + std::to_string(extent));
  return kind->make(size, request);
}

Result<MaskRequest> parse_mask_request(std::string_view text) {
  std::vector<std::string> parts = split(text, ',');
  MaskRequest request;
  if (!parts.empty() && parts.front().find('=') == std::string::npos) {
    request.kind = std::string(trimmed(parts.front()));
    parts.erase(parts.begin());
  }
  BLOCH_CHECK(find_mask_kind(request.kind));
  BLOCH_TRY(set, parse_settings(mask_parameters(), parts));
  BLOCH_TRY(parsed, mask_fields().from(set));
  parsed.kind = request.kind;
  return std::move(parsed);
}

std::string to_text(const MaskRequest& request) {
  return request.kind + ",accel=" + bloch::to_text(request.accel) + ",acs=" + std::to_string(request.acs) +
         ",seed=" + std::to_string(request.seed) +
         (request.center_fraction > 0 ? ",center-fraction=" + bloch::to_text(request.center_fraction) : "");
}

} // namespace bloch::imaging
