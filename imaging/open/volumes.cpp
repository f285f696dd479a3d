// Choosing among the volumes of a series, and putting its slices where they belong.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/dicom/true_grid.h"
#include "imaging/open/open.h"

namespace bloch::imaging {
namespace {

/// Warnings about where slices lie, which a true grid settles.
bool is_settled(const Warning& warning) {
  constexpr const char* kinds[] = {"gantry-tilt", "missing-slices", "uneven-spacing", "shifted-slices"};
  return std::any_of(std::begin(kinds), std::end(kinds),
                     [&](const char* kind) { return warning.kind == kind; });
}

std::string list_of_volumes(const SeriesInfo& series) {
  if (series.volumes < 2) return "the series has one volume";
  std::string text = fmt::format("the series has {} volumes: ", series.volumes);
  for (std::size_t i = 0; i < std::min<std::size_t>(series.volume_labels.size(), 12); ++i)
    text += fmt::format("{}{} ({})", i ? ", " : "", i + 1, series.volume_labels[i]);
  if (series.volume_labels.size() > 12) text += ", …";
  return text;
}

} // namespace

Result<std::vector<int>> volumes_named(const SeriesInfo& series, const std::string& name) {
  std::vector<int> all(static_cast<std::size_t>(std::max(series.volumes, 1)));
  std::iota(all.begin(), all.end(), 0);
  if (name == "all") return all;
  if (const auto number = to_number(name); number && *number == static_cast<int>(*number)) {
    if (*number >= 1 && *number <= static_cast<double>(all.size()))
      return std::vector<int>{static_cast<int>(*number) - 1};
    return failure(ErrorKind::invalid_parameter,
                   fmt::format("there is no volume number {}; {}", name, list_of_volumes(series)));
  }
  std::vector<int> exact, part;
  for (std::size_t i = 0; i < series.volume_labels.size(); ++i) {
    if (series.volume_labels[i] == name) exact.push_back(static_cast<int>(i));
    if (series.volume_labels[i].find(name) != std::string::npos) part.push_back(static_cast<int>(i));
  }
  if (exact.size() == 1) return exact;
  if (part.size() == 1) return part;
  return failure(ErrorKind::invalid_parameter,
                 fmt::format("{} volume is called '{}'; {}", part.empty() ? "no" : "more than one", name,
                             list_of_volumes(series)));
}

SeriesInfo unsplit(const SeriesInfo& series) {
  if (series.images.empty() || (series.volumes < 2 && series.left_out.empty())) return series;
  SeriesInfo whole = series;
  whole.images.insert(whole.images.end(), series.left_out.begin(), series.left_out.end());
  whole.left_out.clear();
  whole.volumes = 1;
  whole.volume_labels.clear();
  whole.split_by.clear();
  whole.slice_origins.clear();
  if (whole.geometry) whole.geometry->size[2] = static_cast<int>(whole.images.size());
  std::erase_if(whole.warnings, [](const Warning& warning) {
    return is_settled(warning) || warning.kind == "several-volumes" || warning.kind == "incomplete-volume" ||
           warning.kind == "duplicate-slices" || warning.kind == "shifted-volumes";
  });
  whole.warnings.push_back(
      {"not-split",
       fmt::format("all {} images in one stack, volume after volume: only the first {} slices lie where "
                   "they seem to",
                   whole.images.size(), series.geometry ? series.geometry->size[2] : 0)});
  return whole;
}

Result<OpenedImage> to_true_grid(const OpenedImage& image, double spacing_mm, const Progress& progress) {
  if (image.series.slice_origins.empty())
    return failure(ErrorKind::invalid_parameter,
                   "its slices lie on a true grid already: there is nothing to resample");
  BLOCH_TRY(volume, resample_to_true_grid(image.volume, image.series.slice_origins, spacing_mm, progress));
  OpenedImage resampled = image;
  resampled.volume = volume;
  resampled.series.geometry = volume.geometry();
  resampled.series.slice_origins.clear();
  std::string settled;
  for (const Warning& warning : image.series.warnings)
    if (is_settled(warning)) settled += (settled.empty() ? "" : ", ") + warning.kind;
  std::erase_if(resampled.series.warnings, is_settled);
  resampled.series.warnings.push_back(
      {"resampled", fmt::format("{} slices {:.4g} mm apart, interpolated from {} as they were taken ({})",
                                volume.geometry().size[2], volume.geometry().spacing_mm[2],
                                image.series.slice_origins.size(), settled)});
  return resampled;
}

} // namespace bloch::imaging
