#include "app/desktop/session.h"

#include "core/base/version.h"
#include "imaging/dicom/write_objects.h"
#include "imaging/dicom/write_series.h"
#include "imaging/io/image_file.h"

namespace bloch::app {
namespace {

/// What a saved copy says about how it was made: the item's own recipe, or that it is a conversion.
Recipe recipe_of(const Item& item, const std::filesystem::path& output) {
  Recipe recipe = item.recipe.value_or(Recipe{});
  if (recipe.command.empty()) recipe.command = "convert";
  recipe.version = version();
  recipe.output = output.filename().string();
  return recipe;
}

imaging::DerivedSeries description_of(const Item& item) {
  imaging::DerivedSeries derived;
  derived.description = item.name;
  derived.image_comments = "Research use only, not for diagnostic use.";
  switch (item.kind) {
  case ItemKind::series:
    derived.derivation_description = "Converted by Bloch " + std::string(version());
    break;
  case ItemKind::resampled:
    derived.derivation_description = "Resampled to a true grid by Bloch " + std::string(version());
    for (const Warning& warning : item.warnings)
      if (warning.kind == "resampled") derived.derivation_description += ": " + warning.message;
    derived.image_comments += " RESAMPLED.";
    break;
  case ItemKind::reconstruction:
    derived.derivation_description = "Reconstructed by Bloch " + std::string(version()) + ": " + item.method;
    break;
  case ItemKind::error_map:
    derived.derivation_description = "Error map by Bloch " + std::string(version()) + ": " + item.method;
    break;
  case ItemKind::anomaly_map:
    derived.derivation_description = "Anomaly map by Bloch " + std::string(version()) + ": " + item.method;
    derived.quantity = "{0:1}";
    break;
  case ItemKind::truth:
  case ItemKind::annotation:
    break;
  }
  for (const std::string& tag : item.tags)
    if (tag == "SIMULATED") derived.image_comments += " Simulated data.";
  if (item.recipe) derived.derivation_description += " " + item.recipe->parameters;
  return derived;
}

/// Voxels of an anomaly map that reach a threshold, or the labels of a mask.
LabelMap labels_of(const Item& item, double threshold) {
  if (item.label) return *item.label;
  std::vector<std::uint8_t> labels(item.volume->voxel_count());
  item.volume->visit([&](auto samples) {
    for (std::size_t i = 0; i < samples.size(); ++i)
      labels[i] = static_cast<double>(samples[i]) >= threshold ? 1 : 0;
  });
  return {item.volume->geometry(), std::move(labels)};
}

/// threshold: where a map was cut; nothing where its values are kept
Segment segment_of(const Item& item, std::optional<double> threshold) {
  Segment segment;
  segment.name = item.name;
  segment.colour = default_colour(1);
  segment.algorithm = item.label ? "MANUAL" : "AUTOMATIC " + (item.method.empty() ? "Bloch" : item.method);
  if (!item.label && threshold) segment.algorithm += " at least " + std::to_string(*threshold);
  segment.category = "Morphologically Abnormal Structure";
  return segment;
}

RgbVolume colours_of(const Item& item) {
  return bloch::colours_of(*item.colour[0], *item.colour[1], *item.colour[2]);
}

Result<void> write_capture(const Item& item, const SeriesPlace& place, const std::filesystem::path& file,
                           const Progress& progress) {
  imaging::DerivedSeries derived = description_of(item);
  if (item.colour[0])
    return imaging::write_multi_frame_capture(file, colours_of(item), item.series, place, derived, progress);
  derived.modality = "OT";
  return imaging::write_multi_frame_capture(file, *item.volume, place, derived, progress);
}

Result<void> write_object(const Item& item, const SeriesPlace& place, const std::string& kind, double threshold,
                          const std::filesystem::path& file, const Progress& progress) {
  const imaging::DerivedSeries derived = description_of(item);
  if (kind == "enhanced" && item.series.modality == "CT")
    return imaging::write_enhanced_ct(file, *item.volume, place, derived, progress);
  if (kind == "enhanced") return imaging::write_enhanced_mr(file, *item.volume, place, derived, progress);
  if (kind == "capture") return write_capture(item, place, file, progress);
  if (kind == "parametric-map")
    return imaging::write_parametric_map(file, *item.volume, place, derived, progress);
  if (kind == "fractional-seg") {
    const Segment segment = segment_of(item, {});
    return imaging::write_fractional_segmentation(file, {&*item.volume, 1}, {&segment, 1},
                                                  imaging::FractionKind::probability, place, derived, progress);
  }
  const Segment segments[] = {segment_of(item, threshold)};
  return imaging::write_segmentation(file, labels_of(item, threshold), segments, place, derived, progress);
}

Result<void> write_image(const Item& item, const std::filesystem::path& path) {
  if (item.label) return imaging::write_label_map(path, *item.label);
  if (item.colour[0]) return imaging::write_colour_image(path, colours_of(item));
  return imaging::write_image(path, *item.volume);
}

Result<void> write_series(const Item& item, const SeriesPlace& place, const std::filesystem::path& folder,
                          const Progress& progress) {
  const imaging::DerivedSeries derived = description_of(item);
  if (item.colour[0])
    return imaging::write_derived_colours(folder, colours_of(item), item.series, place, derived, progress);
  return imaging::write_derived_series(folder, *item.volume, place, derived, progress);
}

} // namespace

std::shared_ptr<const Item> Session::source_of(std::shared_ptr<const Item> item) const {
  while (item->series.files.empty() && item->source && document().find(*item->source))
    item = document().share(*item->source);
  return item;
}

void Session::save_object(ItemId id, const std::string& kind, const std::filesystem::path& file) {
  const auto item = document().share(id);
  if (!item || (!item->volume && !item->label)) return;
  const auto source = source_of(item);
  const double threshold = document().overlay.threshold;
  jobs_.run<std::filesystem::path>(
      "Saving " + QString::fromStdString(file.filename().string()), this,
      [item, source, kind, threshold, file](const Progress& progress) -> Result<std::filesystem::path> {
        const SeriesPlace place{&source->patient, &source->study, &source->series};
        BLOCH_CHECK(write_object(*item, place, kind, threshold, file, progress));
        BLOCH_CHECK(write_recipe(recipe_of(*item, file), file));
        return file;
      },
      [this](const std::filesystem::path& written) {
        show_message({Message::Kind::information,
                      "Saved " + QString::fromStdString(written.filename().string()) + ".",
                      QString::fromStdString(written.string())});
      });
}

void Session::save_image(ItemId id, const std::filesystem::path& path) {
  const auto item = document().share(id);
  if (!item) return;
  jobs_.run<std::filesystem::path>(
      "Saving " + QString::fromStdString(path.filename().string()), this,
      [item, path](const Progress&) -> Result<std::filesystem::path> {
        BLOCH_CHECK(write_image(*item, path));
        BLOCH_CHECK(write_recipe(recipe_of(*item, path), path));
        return path;
      },
      [this](const std::filesystem::path& written) {
        show_message({Message::Kind::information,
                      "Saved " + QString::fromStdString(written.filename().string()) + ".",
                      QString::fromStdString(written.string())});
      });
}

void Session::save_series(ItemId id, const std::filesystem::path& folder) {
  const auto item = document().share(id);
  if (!item || !item->volume) return;
  // What a result was made from gives patient, study and frame of reference.
  const auto source = source_of(item);
  jobs_.run<std::filesystem::path>(
      "Saving DICOM series " + QString::fromStdString(item->name), this,
      [item, source, folder](const Progress& progress) -> Result<std::filesystem::path> {
        const SeriesPlace place{&source->patient, &source->study, &source->series};
        BLOCH_CHECK(write_series(*item, place, folder, progress));
        BLOCH_CHECK(write_recipe(recipe_of(*item, folder), folder));
        return folder;
      },
      [this](const std::filesystem::path& written) {
        show_message({Message::Kind::information,
                      "Saved a DICOM series in " + QString::fromStdString(written.filename().string()) + ".",
                      QString::fromStdString(written.string())});
      });
}

} // namespace bloch::app
