#include <map>
#include <set>

#include <fmt/format.h>

#include "imaging/dicom/detail/segmentation_writer.h"
#include "imaging/dicom/write_objects.h"

namespace bloch::imaging {
namespace {

/// The slices in which each label occurs.
std::map<int, std::set<int>> slices_of(const LabelMap& labels) {
  std::map<int, std::set<int>> slices;
  const std::size_t count =
      static_cast<std::size_t>(labels.geometry().size[0]) * static_cast<std::size_t>(labels.geometry().size[1]);
  labels.visit([&](auto samples) {
    int last = 0;
    std::size_t last_slice = samples.size();
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const int label = samples[i];
      if (label == 0 || (label == last && i / count == last_slice)) continue;
      slices[label].insert(static_cast<int>(i / count));
      last = label;
      last_slice = i / count;
    }
  });
  return slices;
}

/// SEG numbers its segments from 1 without a gap (PS3.3 C.8.20.4): labels 3 and 7 become segments 1 and 2.
std::vector<FramePlace> frames_of(const std::map<int, std::set<int>>& slices, int last_slice) {
  std::vector<FramePlace> frames;
  int number = 0;
  for (const auto& [label, where] : slices) {
    std::set<int> kept = where;
    if (++number == 1) kept.insert({0, last_slice}); // so that a reader finds the whole grid again
    for (const int slice : kept) frames.push_back({slice, number});
  }
  return frames;
}

/// One bit a pixel, the first in the lowest bit, frames one after the other without a gap (PS3.5 8.1.1).
std::vector<std::uint8_t> packed(const LabelMap& labels, const std::vector<FramePlace>& frames,
                                 const std::vector<int>& label_of) {
  const std::size_t count =
      static_cast<std::size_t>(labels.geometry().size[0]) * static_cast<std::size_t>(labels.geometry().size[1]);
  std::vector<std::uint8_t> bytes((count * frames.size() + 15) / 16 * 2);
  labels.visit([&](auto samples) {
    for (std::size_t f = 0; f < frames.size(); ++f) {
      const int label = label_of[static_cast<std::size_t>(frames[f].segment)];
      const auto slice = samples.subspan(static_cast<std::size_t>(frames[f].slice) * count, count);
      for (std::size_t i = 0; i < count; ++i)
        if (slice[i] == label) {
          const std::size_t bit = f * count + i;
          bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | 1U << bit % 8);
        }
    }
  });
  return bytes;
}

Segment segment_of(std::span<const Segment> segments, int label) {
  for (const Segment& segment : segments)
    if (segment.number == label) return segment;
  Segment unnamed;
  unnamed.name = fmt::format("Label {}", label);
  unnamed.colour = default_colour(label);
  return unnamed;
}

} // namespace

Result<void> write_segmentation(const std::filesystem::path& path, const LabelMap& given,
                                std::span<const Segment> segments, const SeriesPlace& source,
                                const DerivedSeries& derived, const Progress& progress) {
  const LabelMap labels = right_handed(given);
  SeriesTemplate series;
  BLOCH_CHECK(fill_template(series, labels.geometry(), source, derived));
  BLOCH_CHECK(check_on_grid(series));
  const auto slices = slices_of(labels);
  if (slices.empty())
    return failure(ErrorKind::invalid_parameter,
                   "there is no label in it: a segmentation needs at least one voxel that is not 0");
  const auto frames = frames_of(slices, labels.geometry().size[2] - 1);
  BLOCH_CHECK(check_object(segmentation_header(), series, labels.geometry(), frames.size(), 1));
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  put_segmentation(dataset, series, labels.geometry(), frames, 1, "BINARY");
  std::vector<int> label_of{0};
  for (const auto& [label, where] : slices) {
    Segment segment = segment_of(segments, label);
    segment.number = static_cast<int>(label_of.size());
    label_of.push_back(label);
    put_segment(dataset, segment);
  }
  return save_with_pixels(path, file, packed(labels, frames, label_of), progress);
}

} // namespace bloch::imaging
