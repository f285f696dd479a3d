#include "imaging/dicom/dicomdir.h"

#include <algorithm>
#include <exception>
#include <map>
#include <new>
#include <optional>
#include <set>
#include <string>

#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/medium_name.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_records = 1'000'000;
constexpr std::size_t most_components = 64; ///< PS3.10 allows 8

bool stays_inside(const std::string& component) {
  return !component.empty() && component != "." && component != ".." &&
         component.find('/') == std::string::npos && component.find('\0') == std::string::npos;
}

/// Finds files by their names on a medium, one listing a folder.
class MediumNames {
 public:
  explicit MediumNames(fs::path root)
      : root_(std::move(root)) {}

  /// Nothing when there is no such file.
  std::optional<fs::path> find(const std::vector<std::string>& components) {
    fs::path place = root_;
    for (const std::string& component : components) {
      const auto& names = names_in(place);
      const auto found = names.find(medium_name(component));
      if (found == names.end()) return std::nullopt;
      place = found->second;
    }
    std::error_code code;
    if (!fs::is_regular_file(place, code)) return std::nullopt;
    return place;
  }

 private:
  const std::map<std::string, fs::path>& names_in(const fs::path& folder) {
    const auto [place, fresh] = listings_.try_emplace(folder);
    if (!fresh) return place->second;
    std::error_code code;
    for (fs::directory_iterator entry(folder, code); !code && entry != fs::directory_iterator();
         entry.increment(code))
      place->second.emplace(medium_name(entry->path().filename().string()), entry->path());
    return place->second;
  }

  fs::path root_;
  std::map<fs::path, std::map<std::string, fs::path>> listings_;
};

Result<DicomDirectory> read_records(const fs::path& path) {
  BLOCH_TRY(file, open_dicom_file(path));
  DcmDataset& dataset = file.dataset();
  DcmMetaInfo* meta = file.format->getMetaInfo();
  const std::string object = meta ? raw_value(*meta, DCM_MediaStorageSOPClassUID) : std::string();
  if (object != UID_MediaStorageDirectoryStorage && !dataset.tagExists(DCM_DirectoryRecordSequence))
    return failure(ErrorKind::unsupported, "it is no DICOMDIR: it has no directory records");
  const auto records = items_of(dataset, DCM_DirectoryRecordSequence);
  if (records.size() > most_records)
    return failure(ErrorKind::unsupported,
                   fmt::format("{} records in one DICOMDIR are more than are read; open "
                               "its folder instead",
                               records.size()));
  DicomDirectory directory;
  MediumNames names(path.parent_path().empty() ? fs::path(".") : path.parent_path());
  std::set<fs::path> known;
  for (DcmItem* record : records) {
    const auto components = raw_values(*record, DCM_ReferencedFileID);
    if (components.empty() || (components.size() == 1 && components.front().empty())) continue;
    const fs::path shown = path.parent_path() / join(components, "/");
    if (components.size() > most_components ||
        !std::all_of(components.begin(), components.end(), stays_inside)) {
      directory.missing.push_back(
          {shown, "named by the DICOMDIR with a name that is none on a medium; it is not looked for"});
      continue;
    }
    const auto found = names.find(components);
    if (!found)
      directory.missing.push_back({shown, "named by the DICOMDIR, but it is not there"});
    else if (known.insert(*found).second)
      directory.files.push_back(*found);
  }
  return directory;
}

} // namespace

Result<DicomDirectory> read_dicomdir(const fs::path& path) {
  try {
    return read_records(path);
  } catch (const std::bad_alloc&) {
    return failure(ErrorKind::out_of_memory, "its records need more memory than there is");
  } catch (const std::exception& error) { // DCMTK throws on some damaged values
    return failure(ErrorKind::malformed, std::string("damaged DICOM file: ") + error.what());
  }
}

} // namespace bloch::imaging
