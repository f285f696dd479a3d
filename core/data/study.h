#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/data/dicom_object.h"
#include "core/data/raw_data.h"
#include "core/data/series.h"

namespace bloch {

struct StudyInfo {
  std::string uid;
  std::string id;
  std::string date; ///< YYYYMMDD
  std::string time; ///< HHMMSS.FFFFFF
  std::string description;
  std::string accession_number;
  std::string institution;
  std::string referring_physician;
  std::vector<SeriesInfo> series;  ///< by series number, then UID
  std::vector<ObjectInfo> objects; ///< what is no image series; by series number, then UID
};

/// All text is UTF-8 whatever the file's character set was.
struct PatientInfo {
  std::string name; ///< DICOM form, family^given
  std::string id;
  std::string birth_date;         ///< YYYYMMDD
  std::string sex;                ///< M, F, O or empty
  std::string age;                ///< as stored at the newest study, "034Y"
  std::vector<StudyInfo> studies; ///< newest first
};

/// A file that could not be used, and why, in one sentence.
struct RejectedFile {
  std::filesystem::path path;
  std::string reason;
};

/// What a set of files and folders holds.
struct StudyIndex {
  std::vector<PatientInfo> patients;  ///< by name
  std::vector<RejectedFile> rejected; ///< by path
  /// k-space, by path, and complex arrays that may be k-space: those can be series too, as images.
  std::vector<RawDataInfo> raw_data;
};

/// A series with what it belongs to.
struct SeriesPlace {
  const PatientInfo* patient = nullptr;
  const StudyInfo* study = nullptr;
  const SeriesInfo* series = nullptr;
};

/// An object with what it belongs to.
struct ObjectPlace {
  const PatientInfo* patient = nullptr;
  const StudyInfo* study = nullptr;
  const ObjectInfo* object = nullptr;
};

/// Every object, in the order of the index. The pointers are into the index.
std::vector<ObjectPlace> all_objects(const StudyIndex& index);

/// Every series, in the order of the index. The pointers are into the index.
std::vector<SeriesPlace> all_series(const StudyIndex& index);

} // namespace bloch
