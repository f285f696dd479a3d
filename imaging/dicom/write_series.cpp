#include "imaging/dicom/write_series.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <Eigen/LU>
#include <fmt/format.h>

#include "core/base/contract.h"
#include "core/base/file.h"
#include "imaging/dicom/detail/image_marks.h"
#include "imaging/dicom/detail/instance.h"
#include "imaging/dicom/detail/slice_writer.h"
#include "imaging/dicom/detail/volume_display.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

/// Slices in the other order and an origin at the other end: the same voxels in the same places, right-handed.
template <class Grid> Grid turned_around(const Grid& volume) {
  if (volume.geometry().direction.determinant() >= 0) return volume;
  VolumeGeometry geometry = volume.geometry();
  const int slices = geometry.size[2];
  geometry.origin = geometry.to_world({Eigen::Vector3d(0, 0, slices - 1)});
  geometry.direction.col(2) *= -1;
  const std::size_t slice = geometry.voxel_count() / static_cast<std::size_t>(slices);
  return volume.visit([&](auto samples) {
    using T = std::remove_cv_t<typename decltype(samples)::element_type>;
    std::vector<T> flipped(samples.size());
    for (int z = 0; z < slices; ++z) {
      const auto from = samples.subspan(static_cast<std::size_t>(slices - 1 - z) * slice, slice);
      std::copy(from.begin(), from.end(),
                flipped.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(z) * slice));
    }
    return Grid(geometry, std::move(flipped));
  });
}

/// All slices, in parallel, into a folder that appears whole or not at all.
Result<void> write_slices(const fs::path& folder, int slices, const Progress& progress,
                          const std::function<Result<void>(const fs::path&, int)>& write) {
  return write_folder(folder, [&](const fs::path& beside) -> Result<void> {
    std::mutex mutex;
    std::optional<Error> error;
    std::atomic<int> done{0};
    parallel_for(0, static_cast<std::size_t>(slices), [&](std::size_t z) {
      {
        const std::lock_guard lock(mutex);
        if (error || progress.cancelled()) return;
      }
      auto written = write(beside / fmt::format("IM{:05}.dcm", z + 1), static_cast<int>(z));
      const std::lock_guard lock(mutex);
      if (!written && !error) error = std::move(written.error());
      progress.report(static_cast<double>(++done) / slices);
    });
    if (progress.cancelled())
      return failure(ErrorKind::cancelled, "stopped while writing; nothing was written");
    if (error) return failure(*error);
    return {};
  });
}

/// marks: one for each slice of each volume, or none
Result<void> write_volumes(const fs::path& folder, const SeriesTemplate& series,
                           std::span<const Volume> volumes, std::span<const ImageMarks> marks,
                           const Progress& progress) {
  const int slices = volumes.front().geometry().size[2];
  const auto& windows = series.series.windows;
  const bool one_contrast = is_one_contrast(marks, slices);
  const auto shown =
      displays_of(volumes, {one_contrast, one_contrast},
                  windows.empty() ? std::nullopt : std::optional(windows.front()), series.series.padding);
  const int images = slices * static_cast<int>(volumes.size());
  return write_slices(folder, images, progress, [&](const fs::path& path, int i) {
    const auto volume = static_cast<std::size_t>(i / slices);
    const ImageMarks* own = marks.empty() ? nullptr : &marks[static_cast<std::size_t>(i)];
    return write_slice(path, series,
                       {volumes[volume], shown[volume].scale, shown[volume].window, i % slices, i + 1, own});
  });
}

/// One for each image of a colour series, in their order; of headers that cannot be read any more, nothing.
std::vector<ColourPlace> colour_places(const SeriesInfo& series) {
  std::vector<std::optional<Instance>> instances(series.files.size());
  parallel_for(0, instances.size(), [&](std::size_t i) {
    if (auto instance = read_instance(series.files[i])) instances[i] = std::move(*instance);
  });
  std::vector<ColourPlace> places;
  for (const ImagePlace& image : series.images) {
    ColourPlace& place = places.emplace_back();
    const auto& instance = instances[static_cast<std::size_t>(image.file)];
    const auto frame = static_cast<std::size_t>(image.frame);
    if (!instance || frame >= instance->frames.size()) continue;
    place.plane = instance->frames[frame];
    place.burned_in = instance->burned_in;
    place.file = instance->path;
    place.frame_of_reference_uid = instance->series.frame_of_reference_uid;
    if (!instance->sop_instance_uid.empty()) place.source = source_image(*instance, place.plane);
  }
  return places;
}

} // namespace

Volume right_handed(const Volume& volume) { return turned_around(volume); }
LabelMap right_handed(const LabelMap& labels) { return turned_around(labels); }

Result<void> write_derived_series(const fs::path& folder, const Volume& volume, const SeriesPlace& source,
                                  const DerivedSeries& derived, const Progress& progress) {
  return write_derived_series(folder, std::span(&volume, 1), source, derived, progress);
}

Result<void> write_derived_series(const fs::path& folder, std::span<const Volume> given,
                                  const SeriesPlace& source, const DerivedSeries& derived,
                                  const Progress& progress) {
  BLOCH_EXPECTS(!given.empty());
  std::vector<Volume> volumes;
  for (const Volume& volume : given) volumes.push_back(right_handed(volume));
  const VolumeGeometry& geometry = volumes.front().geometry();
  for (const Volume& volume : volumes)
    if (!volume.geometry().matches(geometry))
      return failure(ErrorKind::invalid_parameter,
                     "the volumes do not lie on one grid: write each as a series of its own");
  if (static_cast<double>(geometry.size[2]) * static_cast<double>(volumes.size()) >
      std::numeric_limits<int>::max())
    return failure(ErrorKind::invalid_parameter, "one series holds at most 2147483647 images: write fewer");
  SeriesTemplate target;
  BLOCH_CHECK(fill_template(target, geometry, source, derived));
  const auto marks = marks_of(static_cast<int>(volumes.size()), geometry, source, derived);
  return write_volumes(folder, target, volumes, marks, progress);
}

Result<void> write_derived_colours(const fs::path& folder, const RgbVolume& colours, const SeriesInfo& series,
                                   const SeriesPlace& source, const DerivedSeries& derived,
                                   const Progress& progress) {
  SeriesTemplate target;
  BLOCH_CHECK(fill_template(target, colours.geometry(), source, derived));
  target.series.lossy = series.lossy;
  target.series.lossy_ratio = series.lossy_ratio;
  const int slices = colours.geometry().size[2];
  std::vector<ColourPlace> places = colour_places(series);
  if (places.empty())
    for (int z = 0; z < slices; ++z) places.emplace_back().plane = plane_of(colours.geometry(), z);
  BLOCH_EXPECTS(places.size() == static_cast<std::size_t>(slices));
  // Planes that name no frame of reference lie in one of their own, not in that of another series.
  if (!series.images.empty()) target.series.frame_of_reference_uid = new_uid();
  return write_slices(folder, slices, progress, [&](const fs::path& path, int z) {
    return write_colour_slice(path, target, colours, places[static_cast<std::size_t>(z)], z);
  });
}

Result<void> write_original_series(const fs::path& folder, const Volume& given, const PatientInfo& patient,
                                   const StudyInfo& study, const SeriesInfo& series, const Progress& progress) {
  BLOCH_CHECK(prepare_dcmtk());
  const Volume volume = right_handed(given);
  BLOCH_CHECK(check_volume(volume.geometry()));
  SeriesTemplate target;
  target.derived = false;
  target.patient = patient;
  target.study = study;
  target.series = series;
  if (target.study.uid.empty()) target.study.uid = new_uid();
  if (target.series.uid.empty()) target.series.uid = new_uid();
  if (target.series.frame_of_reference_uid.empty()) target.series.frame_of_reference_uid = new_uid();
  if (target.series.modality.empty()) target.series.modality = "MR";
  if (target.series.image_type.empty()) target.series.image_type = {"ORIGINAL", "PRIMARY", "OTHER"};
  target.image_comments = comments_of({});
  target.burned_in = "NO";
  if (series.field_strength_t > 0) {
    target.source = std::make_shared<DcmDataset>();
    target.source->putAndInsertString(DCM_MagneticFieldStrength,
                                      decimal_string(series.field_strength_t).c_str());
  }
  return write_volumes(folder, target, std::span(&volume, 1), {}, progress);
}

} // namespace bloch::imaging
