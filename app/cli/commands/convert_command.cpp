#include <memory>

#include <CLI/CLI.hpp>

#include "app/cli/convert_run.h"

namespace bloch::app {
namespace {

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
         "label or a part of it (see bloch-cli info), or all, as one DICOM series, enhanced MR or CT, or NIfTI "
         "file of four "
         "dimensions; without it the first, and a warning says so")
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
  app.add_option(
         "--out", options->out,
         "image file to write, a folder (ending in /) for a DICOM series, or a .dcm file for an object that "
         "is one file")
      ->required()
      ->type_name("FILE|DIR/");
  app.add_option(
         "--as", options->target.kind,
         "which DICOM object to write; without it a folder gets a series by the modality, and a .dcm file "
         "the object that the input or --like is (an enhanced MR or CT, …)")
      ->check(CLI::IsMember(dicom_kinds()));
  app.add_option("--unit", options->target.unit, "UCUM code of the values that DICOM is written with (mm2/s)")
      ->type_name("UCUM");
  auto* threshold = app.add_option("--threshold", options->target.threshold,
                                   "--as seg of a map: label 1 where a value reaches this")
                        ->type_name("VALUE");
  auto* fractional = app.add_flag("--fractional", options->target.fractional,
                                  "--as seg of a map of probabilities from 0 to 1: they are kept, in steps of "
                                  "1/255; with --volume all each volume becomes a segment")
                         ->excludes(threshold);
  app.add_flag(
         "--occupancy", options->target.occupancy,
         "--as seg of a map of how much of each voxel is occupied, from 0 to 1: kept as --fractional does")
      ->excludes(threshold)
      ->excludes(fractional);
  app.add_option("--segments", options->target.segments,
                 "--as seg: names of labels (of volumes), as in 1=Lesion,2=Oedema")
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
