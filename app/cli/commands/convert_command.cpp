#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/command.h"
#include "app/cli/convert_object.h"
#include "app/cli/convert_slices.h"
#include "app/cli/like_series.h"
#include "app/cli/write_dicom.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "imaging/dicom/read_overlays.h"
#include "imaging/dicom/write_series.h"
#include "imaging/io/image_file.h"
#include "imaging/io/volumes_file.h"
#include "imaging/open/open.h"
#include "imaging/open/open_object.h"

namespace bloch::app {
namespace {

namespace fs = std::filesystem;

struct ConvertOptions {
  fs::path input;
  std::string series;
  std::string like;
  std::string out;
  std::string volume = "1";
  std::string split = "auto";
  std::string resample;
  int segment = 0;
  bool suv = false;
  bool overlays = false;
  DicomTarget target;
};

/// A DICOM series or object is written.
bool names_dicom(const ConvertOptions& options) {
  const std::string& out = options.out;
  std::error_code code;
  if (is_single_file(options.target.kind) && out.ends_with(".dcm")) return true;
  return out.ends_with('/') || fs::is_directory(out, code);
}

Result<void> take_geometry(imaging::OpenedImage& image, const imaging::OpenedImage& like) {
  const VolumeGeometry& wanted = like.volume.geometry();
  if (image.volume.geometry().size != wanted.size)
    return failure(
        ErrorKind::invalid_parameter,
        fmt::format(
            "--like has {} x {} x {} voxels, but the input has {} x {} x {}; give a series of the same size",
            wanted.size[0], wanted.size[1], wanted.size[2], image.volume.geometry().size[0],
            image.volume.geometry().size[1], image.volume.geometry().size[2]));
  image.volume = image.volume.with_geometry(wanted);
  image.series.frame_of_reference_uid = like.series.frame_of_reference_uid;
  return {};
}

/// PET values to standardised uptake values by body weight.
Result<void> to_suv(imaging::OpenedImage& image) {
  const double factor = image.series.suv_factor;
  if (factor > 0) {
    std::vector<float> values = to_float(image.volume);
    for (float& value : values) value = static_cast<float>(value * factor);
    image.volume = Volume(image.volume.geometry(), std::move(values));
    return {};
  }
  for (const Warning& warning : image.series.warnings)
    if (warning.kind == "no-suv") return failure(ErrorKind::unsupported, warning.message);
  return failure(ErrorKind::unsupported, "--suv needs a PET series");
}

Result<void> write_dicom(const Invocation& invocation, const ConvertOptions& options,
                         const imaging::OpenedImage& image, const imaging::OpenedImage& source) {
  imaging::DerivedSeries derived;
  derived.made_from = &image.series;
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
  return write_dicom_as(invocation, target, image, source, derived);
}

/// --as, --unit and the like only say how DICOM is written.
Result<void> check_target(const ConvertOptions& options) {
  const DicomTarget& target = options.target;
  if (!target.kind.empty() && !names_dicom(options))
    return failure(ErrorKind::invalid_parameter,
                   "--as writes DICOM: give --out a new folder that ends in /" +
                       std::string(is_single_file(target.kind) ? ", or a name that ends in .dcm" : ""));
  if ((target.threshold || target.fractional || !target.segments.empty()) && target.kind != "seg")
    return failure(ErrorKind::invalid_parameter, "--threshold, --fractional and --segments need --as seg");
  return {};
}

/// What has no geometry takes that of the series; what lies on its grid takes the order of its voxels; masks
/// take the nearest label at each voxel of the series, and everything else keeps its own places.
Result<void> put_on_grid(const Invocation& invocation, imaging::OpenedImage& image,
                         const imaging::OpenedImage& like, const ConvertOptions& options) {
  bool placed = true;
  for (const Warning& warning : image.series.warnings) placed = placed && warning.kind != "no-geometry";
  const VolumeGeometry& wanted = like.volume.geometry();
  if (!placed) return take_geometry(image, like);
  // Colours are not turned into another order.
  const bool turns = !image.colour || image.volume.geometry().matches(wanted);
  std::string& frame_of_reference = image.series.frame_of_reference_uid;
  if (const auto ordered = turns ? imaging::in_order_of(image.volume, wanted) : std::nullopt) {
    image.volume = *ordered;
    if (frame_of_reference.empty()) frame_of_reference = like.series.frame_of_reference_uid;
    return {};
  }
  const bool own_grid = !options.target.holds_labels();
  if (own_grid && frame_of_reference.empty()) frame_of_reference = imaging::new_uid();
  if (options.target.kind != "seg") {
    image.series.warnings.push_back(
        {"own-grid", "the input does not lie on the grid of --like: it keeps its own places, and takes the "
                     "patient and the study alone"});
    invocation.warn(image.series.warnings.back().message);
    return {};
  }
  if (own_grid) return {}; // a map: it is written on its own grid
  BLOCH_TRY(labels, imaging::to_labels(image.volume));
  const LabelMap moved = imaging::labels_on_grid(labels, wanted);
  std::vector<float> samples(moved.voxel_count());
  moved.visit([&](auto values) { std::copy(values.begin(), values.end(), samples.begin()); });
  image.volume = Volume(wanted, std::move(samples));
  frame_of_reference = like.series.frame_of_reference_uid;
  return {};
}

/// True when the input is no image but an object (a segmentation, a report, …), which is then written.
Result<bool> convert_if_object(const Invocation& invocation, const ConvertOptions& options) {
  if (!fs::exists(options.input)) return false; // for whoever opens it to say
  BLOCH_TRY(object, imaging::find_object(options.input, options.series, invocation.progress.child(0, 0.2)));
  if (!object) return false;
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

/// 0 for "auto"; nothing when nothing is to be resampled.
Result<std::optional<double>> resampling_mm(const std::string& resample) {
  if (resample.empty()) return std::optional<double>();
  if (resample == "auto") return std::optional<double>(0);
  const auto spacing = to_number(resample);
  if (!spacing || !(*spacing > 0))
    return failure(ErrorKind::invalid_parameter,
                   "--resample needs 'auto' or a distance in mm above 0, not '" + resample + "'");
  return std::optional<double>(*spacing);
}

/// Volumes of a series, not read yet.
struct WantedVolumes {
  imaging::ChosenSeries chosen;
  std::vector<int> numbers;
};

Result<WantedVolumes> choose_wanted(const Invocation& invocation, const ConvertOptions& options) {
  BLOCH_TRY(chosen, imaging::choose_series(options.input, options.series, invocation.progress.child(0, 0.2)));
  if (options.split == "none") {
    if (chosen.series.images.empty() && chosen.series.volumes > 1)
      return failure(ErrorKind::invalid_parameter,
                     "--split none needs a DICOM series; --volume all takes every volume of an image file");
    chosen.series = imaging::unsplit(chosen.series);
  }
  BLOCH_TRY(numbers, imaging::volumes_named(chosen.series, options.volume));
  return WantedVolumes{std::move(chosen), std::move(numbers)};
}

/// Each on a true grid when that is asked for too.
Result<std::vector<imaging::OpenedImage>>
read_wanted(const Invocation& invocation, const ConvertOptions& options, const WantedVolumes& wanted) {
  BLOCH_TRY(resample, resampling_mm(options.resample));
  const auto& [chosen, numbers] = wanted;
  std::vector<imaging::OpenedImage> images;
  const Progress reading = invocation.progress.child(0.2, 0.5);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const Progress one = reading.child(static_cast<double>(i) / static_cast<double>(numbers.size()),
                                       static_cast<double>(i + 1) / static_cast<double>(numbers.size()));
    BLOCH_TRY(image, imaging::open_series(chosen.place(), one, numbers[i]));
    if (resample) {
      BLOCH_TRY(straight, imaging::to_true_grid(image, *resample, one));
      image = straight;
    }
    images.push_back(std::move(image));
  }
  return images;
}

Result<void> write_several(const Invocation& invocation, const ConvertOptions& options,
                           const std::vector<imaging::OpenedImage>& images) {
  std::vector<Volume> volumes;
  for (const imaging::OpenedImage& image : images) volumes.push_back(image.volume);
  BLOCH_CHECK(imaging::write_volumes(options.out, volumes));
  const auto& size = volumes.front().geometry().size;
  invocation.say(fmt::format("{} x {} x {} voxels, {} volumes to {}", size[0], size[1], size[2], volumes.size(),
                             options.out));
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

void repeat_warnings(const Invocation& invocation, const SeriesInfo& series) {
  for (const Warning& warning : series.warnings) invocation.warn(warning.message);
  if (common_pixel_size_mm(series.regions))
    invocation.warn("the size of a pixel is that of the ultrasound regions: it does not hold outside of them");
}

Result<void> convert_overlays(const Invocation& invocation, const ConvertOptions& options) {
  BLOCH_TRY(chosen, imaging::choose_series(options.input, options.series, invocation.progress.child(0, 0.5)));
  BLOCH_TRY(numbers, imaging::volumes_named(chosen.series, options.volume));
  if (numbers.size() != 1)
    return failure(ErrorKind::invalid_parameter, "--overlays writes one volume; choose one with --volume N");
  if (!options.like.empty() || !options.resample.empty() || options.suv)
    return failure(ErrorKind::invalid_parameter, "--overlays goes without --like, --resample and --suv");
  BLOCH_TRY(planes,
            imaging::read_overlays(chosen.series, numbers.front(), invocation.progress.child(0.5, 0.9)));
  return convert_segmentation(invocation, planes, {options.out, options.segment, nullptr});
}

Result<void> run_convert(const Invocation& invocation, const ConvertOptions& options) {
  BLOCH_TRY(done, convert_if_object(invocation, options));
  if (done) return {};
  if (options.overlays) return convert_overlays(invocation, options);
  BLOCH_CHECK(check_target(options));
  const bool folder = names_dicom(options);
  if (!folder && !options.out.ends_with(".png"))
    BLOCH_CHECK(imaging::image_writer_of(options.out).map([](const auto*) {}));
  BLOCH_TRY(wanted, choose_wanted(invocation, options));
  if (goes_by_slices(options, wanted)) {
    BLOCH_CHECK(convert_by_slices(invocation, wanted.chosen.series, wanted.numbers.front(), options.out));
    repeat_warnings(invocation, wanted.chosen.series);
    return {};
  }
  BLOCH_TRY(images, read_wanted(invocation, options, wanted));
  imaging::OpenedImage& image = images.front();
  repeat_warnings(invocation, image.series);
  if (options.suv)
    for (imaging::OpenedImage& each : images) BLOCH_CHECK(to_suv(each));
  if (images.size() > 1 && (folder || !options.like.empty()))
    return failure(
        ErrorKind::invalid_parameter,
        "--volume all writes one NIfTI file of four dimensions; give --out FILE.nii.gz without --like, or "
        "choose one volume");
  if (images.size() > 1) return write_several(invocation, options, images);
  std::optional<imaging::OpenedImage> like;
  if (!options.like.empty()) {
    BLOCH_TRY(opened, open_like_series(options.like, invocation.progress.child(0.5, 0.6)));
    like = opened;
    warn_of_another_patient(invocation, image.patient, like->patient);
    BLOCH_CHECK(put_on_grid(invocation, image, *like, options));
  }
  if (folder)
    BLOCH_CHECK(write_dicom(invocation, options, image, like ? *like : image));
  else if (image.colour)
    BLOCH_CHECK(imaging::write_colour_image(options.out, image.colour->with_geometry(image.volume.geometry())));
  else
    BLOCH_CHECK(imaging::write_image(options.out, image.volume));
  const auto& size = image.volume.geometry().size;
  invocation.say(fmt::format("{} x {} x {} voxels to {}", size[0], size[1], size[2], options.out));
  return {};
}

CommandBody configure_convert(CLI::App& app) {
  const auto options = std::make_shared<ConvertOptions>();
  app.add_option("input", options->input, "DICOM file or folder, or an image file")
      ->required()
      ->type_name("INPUT");
  app.add_option(
         "--series", options->series,
         "which series or object (segmentation, report, …) of the input, by its UID (see bloch-cli info); "
         "an image file in a folder or archive, by its name")
      ->type_name("UID|FILE");
  app.add_option(
         "--volume", options->volume,
         "which volume of a series with several (echoes, b-values, phases, times): its number from 1, its "
         "label or a part of it (see bloch-cli info), or all, as one NIfTI file of four dimensions")
      ->type_name("N|LABEL|all");
  app.add_option(
         "--split", options->split,
         "auto: a series is split into its volumes; none: all its images in one stack, volume after volume")
      ->check(CLI::IsMember({"auto", "none"}));
  app.add_option("--resample", options->resample,
                 "put slices that lean (gantry tilt), are missing or unevenly spaced on a true grid, by linear "
                 "interpolation; auto: with the smallest distance of two slices, or a distance in mm")
      ->type_name("auto|MM");
  app.add_option("--segment", options->segment, "which segment of a segmentation alone, by its number")
      ->check(CLI::Range(1, 65535));
  app.add_flag(
      "--overlays", options->overlays,
      "the overlay planes (60xx) of the series as labels instead of its image; --segment N: one alone");
  app.add_flag("--suv", options->suv, "PET values as SUV by body weight (g/ml)");
  app.add_option("--like", options->like,
                 "series that supplies patient and geometry: a file or folder, or FOLDER#UID")
      ->type_name("SERIES");
  app.add_option("--out", options->out, "image file to write, or a folder (ending in /) for a DICOM series")
      ->required()
      ->type_name("FILE|DIR/");
  app.add_option("--as", options->target.kind, "which DICOM object to write; without it the modality decides")
      ->check(CLI::IsMember(dicom_kinds()));
  app.add_option("--unit", options->target.unit, "UCUM code of the values that DICOM is written with (mm2/s)")
      ->type_name("UCUM");
  auto* threshold = app.add_option("--threshold", options->target.threshold,
                                   "--as seg of a map: label 1 where a value reaches this")
                        ->type_name("VALUE");
  app.add_flag("--fractional", options->target.fractional,
               "--as seg of a map of probabilities from 0 to 1: they are kept, in steps of 1/255")
      ->excludes(threshold);
  app.add_option("--segments", options->target.segments, "--as seg: names of labels, as in 1=Lesion,2=Oedema")
      ->delimiter(',')
      ->type_name("LABEL=NAME");
  return [options](const Invocation& invocation) { return run_convert(invocation, *options); };
}

} // namespace

Command convert_command() {
  return {"convert", "Turns a DICOM series into an image file, or an image file into a derived DICOM series.",
          "bloch-cli convert study/ --out t1.nii.gz", configure_convert};
}

} // namespace bloch::app
