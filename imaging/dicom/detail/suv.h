#pragma once

#include "core/base/result.h"

class DcmItem;

namespace bloch::imaging {

/// What the values of a PET image are multiplied by to become standardised uptake values by body weight (g/ml).
///
/// errors: unsupported (what the header lacks, in one clause: "the patient's weight is not given")
/// source: QIBA FDG-PET/CT profile, appendix G: vendor-neutral pseudo-code for SUVbw. Acquisition times that
/// lie
///         before the series' are those that decay correction refers to.
Result<double> read_suv_factor(DcmItem& dataset);

} // namespace bloch::imaging
