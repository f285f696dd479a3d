#include "imaging/dicom/detail/slice_writer.h"

#include <dcmtk/dcmdata/dcuid.h>

#include "core/base/text.h"
#include "imaging/dicom/detail/dataset_writer.h"

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
  const auto default_value = [&](const DcmTagKey& tag, const char* value) {
    if (!dataset.tagExists(tag)) put(dataset, tag, value);
  };
  copy(always);
  if (storage_class == UID_MRImageStorage) {
    copy(magnetic);
    if (!dataset.tagExistsWithValue(DCM_ScanningSequence)) put(dataset, DCM_ScanningSequence, "RM");
    if (!dataset.tagExistsWithValue(DCM_SequenceVariant)) put(dataset, DCM_SequenceVariant, "NONE");
    for (const DcmTagKey& tag :
         {DCM_ScanOptions, DCM_MRAcquisitionType, DCM_RepetitionTime, DCM_EchoTime, DCM_EchoTrainLength})
      default_value(tag, "");
  } else if (storage_class == UID_CTImageStorage) {
    copy(x_ray);
    default_value(DCM_KVP, "");
    default_value(DCM_AcquisitionNumber, "");
  } else {
    put(dataset, DCM_ConversionType, "WSD");
  }
  if (storage_class != UID_SecondaryCaptureImageStorage) default_value(DCM_PatientPosition, "");
}

void put_plane(DcmItem& dataset, const VolumeGeometry& geometry, int z) {
  const Eigen::Vector3d x = geometry.direction.col(0);
  const Eigen::Vector3d y = geometry.direction.col(1);
  put(dataset, DCM_ImagePositionPatient, vector_text(geometry.to_world({Eigen::Vector3d(0, 0, z)}).mm));
  put(dataset, DCM_ImageOrientationPatient, vector_text(x) + "\\" + vector_text(y));
  put(dataset, DCM_PixelSpacing,
      decimal_string(geometry.spacing_mm[1]) + "\\" + decimal_string(geometry.spacing_mm[0]));
  put(dataset, DCM_SliceThickness, decimal_string(geometry.spacing_mm[2]));
  put(dataset, DCM_SpacingBetweenSlices, decimal_string(geometry.spacing_mm[2]));
}

void put_pixels(DcmItem& dataset, const SeriesTemplate& series, const Volume& volume, const StoredScale& scale,
                const WindowLevel& window, int z) {
  const auto& size = volume.geometry().size;
  dataset.putAndInsertUint16(DCM_SamplesPerPixel, 1);
  put(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
  dataset.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(size[1]));
  dataset.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(size[0]));
  dataset.putAndInsertUint16(DCM_BitsAllocated, 16);
  dataset.putAndInsertUint16(DCM_BitsStored, 16);
  dataset.putAndInsertUint16(DCM_HighBit, 15);
  dataset.putAndInsertUint16(DCM_PixelRepresentation, 0);
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
  const auto stored = stored_slice(volume, z, scale);
  dataset.putAndInsertUint16Array(DCM_PixelData, stored.data(), static_cast<unsigned long>(stored.size()));
}

void put_image(DcmItem& dataset, const SeriesTemplate& series, int z, const Now& time) {
  put(dataset, DCM_InstanceNumber, std::to_string(z + 1));
  put(dataset, DCM_ImageType, join(series.series.image_type, "\\"));
  if (storage_class_of(series.series.modality) == UID_SecondaryCaptureImageStorage)
    put(dataset, DCM_PatientOrientation, "");
  put(dataset, DCM_ContentDate, time.date);
  put(dataset, DCM_ContentTime, time.time);
  put(dataset, DCM_InstanceCreationDate, time.date);
  put(dataset, DCM_InstanceCreationTime, time.time);
  put_unless_empty(dataset, DCM_ImageComments, series.image_comments);
  put_unless_empty(dataset, DCM_DerivationDescription, shortened(series.derivation_description, 1024));
  put(dataset, DCM_BurnedInAnnotation, "NO");
  if (!series.series.lossy) return;
  put(dataset, DCM_LossyImageCompression, "01");
  put_unless_empty(dataset, DCM_LossyImageCompressionRatio, series.series.lossy_ratio);
}

} // namespace

std::string storage_class_of(const std::string& modality) {
  if (modality == "MR") return UID_MRImageStorage;
  if (modality == "CT") return UID_CTImageStorage;
  return UID_SecondaryCaptureImageStorage;
}

Result<void> write_slice(const std::filesystem::path& path, const SeriesTemplate& series, const Volume& volume,
                         const StoredScale& scale, const WindowLevel& window, int z) {
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  const std::string storage_class = storage_class_of(series.series.modality);
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
  put_image(dataset, series, z, time);
  put_plane(dataset, volume.geometry(), z);
  put_source_images(dataset, series, volume.geometry(), z);
  put_pixels(dataset, series, volume, scale, window, z);
  return save_dicom(path, file);
}

} // namespace bloch::imaging
