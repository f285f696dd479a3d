#include "core/data/segmentation.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace bloch {

std::array<std::uint8_t, 3> default_colour(int number) {
  // Okabe and Ito 2008: told apart by every kind of colour vision.
  static constexpr std::array<std::array<std::uint8_t, 3>, 7> colours = {{{230, 159, 0},
                                                                          {86, 180, 233},
                                                                          {0, 158, 115},
                                                                          {240, 228, 66},
                                                                          {0, 114, 178},
                                                                          {213, 94, 0},
                                                                          {204, 121, 167}}};
  return colours[static_cast<std::size_t>(std::max(0, number - 1)) % colours.size()];
}

std::vector<Segment> segments_of_volumes(const SeriesInfo& series) {
  std::vector<Segment> segments(static_cast<std::size_t>(std::max(1, series.volumes)));
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const std::string label = i < series.volume_labels.size() ? series.volume_labels[i] : std::string();
    segments[i].number = static_cast<int>(i) + 1;
    segments[i].name = label.empty() || label == "volume " + number ? "Segment " + number : label;
    segments[i].colour = default_colour(segments[i].number);
  }
  return segments;
}

} // namespace bloch
