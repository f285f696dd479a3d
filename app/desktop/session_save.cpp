#include <algorithm>
#include <numeric>
#include <vector>

#include "app/desktop/saved_item.h"
#include "app/desktop/session.h"
#include "core/base/contract.h"
#include "core/data/segmentation.h"
#include "imaging/dicom/write_objects.h"
#include "imaging/dicom/write_series.h"
#include "imaging/io/image_file.h"
#include "imaging/io/volumes_file.h"
#include "imaging/open/open.h"

namespace bloch::app {
namespace {

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

/// What the user must know about an object of that kind that was written; usually nothing.
QString doubt_about(const Item& item, const std::string& kind) {
  if (!item.volume || item.colour[0] || !is_inverse(item)) return {};
  const bool kept = kind == "seg" || kind == "fractional-seg" ||
                    (kind == "capture" && imaging::capture_keeps_polarity(*item.volume));
  return kept ? QString() : QString(imaging::polarity_is_lost);
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

/// The volumes of a series in their order; the one that is shown is there already.
Result<std::vector<Volume>> all_volumes(const Item& item, const Progress& progress) {
  const SeriesPlace place{&item.patient, &item.study, &item.series};
  std::vector<Volume> volumes;
  for (int number = 0; number < item.series.volumes; ++number) {
    if (number == item.volume_number) {
      volumes.push_back(*item.volume);
      continue;
    }
    const double count = item.series.volumes;
    auto opened = imaging::open_series(place, progress.child(number / count, (number + 1) / count), number);
    if (!opened) return failure(opened.error().in("volume " + std::to_string(number + 1)));
    volumes.push_back(std::move(opened->volume));
  }
  return volumes;
}

/// The same in the units that the item is shown in.
Result<std::vector<Volume>> all_volumes_as_shown(const Item& item, const Progress& progress) {
  if (!item.in_file_units) return all_volumes(item, progress);
  BLOCH_TRY(volumes, all_volumes(*item.in_file_units, progress));
  for (Volume& volume : volumes) {
    BLOCH_TRY(suv, imaging::to_suv({volume, {}, {}, {}, item.in_file_units->series}));
    volume = suv.volume;
  }
  return volumes;
}

/// Which volumes of its series the item holds, from 0; none where it is something else.
std::vector<int> volumes_in(const Item& item, bool all) {
  if (item.kind != ItemKind::series) return {};
  if (!all) return {std::max(item.volume_number, 0)}; // all images in one stack are one volume
  std::vector<int> numbers(static_cast<std::size_t>(item.series.volumes));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

Result<void> write_series(const Item& item, const SeriesPlace& place, const std::filesystem::path& folder,
                          bool all, const Progress& progress) {
  imaging::DerivedSeries derived = description_of(item);
  if (item.colour[0])
    return imaging::write_derived_colours(folder, colours_of(item), item.series, place, derived, progress);
  derived.volumes = volumes_in(item, all);
  if (!all) return imaging::write_derived_series(folder, *item.volume, place, derived, progress);
  derived.description = name_of_series(item.series);
  if (item.series.images.empty()) derived.time_step_ms = imaging::time_step_ms(item.series.files.front());
  BLOCH_TRY(volumes, all_volumes_as_shown(item, progress.child(0, 0.6)));
  return imaging::write_derived_series(folder, volumes, place, derived, progress.child(0.6, 1));
}

/// What the command line would be told to write the same.
Recipe recipe_of_volumes(const Item& item, bool all, const std::filesystem::path& folder) {
  Recipe recipe = recipe_of(item, folder);
  if (item.kind == ItemKind::series && item.series.volumes > 1 && item.volume_number >= 0)
    recipe.options["volume"] = all ? "all" : std::to_string(item.volume_number + 1);
  return recipe;
}

Result<void> write_fractions(const Item& item, const FractionalChoice& choice,
                             const std::filesystem::path& file, const Progress& progress) {
  imaging::DerivedSeries derived = description_of(item);
  std::vector<Volume> volumes{*item.volume};
  std::vector<Segment> segments{segment_of(item, {})};
  if (choice.all_volumes) {
    BLOCH_TRY(all, all_volumes(item, progress.child(0, 0.7)));
    volumes = std::move(all);
    segments = segments_of_volumes(item.series);
    derived.description = name_of_series(item.series);
  }
  BLOCH_EXPECTS(choice.names.size() == segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) segments[i].name = choice.names[i];
  const SeriesPlace place{&item.patient, &item.study, &item.series};
  const auto kind = choice.occupancy ? imaging::FractionKind::occupancy : imaging::FractionKind::probability;
  return imaging::write_fractional_segmentation(file, volumes, segments, kind, place, derived,
                                                progress.child(0.7, 1));
}

/// What the command line would be told to write the same.
Recipe recipe_of_fractions(const Item& item, const FractionalChoice& choice,
                           const std::filesystem::path& file) {
  Recipe recipe = recipe_of(item, file);
  recipe.options["as"] = "seg";
  recipe.options["volume"] = choice.all_volumes ? "all" : std::to_string(item.volume_number + 1);
  recipe.options[choice.occupancy ? "occupancy" : "fractional"] = "true";
  std::string named;
  for (std::size_t i = 0; i < choice.names.size(); ++i)
    named += (i > 0 ? "," : "") + std::to_string(i + 1) + "=" + choice.names[i];
  recipe.options["segments"] = named;
  return recipe;
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
      [this, doubt = doubt_about(*item, kind)](const std::filesystem::path& written) {
        const QString saved = "Saved " + QString::fromStdString(written.filename().string());
        show_message({doubt.isEmpty() ? Message::Kind::information : Message::Kind::warning,
                      doubt.isEmpty() ? saved + "." : saved + ": " + doubt + ".",
                      QString::fromStdString(written.string())});
      });
}

void Session::save_fractions(ItemId id, const FractionalChoice& choice, const std::filesystem::path& file) {
  auto item = document().share(id);
  if (!item || !item->volume) return;
  if (item->in_file_units) item = item->in_file_units; // the other volumes are read from the files
  jobs_.run<std::filesystem::path>(
      "Saving " + QString::fromStdString(file.filename().string()), this,
      [item, choice, file](const Progress& progress) -> Result<std::filesystem::path> {
        BLOCH_CHECK(write_fractions(*item, choice, file, progress));
        BLOCH_CHECK(write_recipe(recipe_of_fractions(*item, choice, file), file));
        return file;
      },
      [this, count = choice.names.size()](const std::filesystem::path& written) {
        show_message({Message::Kind::information,
                      QString("Saved %1 with %2 segment%3.")
                          .arg(QString::fromStdString(written.filename().string()))
                          .arg(count)
                          .arg(count == 1 ? "" : "s"),
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

void Session::save_series(ItemId id, const std::filesystem::path& folder, bool all_volumes) {
  const auto item = document().share(id);
  if (!item || !item->volume) return;
  const bool all = all_volumes && item->kind == ItemKind::series && item->series.volumes > 1;
  const int volumes = item->kind == ItemKind::series ? item->series.volumes : 1;
  // What a result was made from gives patient, study and frame of reference.
  const auto source = source_of(item);
  jobs_.run<std::filesystem::path>(
      "Saving DICOM series " + QString::fromStdString(item->name), this,
      [item, source, folder, all](const Progress& progress) -> Result<std::filesystem::path> {
        const SeriesPlace place{&source->patient, &source->study, &source->series};
        BLOCH_CHECK(write_series(*item, place, folder, all, progress));
        BLOCH_CHECK(write_recipe(recipe_of_volumes(*item, all, folder), folder));
        return folder;
      },
      [this, all, volumes, number = item->volume_number](const std::filesystem::path& written) {
        QString what = "a DICOM series";
        if (all) what += QString(" of %1 volumes").arg(volumes);
        if (!all && volumes > 1 && number >= 0)
          what = QString("volume %1 of %2 as ").arg(number + 1).arg(volumes) + what;
        show_message({Message::Kind::information,
                      "Saved " + what + " in " + QString::fromStdString(written.filename().string()) + ".",
                      QString::fromStdString(written.string())});
      });
}

} // namespace bloch::app
