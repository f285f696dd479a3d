#include "app/cli/write_dicom.h"

#include <cmath>

#include <fmt/format.h>

#include "app/cli/object_kind.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "imaging/dicom/write_objects.h"
#include "imaging/open/open_object.h"

namespace bloch::app {
namespace {

namespace fs = std::filesystem;

/// Labels of an image: where it reaches the threshold, else its whole numbers.
Result<LabelMap> labels_from(const imaging::OpenedImage& image, std::optional<double> threshold) {
  if (!threshold) return imaging::to_labels(image.volume);
  std::vector<std::uint8_t> labels(image.volume.voxel_count());
  image.volume.visit([&](auto samples) {
    for (std::size_t i = 0; i < samples.size(); ++i)
      labels[i] = static_cast<double>(samples[i]) >= *threshold ? 1 : 0;
  });
  return LabelMap(image.volume.geometry(), std::move(labels));
}

std::vector<Volume> volumes_of(std::span<const imaging::OpenedImage> images) {
  std::vector<Volume> volumes;
  for (const imaging::OpenedImage& image : images) volumes.push_back(image.volume);
  return volumes;
}

/// Those that --segments names.
Result<std::vector<Segment>> named_segments(const DicomTarget& target) {
  std::vector<Segment> segments;
  for (const std::string& text : target.segments) {
    const auto equals = text.find('=');
    const auto number = to_integer(text.substr(0, equals));
    if (equals == std::string::npos || !number || *number < 1 || *number > 65535)
      return failure(ErrorKind::invalid_parameter,
                     "--segments needs LABEL=NAME, as in 1=Lesion, not '" + text + "'");
    Segment segment;
    segment.number = static_cast<int>(*number);
    segment.name = text.substr(equals + 1);
    segment.colour = default_colour(segment.number);
    segments.push_back(segment);
  }
  return segments;
}

Result<std::vector<Segment>> segments_of(const DicomTarget& target, const imaging::DerivedSeries& derived) {
  BLOCH_TRY(segments, named_segments(target));
  if (!target.holds_labels() && segments.empty()) {
    Segment segment;
    segment.name = derived.description;
    if (target.threshold) segment.algorithm = fmt::format("AUTOMATIC at least {}", to_text(*target.threshold));
    segment.colour = default_colour(1);
    segments.push_back(segment);
  }
  return segments;
}

/// One for each volume, in their order.
Result<std::vector<Segment>> fractional_segments(const DicomTarget& target,
                                                 std::span<const imaging::OpenedImage> images,
                                                 const imaging::DerivedSeries& derived) {
  BLOCH_TRY(named, named_segments(target));
  const std::size_t volumes = images.size();
  std::vector<Segment> segments = segments_of_volumes(images.front().series);
  segments.resize(volumes);
  if (volumes == 1) segments.front().name = derived.description;
  for (const Segment& segment : named) {
    if (static_cast<std::size_t>(segment.number) > volumes)
      return failure(
          ErrorKind::invalid_parameter,
          fmt::format("--segments names segment {}, but there {} a segment of its own: choose the volumes "
                      "with --volume (all of a file of four dimensions)",
                      segment.number,
                      volumes == 1 ? "is one volume, which is" : fmt::format("are {} volumes, each", volumes)));
    segments[static_cast<std::size_t>(segment.number) - 1] = segment;
  }
  return segments;
}

Result<void> write_fractions(const DicomTarget& target, const fs::path& file,
                             std::span<const imaging::OpenedImage> images, const SeriesPlace& place,
                             const imaging::DerivedSeries& derived, const Progress& progress) {
  BLOCH_TRY(segments, fractional_segments(target, images, derived));
  const std::vector<Volume> volumes = volumes_of(images);
  const auto kind = target.occupancy ? imaging::FractionKind::occupancy : imaging::FractionKind::probability;
  return imaging::write_fractional_segmentation(file, volumes, segments, kind, place, derived, progress);
}

/// Whether the object shows small values bright where the image does.
bool keeps_polarity(const std::string& kind, const Volume& volume) {
  if (kind == "multi-frame-secondary-capture") return imaging::capture_keeps_polarity(volume);
  return kind == "seg";
}

Result<void> write_single(const Invocation& invocation, const DicomTarget& target, const fs::path& file,
                          std::span<const imaging::OpenedImage> images, const imaging::OpenedImage& source,
                          const imaging::DerivedSeries& derived) {
  const imaging::OpenedImage& image = images.front();
  const SeriesPlace place{&source.patient, &source.study, &source.series};
  const Progress progress = invocation.progress.child(0.6, 1, "writing");
  if (image.colour)
    return imaging::write_multi_frame_capture(file, *image.colour, image.series, place, derived, progress);
  if (image.series.inverse && !keeps_polarity(target.kind, image.volume))
    invocation.warn(imaging::polarity_is_lost);
  if (target.kind == "multi-frame-secondary-capture")
    return imaging::write_multi_frame_capture(file, image.volume, place, derived, progress);
  if (target.kind == "enhanced-mr")
    return imaging::write_enhanced_mr(file, volumes_of(images), place, derived, progress);
  if (target.kind == "enhanced-ct")
    return imaging::write_enhanced_ct(file, volumes_of(images), place, derived, progress);
  if (target.kind == "parametric-map")
    return imaging::write_parametric_map(file, image.volume, place, derived, progress);
  if (target.keeps_fractions()) return write_fractions(target, file, images, place, derived, progress);
  BLOCH_TRY(segments, segments_of(target, derived));
  BLOCH_TRY(labels, labels_from(image, target.threshold));
  return imaging::write_segmentation(file, labels, segments, place, derived, progress);
}

} // namespace

const std::vector<std::string>& dicom_kinds() {
  static const std::vector<std::string> kinds = {
      "mr",          "ct",          "secondary-capture", "multi-frame-secondary-capture",
      "enhanced-mr", "enhanced-ct", "parametric-map",    "seg"};
  return kinds;
}

bool is_single_file(const std::string& kind) {
  return kind.starts_with("enhanced-") || kind.starts_with("multi-frame-") || kind == "parametric-map" ||
         kind == "seg";
}

Result<void> write_dicom_as(const Invocation& invocation, const DicomTarget& target,
                            std::span<const imaging::OpenedImage> images, const imaging::OpenedImage& source,
                            imaging::DerivedSeries derived) {
  const imaging::OpenedImage& image = images.front();
  const SeriesPlace place{&source.patient, &source.study, &source.series};
  const Progress progress = invocation.progress.child(0.6, 1, "writing");
  if (target.kind.ends_with("secondary-capture")) derived.modality = "OT";
  if (image.colour) {
    if (!target.unit.empty() || (!target.kind.empty() && !target.kind.ends_with("secondary-capture")))
      return failure(ErrorKind::invalid_parameter,
                     "a colour series is written as secondary capture alone (--as secondary-capture or "
                     "multi-frame-secondary-capture): leave out any other --as, and --unit");
    if (!is_single_file(target.kind))
      return imaging::write_derived_colours(target.out, *image.colour, image.series, place, derived, progress);
  }
  derived.quantity = target.unit;
  if (target.kind == "mr") derived.modality = "MR";
  if (target.kind == "ct") derived.modality = "CT";
  if (!is_single_file(target.kind))
    return imaging::write_derived_series(target.out, volumes_of(images), place, derived, progress);
  if (is_dicom_file(target.out)) return write_single(invocation, target, target.out, images, source, derived);
  return write_folder(target.out, [&](const fs::path& beside) {
    return write_single(invocation, target, beside / "IM00001.dcm", images, source, derived);
  });
}

} // namespace bloch::app
