#include "imaging/dicom/detail/series_maker.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include <fmt/format.h>

#include "core/base/contract.h"
#include "core/base/text.h"
#include "imaging/dicom/detail/stack.h"
#include "imaging/dicom/detail/ultrasound_regions.h"

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

/// Files one behind the other with the same regions share them.
void add_regions(const std::vector<UltrasoundRegion>& of_file, int file, SeriesInfo& series) {
  if (of_file.empty()) return;
  std::vector<UltrasoundRegion>& all = series.regions;
  std::size_t before = all.size(); // regions of the file before begin here
  while (before > 0 && all[before - 1].last_file == file - 1) --before;
  const std::span known(all.begin() + static_cast<std::ptrdiff_t>(before), all.end());
  const auto same = [](const UltrasoundRegion& a, UltrasoundRegion b) {
    b.first_file = a.first_file;
    b.last_file = a.last_file;
    return a == b;
  };
  if (std::equal(known.begin(), known.end(), of_file.begin(), of_file.end(), same)) {
    for (UltrasoundRegion& region : known) region.last_file = file;
    return;
  }
  for (UltrasoundRegion region : of_file) {
    region.first_file = region.last_file = file;
    all.push_back(region);
  }
}

/// One series of some images of the instances; `others` are in its files too.
SeriesInfo series_of(const std::vector<Instance>& instances, const std::vector<ImageRef>& images,
                     const std::vector<ImageRef>& others) {
  Stack stack = make_stack(instances, images);
  stack.left_out.insert(stack.left_out.end(), others.begin(), others.end());
  const std::size_t volume_size = stack.images.size() / static_cast<std::size_t>(stack.volumes);
  const Instance& middle = instances[stack.images[volume_size / 2].instance];
  SeriesInfo series = middle.series; // the windows of the middle image
  series.warnings = std::move(stack.warnings);
  series.frames = 0;
  std::set<std::size_t> own;
  for (const ImageRef& image : images) own.insert(image.instance);
  series.instances = static_cast<int>(own.size());
  for (const std::size_t i : own) {
    const Instance& instance = instances[i];
    series.frames += instance.series.frames;
    series.overlays = std::max(series.overlays, instance.series.overlays);
    series.lossy = series.lossy || instance.series.lossy;
    if (instance.series.inverse != series.inverse)
      add_once(series.warnings,
               {"mixed-polarity", "in some of its images small values are bright, in others large "
                                  "ones: all are shown as the middle one"});
    if (!series.padding) series.padding = instance.series.padding;
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
  series.regions.clear();
  for (std::size_t i = 0; i < order.size(); ++i)
    if (own.contains(order[i])) add_regions(instances[order[i]].series.regions, static_cast<int>(i), series);
  warn_of_regions(instances[images.front().instance].frames[images.front().frame], series);
  for (const ImageRef& image : stack.images) series.images.push_back(placed(image));
  for (const ImageRef& image : stack.left_out) series.left_out.push_back(placed(image));
  series.geometry = stack.geometry;
  series.slice_origins = std::move(stack.slice_origins);
  series.split_by = std::move(stack.split_by);
  series.volumes = stack.volumes;
  series.volume_labels = std::move(stack.volume_labels);
  return series;
}

/// Why there are parts. kind: of the most telling difference; words: all of them, "size and pixel spacing"
struct WhyParts {
  std::string kind, words;
};

WhyParts why_parts(const PartDifferences& differences) {
  constexpr std::array<std::pair<const char*, const char*>, PartDifferences().size()> names = {
      {{"mixed-size", "size"},
       {"mixed-colour", "colour"},
       {"mixed-polarity", "which values are bright"},
       {"mixed-placement", "being placed in the patient"},
       {"mixed-orientation", "orientation"},
       {"mixed-spacing", "pixel spacing"},
       {"mixed-frame-of-reference", "frame of reference"},
       {"mixed-stack", "stack"}}};
  std::vector<std::pair<const char*, const char*>> found;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (differences[i]) found.push_back(names[i]);
  BLOCH_EXPECTS(!found.empty());
  WhyParts why{found.front().first, found.front().second};
  for (std::size_t i = 1; i < found.size(); ++i)
    why.words += (i + 1 < found.size() ? ", " : " and ") + std::string(found[i].second);
  return why;
}

/// ", stack 2" of a part that its stack keeps from another; else nothing.
std::string stack_name(const std::vector<Instance>& instances, const std::vector<std::vector<ImageRef>>& parts,
                       std::size_t part) {
  const auto stack_of_part = [&](std::size_t i) {
    const ImageRef& image = parts[i].front();
    return instances[image.instance].frames[image.frame].keys[static_cast<std::size_t>(VolumeKey::stack)];
  };
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (i != part &&
        differences_of(instances, {parts[i], parts[part]})[static_cast<std::size_t>(PartDifference::stack)])
      return ", stack " + stack_of_part(part);
  return {};
}

} // namespace

std::vector<SeriesInfo> make_series(const std::vector<Instance>& instances) {
  BLOCH_EXPECTS(!instances.empty());
  const auto parts = parts_of(instances);
  if (parts.size() == 1) return {series_of(instances, parts.front(), {})};
  const auto [kind, words] = why_parts(differences_of(instances, parts));
  std::vector<SeriesInfo> all;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::vector<ImageRef> others;
    for (std::size_t k = 0; k < parts.size(); ++k)
      if (k != i) others.insert(others.end(), parts[k].begin(), parts[k].end());
    SeriesInfo series = series_of(instances, parts[i], others);
    series.frames = static_cast<int>(parts[i].size());
    const std::string plane = series.geometry ? lower_case(plane_name(*series.geometry)) : "not placed";
    series.part = fmt::format("{}{}, {} of {}", plane, stack_name(instances, parts, i), i + 1, parts.size());
    series.uid += fmt::format(":{}", i + 1);
    series.warnings.push_back(
        {kind, fmt::format("images that differ in {} do not form a volume: this is part {} of {} of the series",
                           words, i + 1, parts.size())});
    all.push_back(std::move(series));
  }
  return all;
}

} // namespace bloch::imaging
