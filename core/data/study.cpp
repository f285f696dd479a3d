#include "core/data/study.h"

namespace bloch {

std::vector<SeriesPlace> all_series(const StudyIndex& index) {
  std::vector<SeriesPlace> places;
  for (const auto& patient : index.patients)
    for (const auto& study : patient.studies)
      for (const auto& series : study.series) places.push_back({&patient, &study, &series});
  return places;
}

std::vector<ObjectPlace> all_objects(const StudyIndex& index) {
  std::vector<ObjectPlace> places;
  for (const auto& patient : index.patients)
    for (const auto& study : patient.studies)
      for (const auto& object : study.objects) places.push_back({&patient, &study, &object});
  return places;
}

} // namespace bloch
