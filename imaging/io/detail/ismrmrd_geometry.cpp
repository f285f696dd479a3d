#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

#include <Eigen/Geometry>

#include "imaging/io/detail/ismrmrd_plan.h"

namespace bloch::imaging::detail {
namespace {

/// Position of each slice, from the first acquisition that has it. Nothing for slices that none has.
std::vector<std::optional<Eigen::Vector3d>> slice_positions(const IsmrmrdPlan& plan,
                                                            std::span<const IsmrmrdHead> heads) {
  std::vector<std::optional<Eigen::Vector3d>> positions(static_cast<std::size_t>(plan.encoded.slices));
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (plan.lines[i].use == IsmrmrdLine::Use::skip) continue;
    auto& position = positions[static_cast<std::size_t>(plan.lines[i].slice)];
    if (!position) position = head_vector(heads[i], offsetof(IsmrmrdHead, position));
  }
  return positions;
}

std::optional<Eigen::Matrix3d> directions_of(const IsmrmrdHead& head) {
  Eigen::Matrix3d axes;
  axes.col(0) = head_vector(head, offsetof(IsmrmrdHead, read_dir));
  axes.col(1) = head_vector(head, offsetof(IsmrmrdHead, phase_dir));
  axes.col(2) = head_vector(head, offsetof(IsmrmrdHead, slice_dir));
  for (int i = 0; i < 3; ++i) {
    const double length = axes.col(i).norm();
    if (!(length > 0.5 && length < 2)) return std::nullopt;
    axes.col(i) /= length;
  }
  if ((axes.transpose() * axes - Eigen::Matrix3d::Identity()).norm() > 1e-3) return std::nullopt;
  return axes;
}

/// Slices along the normal; interleaved counters are sorted, evenly spaced ones set the spacing.
void stack_slices(IsmrmrdPlan& plan, VolumeGeometry& geometry,
                  const std::vector<std::optional<Eigen::Vector3d>>& positions) {
  const Eigen::Vector3d normal = geometry.direction.col(2);
  const std::size_t count = positions.size();
  std::vector<double> along(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    if (!positions[i]) {
      plan.warnings.push_back("some slices have no acquisition: the slice spacing is the thickness");
      return;
    }
    along[i] = positions[i]->dot(normal);
  }
  const bool falling = std::is_sorted(along.rbegin(), along.rend());
  if (falling && count > 1)
    geometry.direction.col(2) *= -1;
  else if (!std::is_sorted(along.begin(), along.end())) {
    std::sort(plan.slice_order.begin(), plan.slice_order.end(), [&](int a, int b) {
      return along[static_cast<std::size_t>(a)] < along[static_cast<std::size_t>(b)];
    });
    plan.warnings.push_back("the slices were acquired interleaved and are sorted by position");
  }
  const auto place = [&](std::size_t i) { return along[static_cast<std::size_t>(plan.slice_order[i])]; };
  const double spacing = std::abs(place(count - 1) - place(0)) / static_cast<double>(count - 1);
  if (!(spacing > 1e-3)) {
    plan.warnings.push_back("the slices have no positions of their own: the slice spacing is the thickness");
    return;
  }
  geometry.spacing_mm[2] = spacing;
  for (std::size_t i = 1; i < count; ++i)
    if (std::abs(std::abs(place(i) - place(i - 1)) - spacing) > 0.01 * spacing + 1e-3) {
      plan.warnings.push_back("the slices are not evenly spaced: the mean spacing is taken");
      break;
    }
}

} // namespace

Eigen::Vector3d head_vector(const IsmrmrdHead& head, std::size_t offset) {
  std::array<float, 3> values{};
  std::memcpy(values.data(), reinterpret_cast<const char*>(&head) + offset, sizeof(values));
  return {values[0], values[1], values[2]};
}

void set_head_vector(IsmrmrdHead& head, std::size_t offset, const Eigen::Vector3d& values) {
  const std::array<float, 3> floats{static_cast<float>(values[0]), static_cast<float>(values[1]),
                                    static_cast<float>(values[2])};
  std::memcpy(reinterpret_cast<char*>(&head) + offset, floats.data(), sizeof(floats));
}

void place_scan(IsmrmrdPlan& plan, const ISMRMRD::Encoding& encoding, std::span<const IsmrmrdHead> heads) {
  const KSpaceSize& size = plan.encoded;
  plan.slice_order.resize(static_cast<std::size_t>(size.slices));
  std::iota(plan.slice_order.begin(), plan.slice_order.end(), 0);

  const auto& fov = encoding.encodedSpace.fieldOfView_mm;
  VolumeGeometry geometry;
  geometry.size = {plan.image_kx, size.ky, std::max(size.kz, size.slices)};
  // Cutting the oversampling away halves the field of view with the matrix: the spacing stays.
  geometry.spacing_mm = {fov.x / size.kx, fov.y / size.ky, fov.z / size.kz};
  if (!geometry.spacing_mm.allFinite() || (geometry.spacing_mm.array() <= 0).any()) return;

  const auto used = std::find_if(plan.lines.begin(), plan.lines.end(),
                                 [](const IsmrmrdLine& line) { return line.use != IsmrmrdLine::Use::skip; });
  const auto axes = directions_of(heads[static_cast<std::size_t>(used - plan.lines.begin())]);
  if (!axes) {
    plan.warnings.push_back(
        "the file gives the field of view but no directions: axial slices at the origin are assumed");
    plan.geometry = geometry;
    return;
  }
  geometry.direction = *axes;
  const auto positions = slice_positions(plan, heads);
  if (size.slices > 1) stack_slices(plan, geometry, positions);
  const auto& first = positions[static_cast<std::size_t>(plan.slice_order.front())];
  Eigen::Vector3d centre = first.value_or(Eigen::Vector3d::Zero());
  for (int axis = 0; axis < 3; ++axis) {
    const int middle = axis == 2 && size.kz == 1 ? 0 : geometry.size[static_cast<std::size_t>(axis)] / 2;
    centre -= geometry.direction.col(axis) * geometry.spacing_mm[axis] * middle;
  }
  geometry.origin.mm = centre;
  if (geometry.is_valid()) plan.geometry = geometry;
}

} // namespace bloch::imaging::detail
