#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/data/series.h"
#include "imaging/dicom/detail/instance.h"

namespace bloch::imaging {

/// One image among the instances of a series.
struct ImageRef {
  std::size_t instance = 0;
  std::size_t frame = 0;
};

/// How the images of a series lie on each other.
struct Stack {
  std::vector<ImageRef> images; ///< slices of the first volume, then of the second…
  int volumes = 1;
  std::vector<std::string> volume_labels;
  std::string split_by;                   ///< what tells the volumes apart: "echo time"
  std::optional<VolumeGeometry> geometry; ///< nothing when the images do not form a volume
  std::vector<WorldPoint> slice_origins;  ///< as SeriesInfo has them
  std::vector<ImageRef> left_out;         ///< images of no volume
  std::vector<Warning> warnings;
};

/// Every image, in order of acquisition.
std::vector<ImageRef> images_of(std::span<const Instance> instances);

/// What keeps images out of one volume, most telling first.
enum class PartDifference {
  size,
  colour,
  polarity, ///< SeriesInfo::inverse
  placement,
  orientation,
  spacing,
  frame_of_reference,
  stack,
  count
};
using PartDifferences = std::bitset<static_cast<std::size_t>(PartDifference::count)>;
/// Between the first images of any two parts.
PartDifferences differences_of(std::span<const Instance> instances,
                               const std::vector<std::vector<ImageRef>>& parts);

/// The images that may form one volume: of one size, kind, orientation, pixel spacing and frame of reference,
/// and of one stack (PS3.3 C.7.6.16.2.2.4) where stacks share no place; in order of first acquisition. All in
/// one where that would make more than a dozen (turning projections, films). An image that alone has its frame
/// of reference or stack keeps none apart.
std::vector<std::vector<ImageRef>> parts_of(std::span<const Instance> instances);

/// Sorts by ImagePositionPatient along the normal and checks every consecutive pair (PS3.3 C.7.6.2.1.1).
/// images: in order of acquisition, at least one
Stack make_stack(std::span<const Instance> instances, std::vector<ImageRef> images);

/// The frames of a series at one place each, split into volumes by what tells them apart; see VolumeKey.
/// places: for each position along the normal, the images there in order of acquisition.
struct Volumes {
  std::vector<std::vector<ImageRef>> volumes; ///< one image a place each
  std::vector<std::string> labels;
  std::string split_by;             ///< empty: one volume
  VolumeKey key = VolumeKey::count; ///< what split_by names first; count: only the order of acquisition
  std::vector<ImageRef> left_out;
  std::vector<Warning> warnings;
};
Volumes split_volumes(std::span<const Instance> instances, const std::vector<std::vector<ImageRef>>& places);

} // namespace bloch::imaging
