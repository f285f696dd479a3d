#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/data/series.h"

namespace bloch {

/// What a DICOM file holds that is no image series.
enum class ObjectKind {
  segmentation,       ///< SEG, binary, fractional or label map: opens as segments over its series
  structure_set,      ///< RTSTRUCT: opens as contours over its series
  report,             ///< SR: opens as text
  key_objects,        ///< KO: opens as text, with the images it marks
  presentation_state, ///< GSPS and its kin: opens as drawings over its images, with its window, and as text
  document,           ///< encapsulated PDF, CDA or 3D model: its file is saved or opened by the system
  other               ///< listed by its name
};

/// "segmentation", "structure-set", "report", "key-objects", "presentation-state", "document", "other".
const char* object_kind_name(ObjectKind kind);

/// Images of one series that an object is about; no instances: the whole series.
struct ObjectReference {
  std::string series_uid;
  std::vector<std::string> instance_uids;
};

/// One such object as its header tells it. All text is UTF-8.
struct ObjectInfo {
  std::string uid; ///< SOP instance
  std::string series_uid;
  ObjectKind kind = ObjectKind::other;
  std::string name;        ///< "Segmentation", "Waveform"
  std::string modality;    ///< "SEG", "SR", "ECG"
  std::string description; ///< of the content, else of the series
  std::string date;        ///< YYYYMMDD
  std::string sop_class_uid;
  std::string transfer_syntax;
  std::string frame_of_reference_uid; ///< empty: none
  int number = 0;                     ///< of its series
  std::filesystem::path path;
  std::vector<ObjectReference> references;
  std::vector<std::string> parts;   ///< names of the segments or regions; title of a report
  std::vector<WindowLevel> windows; ///< of a presentation state
  /// Of a presentation state: whether small values are bright (Presentation LUT Shape), whatever its images say
  /// of themselves (PS3.4 N.2.1.4); nothing: it does not say.
  std::optional<bool> inverse;
};

} // namespace bloch
