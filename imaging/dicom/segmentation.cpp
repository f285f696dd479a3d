#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "imaging/dicom/detail/frame_grid.h"
#include "imaging/dicom/detail/frame_groups.h"
#include "imaging/dicom/detail/object_info.h"
#include "imaging/dicom/detail/pixel_source.h"
#include "imaging/dicom/objects.h"

namespace bloch::imaging {
namespace {

constexpr int most_segment_frames = 65536;
constexpr std::size_t most_label_voxels = std::size_t{1} << 31;

struct SegmentFrame {
  int segment = 0; ///< 0: a label map, its values are the segments
  int slice = 0;
};

Segment read_segment(DcmItem& item, DcmItem& dataset, int position) {
  DicomText text(item, dataset);
  Segment segment;
  segment.number = integer_value(item, DCM_SegmentNumber, position);
  segment.name = text(DCM_SegmentLabel);
  segment.category = code_meaning(item, DCM_SegmentedPropertyCategoryCodeSequence, dataset);
  segment.type = code_meaning(item, DCM_SegmentedPropertyTypeCodeSequence, dataset);
  segment.algorithm = text(DCM_SegmentAlgorithmType);
  if (const std::string name = text(DCM_SegmentAlgorithmName); !name.empty())
    segment.algorithm += (segment.algorithm.empty() ? "" : " ") + name;
  if (segment.name.empty()) segment.name = fmt::format("Segment {}", segment.number);
  const auto lab = number_values(item, DCM_RecommendedDisplayCIELabValue);
  segment.colour = default_colour(segment.number);
  if (lab.size() == 3)
    segment.colour = to_srgb({static_cast<std::uint16_t>(std::clamp(lab[0], 0.0, 65535.0)),
                              static_cast<std::uint16_t>(std::clamp(lab[1], 0.0, 65535.0)),
                              static_cast<std::uint16_t>(std::clamp(lab[2], 0.0, 65535.0))});
  return segment;
}

/// Fills the layers and fractions of a segmentation from its frames.
class SegmentationReader {
 public:
  SegmentationReader(PixelSource source, FrameGrid grid, std::vector<SegmentFrame> frames, Segmentation& target)
      : source_(std::move(source))
      , grid_(std::move(grid))
      , frames_(std::move(frames))
      , target_(target)
      , slice_(source_.format.samples_per_frame()) {
    for (const Segment& segment : target_.segments) wide_ = wide_ || segment.number > 255;
  }

  Result<void> read(double largest_fraction, const Progress& progress) {
    largest_fraction_ = largest_fraction;
    std::map<int, std::vector<int>> by_segment;
    for (std::size_t i = 0; i < frames_.size(); ++i)
      by_segment[frames_[i].segment].push_back(static_cast<int>(i));
    int done = 0;
    if (largest_fraction_ == 0) BLOCH_CHECK(add_layer());
    for (const Segment& segment : target_.segments) { // also those without a frame, so that fractions line up
      if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped while reading segments");
      const auto frames = by_segment.find(segment.number);
      BLOCH_CHECK(read_segment_frames(segment.number,
                                      frames == by_segment.end() ? std::vector<int>() : frames->second));
      progress.report(static_cast<double>(++done) / static_cast<double>(target_.segments.size()));
    }
    if (const auto map = by_segment.find(0); map != by_segment.end()) BLOCH_CHECK(read_label_map(map->second));
    if (layers_.empty()) BLOCH_CHECK(add_layer());
    finish();
    return {};
  }

 private:
  Result<void> add_layer() {
    const std::size_t voxels = grid_.geometry.voxel_count();
    if ((layers_.size() + target_.fractions.size() * 2 + 1) * voxels > most_label_voxels)
      return failure(ErrorKind::out_of_memory, "its overlapping segments need more memory than is taken");
    layers_.emplace_back(voxels);
    return {};
  }

  Result<std::vector<std::uint16_t>> values_of(int frame) const {
    BLOCH_TRY(decoded, decode_frame(source_, frame));
    std::vector<std::uint16_t> values(slice_);
    const std::size_t width = decoded.bits_allocated == 16 ? 2 : 1;
    if (decoded.bytes.size() < slice_ * width)
      return failure(ErrorKind::malformed, "its pixel data could not be read to its end");
    for (std::size_t i = 0; i < slice_; ++i)
      values[i] = width == 1 ? decoded.bytes[i]
                             : static_cast<std::uint16_t>(decoded.bytes[2 * i] | decoded.bytes[2 * i + 1] << 8);
    return values;
  }

  std::size_t begin_of(int frame) const {
    return static_cast<std::size_t>(frames_[static_cast<std::size_t>(frame)].slice) * slice_;
  }

  /// One segment goes into the first layer in which nothing is in its way.
  Result<void> read_segment_frames(int number, const std::vector<int>& frames) {
    std::vector<std::vector<std::uint16_t>> masks;
    std::vector<float> fraction(largest_fraction_ > 0 ? grid_.geometry.voxel_count() : 0);
    for (const int frame : frames) {
      BLOCH_TRY(values, values_of(frame));
      if (largest_fraction_ > 0)
        for (std::size_t i = 0; i < slice_; ++i) {
          float& here = fraction[begin_of(frame) + i];
          here = std::max(here, static_cast<float>(values[i] / largest_fraction_));
          values[i] = 2 * values[i] >= largest_fraction_ && values[i] > 0 ? 1 : 0;
        }
      masks.push_back(std::move(values));
    }
    std::size_t layer = 0;
    while (layer < layers_.size() && overlaps(layers_[layer], frames, masks)) ++layer;
    if (layer == layers_.size()) BLOCH_CHECK(add_layer());
    for (std::size_t k = 0; k < frames.size(); ++k)
      for (std::size_t i = 0; i < slice_; ++i)
        if (masks[k][i] != 0) layers_[layer][begin_of(frames[k]) + i] = static_cast<std::uint16_t>(number);
    if (largest_fraction_ > 0) target_.fractions.emplace_back(grid_.geometry, std::move(fraction));
    return {};
  }

  bool overlaps(const std::vector<std::uint16_t>& layer, const std::vector<int>& frames,
                const std::vector<std::vector<std::uint16_t>>& masks) const {
    for (std::size_t k = 0; k < frames.size(); ++k)
      for (std::size_t i = 0; i < slice_; ++i)
        if (masks[k][i] != 0 && layer[begin_of(frames[k]) + i] != 0) return true;
    return false;
  }

  Result<void> read_label_map(const std::vector<int>& frames) {
    if (layers_.empty()) BLOCH_CHECK(add_layer());
    for (const int frame : frames) {
      BLOCH_TRY(values, values_of(frame));
      std::copy(values.begin(), values.end(),
                layers_.front().begin() + static_cast<std::ptrdiff_t>(begin_of(frame)));
      for (const std::uint16_t value : values) wide_ = wide_ || value > 255;
    }
    return {};
  }

  void finish() {
    for (std::vector<std::uint16_t>& layer : layers_) {
      if (wide_)
        target_.layers.emplace_back(grid_.geometry, std::move(layer));
      else
        target_.layers.emplace_back(grid_.geometry, std::vector<std::uint8_t>(layer.begin(), layer.end()));
    }
    target_.placed = grid_.placed;
    target_.warnings = grid_.warnings;
    if (layers_.size() > 1)
      target_.warnings.push_back({"overlapping-segments",
                                  fmt::format("segments overlap; they are kept in {} layers", layers_.size())});
  }

  PixelSource source_;
  FrameGrid grid_;
  std::vector<SegmentFrame> frames_;
  Segmentation& target_;
  std::size_t slice_;
  double largest_fraction_ = 0; ///< 0: not fractional
  bool wide_ = false;
  std::vector<std::vector<std::uint16_t>> layers_;
};

Result<Segmentation> read_checked(const std::filesystem::path& path, const Progress& progress) {
  BLOCH_TRY(file, open_dicom_file(path));
  BLOCH_TRY(source, open_pixels(path));
  DcmItem& dataset = file.dataset();
  if (source.format.frames > most_segment_frames || source.format.samples != 1)
    return failure(ErrorKind::unsupported,
                   fmt::format("{} frames in one file are more than are read", source.format.frames));
  if (dataset.tagExists(DCM_TotalPixelMatrixRows))
    return failure(ErrorKind::unsupported,
                   "the segmentation lies on a microscope slide, which is not shown in a patient's planes");
  Segmentation target;
  DicomText text(dataset);
  target.name = text(DCM_SeriesDescription);
  if (target.name.empty()) target.name = text(DCM_ContentLabel);
  target.frame_of_reference_uid = raw_value(dataset, DCM_FrameOfReferenceUID);
  const std::string type = raw_value(dataset, DCM_SegmentationType);
  int position = 0;
  for (DcmItem* item : items_of(dataset, DCM_SegmentSequence)) {
    target.segments.push_back(read_segment(*item, dataset, ++position));
    if (target.segments.back().number == 0 && type == "LABELMAP") target.segments.pop_back(); // background
  }
  const auto groups = frame_groups(dataset, source.format.frames);
  const auto headers = read_frame_headers(dataset, source.format.frames);
  const double spacing = groups.front().number(DCM_PixelMeasuresSequence, DCM_SpacingBetweenSlices).value_or(0);
  BLOCH_TRY(grid, make_frame_grid(headers, source.format.rows, source.format.columns, spacing));
  if (grid.geometry.voxel_count() > most_label_voxels)
    return failure(ErrorKind::out_of_memory, "its grid needs more memory than is taken");
  std::vector<SegmentFrame> frames;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const double number =
        groups[i].number(DCM_SegmentIdentificationSequence, DCM_ReferencedSegmentNumber).value_or(1);
    if (type != "LABELMAP" && !(number >= 1 && number <= 65535))
      return failure(ErrorKind::malformed, fmt::format("frame {} belongs to no segment", i + 1));
    frames.push_back({type == "LABELMAP" ? 0 : static_cast<int>(number), grid.slices[i]});
  }
  double largest = 0;
  if (type == "FRACTIONAL") largest = std::max(1, integer_value(dataset, DCM_MaximumFractionalValue, 255));
  SegmentationReader reader(std::move(source), std::move(grid), std::move(frames), target);
  BLOCH_CHECK(reader.read(largest, progress));
  return target;
}

} // namespace

Result<Segmentation> read_segmentation(const std::filesystem::path& path, const Progress& progress) {
  try {
    auto segmentation = read_checked(path, progress);
    if (!segmentation && !segmentation.error().message.starts_with("'"))
      return failure(segmentation.error().in("'" + path.string() + "'"));
    return segmentation;
  } catch (const std::bad_alloc&) {
    return failure(ErrorKind::out_of_memory, "there is not enough memory for this segmentation");
  }
}

} // namespace bloch::imaging
