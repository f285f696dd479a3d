#include "imaging/dicom/detail/frame_marks.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "core/base/text.h"

namespace bloch::imaging {
namespace {

/// Whether each volume has a value of its own. cost: one look at the first slice of each
bool tells_apart(std::span<const ImageMarks> marks, int slices,
                 const std::function<std::string(const ImageMarks&)>& value) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < marks.size(); i += static_cast<std::size_t>(slices)) {
    const std::string text = value(marks[i]);
    if (text.empty() || !seen.insert(text).second) return false;
  }
  return seen.size() > 1;
}

void put_number(DcmItem& item, const DcmTagKey& tag, const std::string& text) {
  if (const auto number = to_number(text)) item.putAndInsertFloat64(tag, *number);
}

void put_diffusion(DcmItem& frame, const ImageMarks& marks) {
  if (!marks.b_value) return;
  DcmItem& diffusion = add_item(frame, DCM_MRDiffusionSequence);
  diffusion.putAndInsertFloat64(DCM_DiffusionBValue, *marks.b_value);
  const bool directed = marks.gradient.size() == 3;
  put(diffusion, DCM_DiffusionDirectionality,
      directed             ? "DIRECTIONAL"
      : *marks.b_value > 0 ? "ISOTROPIC"
                           : "NONE");
  if (directed)
    add_item(diffusion, DCM_DiffusionGradientDirectionSequence)
        .putAndInsertFloat64Array(DCM_DiffusionGradientOrientation, marks.gradient.data(), 3);
}

void put_content(DcmItem& frame, const ImageMarks& marks, int temporal_position) {
  DcmItem* content = first_item(frame, DCM_FrameContentSequence);
  if (!content) return;
  const std::string said = marks.value(DCM_TemporalPositionIdentifier);
  const auto position = temporal_position > 0 ? temporal_position : to_number(said).value_or(0);
  if (position >= 1) content->putAndInsertUint32(DCM_TemporalPositionIndex, static_cast<Uint32>(position));
  if (const auto number = to_integer(marks.value(DCM_AcquisitionNumber));
      number && *number >= 0 && *number < 65536)
    content->putAndInsertUint16(DCM_FrameAcquisitionNumber, static_cast<Uint16>(*number));
  const std::string date = marks.value(DCM_AcquisitionDate);
  const std::string time = marks.value(DCM_AcquisitionTime);
  if (date.size() == 8 && time.size() >= 6) put(*content, DCM_FrameAcquisitionDateTime, date + time);
}

} // namespace

VolumeDimension dimension_of(std::span<const ImageMarks> marks, int slices, bool mr) {
  if (!mr) return {};
  if (tells_apart(marks, slices, [](const auto& image) { return image.value(DCM_EchoTime); }))
    return {DCM_EffectiveEchoTime, DCM_MREchoSequence};
  if (tells_apart(marks, slices, [](const auto& image) { return image.value(DCM_TriggerTime); }))
    return {DCM_NominalCardiacTriggerDelayTime, DCM_CardiacSynchronizationSequence};
  if (tells_apart(marks, slices,
                  [](const auto& image) { return image.b_value ? to_text(*image.b_value) : std::string(); }))
    return {DCM_DiffusionBValue, DCM_MRDiffusionSequence};
  const auto component = [](const ImageMarks& image) {
    return image.image_type.empty() ? std::string() : std::string(complex_component(image));
  };
  if (tells_apart(marks, slices, component))
    return {DCM_ComplexImageComponent, DCM_MRImageFrameTypeSequence, true};
  return {};
}

const char* complex_component(const ImageMarks& marks) {
  const auto says = [&](const char* word, const char* letter) {
    return std::any_of(marks.image_type.begin(), marks.image_type.end(),
                       [&](const std::string& value) { return value == word || value == letter; });
  };
  if (says("PHASE", "P")) return "PHASE";
  if (says("REAL", "R")) return "REAL";
  if (says("IMAGINARY", "I")) return "IMAGINARY";
  return "MAGNITUDE";
}

void put_frame_marks(DcmItem& frame, const ImageMarks& marks, const VolumeDimension& dimension, int volume,
                     bool mr) {
  put_content(frame, marks, dimension.index == DCM_TemporalPositionIndex ? volume : 0);
  if (!mr) return;
  if (const std::string echo = marks.value(DCM_EchoTime); !echo.empty())
    put_number(add_item(frame, DCM_MREchoSequence), DCM_EffectiveEchoTime, echo);
  if (const std::string delay = marks.value(DCM_TriggerTime); !delay.empty())
    put_number(add_item(frame, DCM_CardiacSynchronizationSequence), DCM_NominalCardiacTriggerDelayTime, delay);
  put_diffusion(frame, marks);
}

} // namespace bloch::imaging
