// Choosing among the volumes of a series, and putting its slices where they belong.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <type_traits>

#include <Eigen/Geometry>
#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/dicom/true_grid.h"
#include "imaging/open/open.h"

namespace bloch::imaging {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

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

Result<OpenedImage> to_suv(const OpenedImage& image) {
  const double factor = image.series.suv_factor;
  if (!(factor > 0)) {
    for (const Warning& warning : image.series.warnings)
      if (warning.kind == "no-suv") return failure(ErrorKind::unsupported, warning.message);
    return failure(ErrorKind::unsupported, "SUV needs a PET series");
  }
  OpenedImage suv = image;
  if (factor != 1) {
    std::vector<float> values = to_float(image.volume);
    for (float& value : values) value = static_cast<float>(value * factor);
    suv.volume = Volume(image.volume.geometry(), std::move(values));
  }
  // A table has an entry a value: over other values it would be stretched, so it stays with the stored ones.
  std::erase_if(suv.series.windows, [&](const WindowLevel& window) {
    return window.function == WindowFunction::table && factor != 1;
  });
  for (WindowLevel& window : suv.series.windows) {
    window.width *= factor;
    window.level *= factor;
  }
  if (suv.series.padding) {
    // In the very steps that its samples go through, so that they are told again.
    const auto scaled = [&](double value) { return static_cast<float>(static_cast<float>(value) * factor); };
    suv.series.padding = ValueRange{scaled(suv.series.padding->minimum), scaled(suv.series.padding->maximum)};
  }
  suv.series.suv_factor = 1;
  suv.series.value_unit = suv_unit;
  return suv;
}

std::optional<Volume> in_order_of(const Volume& volume, const VolumeGeometry& grid) {
  const VolumeGeometry& own = volume.geometry();
  if (own.matches(grid)) return volume.with_geometry(grid); // shares the voxels
  if (grid.voxel_count() != own.voxel_count()) return std::nullopt;
  const Eigen::Matrix4d map = own.voxel_to_world().inverse() * grid.voxel_to_world();
  // A signed permutation, whose steps through the own samples are whole.
  const Eigen::Matrix3i turn = map.topLeftCorner<3, 3>().array().round().cast<int>();
  if (turn.cwiseAbs().rowwise().sum() != Eigen::Vector3i::Ones() ||
      turn.cwiseAbs().colwise().sum() != Eigen::RowVector3i::Ones())
    return std::nullopt;
  const Eigen::Vector3i first = map.topRightCorner<3, 1>().array().round().cast<int>();
  for (int corner = 0; corner < 8; ++corner) {
    Eigen::Vector3i voxel;
    for (int axis = 0; axis < 3; ++axis) voxel[axis] = (corner >> axis & 1) != 0 ? grid.size[at(axis)] - 1 : 0;
    const Eigen::Vector3i place = first + turn * voxel;
    const Eigen::Vector3d exact = (map * voxel.cast<double>().homogeneous()).head<3>();
    for (int axis = 0; axis < 3; ++axis)
      if (place[axis] < 0 || place[axis] >= own.size[at(axis)] || std::abs(exact[axis] - place[axis]) > 0.01)
        return std::nullopt;
  }
  const std::ptrdiff_t across = own.size[0], plane = across * own.size[1];
  const auto offset = [&](const Eigen::Vector3i& voxel) {
    return voxel[0] + voxel[1] * across + voxel[2] * plane;
  };
  const std::ptrdiff_t begin = offset(first);
  const std::array<std::ptrdiff_t, 3> step{offset(turn.col(0)), offset(turn.col(1)), offset(turn.col(2))};
  return volume.visit([&](auto samples) {
    using T = std::remove_cv_t<typename decltype(samples)::element_type>;
    std::vector<T> turned;
    turned.reserve(samples.size());
    for (int z = 0; z < grid.size[2]; ++z)
      for (int y = 0; y < grid.size[1]; ++y)
        for (int x = 0; x < grid.size[0]; ++x)
          turned.push_back(samples[static_cast<std::size_t>(begin + x * step[0] + y * step[1] + z * step[2])]);
    return Volume(grid, std::move(turned));
  });
}

} // namespace bloch::imaging
