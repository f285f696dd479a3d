#include <algorithm>
#include <set>
#include <span>
#include <vector>

#include <dcmtk/dcmdata/dcuid.h>

#include "core/base/contract.h"
#include "imaging/dicom/detail/frame_marks.h"
#include "imaging/dicom/detail/image_marks.h"
#include "imaging/dicom/detail/multi_frame_writer.h"
#include "imaging/dicom/detail/volume_display.h"
#include "imaging/dicom/write_objects.h"

namespace bloch::imaging {
namespace {

constexpr const char* enhanced_type = "DERIVED\\PRIMARY\\VOLUME\\NONE";

/// What enhanced MR (PS3.3 A.36) and enhanced CT (A.38) differ in.
struct EnhancedKind {
  bool mr = false;
  const char* sop_class = nullptr;
  const char* modality = nullptr;
  DcmTagKey frame_type; ///< sequence
  const char* rescale_type = nullptr;
};

const EnhancedKind mr_kind{true, UID_EnhancedMRImageStorage, "MR", DCM_MRImageFrameTypeSequence, "US"};
const EnhancedKind ct_kind{false, UID_EnhancedCTImageStorage, "CT", DCM_CTImageFrameTypeSequence, "HU"};

/// Common CT/MR and MR image description macros (PS3.3 C.8.16.2, C.8.13.3).
void put_description(DcmItem& item, const EnhancedKind& kind) {
  put(item, DCM_PixelPresentation, "MONOCHROME");
  put(item, DCM_VolumetricProperties, "VOLUME");
  put(item, DCM_VolumeBasedCalculationTechnique, "NONE");
  if (!kind.mr) return;
  put(item, DCM_ComplexImageComponent, "MAGNITUDE");
  put(item, DCM_AcquisitionContrast, "UNKNOWN");
}

/// component: nullptr: none is said, and they are magnitudes
void put_frame_type(DcmItem& groups, const EnhancedKind& kind, const char* component) {
  DcmItem& type = add_item(groups, kind.frame_type);
  put(type, DCM_FrameType, enhanced_type);
  put_description(type, kind);
  if (component) put(type, DCM_ComplexImageComponent, component);
}

/// How stored values become modality values.
void put_scale(DcmItem& groups, const EnhancedKind& kind, const SeriesTemplate& series,
               const StoredScale& scale) {
  DcmItem& values = add_item(groups, DCM_PixelValueTransformationSequence);
  put(values, DCM_RescaleIntercept, decimal_string(scale.intercept));
  put(values, DCM_RescaleSlope, decimal_string(scale.slope));
  put(values, DCM_RescaleType, series.quantity.empty() ? kind.rescale_type : "US");
  put_real_world_mapping(groups, series, scale);
}

void put_window(DcmItem& groups, const WindowLevel& window) {
  DcmItem& voi = add_item(groups, DCM_FrameVOILUTSequence);
  put(voi, DCM_WindowCenter, decimal_string(window.level));
  put(voi, DCM_WindowWidth, decimal_string(window.width));
  if (window.width < 1) put(voi, DCM_VOILUTFunction, "LINEAR_EXACT");
}

void put_anatomy(DcmItem& shared, const SeriesTemplate& series) {
  DcmItem& anatomy = add_item(shared, DCM_FrameAnatomySequence);
  const std::string side = series.source ? raw_value(*series.source, DCM_Laterality) : std::string();
  put(anatomy, DCM_FrameLaterality, side == "L" || side == "R" ? side : "U");
  const bool head = series.series.body_part == "HEAD" || series.series.body_part == "BRAIN";
  put_code(anatomy, DCM_AnatomicRegionSequence, head ? "69536005" : "38266002", "SCT",
           head ? "Head" : "Entire body");
}

/// Every source image with its series and study, which the frames name only by themselves (PS3.3 C.8.13.2).
void put_source_evidence(DcmItem& dataset, const SeriesTemplate& series) {
  if (series.source_images.empty()) return;
  DcmItem& study = add_item(dataset, DCM_SourceImageEvidenceSequence);
  put(study, DCM_StudyInstanceUID, series.source_study_uid);
  DcmItem& item = add_item(study, DCM_ReferencedSeriesSequence);
  put(item, DCM_SeriesInstanceUID, series.source_series_uid);
  std::set<std::string> named;
  for (const SourceImage& image : series.source_images) {
    if (!named.insert(image.sop_instance_uid).second) continue;
    DcmItem& instance = add_item(item, DCM_ReferencedSOPSequence);
    put(instance, DCM_ReferencedSOPClassUID, image.sop_class_uid);
    put(instance, DCM_ReferencedSOPInstanceUID, image.sop_instance_uid);
  }
}

/// Of the acquisition; dciodvfy asks for it of derived images too, and only IEC, FDA and MHW are allowed.
void put_safety_standard(DcmItem& dataset, const SeriesTemplate& series) {
  if (series.source) series.source->findAndInsertCopyOfElement(DCM_ApplicableSafetyStandardAgency, &dataset);
  if (!dataset.tagExistsWithValue(DCM_ApplicableSafetyStandardAgency))
    put(dataset, DCM_ApplicableSafetyStandardAgency, "IEC");
}

/// The exposure that the source names; dciodvfy asks for it of derived images too.
void put_irradiation_event(DcmItem& shared, const SeriesTemplate& series) {
  const std::string event = series.source ? raw_value(*series.source, DCM_IrradiationEventUID) : std::string();
  put(add_item(shared, DCM_IrradiationEventIdentificationSequence), DCM_IrradiationEventUID,
      event.empty() ? new_uid() : event);
}

/// What the frames of an object say, volume after volume.
struct EnhancedFrames {
  std::vector<ImageMarks> marks; ///< one for each frame; empty: nothing is known of them
  VolumeDimension dimension;
  std::vector<VolumeDisplay> displays; ///< of each volume
  std::vector<FramePlace> places;

  bool one_scale() const {
    return std::all_of(displays.begin(), displays.end(), [&](const VolumeDisplay& each) {
      return each.scale.slope == displays.front().scale.slope &&
             each.scale.intercept == displays.front().scale.intercept;
    });
  }
  bool one_window() const {
    return std::all_of(displays.begin(), displays.end(), [&](const VolumeDisplay& each) {
      return each.window.width == displays.front().window.width &&
             each.window.level == displays.front().window.level;
    });
  }
};

EnhancedFrames enhanced_frames(std::span<const Volume> volumes, const EnhancedKind& kind,
                               const SeriesPlace& source, const DerivedSeries& derived) {
  const VolumeGeometry& geometry = volumes.front().geometry();
  const int slices = geometry.size[2];
  const int count = static_cast<int>(volumes.size());
  EnhancedFrames frames;
  frames.marks = marks_of(count, geometry, source, derived);
  if (count > 1) frames.dimension = dimension_of(frames.marks, slices, kind.mr);
  // One scale where it is fine enough: some readers take that of one frame for all (dcm2niix 1.0.20220720).
  const bool one_contrast = is_one_contrast(frames.marks, slices);
  frames.displays = displays_of(volumes, {one_contrast || may_share_scale(volumes), one_contrast});
  for (int volume = 0; volume < count; ++volume)
    for (int z = 0; z < slices; ++z) {
      const std::size_t number = frames.places.size();
      frames.places.push_back(
          {z, 0, count > 1 ? volume + 1 : 0, frames.marks.empty() ? nullptr : &frames.marks[number]});
    }
  return frames;
}

/// What frames do not share.
void put_own_groups(DcmDataset& dataset, const EnhancedKind& kind, const SeriesTemplate& series,
                    const EnhancedFrames& frames) {
  const bool one_scale = frames.one_scale();
  const bool one_window = frames.one_window();
  const auto items = items_of(dataset, DCM_PerFrameFunctionalGroupsSequence);
  BLOCH_EXPECTS(items.size() == frames.places.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const FramePlace& place = frames.places[i];
    if (place.marks) put_frame_marks(*items[i], *place.marks, frames.dimension, place.volume, kind.mr);
    if (frames.dimension.components) put_frame_type(*items[i], kind, complex_component(*place.marks));
    if (place.volume < 1) continue;
    const VolumeDisplay& display = frames.displays[static_cast<std::size_t>(place.volume) - 1];
    if (!one_scale) put_scale(*items[i], kind, series, display.scale);
    if (!one_window) put_window(*items[i], display.window);
  }
}

Result<std::vector<Volume>> on_one_grid(std::span<const Volume> given) {
  BLOCH_EXPECTS(!given.empty());
  std::vector<Volume> volumes;
  for (const Volume& volume : given) volumes.push_back(right_handed(volume));
  for (const Volume& volume : volumes)
    if (!volume.geometry().matches(volumes.front().geometry()))
      return failure(ErrorKind::invalid_parameter,
                     "the volumes do not lie on one grid: write each as an object of its own");
  return volumes;
}

Result<void> put_volumes(DcmDataset& dataset, std::span<const Volume> volumes, const EnhancedFrames& frames,
                         const Progress& progress) {
  std::vector<std::uint16_t> stored;
  stored.reserve(volumes.front().voxel_count() * volumes.size());
  for (std::size_t v = 0; v < volumes.size(); ++v)
    for (int z = 0; z < volumes[v].geometry().size[2]; ++z) {
      if (progress.cancelled())
        return failure(ErrorKind::cancelled, "stopped while writing; nothing was written");
      const auto slice = stored_slice(volumes[v], z, frames.displays[v].scale);
      stored.insert(stored.end(), slice.begin(), slice.end());
    }
  return inserted(
      dataset.putAndInsertUint16Array(DCM_PixelData, stored.data(), static_cast<unsigned long>(stored.size())));
}

Result<void> write_enhanced(const std::filesystem::path& path, const EnhancedKind& kind,
                            std::span<const Volume> given, const SeriesPlace& source,
                            const DerivedSeries& derived, const Progress& progress) {
  BLOCH_TRY(volumes, on_one_grid(given));
  const VolumeGeometry& geometry = volumes.front().geometry();
  SeriesTemplate series;
  DerivedSeries described = derived;
  described.modality = kind.modality;
  BLOCH_CHECK(fill_template(series, geometry, source, described));
  const EnhancedFrames frames = enhanced_frames(volumes, kind, source, derived);
  MultiFrameHeader header{kind.sop_class, kind.modality, enhanced_type, {}, false, true};
  header.volume_index = frames.dimension.index;
  header.volume_group = frames.dimension.group;
  BLOCH_CHECK(check_object(header, series, geometry, frames.places.size(), 16));
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  put_multi_frame(dataset, header, series, geometry, frames.places);
  put_pixel_bits(dataset, 16);
  put(dataset, DCM_ContentQualification, "RESEARCH");
  put(dataset, DCM_PresentationLUTShape, "IDENTITY");
  put_unless_empty(dataset, DCM_DerivationDescription, shortened(series.derivation_description, 1024));
  dataset.insertEmptyElement(DCM_AcquisitionContextSequence);
  put_description(dataset, kind);
  if (frames.dimension.components) put(dataset, DCM_ComplexImageComponent, "MIXED");
  if (series.source) series.source->findAndInsertCopyOfElement(DCM_PatientPosition, &dataset);
  if (!dataset.tagExists(DCM_PatientPosition)) put(dataset, DCM_PatientPosition, "");
  DcmItem& shared = shared_groups(dataset);
  if (kind.mr)
    put_safety_standard(dataset, series);
  else
    put_irradiation_event(shared, series);
  put_source_evidence(dataset, series);
  if (!frames.dimension.components) put_frame_type(shared, kind, nullptr);
  if (frames.one_scale()) put_scale(shared, kind, series, frames.displays.front().scale);
  if (frames.one_window()) put_window(shared, frames.displays.front().window);
  put_anatomy(shared, series);
  put_own_groups(dataset, kind, series, frames);
  BLOCH_CHECK(put_volumes(dataset, volumes, frames, progress));
  return save_object(path, file);
}

} // namespace

Result<void> write_enhanced_mr(const std::filesystem::path& path, const Volume& volume,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress) {
  return write_enhanced(path, mr_kind, {&volume, 1}, source, derived, progress);
}

Result<void> write_enhanced_mr(const std::filesystem::path& path, std::span<const Volume> volumes,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress) {
  return write_enhanced(path, mr_kind, volumes, source, derived, progress);
}

Result<void> write_enhanced_ct(const std::filesystem::path& path, const Volume& volume,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress) {
  return write_enhanced(path, ct_kind, {&volume, 1}, source, derived, progress);
}

Result<void> write_enhanced_ct(const std::filesystem::path& path, std::span<const Volume> volumes,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress) {
  return write_enhanced(path, ct_kind, volumes, source, derived, progress);
}

} // namespace bloch::imaging
