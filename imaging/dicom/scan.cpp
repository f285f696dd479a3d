#include "imaging/dicom/scan.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "core/base/file.h"
#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/instance.h"
#include "imaging/dicom/detail/series_maker.h"
#include "imaging/dicom/dicomdir.h"
#include "imaging/dicom/list_files.h"
#include "imaging/dicom/medium_name.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

struct Candidate {
  fs::path path;
  std::optional<Result<Instance>> read;
};

Result<std::vector<fs::path>> files_below(std::span<const fs::path> paths,
                                          std::vector<RejectedFile>& rejected) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (!fs::exists(status)) return failure(file_error(path, code ? code.value() : ENOENT, false));
    if (fs::is_directory(status))
      list_files(path, files, rejected);
    else
      files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

/// Adds the files that directories name, wherever they lie, and takes the directories out.
void follow_directories(std::vector<fs::path>& files, std::vector<RejectedFile>& rejected) {
  std::vector<fs::path> directories;
  for (const fs::path& file : files)
    if (is_dicomdir_name(file)) directories.push_back(file);
  if (directories.empty()) return;
  std::set<fs::path> all(files.begin(), files.end());
  std::set<fs::path> normal; // the same file by another spelling of its path is the same file
  for (const fs::path& file : all) normal.insert(file.lexically_normal());
  for (const fs::path& directory : directories) {
    auto read = read_dicomdir(directory);
    if (!read) continue; // refused as any other file, with its reason
    all.erase(directory);
    const std::size_t missing = read->missing.size();
    rejected.push_back({directory, fmt::format("a DICOMDIR: {} of the {} files that it names are there",
                                               read->files.size(), read->files.size() + missing)});
    for (RejectedFile& file : read->missing) rejected.push_back(std::move(file));
    for (const fs::path& file : read->files)
      if (normal.insert(file.lexically_normal()).second) all.insert(file);
  }
  files.assign(all.begin(), all.end());
}

/// Size and time of a file, to see whether it is still being written.
using FileState = std::pair<std::uintmax_t, fs::file_time_type>;

FileState state_of(const fs::path& path) {
  std::error_code code;
  const auto size = fs::file_size(path, code);
  const auto time = fs::last_write_time(path, code);
  return {code ? 0 : size, code ? fs::file_time_type() : time};
}

bool was_just_written(const FileState& state) {
  const auto age = fs::file_time_type::clock::now() - state.second;
  return age < std::chrono::minutes(1) && age > -std::chrono::minutes(1);
}

Result<Instance> read_without_throwing(const fs::path& path) {
  try {
    return read_instance(path);
  } catch (const std::bad_alloc&) {
    return failure(ErrorKind::out_of_memory, "its header needs more memory than there is");
  } catch (const std::exception& error) {
    return failure(ErrorKind::malformed, std::string("damaged DICOM file: ") + error.what());
  }
}

/// A file that changes meanwhile is not taken: its pixels may not be there yet.
Result<Instance> read_settled(const fs::path& path) {
  const FileState before = state_of(path);
  auto instance = read_without_throwing(path);
  if (instance && state_of(path) != before)
    return failure(ErrorKind::malformed, "it changed while it was read: it is still being written; scan again");
  if (!instance && instance.error().kind == ErrorKind::malformed && was_just_written(before))
    instance.error().message += "; it was written just now and may not be complete: scan again";
  return instance;
}

/// Instances of one series by path; the same instance a second time is a copy or another encoding of it.
std::vector<Instance> without_copies(std::vector<Instance> instances, std::vector<RejectedFile>& rejected) {
  std::map<std::tuple<std::string, int>, fs::path> known;
  std::vector<Instance> kept;
  for (Instance& instance : instances) {
    const auto key = std::tuple(instance.sop_instance_uid, instance.number);
    const auto [place, fresh] = known.emplace(key, instance.path);
    if (fresh || instance.sop_instance_uid.empty())
      kept.push_back(std::move(instance));
    else
      rejected.push_back(
          {instance.path, "the same instance as '" + place->second.filename().string() + "', which is used"});
  }
  return kept;
}

using SeriesKey = std::pair<std::string, std::string>; ///< study, series

std::string patient_key(const PatientInfo& patient) {
  return patient.id + '\n' + patient.name + '\n' + patient.birth_date;
}

/// Patients by what tells them apart, each with its studies by UID.
using PatientGroups = std::map<std::string, std::pair<PatientInfo, std::map<std::string, StudyInfo>>>;

StudyInfo& study_of(PatientGroups& patients, const Instance& instance) {
  auto& [patient, studies] =
      patients.try_emplace(patient_key(instance.patient), instance.patient, std::map<std::string, StudyInfo>())
          .first->second;
  return studies.try_emplace(instance.study.uid, instance.study).first->second;
}

StudyIndex group(std::vector<Candidate> candidates) {
  StudyIndex index;
  std::map<SeriesKey, std::vector<Instance>> groups;
  std::vector<Instance> objects;
  for (Candidate& candidate : candidates) {
    if (!*candidate.read) {
      index.rejected.push_back({candidate.path, without_path(candidate.read->error().message, candidate.path)});
      continue;
    }
    Instance& instance = **candidate.read;
    if (instance.object) {
      objects.push_back(std::move(instance));
      continue;
    }
    if (instance.series.uid.empty()) instance.series.uid = "no-uid:" + candidate.path.string();
    groups[{instance.study.uid, instance.series.uid}].push_back(std::move(instance));
  }
  PatientGroups patients;
  for (auto& [key, instances] : groups) {
    const std::vector<Instance> kept = without_copies(std::move(instances), index.rejected);
    for (SeriesInfo& series : make_series(kept))
      study_of(patients, kept.front()).series.push_back(std::move(series));
  }
  for (Instance& instance : without_copies(std::move(objects), index.rejected))
    study_of(patients, instance).objects.push_back(std::move(*instance.object));
  for (auto& [key, entry] : patients) {
    for (auto& [uid, study] : entry.second) entry.first.studies.push_back(std::move(study));
    index.patients.push_back(std::move(entry.first));
  }
  return index;
}

void sort(StudyIndex& index) {
  std::stable_sort(index.patients.begin(), index.patients.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  std::sort(index.rejected.begin(), index.rejected.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  for (PatientInfo& patient : index.patients) {
    std::stable_sort(patient.studies.begin(), patient.studies.end(), [](const auto& a, const auto& b) {
      return std::tie(b.date, b.time, a.uid) < std::tie(a.date, a.time, b.uid);
    });
    const auto by_number = [](const auto& a, const auto& b) {
      return std::tie(a.number, a.uid) < std::tie(b.number, b.uid);
    };
    for (StudyInfo& study : patient.studies) {
      std::stable_sort(study.series.begin(), study.series.end(), by_number);
      std::stable_sort(study.objects.begin(), study.objects.end(), by_number);
    }
  }
}

} // namespace

Result<StudyIndex> scan(std::span<const fs::path> paths, const Progress& progress) {
  BLOCH_CHECK(prepare_dcmtk());
  std::vector<RejectedFile> rejected;
  BLOCH_TRY(files, files_below(paths, rejected));
  follow_directories(files, rejected);
  std::vector<Candidate> candidates;
  candidates.reserve(files.size());
  for (fs::path& file : files) candidates.push_back({std::move(file), std::nullopt});
  std::atomic<std::size_t> done{0};
  parallel_for(0, candidates.size(), [&](std::size_t i) {
    if (progress.cancelled()) return;
    candidates[i].read.emplace(read_settled(candidates[i].path));
    if (const std::size_t count = ++done; count % 16 == 0)
      progress.report(static_cast<double>(count) / static_cast<double>(candidates.size()));
  });
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped while reading headers");
  StudyIndex index = group(std::move(candidates));
  index.rejected.insert(index.rejected.end(), rejected.begin(), rejected.end());
  sort(index);
  progress.report(1);
  return index;
}

} // namespace bloch::imaging
