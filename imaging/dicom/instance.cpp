#include "imaging/dicom/detail/instance.h"

#include <algorithm>

#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>

#include "imaging/dicom/detail/frame_groups.h"
#include "imaging/dicom/detail/known_pixels.h"
#include "imaging/dicom/detail/modality_values.h"
#include "imaging/dicom/detail/mosaic.h"
#include "imaging/dicom/detail/object_info.h"
#include "imaging/dicom/detail/overlay_plane.h"
#include "imaging/dicom/detail/suv.h"
#include "imaging/dicom/detail/ultrasound_regions.h"
#include "imaging/dicom/detail/voi_windows.h"

namespace bloch::imaging {
namespace {

constexpr int most_frames = 65536;

/// A file may claim any number of frames; its bytes bound it before anything is sized by it.
Result<int> checked_frame_count(const DicomFile& file) {
  DcmItem& dataset = file.dataset();
  const int frames = std::max(1, integer_value(dataset, DCM_NumberOfFrames, 1));
  const double rows = integer_value(dataset, DCM_Rows);
  const double columns = integer_value(dataset, DCM_Columns);
  if (rows < 1 || columns < 1) return failure(ErrorKind::malformed, "an image without rows or columns");
  if (frames > most_frames)
    return failure(ErrorKind::unsupported, fmt::format("{} frames in one file are more than are read", frames));
  if (file.layout.encapsulated) {
    if (static_cast<std::size_t>(frames) > file.layout.fragments.size())
      return failure(ErrorKind::malformed,
                     fmt::format("its pixel data is cut off: {} frames claimed, {} fragments there", frames,
                                 file.layout.fragments.size()));
    return frames;
  }
  double bits = integer_value(dataset, DCM_BitsAllocated, 16);
  if (file.layout.pixel_element == 0x08) bits = 32;
  if (file.layout.pixel_element == 0x09) bits = 64;
  double samples = std::max(1, integer_value(dataset, DCM_SamplesPerPixel, 1));
  const std::string photometric = raw_value(dataset, DCM_PhotometricInterpretation);
  if (photometric == "YBR_FULL_422" || photometric == "YBR_PARTIAL_422") samples = 2;
  const double bytes = rows * columns * samples * bits / 8 * frames;
  if (bytes > static_cast<double>(file.layout.pixels.length) + 0.99)
    return failure(
        ErrorKind::malformed,
        fmt::format("its pixel data is cut off: {} frames of {} x {} need {:.0f} bytes, {} are there", frames,
                    columns, rows, bytes, file.layout.pixels.length));
  return frames;
}

bool is_colour(DcmItem& dataset) {
  const std::string photometric = raw_value(dataset, DCM_PhotometricInterpretation);
  return integer_value(dataset, DCM_SamplesPerPixel, 1) > 1 || photometric == "PALETTE COLOR";
}

void read_patient(DicomText& text, PatientInfo& patient) {
  patient.name = text(DCM_PatientName);
  patient.id = text(DCM_PatientID);
  patient.birth_date = text(DCM_PatientBirthDate);
  patient.sex = text(DCM_PatientSex);
  patient.age = text(DCM_PatientAge);
}

void read_study(DicomText& text, StudyInfo& study) {
  study.uid = text(DCM_StudyInstanceUID);
  study.id = text(DCM_StudyID);
  study.date = text(DCM_StudyDate);
  study.time = text(DCM_StudyTime);
  study.description = text(DCM_StudyDescription);
  study.accession_number = text(DCM_AccessionNumber);
  study.institution = text(DCM_InstitutionName);
  study.referring_physician = text(DCM_ReferringPhysicianName);
}

void read_series_text(DcmItem& dataset, DicomText& text, SeriesInfo& series) {
  series.uid = text(DCM_SeriesInstanceUID);
  series.modality = text(DCM_Modality);
  series.description = text(DCM_SeriesDescription);
  series.protocol = text(DCM_ProtocolName);
  series.body_part = text(DCM_BodyPartExamined);
  series.date = text(DCM_SeriesDate);
  series.time = text(DCM_SeriesTime);
  series.manufacturer = text(DCM_Manufacturer);
  series.frame_of_reference_uid = text(DCM_FrameOfReferenceUID);
  series.image_type = raw_values(dataset, DCM_ImageType);
  series.number = integer_value(dataset, DCM_SeriesNumber);
  series.field_strength_t = number_value(dataset, DCM_MagneticFieldStrength).value_or(0);
  series.lossy = raw_value(dataset, DCM_LossyImageCompression) == "01";
  series.lossy_ratio = text(DCM_LossyImageCompressionRatio);
}

/// MONOCHROME1 and a Presentation LUT Shape of INVERSE say the same (PS3.3 C.7.6.1, C.8.11.3): one of them is
/// enough, both of them turn the image around once.
bool is_inverse(DcmItem& dataset) {
  return raw_value(dataset, DCM_PhotometricInterpretation) == "MONOCHROME1" ||
         raw_value(dataset, DCM_PresentationLUTShape) == "INVERSE";
}

/// What the numbers of a parametric map (PS3.3 C.7.6.16.2.11) or a dose mean.
void read_unit(DcmItem& dataset, int frames, SeriesInfo& series) {
  if (series.sop_class_uid == UID_RTDoseStorage && raw_value(dataset, DCM_DoseUnits) == "GY")
    series.value_unit = "Gy";
  if (series.sop_class_uid != UID_ParametricMapStorage) return;
  DcmItem* mapping = frame_groups(dataset, frames).front().macro(DCM_RealWorldValueMappingSequence);
  DcmItem* unit = mapping ? first_item(*mapping, DCM_MeasurementUnitsCodeSequence) : nullptr;
  if (unit) series.value_unit = raw_value(*unit, DCM_CodeValue);
}

void read_suv(DcmItem& dataset, SeriesInfo& series) {
  if (const auto factor = read_suv_factor(dataset))
    series.suv_factor = *factor;
  else
    series.warnings.push_back({"no-suv", "no SUV: " + factor.error().message});
}

Error why_no_image(const std::string& sop_class) {
  if (sop_class == UID_MediaStorageDirectoryStorage)
    return {ErrorKind::unsupported, "a DICOMDIR (its files are read by themselves)"};
  if (sop_class.empty()) return {ErrorKind::unsupported, "a DICOM file of unknown class without pixel data"};
  return {ErrorKind::unsupported, "the object " + sop_class_name(sop_class) + " without pixel data"};
}

Result<void> read_frames(DcmItem& dataset, int frames, Instance& instance) {
  instance.rows = integer_value(dataset, DCM_Rows);
  instance.columns = integer_value(dataset, DCM_Columns);
  instance.frames = read_frame_headers(dataset, frames);
  BLOCH_TRY(mosaic, read_mosaic(dataset));
  if (!mosaic || frames != 1) return {};
  instance.mosaic = true;
  instance.rows = mosaic->tile_rows;
  instance.columns = mosaic->tile_columns;
  instance.frames = tile_headers(dataset, *mosaic, instance.frames.front());
  return {};
}

} // namespace

Result<Instance> read_instance(const std::filesystem::path& path) {
  BLOCH_TRY(file, open_dicom_header(path));
  DcmItem& dataset = file.dataset();
  Instance instance;
  instance.path = path;
  instance.series.sop_class_uid = raw_value(dataset, DCM_SOPClassUID);
  if (instance.series.sop_class_uid.empty()) instance.series.sop_class_uid = file.layout.media_class;
  instance.sop_instance_uid = raw_value(dataset, DCM_SOPInstanceUID);
  DicomText text(dataset);
  read_patient(text, instance.patient);
  read_study(text, instance.study);
  read_series_text(dataset, text, instance.series);
  instance.object = read_object_info(file, instance);
  if (instance.object) return instance;
  if (file.layout.pixel_element == 0) return failure(why_no_image(instance.series.sop_class_uid));
  BLOCH_TRY(frames, checked_frame_count(file));
  read_unit(dataset, frames, instance.series);
  instance.series.overlays = count_overlays(dataset);
  instance.series.windows = read_image_windows(dataset, frames);
  if (instance.series.modality == "PT") read_suv(dataset, instance.series);
  instance.series.transfer_syntax = file.layout.transfer_syntax;
  instance.series.instances = 1;
  instance.series.frames = frames;
  instance.number = integer_value(dataset, DCM_InstanceNumber);
  instance.burned_in = raw_value(dataset, DCM_BurnedInAnnotation);
  instance.colour = instance.series.colour = is_colour(dataset);
  instance.series.inverse = !instance.colour && is_inverse(dataset);
  BLOCH_CHECK(read_frames(dataset, frames, instance));
  instance.series.regions =
      read_ultrasound_regions(dataset, instance.columns, instance.rows, instance.series.warnings);
  // What cannot be decoded is said by whoever opens the series.
  if (const auto pixels = pixels_of(file, path)) {
    instance.series.padding = padding_values(*pixels);
    remember_pixels(file.bytes.identity(), *pixels);
  }
  if (text.guessed())
    instance.series.warnings.push_back({"character-set",
                                        "some text is not in the character set the file names, or that set is "
                                        "not known: it is a guess, read as "
                                        "UTF-8 or Latin-1"});
  return instance;
}

} // namespace bloch::imaging
