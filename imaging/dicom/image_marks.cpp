#include "imaging/dicom/detail/image_marks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <set>

#include <Eigen/Core>

#include "core/base/contract.h"
#include "core/base/text.h"
#include "imaging/dicom/detail/dataset_writer.h"
#include "imaging/dicom/detail/frame_groups.h"
#include "imaging/dicom/detail/instance.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

/// Elements of a classic object that its images may differ in.
const std::vector<DcmTagKey>& mark_tags() {
  static const std::vector<DcmTagKey> tags = {DCM_EchoTime,
                                              DCM_EchoNumbers,
                                              DCM_RepetitionTime,
                                              DCM_InversionTime,
                                              DCM_FlipAngle,
                                              DCM_SequenceName,
                                              DCM_ScanOptions,
                                              DCM_TriggerTime,
                                              DCM_NominalInterval,
                                              DCM_NominalPercentageOfCardiacPhase,
                                              DCM_TemporalPositionIdentifier,
                                              DCM_NumberOfTemporalPositions,
                                              DCM_TemporalResolution,
                                              DCM_AcquisitionNumber,
                                              DCM_AcquisitionDate,
                                              DCM_AcquisitionTime,
                                              DCM_ContentDate,
                                              DCM_ContentTime,
                                              DCM_DiffusionDirectionality,
                                              DCM_KVP,
                                              DCM_ExposureTime,
                                              DCM_XRayTubeCurrent,
                                              DCM_FrameReferenceTime,
                                              DCM_ActualFrameDuration};
  return tags;
}

/// ACR-NEMA wrote 1997.04.24 and 14:04:38, which DICOM still reads but does not write (PS3.5 6.2).
std::string written_value(const DcmTagKey& tag, std::string text) {
  if (tag == DCM_AcquisitionDate || tag == DCM_ContentDate) std::erase(text, '.');
  if (tag == DCM_AcquisitionTime || tag == DCM_ContentTime) std::erase(text, ':');
  return text;
}

void set_value(ImageMarks& marks, const DcmTagKey& tag, const std::string& text) {
  if (text.empty()) return;
  const auto known = std::find_if(marks.values.begin(), marks.values.end(),
                                  [&](const auto& entry) { return entry.first == tag; });
  if (known != marks.values.end())
    known->second = text;
  else
    marks.values.emplace_back(tag, text);
}

/// Functional groups (PS3.3 C.7.6.16, C.8.13.5) in the words of a classic object.
void read_groups(const FrameGroups& groups, ImageMarks& marks) {
  const auto number = [&](const DcmTagKey& macro, const DcmTagKey& tag, const DcmTagKey& classic) {
    DcmItem* item = groups.macro(macro);
    if (const auto value = item ? number_value(*item, tag) : std::nullopt)
      set_value(marks, classic, decimal_string(*value));
  };
  number(DCM_MREchoSequence, DCM_EffectiveEchoTime, DCM_EchoTime);
  number(DCM_MRTimingAndRelatedParametersSequence, DCM_RepetitionTime, DCM_RepetitionTime);
  number(DCM_MRTimingAndRelatedParametersSequence, DCM_FlipAngle, DCM_FlipAngle);
  number(DCM_MRModifierSequence, DCM_InversionTimes, DCM_InversionTime);
  number(DCM_CardiacSynchronizationSequence, DCM_NominalCardiacTriggerDelayTime, DCM_TriggerTime);
  if (groups.macro(DCM_CardiacSynchronizationSequence) && !marks.value(DCM_TriggerTime).empty())
    set_value(marks, DCM_ScanOptions, "CG"); // which a classic object with a trigger time says
  DcmItem* content = groups.macro(DCM_FrameContentSequence);
  if (!content) return;
  set_value(marks, DCM_TemporalPositionIdentifier, raw_value(*content, DCM_TemporalPositionIndex));
  set_value(marks, DCM_AcquisitionNumber, raw_value(*content, DCM_FrameAcquisitionNumber));
  const std::string time = raw_value(*content, DCM_FrameAcquisitionDateTime); // YYYYMMDDHHMMSS.FFFFFF&ZZXX
  if (time.size() < 14) return;
  set_value(marks, DCM_AcquisitionDate, time.substr(0, 8));
  set_value(marks, DCM_AcquisitionTime, time.substr(8, time.find_first_of("+-") - 8));
}

void read_diffusion(const FrameHeader& frame, ImageMarks& marks) {
  const auto key = [&](VolumeKey which) { return frame.keys[static_cast<std::size_t>(which)]; };
  marks.b_value = to_number(key(VolumeKey::b_value));
  std::string rest = key(VolumeKey::gradient);
  for (std::size_t end = 0; !rest.empty(); rest = end == std::string::npos ? "" : rest.substr(end + 1)) {
    end = rest.find(' ');
    marks.gradient.push_back(to_number(rest.substr(0, end)).value_or(0));
  }
  if (marks.gradient.size() != 3) marks.gradient.clear();
}

/// Third value and later, as one stack shows them: it is no mosaic any more.
std::vector<std::string> own_image_type(const FrameHeader& frame) {
  std::vector<std::string> type;
  std::string rest = frame.keys[static_cast<std::size_t>(VolumeKey::image_type)];
  for (int place = 0; !rest.empty(); ++place) {
    const std::size_t end = rest.find('/');
    const std::string word = rest.substr(0, end);
    if (place >= 2 && word != "MOSAIC" && !word.empty()) type.push_back(word);
    rest = end == std::string::npos ? "" : rest.substr(end + 1);
  }
  return type;
}

ImageMarks marks_in(const Instance& instance, const FrameGroups& groups, const FrameHeader& frame) {
  ImageMarks marks;
  for (const DcmTagKey& tag : mark_tags())
    set_value(marks, tag, written_value(tag, join(raw_values(*groups.dataset, tag), "\\")));
  read_groups(groups, marks);
  read_diffusion(frame, marks);
  marks.image_type = own_image_type(frame);
  marks.plane = frame;
  marks.plane.keys = {};
  marks.plane.stated_step_mm.reset(); // other images lie elsewhere
  if (!instance.sop_instance_uid.empty()) {
    marks.source = source_image(instance, frame);
    if (instance.mosaic) marks.source->frame = 0; // a tile is no frame
  }
  return marks;
}

/// Of some images of a series; of headers that cannot be read any more, nothing.
std::vector<ImageMarks> marks_of_images(const SeriesInfo& series, std::span<const ImagePlace> images) {
  std::map<int, std::vector<std::size_t>> by_file;
  for (std::size_t i = 0; i < images.size(); ++i) by_file[images[i].file].push_back(i);
  const std::vector<std::pair<int, std::vector<std::size_t>>> files(by_file.begin(), by_file.end());
  std::vector<ImageMarks> marks(images.size());
  parallel_for(0, files.size(), [&](std::size_t i) {
    const auto& path = series.files[static_cast<std::size_t>(files[i].first)];
    const auto instance = read_instance(path);
    auto file = open_dicom_header(path);
    if (!instance || !file || instance->frames.empty()) return;
    const auto groups =
        frame_groups(file->dataset(), instance->mosaic ? 1 : static_cast<int>(instance->frames.size()));
    for (const std::size_t image : files[i].second) {
      const auto frame = static_cast<std::size_t>(images[image].frame);
      if (frame >= instance->frames.size()) continue;
      marks[image] = marks_in(*instance, groups[instance->mosaic ? 0 : frame], instance->frames[frame]);
    }
  });
  return marks;
}

/// Kept only where it tells images apart: what is derived has a type of its own.
void keep_telling_types(const SeriesInfo& series, std::vector<ImageMarks>& marks) {
  std::set<std::vector<std::string>> types;
  for (const ImageMarks& image : marks) types.insert(image.image_type);
  if (types.size() > 1 || series.split_by.find("image type") != std::string::npos) return;
  for (ImageMarks& image : marks) image.image_type.clear();
}

/// How many there are, where the images say which they are and not of how many.
void count_temporal_positions(const SeriesInfo& series, std::vector<ImageMarks>& marks) {
  std::set<std::string> positions;
  for (const ImageMarks& image : marks) positions.insert(image.value(DCM_TemporalPositionIdentifier));
  positions.erase("");
  const int count = std::max(static_cast<int>(positions.size()), series.volumes);
  for (ImageMarks& image : marks)
    if (!image.value(DCM_TemporalPositionIdentifier).empty() &&
        image.value(DCM_NumberOfTemporalPositions).empty())
      set_value(image, DCM_NumberOfTemporalPositions, std::to_string(count));
}

void forget_planes(std::vector<ImageMarks>& marks) {
  for (ImageMarks& image : marks) image.plane = {};
}

/// Which of the images of a volume lies next to slice z of another grid; the middle one where that cannot be
/// told.
std::size_t nearest_image(std::span<const ImageMarks> images, const VolumeGeometry& geometry, int z) {
  const Eigen::Vector3d normal = geometry.direction.col(2);
  const double place = geometry.to_world({Eigen::Vector3d(0, 0, z)}).mm.dot(normal);
  std::size_t nearest = images.size() / 2;
  double distance = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < images.size(); ++k) {
    const FrameHeader& plane = images[k].plane;
    if (!plane.position || !plane.axes || (plane.axes->transpose() * normal).norm() > 0.01) continue;
    const double away = std::abs(plane.position->dot(normal) - place);
    if (away < distance) nearest = k;
    distance = std::min(distance, away);
  }
  return nearest;
}

/// Planes are kept where one of the images does not lie where its slice does: then the grid is that of others.
void keep_telling_planes(const VolumeGeometry& geometry, std::vector<ImageMarks>& marks,
                         std::span<const WorldPoint> slice_origins) {
  constexpr double on_grid_mm = 0.1;
  const auto slices = static_cast<std::size_t>(geometry.size[2]);
  bool elsewhere = false;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const std::size_t z = i % slices;
    const WorldPoint place = z < slice_origins.size()
                                 ? slice_origins[z]
                                 : geometry.to_world({Eigen::Vector3d(0, 0, static_cast<double>(z))});
    const FrameHeader& plane = marks[i].plane;
    if (!plane.position || !plane.axes || !plane.pixel_spacing_mm) return forget_planes(marks);
    elsewhere = elsewhere || (*plane.position - place.mm).norm() > on_grid_mm;
  }
  if (!elsewhere) forget_planes(marks);
}

/// Each slice of the volumes as the image of that series that lies there.
std::vector<ImageMarks> marks_from(const SeriesInfo& series, std::span<const int> numbers,
                                   const VolumeGeometry& geometry) {
  const std::size_t slices = series.images.size() / static_cast<std::size_t>(std::max(series.volumes, 1));
  std::vector<ImagePlace> images;
  for (const int number : numbers) {
    BLOCH_EXPECTS(number >= 0 && number < series.volumes);
    const auto first = series.images.begin() + static_cast<std::ptrdiff_t>(number * slices);
    images.insert(images.end(), first, first + static_cast<std::ptrdiff_t>(slices));
  }
  auto marks = marks_of_images(series, images);
  keep_telling_types(series, marks);
  count_temporal_positions(series, marks);
  const auto written = static_cast<std::size_t>(geometry.size[2]);
  const bool same = slices == written && (!series.geometry || series.geometry->matches(geometry));
  if (same) {
    keep_telling_planes(geometry, marks, series.slice_origins);
    return marks;
  }
  std::vector<ImageMarks> moved;
  for (std::size_t volume = 0; volume < numbers.size(); ++volume) {
    const std::span own = std::span(marks).subspan(volume * slices, slices);
    for (std::size_t z = 0; z < written; ++z)
      moved.push_back(own[nearest_image(own, geometry, static_cast<int>(z))]);
  }
  forget_planes(moved);
  return moved;
}

std::vector<ImageMarks> numbered(int volumes, int slices, double step_ms) {
  std::vector<ImageMarks> marks;
  for (int volume = 0; volume < volumes; ++volume) {
    ImageMarks image;
    set_value(image, DCM_TemporalPositionIdentifier, std::to_string(volume + 1));
    set_value(image, DCM_NumberOfTemporalPositions, std::to_string(volumes));
    set_value(image, DCM_AcquisitionNumber, std::to_string(volume + 1));
    // Not TriggerTime: only what was gated by a heart has one (PS3.3 C.8.3.1).
    if (step_ms > 0) set_value(image, DCM_TemporalResolution, decimal_string(step_ms));
    marks.insert(marks.end(), static_cast<std::size_t>(slices), image);
  }
  return marks;
}

} // namespace

std::string ImageMarks::value(const DcmTagKey& tag) const {
  const auto known =
      std::find_if(values.begin(), values.end(), [&](const auto& entry) { return entry.first == tag; });
  return known == values.end() ? std::string() : known->second;
}

std::vector<ImageMarks> marks_of(int volumes, const VolumeGeometry& geometry, const SeriesPlace& source,
                                 const DerivedSeries& derived) {
  const SeriesInfo* of = derived.made_from ? derived.made_from : source.series;
  if (derived.volumes.empty() || !of)
    return volumes < 2 ? std::vector<ImageMarks>() : numbered(volumes, geometry.size[2], 0);
  BLOCH_EXPECTS(derived.volumes.size() == static_cast<std::size_t>(volumes));
  if (!of->images.empty()) return marks_from(*of, derived.volumes, geometry);
  const SeriesInfo* like = source.series;
  const bool follows = like && of->volumes > 1 && like->volumes == of->volumes && !like->images.empty() &&
                       like->geometry && like->geometry->matches(geometry);
  if (follows) return marks_from(*like, derived.volumes, geometry);
  if (volumes < 2) return {};
  return numbered(volumes, geometry.size[2], derived.time_step_ms);
}

bool is_one_contrast(std::span<const ImageMarks> marks, int slices) {
  const auto contrast = [](const ImageMarks& image) {
    std::vector<std::string> text = image.image_type;
    for (const DcmTagKey& tag : {DCM_EchoTime, DCM_InversionTime, DCM_FlipAngle, DCM_RepetitionTime, DCM_KVP})
      text.push_back(image.value(tag));
    text.push_back(image.b_value ? to_text(*image.b_value) : "");
    return text;
  };
  for (std::size_t i = static_cast<std::size_t>(slices); i < marks.size();
       i += static_cast<std::size_t>(slices))
    if (contrast(marks[i]) != contrast(marks.front())) return false;
  return true;
}

void put_marks(DcmItem& dataset, const ImageMarks& marks) {
  for (const DcmTagKey& tag : mark_tags())
    if (tag != DCM_ContentDate && tag != DCM_ContentTime) dataset.findAndDeleteElement(tag);
  for (const auto& [tag, text] : marks.values) put(dataset, tag, text);
  if (marks.b_value) dataset.putAndInsertFloat64(DCM_DiffusionBValue, *marks.b_value);
  if (marks.gradient.size() == 3)
    dataset.putAndInsertFloat64Array(DCM_DiffusionGradientOrientation, marks.gradient.data(), 3);
}

} // namespace bloch::imaging
