// Which images of a series may form one volume.
#include <algorithm>
#include <cmath>

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
  note(PartDifference::placement, is_placed(frame_a) != is_placed(frame_b));
  if (!is_placed(frame_a) || !is_placed(frame_b)) return found;
  const auto& [x, y] = *frame_a.pixel_spacing_mm;
  const auto& [other_x, other_y] = *frame_b.pixel_spacing_mm;
  note(PartDifference::orientation, (*frame_a.axes - *frame_b.axes).norm() > 5e-3);
  note(PartDifference::spacing, !same_spacing(x, other_x) || !same_spacing(y, other_y));
  return found;
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
  return parts;
}

PartDifferences differences_of(std::span<const Instance> instances,
                               const std::vector<std::vector<ImageRef>>& parts) {
  PartDifferences found;
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) found |= differences(instances, parts[i].front(), parts[k].front());
  return found;
}

} // namespace bloch::imaging
