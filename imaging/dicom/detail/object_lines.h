#pragma once

#include <string>
#include <vector>

#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/objects.h"

namespace bloch::imaging {

/// Who and when, how far it is verified, then the content tree of a report or key object selection (PS3.3
/// C.17.3), whatever its template: parts of a continuous container as one paragraph, images in a row counted.
std::vector<ObjectLine> report_lines(DcmItem& dataset);

/// Label, creator, windows, displayed areas, annotations and shutters of a presentation state.
std::vector<ObjectLine> presentation_lines(DcmItem& dataset);

/// Intent, prescription, fractions and beams of a radiotherapy plan.
std::vector<ObjectLine> plan_lines(DcmItem& dataset);

/// "19860311" as "1986-03-11"; as it is when it is no date.
std::string spoken_date(const std::string& date);
/// "Mason^David^M.^Dr." as "Dr. David M. Mason".
std::string spoken_name(const std::string& person);

} // namespace bloch::imaging
