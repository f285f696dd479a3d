// Which images of a series may form one volume.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "imaging/dicom/detail/stack.h"

namespace bloch::imaging {
namespace {

constexpr std::size_t most_parts = 12;

bool is_placed(const FrameHeader& frame) { return frame.position && frame.axes && frame.pixel_spacing_mm; }

bool same_spacing(double a, double b) { return std::abs(a - b) <= 1e-3 * std::abs(b); }

PartDifferences differences(std::span<const Instance> instances, const ImageRef& one, const ImageRef& two) {
  const Instance& a = instances[one.instance];
  const Instance& b = instances[two.instance];
  const FrameHeader& frame_a = a.frames[one.frame];
  const FrameHeader& frame_b = b.frames[two.frame];
  PartDifferences found;
  const auto note = [&](PartDifference which, bool differs) {
    found.set(static_cast<std::size_t>(which), differs);
  };
  note(PartDifference::size, a.rows != b.rows || a.columns != b.columns);
  note(PartDifference::colour, a.colour != b.colour);
  note(PartDifference::polarity, a.series.inverse != b.series.inverse);
  note(PartDifference::placement, is_placed(frame_a) != is_placed(frame_b));
  if (!is_placed(frame_a) || !is_placed(frame_b)) return found;
  const auto& [x, y] = *frame_a.pixel_spacing_mm;
  const auto& [other_x, other_y] = *frame_b.pixel_spacing_mm;
  note(PartDifference::orientation, (*frame_a.axes - *frame_b.axes).norm() > 5e-3);
  note(PartDifference::spacing, !same_spacing(x, other_x) || !same_spacing(y, other_y));
  return found;
}

using PartImages = std::vector<ImageRef>;

const std::string& stack_of(std::span<const Instance> instances, const ImageRef& image) {
  return instances[image.instance].frames[image.frame].keys[static_cast<std::size_t>(VolumeKey::stack)];
}
const std::string& reference_of(std::span<const Instance> instances, const ImageRef& image) {
  return instances[image.instance].series.frame_of_reference_uid;
}

using KeyOf = const std::string& (*)(std::span<const Instance>, const ImageRef&);

/// By the key, in order of first appearance; one group where not every image has it, or only one image has it.
std::vector<PartImages> groups_by(std::span<const Instance> instances, const PartImages& images, KeyOf key) {
  std::vector<PartImages> groups;
  std::map<std::string, std::size_t> numbers;
  for (const ImageRef& image : images) {
    const std::string& value = key(instances, image);
    if (value.empty()) return {images};
    const auto [number, is_new] = numbers.emplace(value, groups.size());
    if (is_new) groups.emplace_back();
    groups[number->second].push_back(image);
  }
  const bool lone =
      std::any_of(groups.begin(), groups.end(), [](const auto& group) { return group.size() < 2; });
  return lone ? std::vector<PartImages>{images} : groups;
}

/// Whether no image of a group lies where one of another does. cost: images times their logarithm
bool lie_apart(std::span<const Instance> instances, const std::vector<PartImages>& groups) {
  constexpr double cell_mm = 0.2;
  constexpr double farthest_mm = 1e6;
  std::map<std::array<long, 3>, std::size_t> taken;
  for (std::size_t group = 0; group < groups.size(); ++group)
    for (const ImageRef& image : groups[group]) {
      const Eigen::Vector3d& place = *instances[image.instance].frames[image.frame].position;
      if (!(place.cwiseAbs().maxCoeff() < farthest_mm)) return false; // nor for not a number
      std::array<long, 3> cell{};
      for (int axis = 0; axis < 3; ++axis)
        cell[static_cast<std::size_t>(axis)] = std::lround(std::floor(place[axis] / cell_mm));
      for (int near = 0; near < 27; ++near) {
        const auto other =
            taken.find({cell[0] + near % 3 - 1, cell[1] + near / 3 % 3 - 1, cell[2] + near / 9 - 1});
        if (other != taken.end() && other->second != group) return false;
      }
      taken.emplace(cell, group);
    }
  return true;
}

/// Frames of reference say nothing about each other's places; stacks that share a place are volumes of one
/// grid.
std::vector<PartImages> places_apart(std::span<const Instance> instances, const PartImages& part) {
  const auto placed = [&](const ImageRef& image) {
    return is_placed(instances[image.instance].frames[image.frame]);
  };
  if (!std::all_of(part.begin(), part.end(), placed)) return {part};
  std::vector<PartImages> apart;
  for (const PartImages& group : groups_by(instances, part, reference_of)) {
    auto stacks = groups_by(instances, group, stack_of);
    if (stacks.size() > 1 && !lie_apart(instances, stacks)) stacks = {group};
    apart.insert(apart.end(), stacks.begin(), stacks.end());
  }
  return apart;
}

} // namespace

std::vector<ImageRef> images_of(std::span<const Instance> instances) {
  std::vector<ImageRef> images;
  for (std::size_t i = 0; i < instances.size(); ++i)
    for (std::size_t k = 0; k < instances[i].frames.size(); ++k) images.push_back({i, k});
  std::stable_sort(images.begin(), images.end(), [&](const ImageRef& a, const ImageRef& b) {
    const Instance& first = instances[a.instance];
    const Instance& second = instances[b.instance];
    if (first.number != second.number) return first.number < second.number;
    if (a.instance != b.instance) return first.path < second.path;
    return a.frame < b.frame;
  });
  return images;
}

std::vector<std::vector<ImageRef>> parts_of(std::span<const Instance> instances) {
  const std::vector<ImageRef> images = images_of(instances);
  std::vector<std::vector<ImageRef>> parts;
  for (const ImageRef& image : images) {
    const auto part = std::find_if(parts.begin(), parts.end(), [&](const std::vector<ImageRef>& known) {
      return differences(instances, image, known.front()).none();
    });
    if (part != parts.end())
      part->push_back(image);
    else if (parts.size() == most_parts)
      return {images};
    else
      parts.push_back({image});
  }
  std::vector<PartImages> apart;
  for (const PartImages& part : parts) {
    const auto found = places_apart(instances, part);
    apart.insert(apart.end(), found.begin(), found.end());
  }
  return apart.size() > most_parts ? parts : apart;
}

PartDifferences differences_of(std::span<const Instance> instances,
                               const std::vector<std::vector<ImageRef>>& parts) {
  PartDifferences found;
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) {
      const ImageRef& one = parts[i].front();
      const ImageRef& two = parts[k].front();
      PartDifferences here = differences(instances, one, two);
      if (here.none())
        here.set(static_cast<std::size_t>(reference_of(instances, one) != reference_of(instances, two)
                                              ? PartDifference::frame_of_reference
                                              : PartDifference::stack));
      found |= here;
    }
  return found;
}

} // namespace bloch::imaging
