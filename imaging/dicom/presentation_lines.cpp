#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/dicom/detail/object_lines.h"
#include "imaging/dicom/detail/voi_windows.h"

namespace bloch::imaging {
namespace {

std::string numbers_text(const std::vector<double>& numbers, std::size_t most = 16) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size() && i < most; ++i)
    text += fmt::format("{}{:.6g}", i == 0 ? "" : i % 2 == 0 ? "; " : ", ", numbers[i]); // float32 in the file
  return numbers.size() > most ? text + " …" : text;
}

/// "pixels" or "parts of the displayed area", by the units attribute that a graphic names.
std::string units_text(DcmItem& item, const DcmTagKey& tag) {
  return raw_value(item, tag) == "DISPLAY" ? "of the displayed area" : "px";
}

void add_annotation(std::vector<ObjectLine>& lines, DcmItem& annotation, DcmItem& dataset) {
  lines.push_back({0, "Layer " + DicomText(annotation, dataset)(DCM_GraphicLayer), {}});
  for (DcmItem* item : items_of(annotation, DCM_TextObjectSequence)) {
    const auto anchor = number_values(*item, DCM_AnchorPoint);
    const auto corner = number_values(*item, DCM_BoundingBoxTopLeftHandCorner);
    std::string text = DicomText(*item, dataset)(DCM_UnformattedTextValue);
    if (anchor.size() == 2)
      text += " (at " + numbers_text(anchor) + " " + units_text(*item, DCM_AnchorPointAnnotationUnits) + ")";
    else if (corner.size() == 2)
      text += " (at " + numbers_text(corner) + " " + units_text(*item, DCM_BoundingBoxAnnotationUnits) + ")";
    lines.push_back({1, "Text", text});
  }
  for (DcmItem* item : items_of(annotation, DCM_GraphicObjectSequence))
    lines.push_back({1, raw_value(*item, DCM_GraphicType),
                     numbers_text(number_values(*item, DCM_GraphicData)) + " " +
                         units_text(*item, DCM_GraphicAnnotationUnits)});
}

std::string window_text(const WindowLevel& window) {
  std::string text = fmt::format("width {}, level {}", to_text(window.width), to_text(window.level));
  if (window.function != WindowFunction::linear)
    text += fmt::format(", {}", window_function_name(window.function));
  return window.name.empty() ? text : text + fmt::format(" ({})", window.name);
}

std::string area_text(DcmItem& item) {
  const auto first = number_values(item, DCM_DisplayedAreaTopLeftHandCorner);
  const auto last = number_values(item, DCM_DisplayedAreaBottomRightHandCorner);
  return numbers_text(first) + " to " + numbers_text(last) + " px, " +
         lower_case(raw_value(item, DCM_PresentationSizeMode));
}

} // namespace

std::vector<ObjectLine> presentation_lines(DcmItem& dataset) {
  DicomText header(dataset);
  std::vector<ObjectLine> lines;
  const auto add = [&lines](const char* name, const std::string& value) {
    if (!value.empty()) lines.push_back({0, name, value});
  };
  add("Label", header(DCM_ContentLabel));
  add("Description", header(DCM_ContentDescription));
  add("Created by", spoken_name(header(DCM_ContentCreatorName)));
  add("Presentation LUT", lower_case(raw_value(dataset, DCM_PresentationLUTShape)));
  add("Rotation", raw_value(dataset, DCM_ImageRotation));
  add("Flipped horizontally", raw_value(dataset, DCM_ImageHorizontalFlip) == "Y" ? "yes" : "");
  add("Shutter", lower_case(raw_value(dataset, DCM_ShutterShape)));
  for (DcmItem* item : items_of(dataset, DCM_SoftcopyVOILUTSequence))
    for (const WindowLevel& window : read_windows(*item, dataset)) add("Window", window_text(window));
  for (DcmItem* item : items_of(dataset, DCM_DisplayedAreaSelectionSequence))
    add("Displayed area", area_text(*item));
  for (DcmItem* item : items_of(dataset, DCM_GraphicAnnotationSequence)) add_annotation(lines, *item, dataset);
  return lines;
}

} // namespace bloch::imaging
