#include <algorithm>
#include <set>

#include <dcmtk/dcmdata/dcuid.h>

#include "imaging/dicom/detail/multi_frame_writer.h"
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

/// What is the same for all frames: how stored values become modality values, how they are shown, what they
/// are.
void put_shared(DcmItem& shared, const EnhancedKind& kind, const SeriesTemplate& series,
                const StoredScale& scale, const WindowLevel& window) {
  DcmItem& type = add_item(shared, kind.frame_type);
  put(type, DCM_FrameType, enhanced_type);
  put_description(type, kind);
  DcmItem& values = add_item(shared, DCM_PixelValueTransformationSequence);
  put(values, DCM_RescaleIntercept, decimal_string(scale.intercept));
  put(values, DCM_RescaleSlope, decimal_string(scale.slope));
  put(values, DCM_RescaleType, series.quantity.empty() ? kind.rescale_type : "US");
  DcmItem& voi = add_item(shared, DCM_FrameVOILUTSequence);
  put(voi, DCM_WindowCenter, decimal_string(window.level));
  put(voi, DCM_WindowWidth, decimal_string(window.width));
  if (window.width < 1) put(voi, DCM_VOILUTFunction, "LINEAR_EXACT");
  put_real_world_mapping(shared, series, scale);
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

Result<void> write_enhanced(const std::filesystem::path& path, const EnhancedKind& kind, const Volume& given,
                            const SeriesPlace& source, const DerivedSeries& derived, const Progress& progress) {
  const Volume volume = right_handed(given);
  SeriesTemplate series;
  DerivedSeries described = derived;
  described.modality = kind.modality;
  BLOCH_CHECK(fill_template(series, volume.geometry(), source, described));
  const MultiFrameHeader header{kind.sop_class, kind.modality, enhanced_type, {}, false, true};
  const auto frames = all_slices(volume.geometry());
  BLOCH_CHECK(check_object(header, series, volume.geometry(), frames.size(), 16));
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  put_multi_frame(dataset, header, series, volume.geometry(), frames);
  put_pixel_bits(dataset, 16);
  put(dataset, DCM_ContentQualification, "RESEARCH");
  put(dataset, DCM_PresentationLUTShape, "IDENTITY");
  put_unless_empty(dataset, DCM_DerivationDescription, shortened(series.derivation_description, 1024));
  dataset.insertEmptyElement(DCM_AcquisitionContextSequence);
  put_description(dataset, kind);
  if (series.source) series.source->findAndInsertCopyOfElement(DCM_PatientPosition, &dataset);
  if (!dataset.tagExists(DCM_PatientPosition)) put(dataset, DCM_PatientPosition, "");
  if (kind.mr)
    put_safety_standard(dataset, series);
  else
    put_irradiation_event(shared_groups(dataset), series);
  put_source_evidence(dataset, series);
  const StoredScale scale = stored_scale(volume);
  const double low = percentile(volume, 0.01);
  const double high = percentile(volume, 0.995);
  put_shared(shared_groups(dataset), kind, series, scale, {std::max(high - low, 1e-6), (low + high) / 2, {}});
  std::vector<std::uint16_t> stored;
  stored.reserve(volume.voxel_count());
  for (int z = 0; z < volume.geometry().size[2]; ++z) {
    if (progress.cancelled())
      return failure(ErrorKind::cancelled, "stopped while writing; nothing was written");
    const auto slice = stored_slice(volume, z, scale);
    stored.insert(stored.end(), slice.begin(), slice.end());
  }
  BLOCH_CHECK(inserted(dataset.putAndInsertUint16Array(DCM_PixelData, stored.data(),
                                                       static_cast<unsigned long>(stored.size()))));
  return save_object(path, file);
}

} // namespace

Result<void> write_enhanced_mr(const std::filesystem::path& path, const Volume& volume,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress) {
  return write_enhanced(path, mr_kind, volume, source, derived, progress);
}

Result<void> write_enhanced_ct(const std::filesystem::path& path, const Volume& volume,
                               const SeriesPlace& source, const DerivedSeries& derived,
                               const Progress& progress) {
  return write_enhanced(path, ct_kind, volume, source, derived, progress);
}

} // namespace bloch::imaging
