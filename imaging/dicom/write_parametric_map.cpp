#include <dcmtk/dcmdata/dcuid.h>

#include "imaging/dicom/detail/multi_frame_writer.h"
#include "imaging/dicom/write_objects.h"

namespace bloch::imaging {
namespace {

constexpr const char* map_type = "DERIVED\\PRIMARY\\VOLUME\\NONE";

void put_identity(DcmItem& shared) {
  DcmItem& values = add_item(shared, DCM_PixelValueTransformationSequence);
  put(values, DCM_RescaleIntercept, "0");
  put(values, DCM_RescaleSlope, "1");
  put(values, DCM_RescaleType, "US");
}

void put_float_mapping(DcmItem& shared, const SeriesTemplate& series, const Volume& volume) {
  const ValueRange range = value_range(volume);
  DcmItem& mapping = add_item(shared, DCM_RealWorldValueMappingSequence);
  mapping.putAndInsertFloat64(DCM_DoubleFloatRealWorldValueFirstValueMapped, range.minimum);
  mapping.putAndInsertFloat64(DCM_DoubleFloatRealWorldValueLastValueMapped, range.maximum);
  mapping.putAndInsertFloat64(DCM_RealWorldValueIntercept, 0);
  mapping.putAndInsertFloat64(DCM_RealWorldValueSlope, 1);
  const std::string& description = series.series.description;
  put(mapping, DCM_LUTExplanation, description.empty() ? "Parametric map" : shortened(description, 64));
  put(mapping, DCM_LUTLabel, "RWV");
  put_unit(mapping, series);
}

} // namespace

Result<void> write_parametric_map(const std::filesystem::path& path, const Volume& given,
                                  const SeriesPlace& source, const DerivedSeries& derived,
                                  const Progress& progress) {
  const Volume volume = right_handed(given);
  SeriesTemplate series;
  BLOCH_CHECK(fill_template(series, volume.geometry(), source, derived));
  const MultiFrameHeader header{UID_ParametricMapStorage, series.series.modality, map_type, "MAP", true, true};
  const auto frames = all_slices(volume.geometry());
  BLOCH_CHECK(check_object(header, series, volume.geometry(), frames.size(), 32));
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  put_multi_frame(dataset, header, series, volume.geometry(), frames);
  dataset.putAndInsertUint16(DCM_BitsAllocated, 32);
  put(dataset, DCM_ContentQualification, "RESEARCH");
  put(dataset, DCM_RecognizableVisualFeatures, "NO");
  put(dataset, DCM_PresentationLUTShape, "IDENTITY");
  dataset.insertEmptyElement(DCM_AcquisitionContextSequence);
  DcmItem& shared = shared_groups(dataset);
  put(add_item(shared, DCM_ParametricMapFrameTypeSequence), DCM_FrameType, map_type);
  put_identity(shared);
  put_float_mapping(shared, series, volume);
  const auto samples = to_float(volume);
  BLOCH_CHECK(inserted(dataset.putAndInsertFloat32Array(DCM_FloatPixelData, samples.data(),
                                                        static_cast<unsigned long>(samples.size()))));
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped while writing; nothing was written");
  return save_object(path, file);
}

} // namespace bloch::imaging
