#include "imaging/dicom/detail/multi_frame_writer.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/base/contract.h"
#include "core/base/file.h"
#include "core/base/version.h"

namespace bloch::imaging {
namespace {

/// PS3.3 C.7.5.2: who made this file is Bloch, whatever made its source.
void put_enhanced_equipment(DcmItem& dataset) {
  put(dataset, DCM_Manufacturer, "Bloch");
  put(dataset, DCM_ManufacturerModelName, "Bloch");
  put(dataset, DCM_DeviceSerialNumber, version());
  put(dataset, DCM_SoftwareVersions, std::string("Bloch ") + version());
}

void put_dimension(DcmItem& dataset, const std::string& organization, const DcmTagKey& index,
                   const DcmTagKey& group) {
  DcmItem& dimension = add_item(dataset, DCM_DimensionIndexSequence);
  dimension.putAndInsertTagKey(DCM_DimensionIndexPointer, index);
  dimension.putAndInsertTagKey(DCM_FunctionalGroupPointer, group);
  put(dimension, DCM_DimensionOrganizationUID, organization);
}

void put_dimensions(DcmItem& dataset, const MultiFrameHeader& header, bool segments, bool volumes) {
  const std::string organization = new_uid();
  put(add_item(dataset, DCM_DimensionOrganizationSequence), DCM_DimensionOrganizationUID, organization);
  if (segments)
    put_dimension(dataset, organization, DCM_ReferencedSegmentNumber, DCM_SegmentIdentificationSequence);
  put_dimension(dataset, organization, DCM_ImagePositionPatient, DCM_PlanePositionSequence);
  // Volumes last, as scanners have them: dcm2niix takes the last dimension for the slowest.
  if (volumes) put_dimension(dataset, organization, header.volume_index, header.volume_group);
}

/// Images of the source, as PS3.3 C.12.2 wants them beside the derivation of each frame: those of another study
/// under its name.
void put_referenced_series(DcmItem& dataset, const SeriesTemplate& series) {
  if (series.source_images.empty()) return;
  DcmItem* study = &dataset;
  if (series.source_study_uid != series.study.uid) {
    study = &add_item(dataset, DCM_StudiesContainingOtherReferencedInstancesSequence);
    put(*study, DCM_StudyInstanceUID, series.source_study_uid);
  }
  DcmItem& item = add_item(*study, DCM_ReferencedSeriesSequence);
  put(item, DCM_SeriesInstanceUID, series.source_series_uid);
  std::set<std::string> named;
  for (const SourceImage& image : series.source_images) {
    if (!named.insert(image.sop_instance_uid).second) continue;
    DcmItem& instance = add_item(item, DCM_ReferencedInstanceSequence);
    put(instance, DCM_ReferencedSOPClassUID, image.sop_class_uid);
    put(instance, DCM_ReferencedSOPInstanceUID, image.sop_instance_uid);
  }
}

void put_shared_plane(DcmItem& shared, const SeriesTemplate& series, const VolumeGeometry& geometry) {
  DcmItem& measures = add_item(shared, DCM_PixelMeasuresSequence);
  put(measures, DCM_SliceThickness, decimal_string(slice_thickness_mm(series, geometry)));
  if (series.slice_origins.empty()) // else there is no one distance
    put(measures, DCM_SpacingBetweenSlices, decimal_string(geometry.spacing_mm[2]));
  put(measures, DCM_PixelSpacing,
      decimal_string(geometry.spacing_mm[1]) + "\\" + decimal_string(geometry.spacing_mm[0]));
  put(add_item(shared, DCM_PlaneOrientationSequence), DCM_ImageOrientationPatient,
      vector_text(geometry.direction.col(0)) + "\\" + vector_text(geometry.direction.col(1)));
}

void put_frame(DcmItem& frame, const FramePlace& place, const SeriesTemplate& series,
               const VolumeGeometry& geometry) {
  DcmItem& content = add_item(frame, DCM_FrameContentSequence);
  const bool segments = place.segment > 0;
  std::vector<Uint32> indices;
  if (segments) indices.push_back(static_cast<Uint32>(place.segment));
  indices.push_back(static_cast<Uint32>(place.slice) + 1);
  if (place.volume > 0) indices.push_back(static_cast<Uint32>(place.volume));
  content.putAndInsertUint32Array(DCM_DimensionIndexValues, indices.data(), indices.size());
  if (place.volume > 0) { // by which readers count slices and volumes (PS3.3 C.7.6.16.2.2.4)
    put(content, DCM_StackID, "1");
    content.putAndInsertUint32(DCM_InStackPositionNumber, static_cast<Uint32>(place.slice) + 1);
  }
  const bool own_plane = place.marks && place.marks->plane.position;
  put(add_item(frame, DCM_PlanePositionSequence), DCM_ImagePositionPatient,
      vector_text(own_plane ? *place.marks->plane.position : series.origin_of(geometry, place.slice).mm));
  if (segments)
    add_item(frame, DCM_SegmentIdentificationSequence)
        .putAndInsertUint16(DCM_ReferencedSegmentNumber, static_cast<Uint16>(place.segment));
  if (series.source_images.empty()) return;
  DcmItem& derivation = add_item(frame, DCM_DerivationImageSequence);
  if (!place.marks)
    put_source_images(derivation, series, geometry, place.slice);
  else if (place.marks->source)
    put_source_image(derivation, *place.marks->source);
  if (segments)
    put_code(derivation, DCM_DerivationCodeSequence, "113076", "DCM", "Segmentation");
  else
    put_code(derivation, DCM_DerivationCodeSequence, "113043", "DCM", "Image processing");
  if (!derivation.tagExists(DCM_SourceImageSequence)) derivation.insertEmptyElement(DCM_SourceImageSequence);
}

} // namespace

DcmItem& shared_groups(DcmDataset& dataset) {
  DcmItem* shared = nullptr;
  dataset.findOrCreateSequenceItem(DCM_SharedFunctionalGroupsSequence, shared, 0);
  BLOCH_EXPECTS(shared != nullptr);
  return *shared;
}

std::vector<FramePlace> all_slices(const VolumeGeometry& geometry) {
  std::vector<FramePlace> frames;
  for (int z = 0; z < geometry.size[2]; ++z) frames.push_back({z, 0});
  return frames;
}

Result<void> check_object(const MultiFrameHeader& header, const SeriesTemplate& series,
                          const VolumeGeometry& geometry, std::size_t frames, int bits) {
  if (header.free_of_text && series.burned_in == "YES")
    return failure(ErrorKind::unsupported,
                   "an image that this is made from says that text is burned into it (BurnedInAnnotation), "
                   "which this kind of object must not hold: write a series of single images "
                   "(secondary capture), or an image file");
  const double bytes = 1.0 * geometry.size[0] * geometry.size[1] * static_cast<double>(frames) * bits / 8;
  if (bytes < 4294967294.0) return {};
  return failure(
      ErrorKind::invalid_parameter,
      fmt::format("{} frames of {} x {} pixels have {:.1f} GiB, and one DICOM file holds less than 4: "
                  "write a series of single images, or an image file (.nii.gz)",
                  frames, geometry.size[0], geometry.size[1], bytes / 1073741824));
}

void put_multi_frame_head(DcmDataset& dataset, const MultiFrameHeader& header, const SeriesTemplate& series,
                          const VolumeGeometry& geometry, std::size_t frames) {
  const Now time = now();
  put(dataset, DCM_SpecificCharacterSet, "ISO_IR 192");
  put(dataset, DCM_SOPClassUID, header.sop_class);
  put(dataset, DCM_SOPInstanceUID, new_uid());
  put_patient_and_study(dataset, series);
  put_series(dataset, series, time);
  put(dataset, DCM_Modality, header.modality);
  if (!header.laterality)
    dataset.findAndDeleteElement(DCM_Laterality);
  else if (series.source)
    series.source->findAndInsertCopyOfElement(DCM_Laterality, &dataset);
  put_enhanced_equipment(dataset);
  put(dataset, DCM_InstanceNumber, "1");
  put(dataset, DCM_ImageType, header.image_type);
  put(dataset, DCM_ContentDate, time.date);
  put(dataset, DCM_ContentTime, time.time);
  put(dataset, DCM_ImageComments, series.image_comments);
  if (!header.content_label.empty()) {
    put(dataset, DCM_ContentLabel, header.content_label);
    put(dataset, DCM_ContentDescription, shortened(series.series.description, 64));
    put(dataset, DCM_ContentCreatorName, "Bloch^");
  }
  put_unless_empty(dataset, DCM_BurnedInAnnotation, header.free_of_text ? std::string("NO") : series.burned_in);
  put(dataset, DCM_LossyImageCompression, series.series.lossy ? "01" : "00");
  if (series.series.lossy && series.source) { // ratio and method as the source gives them
    series.source->findAndInsertCopyOfElement(DCM_LossyImageCompressionRatio, &dataset);
    series.source->findAndInsertCopyOfElement(DCM_LossyImageCompressionMethod, &dataset);
  }
  dataset.putAndInsertUint16(DCM_SamplesPerPixel, 1);
  put(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
  dataset.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(geometry.size[1]));
  dataset.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(geometry.size[0]));
  put_whole(dataset, DCM_NumberOfFrames, static_cast<int>(frames));
}

void put_multi_frame(DcmDataset& dataset, const MultiFrameHeader& header, const SeriesTemplate& series,
                     const VolumeGeometry& geometry, const std::vector<FramePlace>& frames) {
  put_multi_frame_head(dataset, header, series, geometry, frames.size());
  put_dimensions(dataset, header, frames.front().segment > 0, frames.front().volume > 0);
  put_referenced_series(dataset, series);
  put_shared_plane(shared_groups(dataset), series, geometry);
  for (const FramePlace& place : frames)
    put_frame(add_item(dataset, DCM_PerFrameFunctionalGroupsSequence), place, series, geometry);
}

Result<void> save_object(const std::filesystem::path& path, DcmFileFormat& file) {
  return write_beside(path, [&](const std::filesystem::path& beside) { return save_dicom(beside, file); });
}

} // namespace bloch::imaging
