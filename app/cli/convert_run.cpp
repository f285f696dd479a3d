#include "app/cli/convert_run.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/cli/convert_grid.h"
#include "app/cli/convert_object.h"
#include "app/cli/convert_slices.h"
#include "app/cli/convert_volumes.h"
#include "app/cli/like_series.h"
#include "app/cli/object_kind.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "imaging/dicom/read_overlays.h"
#include "imaging/io/image_file.h"
#include "imaging/io/volumes_file.h"
#include "imaging/open/open_object.h"

namespace bloch::app {
namespace {

namespace fs = std::filesystem;

/// A DICOM series or object is written.
bool names_dicom(const ConvertOptions& options) {
  const std::string& out = options.out;
  std::error_code code;
  if (is_single_file(options.target.kind) && is_dicom_file(out)) return true;
  return out.ends_with('/') || fs::is_directory(out, code);
}

Result<void> write_dicom(const Invocation& invocation, const ConvertOptions& options,
                         std::span<const imaging::OpenedImage> images, std::span<const int> volumes,
                         const imaging::OpenedImage& source) {
  const imaging::OpenedImage& image = images.front();
  imaging::DerivedSeries derived;
  derived.made_from = &image.series;
  derived.volumes.assign(volumes.begin(), volumes.end());
  if (image.series.images.empty()) derived.time_step_ms = imaging::time_step_ms(image.series.files.front());
  derived.description =
      image.series.description.empty() ? options.input.filename().string() : image.series.description;
  derived.derivation_description =
      fmt::format("converted by Bloch {} from {}", version(), options.input.filename().string());
  for (const Warning& warning : image.series.warnings)
    if (warning.kind == "resampled") {
      derived.derivation_description += "; resampled to a true grid: " + warning.message;
      derived.image_comments = "RESAMPLED: " + warning.message + ".";
    }
  derived.frame_of_reference_uid = image.series.frame_of_reference_uid;
  // An image file has no modality: "OT" stands for that.
  if (!image.series.sop_class_uid.empty() || image.series.modality != "OT")
    derived.modality = image.series.modality;
  DicomTarget target = options.target;
  target.out = options.out;
  return write_dicom_as(invocation, target, images, source, derived);
}

/// Fits into a code of DICOM (SH) as UCUM writes its own.
Result<void> check_unit(const std::string& unit) {
  constexpr std::size_t longest = 16;
  const bool fits = unit.size() <= longest && std::all_of(unit.begin(), unit.end(), [](unsigned char c) {
                      return c > 0x20 && c < 0x7F && c != '\\';
                    });
  if (fits) return {};
  return failure(
      ErrorKind::invalid_parameter,
      fmt::format("--unit takes a UCUM code of at most {} characters without spaces and backslashes, "
                  "as in mm2/s, not '{}'",
                  longest, unit));
}

/// --as, --unit and the like only say how DICOM is written.
Result<void> check_target(const ConvertOptions& options) {
  const DicomTarget& target = options.target;
  BLOCH_CHECK(check_unit(target.unit));
  if (!target.unit.empty() && !names_dicom(options) && !is_dicom_file(options.out))
    return failure(ErrorKind::invalid_parameter,
                   "--unit is kept by DICOM alone: give --out a new folder that ends in /, or leave it out");
  if (!target.unit.empty() && target.kind == "seg")
    return failure(ErrorKind::invalid_parameter, "--as seg holds segments, not values: leave --unit out");
  if (options.segment != 0)
    return failure(ErrorKind::invalid_parameter,
                   "--segment needs a segmentation, or --overlays: the input is a series of images; leave it "
                   "out");
  if (!target.kind.empty() && !names_dicom(options))
    return failure(ErrorKind::invalid_parameter,
                   "--as writes DICOM: give --out a new folder that ends in /" +
                       std::string(is_single_file(target.kind) ? ", or a name that ends in .dcm" : ""));
  if ((target.threshold || target.keeps_fractions() || !target.segments.empty()) && target.kind != "seg")
    return failure(ErrorKind::invalid_parameter,
                   "--threshold, --fractional, --occupancy and --segments need --as seg");
  return {};
}

/// Which options were given that only mean something for images.
std::vector<std::string> image_options(const ConvertOptions& options) {
  const DicomTarget& target = options.target;
  const std::pair<const char*, bool> given[] = {{"--volume", options.volume != ConvertOptions().volume},
                                                {"--split", options.split != ConvertOptions().split},
                                                {"--resample", !options.resample.empty()},
                                                {"--suv", options.suv},
                                                {"--overlays", options.overlays},
                                                {"--unit", !target.unit.empty()},
                                                {"--threshold", target.threshold.has_value()},
                                                {"--fractional", target.fractional},
                                                {"--occupancy", target.occupancy},
                                                {"--segments", !target.segments.empty()}};
  std::vector<std::string> names;
  for (const auto& [name, is_given] : given)
    if (is_given) names.emplace_back(name);
  return names;
}

/// An object becomes a file of another kind, whatever the options say that are for images.
Result<void> check_object(const ConvertOptions& options, const ObjectInfo& object) {
  const std::string name = lower_case(object.name);
  const bool segmentation = object.kind == ObjectKind::segmentation;
  if (!options.target.kind.empty() || names_dicom(options) || is_dicom_file(options.out))
    return failure(
        ErrorKind::invalid_parameter,
        segmentation
            ? "the input is a DICOM segmentation already, and becomes an image file of its labels: give --out "
              "a "
              "name that ends in .nii.gz, .nrrd or .mha and leave --as out; convert LABELS.nii.gz --like "
              "SERIES "
              "--as seg makes a DICOM segmentation of such a file"
            : fmt::format("the input is no image but an object ({}), which is not written as DICOM again: give "
                          "--out a name that ends in .txt for its text, and leave --as out",
                          name));
  if (const auto names = image_options(options); !names.empty())
    return failure(
        ErrorKind::invalid_parameter,
        fmt::format("the input is no image but an object ({}): leave {} out", name, join(names, ", ")));
  if (options.segment != 0 && !segmentation)
    return failure(ErrorKind::invalid_parameter,
                   fmt::format("--segment needs a segmentation, and the input is another object ({})", name));
  return {};
}

/// True when the input is no image but an object (a segmentation, a report, …), which is then written.
Result<bool> convert_if_object(const Invocation& invocation, const ConvertOptions& options) {
  if (!fs::exists(options.input)) return false; // for whoever opens it to say
  BLOCH_TRY(object, imaging::find_object(options.input, options.series, invocation.progress.child(0, 0.2)));
  if (!object) return false;
  BLOCH_CHECK(check_object(options, *object));
  ObjectConversion conversion{options.out, options.segment, nullptr};
  std::optional<imaging::OpenedImage> like;
  if (!options.like.empty()) {
    BLOCH_TRY(opened, open_like_series(options.like, invocation.progress.child(0, 0.5)));
    like = opened;
    conversion.grid = &like->volume.geometry();
  }
  BLOCH_CHECK(convert_object(invocation, *object, conversion));
  return true;
}

/// --as for a .dcm file, from the input and --like.
Result<void> follow_series(const Invocation& invocation, ConvertOptions& options, const SeriesInfo& pixels) {
  std::optional<imaging::ChosenSeries> like;
  if (!options.like.empty()) {
    BLOCH_TRY(chosen, choose_like_series(options.like));
    like = chosen;
  }
  BLOCH_TRY(kind, object_kind(invocation, pixels, like ? &like->series : nullptr));
  options.target.kind = kind;
  return {};
}

/// A volume goes into the file as it is read.
bool goes_by_slices(const ConvertOptions& options, const WantedVolumes& wanted) {
  const SeriesInfo& series = wanted.chosen.series;
  std::error_code code;
  return options.out.ends_with(".nii") && options.like.empty() && options.resample.empty() && !options.suv &&
         wanted.numbers.size() == 1 && !series.images.empty() && !series.colour &&
         (!fs::exists(options.out, code) || fs::is_regular_file(options.out, code));
}

/// What is left out of a series of several volumes, where nobody chose.
void warn_of_volumes(const Invocation& invocation, const ConvertOptions& options, const SeriesInfo& series) {
  if (!options.volume.empty() || series.volumes < 2) return;
  const bool labelled = !series.volume_labels.empty();
  invocation.warn(
      fmt::format("only the first of {} volumes{} is written: --volume all takes all of them, --volume "
                  "N another",
                  series.volumes, labelled ? " (" + series.volume_labels.front() + ")" : ""));
}

void repeat_warnings(const Invocation& invocation, const ConvertOptions& options, const SeriesInfo& series) {
  for (const Warning& warning : series.warnings)
    if (warning.kind != "several-volumes") invocation.warn(warning.message);
  warn_of_volumes(invocation, options, series);
  if (common_pixel_size_mm(series.regions))
    invocation.warn("the size of a pixel is that of the ultrasound regions: it does not hold outside of them");
  if (series.inverse && !names_dicom(options))
    invocation.warn(
        "small values are bright in this series (MONOCHROME1): the file holds them as stored, and other "
        "programs will show it the other way round");
}

Result<void> convert_overlays(const Invocation& invocation, const ConvertOptions& options) {
  BLOCH_TRY(chosen, imaging::choose_series(options.input, options.series, invocation.progress.child(0, 0.5)));
  BLOCH_TRY(numbers, imaging::volumes_named(chosen.series, named_volume(options)));
  if (numbers.size() != 1)
    return failure(ErrorKind::invalid_parameter, "--overlays writes one volume; choose one with --volume N");
  if (!options.like.empty() || !options.resample.empty() || options.suv)
    return failure(ErrorKind::invalid_parameter, "--overlays goes without --like, --resample and --suv");
  if (!options.target.kind.empty() || !options.target.unit.empty() || names_dicom(options) ||
      is_dicom_file(options.out))
    return failure(
        ErrorKind::invalid_parameter,
        "--overlays writes an image file of labels: give --out a name that ends in .nii.gz, .nrrd or "
        ".mha, and leave --as and --unit out");
  BLOCH_TRY(planes,
            imaging::read_overlays(chosen.series, numbers.front(), invocation.progress.child(0.5, 0.9)));
  return convert_segmentation(invocation, planes, {options.out, options.segment, nullptr});
}

} // namespace

Result<void> run_convert(const Invocation& invocation, const ConvertOptions& given) {
  ConvertOptions options = given;
  BLOCH_TRY(done, convert_if_object(invocation, options));
  if (done) return {};
  if (options.overlays) return convert_overlays(invocation, options);
  BLOCH_CHECK(check_target(options));
  const bool follows = options.target.kind.empty() && is_dicom_file(options.out);
  if (!follows && !names_dicom(options) && !options.out.ends_with(".png"))
    BLOCH_CHECK(imaging::image_writer_of(options.out).map([](const auto*) {}));
  BLOCH_TRY(wanted, choose_wanted(invocation, options));
  if (follows) BLOCH_CHECK(follow_series(invocation, options, wanted.chosen.series));
  const bool folder = names_dicom(options);
  if (wanted.numbers.size() > 1) BLOCH_CHECK(check_several(options, folder));
  if (goes_by_slices(options, wanted)) {
    BLOCH_CHECK(convert_by_slices(invocation, wanted.chosen.series, wanted.numbers.front(), options.out));
    repeat_warnings(invocation, options, wanted.chosen.series);
    return {};
  }
  BLOCH_TRY(images, read_wanted(invocation, options, wanted));
  imaging::OpenedImage& image = images.front();
  repeat_warnings(invocation, options, image.series);
  if (images.size() > 1 && !folder) return write_several(invocation, options, images);
  std::optional<imaging::OpenedImage> like;
  if (!options.like.empty()) {
    BLOCH_TRY(opened, open_like_series(options.like, invocation.progress.child(0.5, 0.6)));
    like = opened;
    warn_of_another_patient(invocation, image.patient, like->patient);
    GridPolicy policy{options.target.kind == "seg", options.target.holds_labels()};
    for (imaging::OpenedImage& each : images) {
      BLOCH_CHECK(put_on_grid(invocation, each, *like, policy));
      policy.told = true; // the volumes lie on one grid: what holds for the first holds for all
    }
    if (folder && !options.target.keeps_fractions()) tell_names(invocation, images, *like);
  }
  if (folder)
    BLOCH_CHECK(write_dicom(invocation, options, images, wanted.numbers, like ? *like : image));
  else if (image.colour)
    BLOCH_CHECK(imaging::write_colour_image(options.out, image.colour->with_geometry(image.volume.geometry())));
  else
    BLOCH_CHECK(imaging::write_image(options.out, image.volume));
  const auto& size = image.volume.geometry().size;
  invocation.say(fmt::format("{} x {} x {} voxels{} to {}{}", size[0], size[1], size[2],
                             images.size() > 1 ? fmt::format(", {} volumes", images.size()) : "", options.out,
                             follows ? " (" + options.target.kind + ")" : ""));
  return {};
}

} // namespace bloch::app
