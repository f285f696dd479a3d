#include "imaging/dicom/detail/series_maker.h"

#include <algorithm>
#include <set>

#include "core/base/contract.h"
#include "imaging/dicom/detail/stack.h"

namespace bloch::imaging {
namespace {

/// Files in the order in which the stack first uses them; those it leaves out come last.
std::vector<std::size_t> file_order(const Stack& stack, std::size_t count) {
  std::vector<std::size_t> order;
  std::set<std::size_t> used;
  for (const ImageRef& image : stack.images)
    if (used.insert(image.instance).second) order.push_back(image.instance);
  for (std::size_t i = 0; i < count; ++i)
    if (used.insert(i).second) order.push_back(i);
  return order;
}

void add_once(std::vector<Warning>& warnings, const Warning& warning) {
  const auto same = [&](const Warning& other) { return other.kind == warning.kind; };
  if (std::none_of(warnings.begin(), warnings.end(), same)) warnings.push_back(warning);
}

} // namespace

SeriesInfo make_series(const std::vector<Instance>& instances) {
  BLOCH_EXPECTS(!instances.empty());
  Stack stack = make_stack(instances);
  const std::size_t volume_size = stack.images.size() / static_cast<std::size_t>(stack.volumes);
  const Instance& middle = instances[stack.images[volume_size / 2].instance];
  SeriesInfo series = middle.series; // the windows of the middle image
  series.warnings = std::move(stack.warnings);
  series.instances = static_cast<int>(instances.size());
  series.frames = 0;
  for (const Instance& instance : instances) {
    series.frames += instance.series.frames;
    series.lossy = series.lossy || instance.series.lossy;
    for (const Warning& warning : instance.series.warnings) add_once(series.warnings, warning);
  }
  const auto order = file_order(stack, instances.size());
  std::vector<int> place(instances.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    series.files.push_back(instances[order[i]].path);
    place[order[i]] = static_cast<int>(i);
  }
  const auto placed = [&](const ImageRef& image) {
    return ImagePlace{place[image.instance], instances[image.instance].frames[image.frame].number};
  };
  for (const ImageRef& image : stack.images) series.images.push_back(placed(image));
  for (const ImageRef& image : stack.left_out) series.left_out.push_back(placed(image));
  series.geometry = stack.geometry;
  series.slice_origins = std::move(stack.slice_origins);
  series.split_by = std::move(stack.split_by);
  series.volumes = stack.volumes;
  series.volume_labels = std::move(stack.volume_labels);
  return series;
}

} // namespace bloch::imaging
