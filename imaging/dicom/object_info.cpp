#include "imaging/dicom/detail/object_info.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <dcmtk/dcmdata/dcuid.h>

#include "imaging/dicom/detail/voi_windows.h"

namespace bloch::imaging {
namespace {

struct ObjectClass {
  const char* uid; ///< of the class, or of all below it
  ObjectKind kind;
  const char* name;
};

/// Objects with or without pixels that are not images to look at; the first that fits counts.
constexpr ObjectClass object_classes[] = {
    {"1.2.840.10008.5.1.4.1.1.88.59", ObjectKind::key_objects, "Key Object Selection"},
    {"1.2.840.10008.5.1.4.1.1.88", ObjectKind::report, "Structured Report"},
    {"1.2.840.10008.5.1.4.1.1.11", ObjectKind::presentation_state, "Presentation State"},
    {"1.2.840.10008.5.1.4.1.1.104.1", ObjectKind::document, "Encapsulated PDF"},
    {"1.2.840.10008.5.1.4.1.1.104.2", ObjectKind::document, "Encapsulated CDA document"},
    {"1.2.840.10008.5.1.4.1.1.104", ObjectKind::document, "Encapsulated 3D model"},
    {"1.2.840.10008.5.1.4.1.1.481.3", ObjectKind::structure_set, "RT Structure Set"},
    {"1.2.840.10008.5.1.4.1.1.481.5", ObjectKind::other, "RT Plan"},
    {"1.2.840.10008.5.1.4.1.1.481.8", ObjectKind::other, "RT Ion Plan"},
    {"1.2.840.10008.5.1.4.1.1.481.4", ObjectKind::other, "RT treatment record"},
    {"1.2.840.10008.5.1.4.1.1.481.6", ObjectKind::other, "RT treatment record"},
    {"1.2.840.10008.5.1.4.1.1.481.7", ObjectKind::other, "RT treatment record"},
    {"1.2.840.10008.5.1.4.1.1.66.4", ObjectKind::segmentation, "Segmentation"},
    {"1.2.840.10008.5.1.4.1.1.66.7", ObjectKind::segmentation, "Label Map Segmentation"},
    {"1.2.840.10008.5.1.4.1.1.66.5", ObjectKind::other, "Surface Segmentation"},
    {"1.2.840.10008.5.1.4.1.1.66.1", ObjectKind::other, "Spatial Registration"},
    {"1.2.840.10008.5.1.4.1.1.66.2", ObjectKind::other, "Spatial Fiducials"},
    {"1.2.840.10008.5.1.4.1.1.66.3", ObjectKind::other, "Deformable Spatial Registration"},
    {"1.2.840.10008.5.1.4.1.1.66.6", ObjectKind::other, "Tractography results"},
    {"1.2.840.10008.5.1.4.1.1.67", ObjectKind::other, "Real World Value Mapping"},
    {"1.2.840.10008.5.1.4.1.1.66", ObjectKind::other, "Raw data"},
    {"1.2.840.10008.5.1.4.1.1.4.2", ObjectKind::other, "MR spectroscopy"},
    {"1.2.840.10008.5.1.4.1.1.9", ObjectKind::other, "Waveform"},
    {"1.2.840.10008.5.1.4.1.1.91.1", ObjectKind::other, "Microscopy annotations"},
    {"1.3.12.2.1107.5.9.1", ObjectKind::other, "Siemens CSA private object"},
};

bool begins_with_uid(const std::string& uid, const std::string& root) {
  return uid == root || uid.starts_with(root + ".");
}

const ObjectClass* class_of(const std::string& sop_class) {
  for (const ObjectClass& known : object_classes)
    if (begins_with_uid(sop_class, known.uid)) return &known;
  return nullptr;
}

/// "CT Image" of "CTImageStorage".
std::string spaced(std::string name) {
  if (name.ends_with("Storage")) name.resize(name.size() - 7);
  std::string text;
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool begins =
        i > 0 && upper(name[i]) && (!upper(name[i - 1]) || (i + 1 < name.size() && !upper(name[i + 1])));
    text += begins ? std::string(" ") + name[i] : std::string(1, name[i]);
  }
  return text;
}

void add_reference(ObjectInfo& object, const std::string& series, const std::vector<DcmItem*>& instances) {
  const auto known =
      std::find_if(object.references.begin(), object.references.end(),
                   [&](const ObjectReference& reference) { return reference.series_uid == series; });
  ObjectReference& reference =
      known == object.references.end() ? object.references.emplace_back(ObjectReference{series, {}}) : *known;
  for (DcmItem* instance : instances)
    if (std::string uid = raw_value(*instance, DCM_ReferencedSOPInstanceUID); !uid.empty())
      reference.instance_uids.push_back(std::move(uid));
}

/// Series below an item, with the images that `instances` lists in each.
void add_series(ObjectInfo& object, DcmItem& item, const DcmTagKey& series, const DcmTagKey& instances) {
  for (DcmItem* one : items_of(item, series))
    add_reference(object, raw_value(*one, DCM_SeriesInstanceUID), items_of(*one, instances));
}

void read_references(DcmItem& dataset, ObjectInfo& object) {
  add_series(object, dataset, DCM_ReferencedSeriesSequence, DCM_ReferencedInstanceSequence);
  add_series(object, dataset, DCM_ReferencedSeriesSequence, DCM_ReferencedImageSequence);
  for (const DcmTagKey& evidence :
       {DCM_CurrentRequestedProcedureEvidenceSequence, DCM_PertinentOtherEvidenceSequence})
    for (DcmItem* study : items_of(dataset, evidence))
      add_series(object, *study, DCM_ReferencedSeriesSequence, DCM_ReferencedSOPSequence);
  for (DcmItem* frame : items_of(dataset, DCM_ReferencedFrameOfReferenceSequence)) {
    if (object.frame_of_reference_uid.empty())
      object.frame_of_reference_uid = raw_value(*frame, DCM_FrameOfReferenceUID);
    for (DcmItem* study : items_of(*frame, DCM_RTReferencedStudySequence))
      add_series(object, *study, DCM_RTReferencedSeriesSequence, DCM_ContourImageSequence);
  }
}

void read_parts(DcmItem& dataset, ObjectInfo& object) {
  const auto add = [&](std::string part) {
    if (!part.empty()) object.parts.push_back(std::move(part));
  };
  for (DcmItem* segment : items_of(dataset, DCM_SegmentSequence))
    add(DicomText(*segment, dataset)(DCM_SegmentLabel));
  for (DcmItem* region : items_of(dataset, DCM_StructureSetROISequence))
    add(DicomText(*region, dataset)(DCM_ROIName));
  if (object.kind == ObjectKind::report || object.kind == ObjectKind::key_objects)
    add(code_meaning(dataset, DCM_ConceptNameCodeSequence, dataset));
  if (object.kind != ObjectKind::presentation_state) return;
  const std::string shape = raw_value(dataset, DCM_PresentationLUTShape);
  if (shape == "INVERSE" || shape == "IDENTITY") object.inverse = shape == "INVERSE";
  for (DcmItem* item : items_of(dataset, DCM_SoftcopyVOILUTSequence)) {
    auto windows = read_windows(*item, dataset);
    object.windows.insert(object.windows.end(), std::make_move_iterator(windows.begin()),
                          std::make_move_iterator(windows.end()));
  }
}

/// The first of these that says something.
std::string description_of(DicomText& text, const std::string& series) {
  for (const DcmTagKey& tag :
       {DCM_DocumentTitle, DCM_StructureSetLabel, DCM_ContentDescription, DCM_RTPlanLabel})
    if (std::string found = text(tag); !found.empty()) return found;
  return series.empty() ? text(DCM_ContentLabel) : series;
}

} // namespace

std::string sop_class_name(const std::string& sop_class) {
  const char* name = dcmFindNameOfUID(sop_class.c_str());
  return name ? spaced(name) : "Object of class " + sop_class;
}

std::string code_meaning(DcmItem& item, const DcmTagKey& sequence, DcmItem& dataset) {
  DcmItem* code = first_item(item, sequence);
  return code ? DicomText(*code, dataset)(DCM_CodeMeaning) : std::string();
}

std::optional<ObjectInfo> read_object_info(const DicomFile& file, const Instance& instance) {
  const std::string& sop_class = instance.series.sop_class_uid;
  const ObjectClass* known = class_of(sop_class);
  const std::string name = known ? known->name : sop_class_name(sop_class);
  const bool image = file.layout.pixel_element != 0 || name.find("Image") != std::string::npos;
  if (!known && (image || sop_class.empty() || sop_class == UID_MediaStorageDirectoryStorage))
    return std::nullopt;
  DcmItem& dataset = file.dataset();
  ObjectInfo object;
  object.uid = raw_value(dataset, DCM_SOPInstanceUID);
  object.series_uid = instance.series.uid;
  object.kind = known ? known->kind : ObjectKind::other;
  object.name = name;
  object.modality = instance.series.modality;
  DicomText text(dataset);
  object.description = description_of(text, instance.series.description);
  object.date = text(DCM_ContentDate);
  if (object.date.empty()) object.date = instance.series.date;
  object.sop_class_uid = sop_class;
  object.transfer_syntax = file.layout.transfer_syntax;
  object.frame_of_reference_uid = instance.series.frame_of_reference_uid;
  object.number = instance.series.number;
  object.path = instance.path;
  read_references(dataset, object);
  read_parts(dataset, object);
  return object;
}

} // namespace bloch::imaging
