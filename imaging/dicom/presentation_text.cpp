#include "imaging/dicom/detail/presentation_text.h"

#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/dicom/detail/voi_windows.h"

namespace bloch::imaging {
namespace {

std::string numbers_text(const std::vector<double>& numbers, std::size_t most = 16) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size() && i < most; ++i)
    text += (i == 0 ? "" : i % 2 == 0 ? "; " : ", ") + to_text(numbers[i]);
  return numbers.size() > most ? text + " …" : text;
}

/// "pixels" or "parts of the displayed area", by the units attribute that a graphic names.
std::string units_text(DcmItem& item, const DcmTagKey& tag) {
  return raw_value(item, tag) == "DISPLAY" ? "of the displayed area" : "px";
}

std::string annotation_text(DcmItem& annotation, DcmItem& dataset) {
  std::string text = "Layer " + DicomText(annotation, dataset)(DCM_GraphicLayer) + "\n";
  for (DcmItem* item : items_of(annotation, DCM_TextObjectSequence)) {
    const auto anchor = number_values(*item, DCM_AnchorPoint);
    const auto corner = number_values(*item, DCM_BoundingBoxTopLeftHandCorner);
    text += "  Text: " + DicomText(*item, dataset)(DCM_UnformattedTextValue);
    if (anchor.size() == 2)
      text += " (at " + numbers_text(anchor) + " " + units_text(*item, DCM_AnchorPointAnnotationUnits) + ")";
    else if (corner.size() == 2)
      text += " (at " + numbers_text(corner) + " " + units_text(*item, DCM_BoundingBoxAnnotationUnits) + ")";
    text += "\n";
  }
  for (DcmItem* item : items_of(annotation, DCM_GraphicObjectSequence))
    text += "  " + raw_value(*item, DCM_GraphicType) + ": " +
            numbers_text(number_values(*item, DCM_GraphicData)) + " " +
            units_text(*item, DCM_GraphicAnnotationUnits) + "\n";
  return text;
}

std::string window_text(DcmItem& item, DcmItem& dataset) {
  std::string text;
  for (const WindowLevel& window : read_windows(item, dataset)) {
    text += fmt::format("Window: width {}, level {}", to_text(window.width), to_text(window.level));
    if (window.function != WindowFunction::linear)
      text += fmt::format(", {}", window_function_name(window.function));
    if (!window.name.empty()) text += fmt::format(" ({})", window.name);
    text += "\n";
  }
  return text;
}

std::string area_text(DcmItem& item) {
  const auto first = number_values(item, DCM_DisplayedAreaTopLeftHandCorner);
  const auto last = number_values(item, DCM_DisplayedAreaBottomRightHandCorner);
  return "Displayed area: " + numbers_text(first) + " to " + numbers_text(last) + " px, " +
         lower_case(raw_value(item, DCM_PresentationSizeMode)) + "\n";
}

} // namespace

std::string presentation_text(DcmItem& dataset) {
  DicomText header(dataset);
  std::string text;
  const auto line = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += std::string(name) + ": " + value + "\n";
  };
  line("Label", header(DCM_ContentLabel));
  line("Description", header(DCM_ContentDescription));
  line("Created by", header(DCM_ContentCreatorName));
  line("Presentation LUT", lower_case(raw_value(dataset, DCM_PresentationLUTShape)));
  line("Rotation", raw_value(dataset, DCM_ImageRotation));
  line("Flipped horizontally", raw_value(dataset, DCM_ImageHorizontalFlip) == "Y" ? "yes" : "");
  line("Shutter", lower_case(raw_value(dataset, DCM_ShutterShape)));
  for (DcmItem* item : items_of(dataset, DCM_SoftcopyVOILUTSequence)) text += window_text(*item, dataset);
  for (DcmItem* item : items_of(dataset, DCM_DisplayedAreaSelectionSequence)) text += area_text(*item);
  for (DcmItem* item : items_of(dataset, DCM_GraphicAnnotationSequence))
    text += annotation_text(*item, dataset);
  return text;
}

} // namespace bloch::imaging
