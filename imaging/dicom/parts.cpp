// Which images of a series may form one volume.
#include <algorithm>
#include <cmath>

#include "imaging/dicom/detail/stack.h"

namespace bloch::imaging {
namespace {

constexpr std::size_t most_parts = 12;

bool is_placed(const FrameHeader& frame) { return frame.position && frame.axes && frame.pixel_spacing_mm; }

bool same_spacing(double a, double b) { return std::abs(a - b) <= 1e-3 * std::abs(b); }

bool belong_together(const Instance& a, const FrameHeader& frame_a, const Instance& b,
                     const FrameHeader& frame_b) {
  if (a.rows != b.rows || a.columns != b.columns || a.colour != b.colour) return false;
  if (is_placed(frame_a) != is_placed(frame_b)) return false;
  if (!is_placed(frame_a)) return true;
  const auto& [x, y] = *frame_a.pixel_spacing_mm;
  const auto& [other_x, other_y] = *frame_b.pixel_spacing_mm;
  return (*frame_a.axes - *frame_b.axes).norm() <= 5e-3 && same_spacing(x, other_x) && same_spacing(y, other_y);
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
    const Instance& instance = instances[image.instance];
    const auto part = std::find_if(parts.begin(), parts.end(), [&](const std::vector<ImageRef>& known) {
      const Instance& other = instances[known.front().instance];
      return belong_together(instance, instance.frames[image.frame], other, other.frames[known.front().frame]);
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

} // namespace bloch::imaging
