#include "imaging/open/open.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "imaging/archive/archive.h"
#include "imaging/dicom/list_files.h"
#include "imaging/dicom/objects.h"
#include "imaging/dicom/read_colour.h"
#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "imaging/io/archive_name.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "imaging/open/open_object.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_uid = "file:";

bool is_image_file(const fs::path& path) {
  std::error_code code;
  return fs::is_regular_file(file_of(path), code) && image_format_of(path).has_value();
}

Result<void> check_there(const fs::path& path) {
  std::error_code code;
  if (fs::exists(file_of(path), code)) return {};
  return failure(file_error(path, code ? code.value() : ENOENT, false));
}

std::string name_without_ending(const fs::path& path) {
  std::string name = path.filename().string();
  if (const auto format = image_format_of(path))
    for (const std::string& extension : (*format)->extensions)
      if (lower_case(name).ends_with(extension)) return name.substr(0, name.size() - extension.size());
  return name;
}

bool may_be_raw_data(const fs::path& path) {
  std::error_code code;
  return kspace_format_of(path).has_value() && fs::is_regular_file(file_of(path), code);
}

/// What the file holds as k-space and complex numbers, where it does.
std::optional<RawDataInfo> raw_data_in(const fs::path& path, const fs::path& name) {
  if (!may_be_raw_data(path)) return std::nullopt;
  auto info = describe_raw_data(path);
  if (!info) return std::nullopt;
  info->path = name;
  return std::move(*info);
}

/// Of an image file of complex numbers: what else it may be.
Warning complex_warning(const RawDataInfo& info) {
  std::string message = "complex numbers, taken as their magnitude";
  if (!info.parts.empty())
    message += "; bloch-cli recon and Reconstruct read " + (info.array.empty() ? "them" : info.array) +
               " as k-space of " + to_text(info.parts.front().size);
  if (info.is_ambiguous()) message += ", and nothing in the file says which they are";
  return {"complex-numbers", message};
}

/// name: what a person calls the file, which may lie in an archive. volumes: how many the file holds.
SeriesInfo file_series(const fs::path& path, const fs::path& name, const VolumeGeometry& geometry,
                       int volumes) {
  SeriesInfo series;
  series.uid = std::string(file_uid) + name.string();
  series.modality = "OT";
  series.description = name_without_ending(path);
  series.instances = 1;
  series.frames = geometry.size[2] * volumes;
  series.files = {path};
  series.geometry = geometry;
  series.volumes = volumes;
  if (volumes > 1) {
    series.split_by = "fourth dimension";
    for (int i = 1; i <= volumes; ++i) series.volume_labels.push_back(fmt::format("volume {}", i));
    series.warnings.push_back(
        {"several-volumes",
         fmt::format("{} volumes of the same grid; the first is shown unless another is asked for", volumes)});
  }
  if (const auto format = image_format_of(path); format && !(*format)->keeps_geometry)
    series.warnings.push_back(
        {"no-geometry", "the file has no geometry: 1 mm voxels at the origin are assumed"});
  if (const auto raw = raw_data_in(path, name); raw && raw->image)
    series.warnings.push_back(complex_warning(*raw));
  return series;
}

/// Image files below a folder, other files to be looked at as DICOM, and folders that may not be read.
void sort_files(const fs::path& path, std::vector<fs::path>& images, std::vector<fs::path>& others,
                std::vector<RejectedFile>& rejected) {
  std::error_code code;
  if (!fs::is_directory(path, code)) {
    (is_image_file(path) ? images : others).push_back(path);
    return;
  }
  std::vector<fs::path> files;
  list_files(path, files, rejected);
  for (fs::path& file : files) (is_image_file(file) ? images : others).push_back(std::move(file));
}

Result<OpenedImage> open_file(const fs::path& path, const fs::path& name, int number) {
  BLOCH_TRY(volumes, count_volumes(path));
  BLOCH_TRY(volume, read_image(path, number));
  return OpenedImage{volume, {}, {}, {}, file_series(path, name, volume.geometry(), volumes)};
}

/// The series of an image file, with its geometry only if the voxels can be read.
Result<SeriesInfo> index_file(const fs::path& path, const fs::path& name) {
  BLOCH_TRY(opened, open_file(path, name, 0));
  return opened.series;
}

/// Headers of files that may be DICOM. Image files alone never wake the toolkits.
Result<StudyIndex> scan_others(const std::vector<fs::path>& files, const Progress& progress) {
  if (files.empty()) return StudyIndex{};
  return scan(files, progress);
}

/// k-space among files that are no images; both halves of a BART array are one.
std::vector<fs::path> take_raw_data(std::vector<fs::path>& files) {
  std::vector<fs::path> raw;
  std::erase_if(files, [&](const fs::path& file) {
    fs::path path = file;
    std::error_code code;
    if (lower_case(path.extension().string()) == ".hdr") path.replace_extension(".cfl");
    if (!may_be_raw_data(path)) return false;
    raw.push_back(std::move(path));
    return true;
  });
  std::sort(raw.begin(), raw.end());
  raw.erase(std::unique(raw.begin(), raw.end()), raw.end());
  return raw;
}

/// An image file of an input: where it lies, and where it seems to lie when the input is an archive.
struct InputFile {
  fs::path path, name;

  Result<ChosenSeries> chosen() const {
    BLOCH_TRY(volumes, count_volumes(path));
    ChosenSeries series{{}, {}, file_series(path, name, {}, volumes)};
    series.series.geometry.reset();
    return series;
  }
};

/// uid: what `info` lists, a path, one as seen from the input, or a name that only one file has.
const InputFile* find_file(const std::vector<InputFile>& files, const std::string& uid, const fs::path& input) {
  const fs::path called = uid.starts_with(file_uid) ? uid.substr(file_uid.size()) : uid;
  const auto whole = [](const fs::path& path) {
    std::error_code code;
    return fs::absolute(path, code).lexically_normal();
  };
  const auto only = [&](auto&& matches) -> const InputFile* {
    const auto first = std::find_if(files.begin(), files.end(), matches);
    if (first == files.end() || std::any_of(first + 1, files.end(), matches)) return nullptr;
    return &*first;
  };
  const fs::path paths[] = {whole(called), whole(input / called)};
  if (const auto* file = only(
          [&](const InputFile& each) { return whole(each.name) == paths[0] || whole(each.name) == paths[1]; }))
    return file;
  return only([&](const InputFile& each) { return each.name.filename() == called; });
}

std::string describe(const SeriesInfo& series) {
  return fmt::format("{} ({} {}, {} images)", series.uid, series.modality, series.description, series.frames);
}

std::string describe(const ObjectInfo& object) {
  return fmt::format("{} ({}{}{})", object.uid, object.name, object.description.empty() ? "" : " ",
                     object.description);
}

std::string list_of(const std::vector<SeriesPlace>& places, const std::vector<InputFile>& files,
                    const std::vector<ObjectPlace>& objects = {}) {
  constexpr std::size_t most = 12;
  std::vector<std::string> names;
  for (const SeriesPlace& place : places) names.push_back(describe(*place.series));
  for (const InputFile& file : files) names.push_back(std::string(file_uid) + file.name.string());
  for (const ObjectPlace& place : objects) names.push_back(describe(*place.object));
  const std::string text = join(std::span(names).first(std::min(names.size(), most)), "; ");
  return names.size() > most ? text + fmt::format("; and {} more", names.size() - most) : text;
}

/// The only series, the one that is asked for, or the one that clearly has most images. files: the other
/// choices
Result<SeriesPlace> choose(const StudyIndex& index, const std::vector<InputFile>& files, const std::string& uid,
                           const fs::path& path) {
  const std::vector<SeriesPlace> places = all_series(index);
  if (!uid.empty()) {
    for (const SeriesPlace& place : places)
      if (place.series->uid == uid ||
          (!place.series->part.empty() && series_instance_uid(*place.series) == uid))
        return place; // of a series in parts: the first
    return failure(ErrorKind::not_found,
                   fmt::format("there is no series {} in '{}'; there are: {}", uid, path.string(),
                               list_of(places, files, all_objects(index))));
  }
  std::vector<SeriesPlace> sorted = places;
  std::stable_sort(sorted.begin(), sorted.end(), [](const SeriesPlace& a, const SeriesPlace& b) {
    const auto rank = [](const SeriesPlace& place) {
      return std::pair(place.series->geometry.has_value(), place.series->images.size());
    };
    return rank(a) > rank(b);
  });
  const auto size = [&](std::size_t i) { return sorted[i].series->images.size(); };
  const bool same_kind =
      sorted.size() > 1 && sorted[0].series->geometry.has_value() == sorted[1].series->geometry.has_value();
  if (sorted.size() == 1 || (!sorted.empty() && (!same_kind || size(0) >= 2 * size(1)))) return sorted.front();
  return failure(ErrorKind::not_found,
                 fmt::format("'{}' holds {} series; choose one with --series: {}", path.string(),
                             places.size() + files.size(), list_of(places, files)));
}

Error nothing_there(const StudyIndex& index, const fs::path& path) {
  const std::string name = "'" + path.string() + "'";
  if (const auto raw = raw_data_in(path, path); raw && !raw->parts.empty())
    return {ErrorKind::unsupported,
            fmt::format("{} is read as k-space and is no image; bloch-cli recon makes one of it", name)};
  if (const auto objects = all_objects(index); !objects.empty())
    return {ErrorKind::unsupported,
            fmt::format("there is no image series in {}, but {}: {}; bloch-cli info lists them", name,
                        objects.size() == 1 ? "one object" : fmt::format("{} objects", objects.size()),
                        objects.front().object->name)};
  if (index.rejected.empty()) return {ErrorKind::not_found, name + " is empty; choose a folder with images"};
  std::error_code code;
  const RejectedFile& first = index.rejected.front();
  if (fs::is_directory(path, code) && first.path == path)
    return {ErrorKind::not_found, name + " " + first.reason};
  if (!fs::is_directory(path, code) && !is_archive_name(path))
    return {ErrorKind::unsupported, name + " cannot be opened: " + first.reason};
  return {ErrorKind::not_found,
          fmt::format("there is no image series in {}: {} files, none of them usable (the first: {})", name,
                      index.rejected.size(), first.reason)};
}

bool is_archive_file(const fs::path& path) {
  std::error_code code;
  return is_archive_name(path) && fs::is_regular_file(path, code);
}

/// What came out of archives, so that messages name the archive and not a temporary folder.
class ArchiveNames {
 public:
  /// The folder that stands for the path when it is an archive; the path itself when it is none.
  Result<fs::path> unpacked(const fs::path& path, std::vector<RejectedFile>& rejected,
                            const Progress& progress) {
    if (!is_archive_file(path)) return path;
    BLOCH_TRY(archive, unpack_archive(path, {}, progress));
    rejected.insert(rejected.end(), archive.rejected.begin(), archive.rejected.end());
    places_.emplace_back(archive.folder, path);
    return archive.folder;
  }

  /// ARCHIVE/entry for a file that came out of one, else the path itself.
  fs::path name_of(const fs::path& path) const {
    for (const auto& [folder, archive] : places_) {
      const fs::path inside = path.lexically_relative(folder);
      if (!inside.empty() && *inside.begin() != "..") return archive / inside;
    }
    return path;
  }

  void restore(RejectedFile& file) const {
    if (const fs::path name = name_of(file.path); name != file.path) {
      if (is_archive_name(file.path)) file.reason = "an archive inside an archive; unpack the outer one first";
      file.path = name;
      return;
    }
    if (is_archive_name(file.path) && file.reason == "not a DICOM file")
      file.reason = "an archive in a folder; open it by itself";
  }

 private:
  std::vector<std::pair<fs::path, fs::path>> places_;
};

} // namespace

Result<StudyIndex> index_paths(std::span<const fs::path> paths, const Progress& progress) {
  std::vector<fs::path> images, others;
  std::vector<RejectedFile> left_out;
  ArchiveNames archives;
  const bool unpacks = std::any_of(paths.begin(), paths.end(), is_archive_file);
  for (const fs::path& path : paths) {
    BLOCH_CHECK(check_there(path));
    const auto place = archives.unpacked(path, left_out, progress.child(0, 0.5, "unpacking"));
    if (!place && place.error().kind == ErrorKind::cancelled) return failure(place.error());
    if (place)
      sort_files(*place, images, others, left_out);
    else
      left_out.push_back({path, place.error().message});
  }
  std::sort(images.begin(), images.end());
  const std::vector<fs::path> raw = take_raw_data(others);
  BLOCH_TRY(index, scan_others(others, progress.child(unpacks ? 0.5 : 0, images.empty() ? 1 : 0.5)));
  index.rejected.insert(index.rejected.end(), left_out.begin(), left_out.end());
  for (RejectedFile& file : index.rejected) archives.restore(file);
  const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
  for (const fs::path& path : raw) {
    if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped while reading raw data");
    const fs::path name = archives.name_of(path);
    auto described = describe_raw_data(path);
    if (!described) {
      index.rejected.push_back({name, described.error().message});
      continue;
    }
    described->path = name;
    index.raw_data.push_back(std::move(*described));
  }
  std::sort(index.rejected.begin(), index.rejected.end(), by_path);
  if (images.empty()) return index;
  PatientInfo patient;
  StudyInfo study;
  study.description = "Image files";
  const Progress reading = progress.child(0.5, 1, "images");
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped while reading images");
    const fs::path name = archives.name_of(images[i]);
    auto raw_data = raw_data_in(images[i], name);
    const bool is_complex = raw_data && raw_data->image;
    VolumeGeometry grid; // of complex numbers it is known without reading them
    if (is_complex) grid.size = raw_data->image->size;
    auto series = is_complex ? file_series(images[i], name, grid, 1) : index_file(images[i], name);
    if (raw_data) index.raw_data.push_back(std::move(*raw_data));
    if (series)
      study.series.push_back(std::move(*series));
    else if (index.raw_data.empty() || index.raw_data.back().path != name)
      index.rejected.push_back({name, series.error().message});
    reading.report(static_cast<double>(i + 1) / static_cast<double>(images.size()));
  }
  if (!study.series.empty()) {
    patient.studies.push_back(std::move(study));
    index.patients.push_back(std::move(patient));
  }
  std::sort(index.rejected.begin(), index.rejected.end(), by_path);
  std::sort(index.raw_data.begin(), index.raw_data.end(), by_path);
  return index;
}

Result<OpenedImage> open_series(const SeriesPlace& place, const Progress& progress, int volume) {
  OpenedImage opened{Volume(VolumeGeometry{}, std::vector<std::int16_t>(1)), {}, {}, {}, *place.series};
  if (place.patient) opened.patient = *place.patient;
  if (place.study) opened.study = *place.study;
  opened.patient.studies.clear();
  opened.study.series.clear();
  if (place.series->uid.starts_with(file_uid) && !place.series->files.empty())
    return open_file(place.series->files.front(), place.series->uid.substr(file_uid.size()), volume);
  if (place.series->colour) {
    if (volume != 0)
      return failure(ErrorKind::invalid_parameter, "a colour series has one volume, that of all its images");
    BLOCH_TRY(colour, read_colour_volume(*place.series, progress));
    opened.volume = brightness(colour);
    opened.colour = std::move(colour);
    return opened;
  }
  BLOCH_TRY(read, read_volume(*place.series, progress, volume, &opened.series.warnings));
  opened.volume = read;
  return opened;
}

Result<OpenedImage> open_image(const fs::path& path, const std::string& series_uid, const Progress& progress,
                               int volume) {
  BLOCH_TRY(chosen, choose_series(path, series_uid, progress.child(0, 0.3, "headers")));
  return open_series(chosen.place(), progress.child(0.3, 1, "images"), volume);
}

Result<ChosenSeries> choose_series(const fs::path& path, const std::string& series_uid,
                                   const Progress& progress) {
  BLOCH_CHECK(check_there(path));
  std::vector<RejectedFile> left_out;
  ArchiveNames archives;
  BLOCH_TRY(input, archives.unpacked(path, left_out, progress.child(0, 0.5, "unpacking")));
  std::vector<fs::path> images, others;
  sort_files(input, images, others, left_out);
  std::sort(images.begin(), images.end());
  std::vector<InputFile> files;
  for (const fs::path& image : images) files.push_back({image, archives.name_of(image)});
  if (!series_uid.empty())
    if (const InputFile* file = find_file(files, series_uid, path)) return file->chosen();
  BLOCH_TRY(index, scan_others(others, progress.child(is_archive_file(path) ? 0.5 : 0, 1)));
  index.rejected.insert(index.rejected.end(), left_out.begin(), left_out.end());
  const auto places = all_series(index);
  const bool asked = !series_uid.empty() && !all_objects(index).empty(); // and told what there is
  if (places.empty() && files.empty() && !asked) return failure(nothing_there(index, path));
  if (places.empty() && files.size() == 1 && series_uid.empty()) return files.front().chosen();
  BLOCH_TRY(place, choose(index, files, series_uid, path));
  ChosenSeries chosen{*place.patient, *place.study, *place.series};
  chosen.patient.studies.clear();
  chosen.study.series.clear();
  return chosen;
}

Result<LabelMap> open_label_map(const fs::path& path) {
  BLOCH_CHECK(check_there(path));
  BLOCH_TRY(object, find_object(path));
  if (object && object->kind == ObjectKind::segmentation) {
    BLOCH_TRY(segmentation, read_segmentation(object->path));
    return labels_of(segmentation);
  }
  BLOCH_TRY(opened, open_image(path));
  auto labels = to_labels(opened.volume);
  if (!labels) return failure(labels.error().in("'" + path.string() + "'"));
  return labels;
}

Result<LabelMap> to_labels(const Volume& volume) {
  bool small = true;
  std::vector<std::uint16_t> labels(volume.voxel_count());
  const bool whole = volume.visit([&](auto samples) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto value = static_cast<double>(samples[i]);
      if (!(value >= 0 && value <= 65535) || value != std::floor(value)) return false;
      small = small && value <= 255;
      labels[i] = static_cast<std::uint16_t>(value);
    }
    return true;
  });
  if (!whole)
    return failure(ErrorKind::malformed,
                   "it is no label map: its values are not whole numbers from 0 to 65535");
  if (!small) return LabelMap(volume.geometry(), std::move(labels));
  return LabelMap(volume.geometry(), std::vector<std::uint8_t>(labels.begin(), labels.end()));
}

} // namespace bloch::imaging
