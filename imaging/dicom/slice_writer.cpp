#include "imaging/dicom/detail/slice_writer.h"

#include <algorithm>
#include <cmath>

#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/dicom/detail/dataset_writer.h"
#include "imaging/dicom/detail/image_marks.h"

namespace bloch::imaging {
namespace {

/// Technical attributes that go out as they came in, where the source has them.
void copy_acquisition(DcmItem& dataset, DcmItem* source, const std::string& storage_class) {
  static const std::vector<DcmTagKey> always = {DCM_PatientSize, DCM_PatientWeight, DCM_Laterality,
                                                DCM_ManufacturerModelName, DCM_PatientPosition};
  static const std::vector<DcmTagKey> magnetic = {
      DCM_ScanningSequence,  DCM_SequenceVariant, DCM_ScanOptions,
      DCM_MRAcquisitionType, DCM_SequenceName,    DCM_RepetitionTime,
      DCM_EchoTime,          DCM_InversionTime,   DCM_NumberOfAverages,
      DCM_ImagingFrequency,  DCM_ImagedNucleus,   DCM_EchoNumbers,
      DCM_EchoTrainLength,   DCM_FlipAngle,       DCM_MagneticFieldStrength};
  static const std::vector<DcmTagKey> x_ray = {DCM_KVP, DCM_ExposureTime, DCM_XRayTubeCurrent,
                                               DCM_ConvolutionKernel};
  const auto copy = [&](const std::vector<DcmTagKey>& tags) {
    for (const DcmTagKey& tag : tags)
      if (source) source->findAndInsertCopyOfElement(tag, &dataset);
  };
  copy(always);
  if (storage_class == UID_MRImageStorage) copy(magnetic);
  if (storage_class == UID_CTImageStorage) copy(x_ray);
}

/// Only sequences that invert have a time of that (PS3.3 C.8.3.1); some scanners write 0 for the others.
void fit_inversion_time(DcmItem& dataset) {
  if (!dataset.tagExists(DCM_InversionTime)) return;
  auto sequences = raw_values(dataset, DCM_ScanningSequence);
  if (std::find(sequences.begin(), sequences.end(), "IR") != sequences.end()) return;
  if (!(number_value(dataset, DCM_InversionTime).value_or(0) > 0)) {
    dataset.findAndDeleteElement(DCM_InversionTime);
    return;
  }
  sequences.emplace_back("IR");
  put(dataset, DCM_ScanningSequence, join(sequences, "\\"));
}

/// What an object of the class has to say, whether it is known or not.
void put_missing(DcmItem& dataset, const std::string& storage_class) {
  const auto default_value = [&](const DcmTagKey& tag, const char* value) {
    if (!dataset.tagExists(tag)) put(dataset, tag, value);
  };
  if (storage_class == UID_MRImageStorage) {
    if (!dataset.tagExistsWithValue(DCM_ScanningSequence)) put(dataset, DCM_ScanningSequence, "RM");
    if (!dataset.tagExistsWithValue(DCM_SequenceVariant)) put(dataset, DCM_SequenceVariant, "NONE");
    fit_inversion_time(dataset);
    for (const DcmTagKey& tag :
         {DCM_ScanOptions, DCM_MRAcquisitionType, DCM_RepetitionTime, DCM_EchoTime, DCM_EchoTrainLength})
      default_value(tag, "");
  } else if (storage_class == UID_CTImageStorage) {
    default_value(DCM_KVP, "");
    default_value(DCM_AcquisitionNumber, "");
  } else {
    put(dataset, DCM_ConversionType, "WSD");
  }
  if (storage_class != UID_SecondaryCaptureImageStorage) default_value(DCM_PatientPosition, "");
}

/// Headers round to about four digits.
bool is_plane(const FrameHeader& plane) {
  if (!plane.position || !plane.axes || !plane.position->allFinite()) return false;
  const Eigen::Matrix2d products = plane.axes->transpose() * *plane.axes;
  return ((products - Eigen::Matrix2d::Identity()).cwiseAbs().array() < 1e-3).all(); // not so for not a number
}

bool is_positive(double length_mm) { return length_mm > 0 && std::isfinite(length_mm); }

/// As much as is known and can be; an image that lies nowhere has no frame of reference either.
void put_plane(DcmItem& dataset, const FrameHeader& plane) {
  const auto& spacing = plane.pixel_spacing_mm;
  const bool spaced = spacing && is_positive((*spacing)[0]) && is_positive((*spacing)[1]);
  if (is_plane(plane) && (spaced || !spacing)) {
    put(dataset, DCM_ImagePositionPatient, vector_text(*plane.position));
    put(dataset, DCM_ImageOrientationPatient,
        vector_text(plane.axes->col(0)) + "\\" + vector_text(plane.axes->col(1)));
  } else {
    dataset.findAndDeleteElement(DCM_FrameOfReferenceUID);
    dataset.findAndDeleteElement(DCM_PositionReferenceIndicator);
  }
  if (spaced)
    put(dataset, DCM_PixelSpacing, decimal_string((*spacing)[1]) + "\\" + decimal_string((*spacing)[0]));
  if (is_positive(plane.thickness_mm)) put(dataset, DCM_SliceThickness, decimal_string(plane.thickness_mm));
  if (plane.stated_step_mm && is_positive(*plane.stated_step_mm))
    put(dataset, DCM_SpacingBetweenSlices, decimal_string(*plane.stated_step_mm));
}

void put_pixel_format(DcmItem& dataset, const VolumeGeometry& geometry, const char* photometric, Uint16 samples,
                      Uint16 bits) {
  dataset.putAndInsertUint16(DCM_SamplesPerPixel, samples);
  put(dataset, DCM_PhotometricInterpretation, photometric);
  if (samples > 1) dataset.putAndInsertUint16(DCM_PlanarConfiguration, 0);
  dataset.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(geometry.size[1]));
  dataset.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(geometry.size[0]));
  put_pixel_bits(dataset, bits);
}

/// What is no data stays known, so that it is drawn as background whichever values are bright.
void put_padding(DcmItem& dataset, const SeriesTemplate& series, const StoredScale& scale) {
  const auto& padding = series.series.padding;
  if (!padding || !scale.exact) return; // values that were calculated anew have none
  const double first = padding->minimum - scale.intercept;
  const double last = padding->maximum - scale.intercept;
  if (first < 0 || last > 65535 || first != std::round(first) || last != std::round(last)) return;
  dataset.putAndInsertUint16(DCM_PixelPaddingValue, static_cast<Uint16>(first));
  if (last > first) dataset.putAndInsertUint16(DCM_PixelPaddingRangeLimit, static_cast<Uint16>(last));
}

Result<void> put_pixels(DcmItem& dataset, const SeriesTemplate& series, const SliceOfVolume& slice) {
  const auto& [volume, scale, window, z, number, marks] = slice;
  const bool inverse = series.series.inverse;
  put_pixel_format(dataset, volume.geometry(), inverse ? "MONOCHROME1" : "MONOCHROME2", 1, 16);
  if (inverse) put(dataset, DCM_PresentationLUTShape, "INVERSE");
  put_padding(dataset, series, scale);
  put(dataset, DCM_WindowCenter, decimal_string(window.level));
  put(dataset, DCM_WindowWidth, decimal_string(window.width));
  if (window.function == WindowFunction::sigmoid)
    put(dataset, DCM_VOILUTFunction, "SIGMOID");
  else if (window.width < 1 || window.function == WindowFunction::linear_exact)
    put(dataset, DCM_VOILUTFunction, "LINEAR_EXACT"); // LINEAR has no width below 1 (PS3.3 C.11.2.1.2)
  put(dataset, DCM_RescaleIntercept, decimal_string(scale.intercept));
  put(dataset, DCM_RescaleSlope, decimal_string(scale.slope));
  put(dataset, DCM_RescaleType, series.series.modality == "CT" && series.quantity.empty() ? "HU" : "US");
  if (series.derived) put_real_world_mapping(dataset, series, scale);
  const auto stored = stored_slice(volume, z, scale, inverse ? scale.largest : 0);
  return inserted(
      dataset.putAndInsertUint16Array(DCM_PixelData, stored.data(), static_cast<unsigned long>(stored.size())));
}

/// What kind of image it is, and what of it its source tells.
std::string image_type_of(const SeriesTemplate& series, const ImageMarks* marks) {
  std::vector<std::string> type = series.series.image_type;
  if (marks && !marks->image_type.empty()) {
    type.resize(2);
    type.insert(type.end(), marks->image_type.begin(), marks->image_type.end());
  }
  return join(type, "\\");
}

void put_image(DcmItem& dataset, const SeriesTemplate& series, const std::string& storage_class,
               const ImageMarks* marks, const Now& time) {
  put(dataset, DCM_ImageType, image_type_of(series, marks));
  if (storage_class == UID_SecondaryCaptureImageStorage) put(dataset, DCM_PatientOrientation, "");
  put(dataset, DCM_ContentDate, time.date);
  put(dataset, DCM_ContentTime, time.time);
  put(dataset, DCM_InstanceCreationDate, time.date);
  put(dataset, DCM_InstanceCreationTime, time.time);
  put_unless_empty(dataset, DCM_ImageComments, series.image_comments);
  put_unless_empty(dataset, DCM_DerivationDescription, shortened(series.derivation_description, 1024));
  if (!series.series.lossy) return;
  put(dataset, DCM_LossyImageCompression, "01");
  put_unless_empty(dataset, DCM_LossyImageCompressionRatio, series.series.lossy_ratio);
}

/// All but the plane, the source images and the pixels.
void put_header(DcmItem& dataset, const SeriesTemplate& series, const std::string& storage_class, int number,
                const ImageMarks* marks = nullptr) {
  const Now time = now();
  put(dataset, DCM_SpecificCharacterSet, "ISO_IR 192");
  put(dataset, DCM_SOPClassUID, storage_class);
  put(dataset, DCM_SOPInstanceUID, new_uid());
  put_patient_and_study(dataset, series);
  put_equipment(dataset, series);
  put_series(dataset, series, time);
  {
    const std::lock_guard lock(series.source_mutex);
    copy_acquisition(dataset, series.source.get(), storage_class);
  }
  put_whole(dataset, DCM_InstanceNumber, number);
  put_image(dataset, series, storage_class, marks, time);
  if (marks) put_marks(dataset, *marks);
  put_missing(dataset, storage_class);
}

} // namespace

void copy_regions(DcmItem& dataset, const std::filesystem::path& source, const VolumeGeometry& geometry) {
  if (source.empty()) return;
  auto file = open_dicom_header(source);
  if (!file || integer_value(file->dataset(), DCM_Columns) != geometry.size[0] ||
      integer_value(file->dataset(), DCM_Rows) != geometry.size[1])
    return;
  file->dataset().findAndInsertCopyOfElement(DCM_SequenceOfUltrasoundRegions, &dataset);
}

FrameHeader plane_of(const SeriesTemplate& series, const VolumeGeometry& geometry, int z) {
  FrameHeader plane = plane_of(geometry, z);
  plane.position = series.origin_of(geometry, z).mm;
  plane.thickness_mm = slice_thickness_mm(series, geometry);
  if (!series.slice_origins.empty()) plane.stated_step_mm.reset(); // there is no one distance
  return plane;
}

FrameHeader plane_of(const VolumeGeometry& geometry, int z) {
  FrameHeader plane;
  plane.position = geometry.to_world({Eigen::Vector3d(0, 0, z)}).mm;
  plane.axes = geometry.direction.leftCols<2>();
  plane.pixel_spacing_mm = {geometry.spacing_mm[0], geometry.spacing_mm[1]};
  plane.thickness_mm = geometry.spacing_mm[2];
  plane.stated_step_mm = geometry.spacing_mm[2];
  return plane;
}

std::string storage_class_of(const std::string& modality) {
  if (modality == "MR") return UID_MRImageStorage;
  if (modality == "CT") return UID_CTImageStorage;
  return UID_SecondaryCaptureImageStorage;
}

Result<std::uint32_t> pixel_bytes(const VolumeGeometry& geometry, int bytes_per_pixel) {
  const double bytes = 1.0 * geometry.size[0] * geometry.size[1] * bytes_per_pixel;
  if (bytes < 4294967294.0) return static_cast<std::uint32_t>(bytes); // 2^32 - 1 stands for "not known"
  return failure(ErrorKind::invalid_parameter,
                 fmt::format("an image of {} x {} pixels has 4 GiB or more, which DICOM cannot hold",
                             geometry.size[0], geometry.size[1]));
}

Result<void> write_slice(const std::filesystem::path& path, const SeriesTemplate& series,
                         const SliceOfVolume& slice) {
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  const VolumeGeometry& geometry = slice.volume.geometry();
  put_header(dataset, series, storage_class_of(series.series.modality), slice.number, slice.marks);
  const bool own_plane = slice.marks && slice.marks->plane.position;
  put_plane(dataset, own_plane ? slice.marks->plane : plane_of(series, geometry, slice.z));
  if (!slice.marks)
    put_source_images(dataset, series, geometry, slice.z);
  else if (slice.marks->source)
    put_source_image(dataset, *slice.marks->source);
  put_unless_empty(dataset, DCM_BurnedInAnnotation, series.burned_in);
  if (!series.region_files.empty())
    copy_regions(dataset, series.region_files[static_cast<std::size_t>(slice.z)], geometry);
  BLOCH_CHECK(pixel_bytes(geometry, 2));
  BLOCH_CHECK(put_pixels(dataset, series, slice));
  return save_dicom(path, file);
}

Result<void> write_colour_slice(const std::filesystem::path& path, const SeriesTemplate& series,
                                const RgbVolume& colours, const ColourPlace& place, int z) {
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  // Whatever the modality: MR and CT images have no colour.
  put_header(dataset, series, UID_SecondaryCaptureImageStorage, z + 1);
  put_unless_empty(dataset, DCM_FrameOfReferenceUID, place.frame_of_reference_uid);
  put_plane(dataset, place.plane);
  if (place.source) put_source_image(dataset, *place.source);
  put_unless_empty(dataset, DCM_BurnedInAnnotation, place.burned_in);
  copy_regions(dataset, place.file, colours.geometry());
  put_pixel_format(dataset, colours.geometry(), "RGB", 3, 8);
  const auto samples = colours.samples<std::array<std::uint8_t, 3>>();
  BLOCH_TRY(bytes, pixel_bytes(colours.geometry(), 3));
  const std::size_t count = samples.size() / static_cast<std::size_t>(colours.geometry().size[2]);
  const auto* first = samples[count * static_cast<std::size_t>(z)].data();
  BLOCH_CHECK(inserted(dataset.putAndInsertUint8Array(DCM_PixelData, first, bytes)));
  return save_dicom(path, file);
}

} // namespace bloch::imaging
