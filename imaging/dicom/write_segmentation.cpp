#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>

#include "imaging/dicom/detail/multi_frame_writer.h"
#include "imaging/dicom/detail/object_info.h"
#include "imaging/dicom/write_objects.h"

namespace bloch::imaging {
namespace {

struct Concept {
  const char* meaning;
  const char* code; ///< SNOMED CT
};

/// Categories and types of segments (PS3.16 CID 7150, 7151, …) that are known by name.
constexpr Concept concepts[] = {{"Tissue", "85756007"}, {"Anatomical Structure", "123037004"},
                                {"Organ", "113343008"}, {"Morphologically Abnormal Structure", "49755003"},
                                {"Lesion", "52988006"}, {"Brain", "12738006"},
                                {"Liver", "10200004"}};

void put_concept(DcmItem& segment, const DcmTagKey& sequence, const std::string& meaning) {
  if (meaning.empty()) return put_code(segment, sequence, "85756007", "SCT", "Tissue");
  for (const Concept& known : concepts)
    if (meaning == known.meaning) return put_code(segment, sequence, known.code, "SCT", meaning);
  put_code(segment, sequence, shortened(meaning, 16), "99BLOCH", meaning);
}

/// "AUTOMATIC Bloch anomaly" in its two parts; automatic when it does not say.
void put_algorithm(DcmItem& item, const std::string& algorithm) {
  std::string type = "AUTOMATIC";
  std::string name = algorithm.empty() ? std::string("Bloch") : algorithm;
  for (const char* known : {"AUTOMATIC", "SEMIAUTOMATIC", "MANUAL"})
    if (algorithm == known || algorithm.starts_with(std::string(known) + " ")) {
      type = known;
      name = algorithm.size() > type.size() ? algorithm.substr(type.size() + 1) : std::string("Bloch");
    }
  put(item, DCM_SegmentAlgorithmType, type);
  if (type != "MANUAL") put(item, DCM_SegmentAlgorithmName, shortened(name, 64));
}

void put_segment(DcmItem& dataset, const Segment& segment) {
  DcmItem& item = add_item(dataset, DCM_SegmentSequence);
  item.putAndInsertUint16(DCM_SegmentNumber, static_cast<Uint16>(segment.number));
  put(item, DCM_SegmentLabel, shortened(segment.name, 64));
  put_algorithm(item, segment.algorithm);
  put_concept(item, DCM_SegmentedPropertyCategoryCodeSequence, segment.category);
  put_concept(item, DCM_SegmentedPropertyTypeCodeSequence,
              segment.type.empty() ? segment.category : segment.type);
  const auto lab = to_cielab(segment.colour);
  item.putAndInsertUint16Array(DCM_RecommendedDisplayCIELabValue, lab.data(), 3);
}

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

/// What binary and fractional segmentations share.
MultiFrameHeader segmentation_header() {
  return {UID_SegmentationStorage, "SEG", "DERIVED\\PRIMARY", "SEGMENTATION"};
}

void put_segmentation(DcmDataset& dataset, const SeriesTemplate& series, const VolumeGeometry& geometry,
                      const std::vector<FramePlace>& frames, Uint16 bits, const char* type) {
  put_multi_frame(dataset, segmentation_header(), series, geometry, frames);
  dataset.putAndInsertUint16(DCM_BitsAllocated, bits);
  dataset.putAndInsertUint16(DCM_BitsStored, bits);
  dataset.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(bits - 1));
  dataset.putAndInsertUint16(DCM_PixelRepresentation, 0);
  put(dataset, DCM_SegmentationType, type);
}

Result<void> save_with_pixels(const std::filesystem::path& path, DcmFileFormat& file,
                              const std::vector<std::uint8_t>& bytes, const Progress& progress) {
  BLOCH_CHECK(inserted(file.getDataset()->putAndInsertUint8Array(DCM_PixelData, bytes.data(),
                                                                 static_cast<unsigned long>(bytes.size()))));
  if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped while writing; nothing was written");
  return save_object(path, file);
}

constexpr double largest_fraction = 255; ///< MaximumFractionalValue

/// The probabilities as stored, from 0 to 255.
/// errors: invalid_parameter (no probabilities, or nothing above 0)
Result<std::vector<std::uint8_t>> stored_fractions(const Volume& volume) {
  std::vector<std::uint8_t> stored(volume.voxel_count());
  bool valid = true;
  bool any = false;
  volume.visit([&](auto samples) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto value = static_cast<double>(samples[i]);
      valid = valid && value >= -1e-6 && value <= 1 + 1e-6; // not so for not a number
      if (!valid) return;
      stored[i] = static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * largest_fraction));
      any = any || stored[i] > 0;
    }
  });
  const ValueRange range = value_range(volume);
  if (!valid)
    return failure(
        ErrorKind::invalid_parameter,
        fmt::format("a fractional segmentation holds probabilities from 0 to 1, but the values go from "
                    "{:.4g} to {:.4g} or are no numbers: scale them, choose a threshold for a binary "
                    "segmentation, or write a parametric map, which holds any value",
                    range.minimum, range.maximum));
  if (!any)
    return failure(ErrorKind::invalid_parameter,
                   "every probability is 0: a segmentation needs at least one voxel that is not");
  return stored;
}

/// The slices where something is, and the first and the last, so that a reader finds the whole grid again.
std::vector<FramePlace> frames_of(const std::vector<std::uint8_t>& stored, const VolumeGeometry& geometry) {
  const auto count = static_cast<std::ptrdiff_t>(geometry.size[0]) * geometry.size[1];
  std::vector<FramePlace> frames;
  for (int z = 0; z < geometry.size[2]; ++z) {
    const auto first = stored.begin() + z * count;
    const bool kept = z == 0 || z == geometry.size[2] - 1;
    if (kept || std::any_of(first, first + count, [](std::uint8_t value) { return value > 0; }))
      frames.push_back({z, 1});
  }
  return frames;
}

} // namespace

Result<void> write_segmentation(const std::filesystem::path& path, const LabelMap& given,
                                std::span<const Segment> segments, const SeriesPlace& source,
                                const DerivedSeries& derived, const Progress& progress) {
  const LabelMap labels = right_handed(given);
  SeriesTemplate series;
  BLOCH_CHECK(fill_template(series, labels.geometry(), source, derived));
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

Result<void> write_fractional_segmentation(const std::filesystem::path& path, const Volume& given,
                                           const Segment& segment, const SeriesPlace& source,
                                           const DerivedSeries& derived, const Progress& progress) {
  const Volume volume = right_handed(given);
  SeriesTemplate series;
  BLOCH_CHECK(fill_template(series, volume.geometry(), source, derived));
  BLOCH_TRY(stored, stored_fractions(volume));
  const auto frames = frames_of(stored, volume.geometry());
  BLOCH_CHECK(check_object(segmentation_header(), series, volume.geometry(), frames.size(), 8));
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  put_segmentation(dataset, series, volume.geometry(), frames, 8, "FRACTIONAL");
  put(dataset, DCM_SegmentationFractionalType, "PROBABILITY");
  dataset.putAndInsertUint16(DCM_MaximumFractionalValue, static_cast<Uint16>(largest_fraction));
  Segment only = segment;
  only.number = 1;
  put_segment(dataset, only);
  const auto count = static_cast<std::ptrdiff_t>(volume.geometry().size[0]) * volume.geometry().size[1];
  std::vector<std::uint8_t> bytes;
  for (const FramePlace& frame : frames) {
    const auto first = stored.begin() + frame.slice * count;
    bytes.insert(bytes.end(), first, first + count);
  }
  bytes.resize((bytes.size() + 1) / 2 * 2);
  return save_with_pixels(path, file, bytes, progress);
}

} // namespace bloch::imaging
