#pragma once

namespace bloch {

/// "0.1.0"; written into recipes, DICOM headers and the About box.
const char* version();

/// What every window, report and exported object says.
inline constexpr const char* not_for_diagnosis = "NOT FOR DIAGNOSTIC USE";

} // namespace bloch
