#include "imaging/dicom/detail/dataset_writer.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <ctime>
#include <set>

#include <fmt/format.h>

#include "core/base/contract.h"
#include "core/base/file.h"
#include "core/base/version.h"

namespace bloch::imaging {
namespace {

/// Of which there is one: its series says no side, and any other's must (PS3.3 C.7.3.1, Laterality). The parts
/// of PS3.16 Annex L that have no left and right.
bool is_unpaired_part(const std::string& body_part) {
  static const std::set<std::string> parts = {"ABDOMEN",
                                              "ABDOMENPELVIS",
                                              "AORTA",
                                              "BACK",
                                              "BLADDER",
                                              "BRAIN",
                                              "CEREBELLUM",
                                              "CERVIX",
                                              "CHEST",
                                              "CHESTABDOMEN",
                                              "CHESTABDPELVIS",
                                              "CIRCLEOFWILLIS",
                                              "COCCYX",
                                              "COLON",
                                              "CORONARYARTERY",
                                              "CSPINE",
                                              "CTSPINE",
                                              "DUODENUM",
                                              "ESOPHAGUS",
                                              "FACE",
                                              "GALLBLADDER",
                                              "HEAD",
                                              "HEADNECK",
                                              "HEART",
                                              "ILEUM",
                                              "ILIUM",
                                              "JAW",
                                              "JEJUNUM",
                                              "LARYNX",
                                              "LIVER",
                                              "LSPINE",
                                              "LSSPINE",
                                              "MAXILLA",
                                              "MEDIASTINUM",
                                              "MOUTH",
                                              "NECK",
                                              "NECKCHEST",
                                              "NECKCHESTABDOMEN",
                                              "NECKCHESTABDPELV",
                                              "NOSE",
                                              "PANCREAS",
                                              "PELVIS",
                                              "PENIS",
                                              "PHARYNX",
                                              "PROSTATE",
                                              "RECTUM",
                                              "SCALP",
                                              "SKULL",
                                              "SPINE",
                                              "SPLEEN",
                                              "SSPINE",
                                              "STERNUM",
                                              "STOMACH",
                                              "THYMUS",
                                              "THYROID",
                                              "TLSPINE",
                                              "TONGUE",
                                              "TRACHEA",
                                              "TSPINE",
                                              "URETER",
                                              "URETHRA",
                                              "UTERUS",
                                              "VAGINA",
                                              "VULVA",
                                              "WHOLEBODY"};
  return parts.contains(body_part);
}

} // namespace

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  item.putAndInsertString(tag, value.c_str());
}
void put_whole(DcmItem& item, const DcmTagKey& tag, int value) { put(item, tag, std::to_string(value)); }
void put_pixel_bits(DcmItem& item, unsigned short bits) {
  item.putAndInsertUint16(DCM_BitsAllocated, bits);
  item.putAndInsertUint16(DCM_BitsStored, bits);
  item.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(bits - 1));
  item.putAndInsertUint16(DCM_PixelRepresentation, 0);
}
void put_unless_empty(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  if (!value.empty()) put(item, tag, value);
}

std::string shortened(std::string text, std::size_t characters) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && count++ == characters) {
      text.resize(i);
      break;
    }
  return text;
}

std::string vector_text(const Eigen::Vector3d& v) {
  return decimal_string(v[0]) + "\\" + decimal_string(v[1]) + "\\" + decimal_string(v[2]);
}

DcmItem& add_item(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* added = nullptr;
  item.findOrCreateSequenceItem(sequence, added, -2); // -2: at the end
  BLOCH_EXPECTS(added != nullptr);
  return *added;
}

void put_code(DcmItem& item, const DcmTagKey& sequence, const std::string& value, const std::string& scheme,
              const std::string& meaning) {
  DcmItem& code = add_item(item, sequence);
  put(code, DCM_CodeValue, value);
  put(code, DCM_CodingSchemeDesignator, scheme);
  put(code, DCM_CodeMeaning, shortened(meaning, 64));
}

Now now() {
  const std::time_t seconds = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return {fmt::format("{:04}{:02}{:02}", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday),
          fmt::format("{:02}{:02}{:02}", local.tm_hour, local.tm_min, local.tm_sec)};
}

namespace {

/// ACR-NEMA wrote 1997.04.24 and 14:04:38, which DICOM still reads but does not write (PS3.5 6.2).
std::string without(std::string text, char separator) {
  std::erase(text, separator);
  return text;
}

} // namespace

void put_patient_and_study(DcmItem& dataset, const SeriesTemplate& series) {
  put(dataset, DCM_PatientName, series.patient.name);
  put(dataset, DCM_PatientID, series.patient.id);
  put(dataset, DCM_PatientBirthDate, without(series.patient.birth_date, '.'));
  put(dataset, DCM_PatientSex, series.patient.sex);
  if (series.patient.age.size() == 4) put(dataset, DCM_PatientAge, series.patient.age);
  put(dataset, DCM_StudyInstanceUID, series.study.uid);
  put(dataset, DCM_StudyDate, without(series.study.date, '.'));
  put(dataset, DCM_StudyTime, without(series.study.time, ':'));
  put(dataset, DCM_StudyID, shortened(series.study.id, 16));
  put(dataset, DCM_AccessionNumber, shortened(series.study.accession_number, 16));
  put(dataset, DCM_ReferringPhysicianName, series.study.referring_physician);
  put_unless_empty(dataset, DCM_StudyDescription, shortened(series.study.description, 64));
}

void put_equipment(DcmItem& dataset, const SeriesTemplate& series) {
  put(dataset, DCM_Manufacturer,
      shortened(series.series.manufacturer.empty() ? "Bloch" : series.series.manufacturer, 64));
  put_unless_empty(dataset, DCM_InstitutionName, shortened(series.study.institution, 64));
  put(dataset, DCM_SoftwareVersions, std::string("Bloch ") + version());
  if (!series.derived) return;
  DcmItem& item = add_item(dataset, DCM_ContributingEquipmentSequence);
  put(item, DCM_Manufacturer, "Bloch");
  put(item, DCM_SoftwareVersions, version());
  put_code(item, DCM_PurposeOfReferenceCodeSequence, "109102", "DCM", "Processing Equipment");
}

void put_series(DcmItem& dataset, const SeriesTemplate& series, const Now& time) {
  const SeriesInfo& info = series.series;
  put(dataset, DCM_Modality, info.modality);
  put(dataset, DCM_SeriesInstanceUID, info.uid);
  put_whole(dataset, DCM_SeriesNumber, info.number);
  put(dataset, DCM_SeriesDate, info.date.empty() ? time.date : without(info.date, '.'));
  put(dataset, DCM_SeriesTime, info.time.empty() ? time.time : without(info.time, ':'));
  put_unless_empty(dataset, DCM_SeriesDescription, shortened(info.description, 64));
  put_unless_empty(dataset, DCM_ProtocolName, shortened(info.protocol, 64));
  if (!is_unpaired_part(info.body_part))
    put(dataset, DCM_Laterality, ""); // which of a pair, if of one, is not known
  put_unless_empty(dataset, DCM_BodyPartExamined, shortened(info.body_part, 16));
  put(dataset, DCM_FrameOfReferenceUID, info.frame_of_reference_uid);
  put(dataset, DCM_PositionReferenceIndicator, "");
}

void put_unit(DcmItem& mapping, const SeriesTemplate& series) {
  const bool hounsfield = series.quantity.empty() && series.series.modality == "CT";
  if (hounsfield)
    put_code(mapping, DCM_MeasurementUnitsCodeSequence, "[hnsf'U]", "UCUM", "Hounsfield unit");
  else if (series.quantity.empty() || series.quantity == "1")
    put_code(mapping, DCM_MeasurementUnitsCodeSequence, "1", "UCUM", "no units");
  else
    put_code(mapping, DCM_MeasurementUnitsCodeSequence, series.quantity, "UCUM", series.quantity);
}

void put_real_world_mapping(DcmItem& dataset, const SeriesTemplate& series, const StoredScale& scale) {
  DcmItem* mapping = nullptr;
  if (dataset.findOrCreateSequenceItem(DCM_RealWorldValueMappingSequence, mapping, 0).bad() || !mapping) return;
  const bool hounsfield = series.quantity.empty() && series.series.modality == "CT";
  mapping->putAndInsertUint16(DCM_RealWorldValueFirstValueMapped, 0);
  mapping->putAndInsertUint16(DCM_RealWorldValueLastValueMapped, 65535);
  mapping->putAndInsertFloat64(DCM_RealWorldValueIntercept, scale.intercept);
  mapping->putAndInsertFloat64(DCM_RealWorldValueSlope, scale.slope);
  put(*mapping, DCM_LUTExplanation,
      hounsfield                ? "Hounsfield units"
      : series.quantity.empty() ? "arbitrary units"
                                : "real-world values");
  put(*mapping, DCM_LUTLabel, "RWV");
  put_unit(*mapping, series);
}

void put_source_image(DcmItem& item, const SourceImage& image) {
  DcmItem& source = add_item(item, DCM_SourceImageSequence);
  put(source, DCM_ReferencedSOPClassUID, image.sop_class_uid);
  put(source, DCM_ReferencedSOPInstanceUID, image.sop_instance_uid);
  if (image.frame > 0) put_whole(source, DCM_ReferencedFrameNumber, image.frame);
  put_code(source, DCM_PurposeOfReferenceCodeSequence, "121322", "DCM",
           "Source image for image processing operation");
}

namespace {

double smallest_distance_mm(const SeriesTemplate& series, const VolumeGeometry& geometry) {
  double smallest = geometry.spacing_mm[2];
  for (int z = 1; z < static_cast<int>(series.slice_origins.size()); ++z) {
    const Eigen::Vector3d step = series.origin_of(geometry, z).mm - series.origin_of(geometry, z - 1).mm;
    smallest = std::min(smallest, std::abs(step.dot(geometry.direction.col(2))));
  }
  return smallest;
}

} // namespace

double slice_thickness_mm(const SeriesTemplate& series, const VolumeGeometry& geometry) {
  if (series.slice_origins.empty()) return geometry.spacing_mm[2];
  return series.stated_thickness_mm > 0 ? series.stated_thickness_mm : smallest_distance_mm(series, geometry);
}

void put_source_images(DcmItem& item, const SeriesTemplate& series, const VolumeGeometry& geometry, int z) {
  const Eigen::Vector3d normal = geometry.direction.col(2);
  const double place = series.origin_of(geometry, z).mm.dot(normal);
  const double tolerance_mm = 0.25 * smallest_distance_mm(series, geometry);
  for (const SourceImage& image : series.source_images) {
    if (std::abs(image.position.dot(normal) - place) > tolerance_mm) continue;
    put_source_image(item, image);
  }
}

Result<void> inserted(const OFCondition& condition) {
  if (condition.good()) return {};
  return failure(ErrorKind::failed,
                 std::string("the pixels could not be put into the DICOM file: ") + condition.text());
}

Result<void> save_dicom(const std::filesystem::path& path, DcmFileFormat& file) {
  errno = 0;
  const OFCondition saved = file.saveFile(path.c_str(), EXS_LittleEndianExplicit);
  if (saved.good()) return {};
  if (errno != 0) return failure(file_error(path, errno, true));
  return failure(ErrorKind::not_writable, std::string("the DICOM file could not be written: ") + saved.text());
}

} // namespace bloch::imaging
