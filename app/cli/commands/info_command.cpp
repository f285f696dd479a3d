#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/command.h"
#include "core/base/text.h"
#include "imaging/dicom/scan.h"
#include "imaging/io/image_file.h"
#include "imaging/open/open.h"

namespace bloch::app {
namespace {

std::string shown(const std::string& text, const char* otherwise) { return text.empty() ? otherwise : text; }

std::string size_text(const SeriesInfo& series) {
  if (!series.geometry) return fmt::format("{} {}", series.frames, series.frames == 1 ? "image" : "images");
  const auto& size = series.geometry->size;
  const auto& spacing = series.geometry->spacing_mm;
  std::string text = fmt::format("{} x {} x {}, {:.4g} x {:.4g} x {:.4g} mm, {}", size[0], size[1], size[2],
                                 spacing[0], spacing[1], spacing[2], lower_case(plane_name(*series.geometry)));
  if (series.volumes > 1) text += fmt::format(", {} volumes by {}", series.volumes, series.split_by);
  return text;
}

std::string region_text(const UltrasoundRegion& region, std::size_t files) {
  std::string text =
      fmt::format("region {}: x {}-{}, y {}-{}, a pixel {:.4g} {} by {:.4g} {}", region_kind(region),
                  region.first[0], region.last[0], region.first[1], region.last[1], region.delta[0],
                  region_unit(region.units[0]), region.delta[1], region_unit(region.units[1]));
  constexpr std::array axes = {"x", "y"};
  for (std::size_t axis = 0; axis < 2; ++axis)
    if (region.at_first[axis] && region.format != 1)
      text += fmt::format(", {} from {:.4g} {}", axes[axis], *region.at_first[axis],
                          region_unit(region.units[axis]));
  if (files > 1 && region.first_file == region.last_file)
    text += fmt::format(", file {}", region.first_file + 1);
  if (files > 1 && region.first_file != region.last_file)
    text += fmt::format(", files {}-{}", region.first_file + 1, region.last_file + 1);
  return text;
}

void print_regions(const Invocation& invocation, const SeriesInfo& series) {
  constexpr std::size_t most = 16;
  if (const auto size = common_pixel_size_mm(series.regions))
    invocation.say(fmt::format("          pixels of {:.4g} x {:.4g} mm inside the ultrasound regions in cm; "
                               "elsewhere lengths are in pixels",
                               (*size)[0], (*size)[1]));
  for (std::size_t i = 0; i < series.regions.size() && i < most; ++i)
    invocation.say("          " + region_text(series.regions[i], series.files.size()));
  if (series.regions.size() > most)
    invocation.say(fmt::format("          and {} more regions", series.regions.size() - most));
}

void print_series(const Invocation& invocation, const SeriesInfo& series) {
  invocation.say(
      fmt::format("    {:>4}  {:<3} {:<28} {}", series.number, series.modality,
                  shown(series.description, "-") + (series.part.empty() ? "" : " (" + series.part + ")"),
                  size_text(series)));
  invocation.say("          " + series.uid);
  for (std::size_t i = 0; i < series.volume_labels.size() && i < 16; ++i)
    invocation.say(fmt::format("          volume {}: {}", i + 1, series.volume_labels[i]));
  if (series.inverse)
    invocation.say("          small values are bright (MONOCHROME1): values and windows as stored");
  for (const WindowLevel& window : series.windows)
    if (window.function != WindowFunction::linear)
      invocation.say(fmt::format("          window {} {:g} / {:g} {}", window_function_name(window.function),
                                 window.width, window.level, window.name));
  if (series.overlays > 0)
    invocation.say(
        fmt::format("          overlay planes: {} (convert --overlays writes them)", series.overlays));
  print_regions(invocation, series);
  if (series.suv_factor > 0)
    invocation.say(fmt::format("          SUVbw: factor {:.5g} (convert --suv writes it)", series.suv_factor));
  for (const Warning& warning : series.warnings)
    invocation.say("          ! " + warning.kind + ": " + warning.message);
}

void print_object(const Invocation& invocation, const ObjectInfo& object) {
  invocation.say(fmt::format("    {:>4}  {:<3} {:<28} {}", object.number, shown(object.modality, "-"),
                             shown(object.description, "-"), object.name));
  invocation.say("          " + object.uid);
  for (std::size_t i = 0; i < object.parts.size() && i < 16; ++i)
    invocation.say("          - " + object.parts[i]);
}

std::string grid_text(const std::array<int, 3>& size) {
  return size[2] > 1 ? fmt::format("{} x {} x {}", size[0], size[1], size[2])
                     : fmt::format("{} x {}", size[0], size[1]);
}

/// What each command takes the file for.
void print_raw_data(const Invocation& invocation, const RawDataInfo& info) {
  const auto say = [&](const std::string& line) { invocation.say("      " + line); };
  const auto part_of_file = [](const std::string& array) { return array.empty() ? "" : " (" + array + ")"; };
  invocation.say(fmt::format("  {}: {}", info.path.string(), info.format));
  for (const RawDataInfo::Part& part : info.parts)
    say(fmt::format("recon, coils       k-space{} of {}{}{}", part_of_file(info.array), to_text(part.size),
                    info.axes.empty() ? "" : ", read as " + info.axes,
                    part.name.empty() ? "" : ": --select " + part.name));
  if (info.part_count > static_cast<int>(info.parts.size()))
    say(fmt::format("and {} more parts", info.part_count - static_cast<int>(info.parts.size())));
  if (info.parts.empty()) say("recon, coils       refuse it: " + info.refusal);
  if (info.without_coil_axis) say("--coil-axis none   k-space of " + to_text(*info.without_coil_axis));
  if (info.maps)
    say(fmt::format("recon --coils      coil maps{} of {}, {} {}{}", part_of_file(info.maps->array),
                    grid_text(info.maps->size), info.maps->coils, info.maps->coils == 1 ? "coil" : "coils",
                    info.maps->sets == 1 ? "" : fmt::format(", {} sets", info.maps->sets)));
  // .cfl and .npz are no image files, but metrics reads their magnitude all the same.
  const char* by = imaging::image_format_of(info.path) ? "convert, metrics" : "metrics";
  if (info.image)
    say(fmt::format("{:<18} the magnitude{} of {}, an image", by, part_of_file(info.image->array),
                    grid_text(info.image->size)));
  if (info.is_ambiguous()) say("! nothing in the file says which of these it is");
  for (const std::string& note : info.notes) say("- " + note);
  if (!info.simulated.empty()) say("- simulated: " + info.simulated);
}

void print_index(const Invocation& invocation, const StudyIndex& index) {
  for (const PatientInfo& patient : index.patients) {
    invocation.say(shown(patient.name, "(no name)") + (patient.id.empty() ? "" : "  " + patient.id));
    for (const StudyInfo& study : patient.studies) {
      invocation.say("  " + shown(study.date, "(no date)") + "  " + shown(study.description, "-"));
      for (const SeriesInfo& series : study.series) print_series(invocation, series);
      for (const ObjectInfo& object : study.objects) print_object(invocation, object);
    }
  }
  if (!index.raw_data.empty())
    invocation.say("Raw data and complex arrays, and what each command takes them for:");
  for (const RawDataInfo& info : index.raw_data) print_raw_data(invocation, info);
  if (!index.rejected.empty()) invocation.say(fmt::format("Not opened ({}):", index.rejected.size()));
  for (const RejectedFile& file : index.rejected)
    invocation.say("  " + file.path.string() + ": " + file.reason);
}

Result<void> run_info(const Invocation& invocation, const std::vector<std::filesystem::path>& paths) {
  BLOCH_TRY(index, imaging::index_paths(paths, invocation.progress));
  const auto series = all_series(index);
  const auto objects = all_objects(index);
  if (series.empty() && objects.empty() && index.raw_data.empty() && index.rejected.empty())
    return failure(ErrorKind::not_found,
                   "'" + paths.front().string() +
                       "' is empty: there is nothing to list; choose a folder with images");
  invocation.set_json(imaging::to_json(index));
  print_index(invocation, index);
  const std::string raw_data =
      index.raw_data.empty() ? "" : fmt::format(", {} of raw data or complex numbers", index.raw_data.size());
  invocation.say(fmt::format("{} series, {} other objects{}, {} files not opened", series.size(),
                             objects.size(), raw_data, index.rejected.size()));
  return {};
}

CommandBody configure_info(CLI::App& app) {
  const auto paths = std::make_shared<std::vector<std::filesystem::path>>();
  app.add_option("paths", *paths, "files and folders")->required()->type_name("PATH");
  return [paths](const Invocation& invocation) { return run_info(invocation, *paths); };
}

} // namespace

Command info_command() {
  return {"info",
          "What is in these files and folders: patients, studies, series, other objects, geometry, warnings, "
          "k-space and how recon reads it, and what cannot be opened.",
          "bloch-cli info study/ --json -", configure_info};
}

} // namespace bloch::app
