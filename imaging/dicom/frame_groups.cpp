#include "imaging/dicom/detail/frame_groups.h"

#include <cmath>
#include <cstring>

#include <Eigen/Geometry>

#include "core/base/text.h"

namespace bloch::imaging {
namespace {

struct KeyText {
  const char* name;
  const char* unit;
};

constexpr std::array<KeyText, volume_key_count> key_texts = {{
    {"stack", ""},
    {"echo time", " ms"},
    {"image type", ""},
    {"b-value", " s/mm2"},
    {"gradient direction", ""},
    {"temporal position", ""},
    {"trigger time", " ms"},
    {"inversion time", " ms"},
    {"flip angle", " deg"},
    {"energy", " keV"},
    {"acquisition", ""},
    {"acquisition time", ""},
    {"dimension index", ""},
}};

std::string& key_of(FrameHeader& frame, VolumeKey key) { return frame.keys[static_cast<std::size_t>(key)]; }

std::string short_text(std::optional<double> value) { return value ? to_text(*value) : std::string(); }

/// Values of IS and DS in private elements arrive as text, as UN bytes or as a binary number.
std::optional<double> private_number(DcmItem& item, const DcmTagKey& tag) {
  if (const auto value = number_value(item, tag)) return value;
  DcmElement* element = nullptr;
  Uint8* bytes = nullptr;
  if (item.findAndGetElement(tag, element).bad() || !element) return std::nullopt;
  const auto length = element->getLength();
  if (length == 0 || length > 64 || element->getUint8Array(bytes).bad() || !bytes) return std::nullopt;
  std::string text(reinterpret_cast<const char*>(bytes), length);
  text = text.substr(0, text.find('\\'));
  return to_number(trimmed(text));
}

bool creator_is(DcmItem& item, const DcmTagKey& tag, const char* name) {
  return raw_value(item, tag).starts_with(name);
}

std::optional<double> private_b_value(DcmItem& dataset) {
  if (creator_is(dataset, DcmTagKey(0x0019, 0x0010), "SIEMENS MR HEADER"))
    return private_number(dataset, DcmTagKey(0x0019, 0x100C));
  if (creator_is(dataset, DcmTagKey(0x0043, 0x0010), "GEMS_PARM_01")) {
    const auto value = private_number(dataset, DcmTagKey(0x0043, 0x1039));
    return value && *value > 1e8 ? std::fmod(*value, 1e5) : value; // GE adds 1e9 to some
  }
  if (creator_is(dataset, DcmTagKey(0x2001, 0x0010), "Philips Imaging DD 001"))
    return private_number(dataset, DcmTagKey(0x2001, 0x1003));
  if (creator_is(dataset, DcmTagKey(0x0065, 0x0010), "Image Private Header")) // United Imaging
    return private_number(dataset, DcmTagKey(0x0065, 0x1009));
  return std::nullopt;
}

std::string dimension_indices(DcmItem* content) {
  std::string text;
  if (content)
    for (const std::string& value : raw_values(*content, DCM_DimensionIndexValues))
      text += (text.empty() ? "" : "/") + value;
  return text;
}

std::string gradient_of(const FrameGroups& groups) {
  DcmItem* diffusion = groups.macro(DCM_MRDiffusionSequence);
  DcmItem* direction = diffusion ? first_item(*diffusion, DCM_DiffusionGradientDirectionSequence) : nullptr;
  std::string text;
  if (direction)
    for (const double value : number_values(*direction, DCM_DiffusionGradientOrientation))
      text += (text.empty() ? "" : " ") + to_text(value);
  if (text.empty())
    for (const double value : number_values(*groups.dataset, DCM_DiffusionGradientOrientation))
      text += (text.empty() ? "" : " ") + to_text(value);
  return text;
}

std::string image_type_of(const FrameGroups& groups) {
  std::string type;
  for (const DcmTagKey& macro :
       {DCM_MRImageFrameTypeSequence, DCM_CTImageFrameTypeSequence, DCM_PETFrameTypeSequence})
    if (DcmItem* item = groups.macro(macro)) {
      type = join(raw_values(*item, DCM_FrameType), "/");
      if (const std::string part = raw_value(*item, DCM_ComplexImageComponent); !part.empty())
        type += "/" + part;
    }
  return type.empty() ? join(raw_values(*groups.dataset, DCM_ImageType), "/") : type;
}

void read_keys(const FrameGroups& groups, FrameHeader& frame) {
  DcmItem* content = groups.macro(DCM_FrameContentSequence);
  key_of(frame, VolumeKey::stack) = content ? raw_value(*content, DCM_StackID) : std::string();
  auto echo = groups.number(DCM_MREchoSequence, DCM_EffectiveEchoTime);
  if (!echo) echo = number_value(*groups.dataset, DCM_EchoTime);
  key_of(frame, VolumeKey::echo_time) = short_text(echo);
  key_of(frame, VolumeKey::image_type) = image_type_of(groups);
  auto b_value = groups.number(DCM_MRDiffusionSequence, DCM_DiffusionBValue);
  if (!b_value) b_value = private_b_value(*groups.dataset);
  key_of(frame, VolumeKey::b_value) = short_text(b_value);
  key_of(frame, VolumeKey::gradient) = gradient_of(groups);
  const std::string temporal = content ? raw_value(*content, DCM_TemporalPositionIndex) : std::string();
  key_of(frame, VolumeKey::temporal_position) =
      temporal.empty() ? raw_value(*groups.dataset, DCM_TemporalPositionIdentifier) : temporal;
  auto trigger = groups.number(DCM_CardiacSynchronizationSequence, DCM_NominalCardiacTriggerDelayTime);
  if (!trigger) trigger = number_value(*groups.dataset, DCM_TriggerTime);
  key_of(frame, VolumeKey::trigger_time) = short_text(trigger);
  key_of(frame, VolumeKey::inversion_time) = short_text(number_value(*groups.dataset, DCM_InversionTime));
  key_of(frame, VolumeKey::flip_angle) =
      short_text(groups.number(DCM_MRTimingAndRelatedParametersSequence, DCM_FlipAngle));
  key_of(frame, VolumeKey::acquisition) = content ? raw_value(*content, DCM_FrameAcquisitionNumber)
                                                  : raw_value(*groups.dataset, DCM_AcquisitionNumber);
  key_of(frame, VolumeKey::acquisition_time) = raw_value(*groups.dataset, DCM_AcquisitionTime);
  key_of(frame, VolumeKey::dimensions) = dimension_indices(content);
}

void read_plane(const FrameGroups& groups, FrameHeader& frame) {
  const auto position = groups.numbers(DCM_PlanePositionSequence, DCM_ImagePositionPatient);
  if (position.size() == 3) frame.position = Eigen::Vector3d(position[0], position[1], position[2]);
  const auto orientation = groups.numbers(DCM_PlaneOrientationSequence, DCM_ImageOrientationPatient);
  if (orientation.size() == 6) {
    Eigen::Matrix<double, 3, 2> axes;
    axes << orientation[0], orientation[3], orientation[1], orientation[4], orientation[2], orientation[5];
    frame.axes = axes;
  }
  const auto spacing = groups.numbers(DCM_PixelMeasuresSequence, DCM_PixelSpacing);
  if (spacing.size() == 2) frame.pixel_spacing_mm = {spacing[1], spacing[0]}; // rows first in the file
  frame.stated_step_mm = groups.number(DCM_PixelMeasuresSequence, DCM_SpacingBetweenSlices);
  frame.thickness_mm = groups.number(DCM_PixelMeasuresSequence, DCM_SliceThickness).value_or(0);
}

/// RT Dose: one position, and the distance of each frame from it (PS3.3 C.8.8.3.2).
void place_dose_frames(DcmItem& dataset, std::vector<FrameHeader>& frames) {
  const auto offsets = number_values(dataset, DCM_GridFrameOffsetVector);
  if (offsets.size() != frames.size() || !frames.front().position || !frames.front().axes) return;
  const Eigen::Matrix<double, 3, 2> axes = *frames.front().axes;
  const Eigen::Vector3d normal = axes.col(0).cross(axes.col(1));
  const Eigen::Vector3d origin = *frames.front().position;
  const double first = offsets.front() == 0 ? 0 : offsets.front();
  for (std::size_t i = 0; i < frames.size(); ++i) frames[i].position = origin + normal * (offsets[i] - first);
}

} // namespace

const char* volume_key_name(VolumeKey key) { return key_texts[static_cast<std::size_t>(key)].name; }
const char* volume_key_unit(VolumeKey key) { return key_texts[static_cast<std::size_t>(key)].unit; }

DcmItem* FrameGroups::macro(const DcmTagKey& sequence) const {
  if (own)
    if (DcmItem* item = first_item(*own, sequence)) return item;
  return shared ? first_item(*shared, sequence) : nullptr;
}

std::optional<double> FrameGroups::number(const DcmTagKey& sequence, const DcmTagKey& tag) const {
  if (DcmItem* item = macro(sequence))
    if (const auto value = number_value(*item, tag)) return value;
  return number_value(*dataset, tag);
}

std::vector<double> FrameGroups::numbers(const DcmTagKey& sequence, const DcmTagKey& tag) const {
  if (DcmItem* item = macro(sequence))
    if (auto values = number_values(*item, tag); !values.empty()) return values;
  return number_values(*dataset, tag);
}

std::string FrameGroups::text(const DcmTagKey& sequence, const DcmTagKey& tag) const {
  if (DcmItem* item = macro(sequence))
    if (auto value = raw_value(*item, tag); !value.empty()) return value;
  return raw_value(*dataset, tag);
}

std::vector<FrameGroups> frame_groups(DcmItem& dataset, int frames) {
  DcmItem* shared = first_item(dataset, DCM_SharedFunctionalGroupsSequence);
  const auto own = items_of(dataset, DCM_PerFrameFunctionalGroupsSequence);
  std::vector<FrameGroups> groups(static_cast<std::size_t>(frames));
  for (std::size_t i = 0; i < groups.size(); ++i)
    groups[i] = {i < own.size() ? own[i] : nullptr, shared, &dataset};
  return groups;
}

std::vector<FrameHeader> read_frame_headers(DcmItem& dataset, int frames) {
  const auto groups = frame_groups(dataset, frames);
  std::vector<FrameHeader> headers(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    headers[i].number = static_cast<int>(i);
    read_plane(groups[i], headers[i]);
    read_keys(groups[i], headers[i]);
  }
  if (headers.size() > 1 && !groups.front().own) {
    place_dose_frames(dataset, headers);
    if (!dataset.tagExists(
            DCM_GridFrameOffsetVector)) // a classic object has one position for all its frames: a film
      for (FrameHeader& header : headers) header.position.reset();
  }
  return headers;
}

} // namespace bloch::imaging
