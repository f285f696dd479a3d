#include "imaging/dicom/detail/frame_grid.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Geometry>
#include <fmt/format.h>

namespace bloch::imaging {
namespace {

constexpr double same_place_mm = 1e-2;
constexpr double most_slices = 16384;

bool is_placed(const FrameHeader& frame) {
  return frame.position && frame.axes && frame.pixel_spacing_mm && (*frame.pixel_spacing_mm)[0] > 0 &&
         (*frame.pixel_spacing_mm)[1] > 0;
}

FrameGrid unplaced(const std::vector<FrameHeader>& frames, int rows, int columns) {
  FrameGrid grid;
  grid.placed = false;
  grid.geometry.size = {columns, rows, static_cast<int>(frames.size())};
  for (std::size_t i = 0; i < frames.size(); ++i) grid.slices.push_back(static_cast<int>(i));
  grid.warnings.push_back(
      {"no-geometry", "its frames do not say where they lie: 1 mm voxels at the origin are assumed"});
  return grid;
}

/// How far the places are from whole numbers of steps, in mm.
double misfit(const std::vector<double>& places, double step) {
  double worst = 0;
  for (const double place : places) {
    const double steps = (place - places.front()) / step;
    worst = std::max(worst, std::abs(steps - std::round(steps)) * step);
  }
  return worst;
}

/// Distinct places along the normal, ascending.
std::vector<double> distinct(std::vector<double> places) {
  std::sort(places.begin(), places.end());
  std::vector<double> kept;
  for (const double place : places)
    if (kept.empty() || place - kept.back() > same_place_mm) kept.push_back(place);
  return kept;
}

/// The file's own spacing where the places fit it, else their smallest distance.
double step_of(const std::vector<double>& places, double stated, double thickness) {
  if (places.size() < 2) return stated > 0 ? stated : thickness > 0 ? thickness : 1;
  double smallest = places.back() - places.front();
  for (std::size_t i = 1; i < places.size(); ++i) smallest = std::min(smallest, places[i] - places[i - 1]);
  if (stated > 0 && misfit(places, stated) < 0.05 * stated) return stated;
  // Rounded positions: the whole length over the whole number of steps.
  const double steps = std::round((places.back() - places.front()) / smallest);
  return (places.back() - places.front()) / std::max(1.0, steps);
}

} // namespace

Result<FrameGrid> make_frame_grid(const std::vector<FrameHeader>& frames, int rows, int columns,
                                  double spacing_mm) {
  if (!std::all_of(frames.begin(), frames.end(), is_placed)) return unplaced(frames, rows, columns);
  const FrameHeader& first = frames.front();
  FrameGrid grid;
  grid.geometry.size = {columns, rows, 1};
  grid.geometry.direction.leftCols<2>() = *first.axes;
  grid.geometry.direction.col(2) = first.axes->col(0).cross(first.axes->col(1));
  const Eigen::Vector3d normal = grid.geometry.direction.col(2);
  std::vector<double> along;
  for (const FrameHeader& frame : frames) {
    if ((*frame.axes - *first.axes).norm() > 1e-3)
      return failure(ErrorKind::unsupported, "its frames have different orientations and form no grid");
    const Eigen::Vector3d offset = *frame.position - *first.position;
    const double sideways = (offset - normal * offset.dot(normal)).norm();
    if (sideways > 0.5 * std::min((*first.pixel_spacing_mm)[0], (*first.pixel_spacing_mm)[1]))
      return failure(
          ErrorKind::unsupported,
          fmt::format("its frames are pushed sideways by up to {:.3g} mm and form no grid", sideways));
    along.push_back(frame.position->dot(normal));
  }
  const std::vector<double> places = distinct(along);
  const double step = step_of(places, spacing_mm, first.thickness_mm);
  const double count = std::round((places.back() - places.front()) / step) + 1;
  if (!(count <= most_slices))
    return failure(ErrorKind::unsupported, fmt::format("its frames lie {:.4g} mm apart in steps of {:.3g} mm",
                                                       places.back() - places.front(), step));
  if (const double off = misfit(places, step); off > 0.05 * step)
    grid.warnings.push_back(
        {"uneven-spacing",
         fmt::format("frames are unevenly spaced; they are shown up to {:.2g} mm from where they lie", off)});
  grid.geometry.size[2] = static_cast<int>(count);
  grid.geometry.spacing_mm = {(*first.pixel_spacing_mm)[0], (*first.pixel_spacing_mm)[1], step};
  const std::size_t lowest =
      static_cast<std::size_t>(std::min_element(along.begin(), along.end()) - along.begin());
  grid.geometry.origin.mm = *frames[lowest].position;
  if (!grid.geometry.is_valid())
    return failure(ErrorKind::malformed, "its orientation is no pair of perpendicular unit vectors");
  for (const double place : along)
    grid.slices.push_back(static_cast<int>(std::round((place - places.front()) / step)));
  return grid;
}

} // namespace bloch::imaging
