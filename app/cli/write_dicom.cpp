#include "app/cli/write_dicom.h"

#include <cmath>

#include <fmt/format.h>

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

Result<std::vector<Segment>> segments_of(const DicomTarget& target, const imaging::DerivedSeries& derived) {
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
  if (target.fractional && segments.size() > 1)
    return failure(ErrorKind::invalid_parameter, "--fractional writes one segment: name 1=NAME alone");
  if (!target.holds_labels() && segments.empty()) {
    Segment segment;
    segment.name = derived.description;
    if (target.threshold) segment.algorithm = fmt::format("AUTOMATIC at least {}", to_text(*target.threshold));
    segment.colour = default_colour(1);
    segments.push_back(segment);
  }
  return segments;
}

Result<void> write_single(const Invocation& invocation, const DicomTarget& target, const fs::path& file,
                          const imaging::OpenedImage& image, const imaging::OpenedImage& source,
                          const imaging::DerivedSeries& derived) {
  const SeriesPlace place{&source.patient, &source.study, &source.series};
  const Progress progress = invocation.progress.child(0.6, 1, "writing");
  if (target.kind == "enhanced-mr")
    return imaging::write_enhanced_mr(file, image.volume, place, derived, progress);
  if (target.kind == "parametric-map")
    return imaging::write_parametric_map(file, image.volume, place, derived, progress);
  BLOCH_TRY(segments, segments_of(target, derived));
  if (target.fractional)
    return imaging::write_fractional_segmentation(file, image.volume, segments.front(), place, derived,
                                                  progress);
  BLOCH_TRY(labels, labels_from(image, target.threshold));
  return imaging::write_segmentation(file, labels, segments, place, derived, progress);
}

} // namespace

const std::vector<std::string>& dicom_kinds() {
  static const std::vector<std::string> kinds = {
      "mr", "ct", "secondary-capture", "enhanced-mr", "parametric-map", "seg"};
  return kinds;
}

bool is_single_file(const std::string& kind) {
  return kind == "enhanced-mr" || kind == "parametric-map" || kind == "seg";
}

Result<void> write_dicom_as(const Invocation& invocation, const DicomTarget& target,
                            const imaging::OpenedImage& image, const imaging::OpenedImage& source,
                            imaging::DerivedSeries derived) {
  const SeriesPlace place{&source.patient, &source.study, &source.series};
  const Progress progress = invocation.progress.child(0.6, 1, "writing");
  if (target.kind == "secondary-capture") derived.modality = "OT";
  if (image.colour) {
    if (!target.unit.empty() || (!target.kind.empty() && target.kind != "secondary-capture"))
      return failure(ErrorKind::invalid_parameter,
                     "a colour series is written as secondary capture alone: leave out --as and --unit");
    return imaging::write_derived_colours(target.out, *image.colour, image.series, place, derived, progress);
  }
  derived.quantity = target.unit;
  if (target.kind == "mr") derived.modality = "MR";
  if (target.kind == "ct") derived.modality = "CT";
  if (!is_single_file(target.kind))
    return imaging::write_derived_series(target.out, image.volume, place, derived, progress);
  if (target.out.ends_with(".dcm")) return write_single(invocation, target, target.out, image, source, derived);
  return write_folder(target.out, [&](const fs::path& beside) {
    return write_single(invocation, target, beside / "IM00001.dcm", image, source, derived);
  });
}

} // namespace bloch::app
