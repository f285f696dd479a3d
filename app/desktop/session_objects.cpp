#include <algorithm>
#include <optional>
#include <utility>

#include "app/desktop/session.h"
#include "core/base/file.h"
#include "imaging/dicom/find_images.h"
#include "imaging/dicom/objects.h"
#include "imaging/dicom/read_overlays.h"

namespace bloch::app {
namespace {

std::shared_ptr<const Volume> to_volume(const LabelMap& labels) {
  return labels.visit([&](auto samples) {
    return std::make_shared<const Volume>(labels.geometry(),
                                          std::vector<float>(samples.begin(), samples.end()));
  });
}

constexpr std::size_t most_marks = 24; // more is the series, not a choice of images

WorldPoint centre_of_image(const SeriesInfo& series, int image) {
  const VolumeGeometry& grid = *series.geometry;
  const int slice = image % grid.size[2];
  const Eigen::Vector3d in_plane = grid.direction.col(0) * (grid.spacing_mm[0] * (grid.size[0] - 1) / 2) +
                                   grid.direction.col(1) * (grid.spacing_mm[1] * (grid.size[1] - 1) / 2);
  const auto place = static_cast<std::size_t>(slice);
  const Eigen::Vector3d origin = place < series.slice_origins.size()
                                     ? series.slice_origins[place].mm
                                     : grid.to_world({Eigen::Vector3d(0, 0, slice)}).mm;
  return {origin + in_plane};
}

std::vector<MarkedImage> marked_images(const ObjectInfo& info, const std::vector<SeriesInfo>& series) {
  std::vector<MarkedImage> marks;
  if (info.kind != ObjectKind::key_objects && info.kind != ObjectKind::presentation_state) return marks;
  for (const ObjectReference& reference : info.references)
    for (const SeriesInfo& one : series) {
      if (series_instance_uid(one) != reference.series_uid || !one.geometry) continue;
      const auto images = imaging::find_images(one, info);
      if (images.size() > most_marks) continue;
      for (const int image : images)
        marks.push_back(
            {QString("Image %1 of %2").arg(image + 1).arg(QString::fromStdString(name_of_series(one))), one.uid,
             centre_of_image(one, image)});
    }
  return marks;
}

Result<std::shared_ptr<OpenedObject>> open(const ObjectInfo& info, const std::vector<SeriesInfo>& series,
                                           const Progress& progress) {
  auto opened = std::make_shared<OpenedObject>();
  opened->info = info;
  BLOCH_TRY(lines, imaging::object_lines(info));
  opened->lines = std::move(lines);
  opened->marks = marked_images(info, series);
  const auto say = [&](const Error& error) { opened->problem = QString::fromStdString(error.message); };
  if (info.kind == ObjectKind::segmentation) {
    auto read = imaging::read_segmentation(info.path, progress);
    if (!read && read.error().kind == ErrorKind::cancelled) return failure(read.error());
    if (!read) {
      say(read.error());
    } else if (!read->placed) {
      say({ErrorKind::unsupported, read->warnings.front().message});
    } else {
      for (const LabelMap& layer : read->layers) opened->segment_layers.push_back(to_volume(layer));
      opened->segmentation = std::make_shared<const Segmentation>(std::move(*read));
    }
  }
  if (info.kind == ObjectKind::structure_set) {
    auto read = imaging::read_structure_set(info.path);
    if (!read) say(read.error());
    if (read) opened->structures = std::make_shared<const StructureSet>(std::move(*read));
  }
  if (info.kind == ObjectKind::presentation_state) {
    BLOCH_TRY(read, imaging::read_presentation_state(info, series));
    opened->presentation = std::make_shared<const PresentationState>(std::move(read));
  }
  return opened;
}

Item to_annotation(const OpenedObject& opened) {
  Item item;
  item.kind = ItemKind::annotation;
  item.name = opened.info.description.empty() ? opened.info.name : opened.info.description;
  item.series.uid = opened.info.uid;
  item.series.frame_of_reference_uid = opened.info.frame_of_reference_uid;
  item.segmentation = opened.segmentation;
  item.segment_layers = opened.segment_layers;
  item.structures = opened.structures;
  item.presentation = opened.presentation;
  for (const ObjectReference& reference : opened.info.references)
    item.over_series.push_back(reference.series_uid);
  return item;
}

} // namespace

OpenedObject open_overlays(const SeriesInfo& series, int volume, const Progress& progress) {
  OpenedObject opened;
  opened.info.uid = "overlays:" + series.uid + ":" + std::to_string(volume);
  opened.info.name = "Overlay planes";
  opened.info.series_uid = series.uid;
  auto planes = imaging::read_overlays(series, volume, progress);
  if (!planes) {
    opened.problem = QString::fromStdString(planes.error().message);
    return opened;
  }
  for (const LabelMap& layer : planes->layers) opened.segment_layers.push_back(to_volume(layer));
  opened.segmentation = std::make_shared<const Segmentation>(std::move(*planes));
  return opened;
}

std::optional<ObjectInfo> Session::find_object(const QString& uid) const {
  for (const ObjectPlace& place : all_objects(index_))
    if (place.object->uid == uid.toStdString()) return *place.object;
  return {};
}

std::optional<ItemId> Session::item_of_object(const QString& uid) const {
  for (const auto& item : document().items)
    if (item->kind == ItemKind::annotation && item->series.uid == uid.toStdString()) return item->id;
  return {};
}

void Session::open_object(const QString& uid) {
  const auto info = find_object(uid);
  if (!info) return;
  std::vector<SeriesInfo> named;
  for (const SeriesPlace& place : all_series(index_))
    for (const ObjectReference& reference : info->references)
      if (series_instance_uid(*place.series) == reference.series_uid) named.push_back(*place.series);
  jobs_.run<std::shared_ptr<OpenedObject>>(
      "Opening " + QString::fromStdString(info->name), this,
      [info = *info, named = std::move(named)](const Progress& progress) {
        return open(info, named, progress);
      },
      [this](const std::shared_ptr<OpenedObject>& opened) {
        name_surroundings(*opened);
        show_object(*opened);
      });
}

void Session::name_surroundings(OpenedObject& opened) const {
  for (const ObjectPlace& place : all_objects(index_)) {
    if (place.object->uid != opened.info.uid) continue;
    opened.patient = *place.patient;
    opened.patient.studies.clear();
  }
  const auto places = all_series(index_);
  for (const ObjectReference& reference : opened.info.references) {
    const auto series = std::find_if(places.begin(), places.end(), [&](const SeriesPlace& place) {
      return series_instance_uid(*place.series) == reference.series_uid;
    });
    const auto count = static_cast<int>(reference.instance_uids.size());
    const QString images =
        count == 0 ? QString("All images") : QString("%1 %2").arg(count).arg(count == 1 ? "image" : "images");
    if (series == places.end()) {
      opened.about << images + " of a series that is not here";
      continue;
    }
    const int here = std::max(series->series->instances, series->series->frames);
    opened.about << images + " of " + QString::fromStdString(name_of_series(*series->series)) +
                        (count > here ? QString(", of which %1 %2 here").arg(here).arg(here == 1 ? "is" : "are")
                                      : QString());
  }
}

void Session::show_object(const OpenedObject& opened) {
  const QString uid = QString::fromStdString(opened.info.uid);
  const bool drawn = opened.presentation && !opened.presentation->layers.empty();
  if ((opened.segmentation || opened.structures || drawn) && !item_of_object(uid))
    document_model_.add(to_annotation(opened));
  if (!opened.problem.isEmpty())
    show_message({Message::Kind::warning,
                  QString::fromStdString(opened.info.name) + " cannot be shown over its images.",
                  opened.problem});
  if (const QString series = series_under(opened.info); !series.isEmpty()) {
    const auto& windows = opened.info.windows;
    if (!windows.empty() || opened.info.inverse)
      shown_as_ = {series, windows.empty() ? std::nullopt : std::optional(windows.front()),
                   opened.info.inverse};
    open_series(series);
    if (shown_as_.series == series && item_of_series(series)) take_shown_as();
  }
  emit object_opened(opened);
}

void Session::take_overlays(const OpenedObject& overlays, ItemId item) {
  if (!overlays.problem.isEmpty())
    show_message(
        {Message::Kind::warning, "The overlay planes of this series cannot be shown.", overlays.problem});
  if (!overlays.segmentation) return;
  Item annotation = to_annotation(overlays);
  annotation.source = item;
  document_model_.add(std::move(annotation));
}

QString Session::series_under(const ObjectInfo& object) const {
  const auto places = all_series(index_);
  for (const ObjectReference& reference : object.references)
    for (const SeriesPlace& place : places)
      if (series_instance_uid(*place.series) == reference.series_uid)
        return QString::fromStdString(place.series->uid);
  const bool lies_somewhere =
      object.kind == ObjectKind::segmentation || object.kind == ObjectKind::structure_set;
  if (lies_somewhere && !object.frame_of_reference_uid.empty())
    for (const SeriesPlace& place : places)
      if (place.series->frame_of_reference_uid == object.frame_of_reference_uid && place.series->geometry)
        return QString::fromStdString(place.series->uid);
  return {};
}

void Session::take_shown_as() {
  const auto id = item_of_series(shown_as_.series);
  if (!id) return;
  const ShownAs asked = std::exchange(shown_as_, {});
  std::optional<WindowLevel> window = asked.window;
  const Item* item = document().find(*id);
  if (window && item && item->in_file_units && window->function != WindowFunction::table) {
    const double factor = item->in_file_units->series.suv_factor; // it speaks of stored values
    window = window->over(window->width * factor, window->level * factor);
  }
  const bool turned = asked.inverse && *asked.inverse != document().inverse_of(*id);
  if (!window && !turned) return;
  document_model_.edit("Window of the presentation state", [&](Document& edited) {
    if (window) edited.windows[*id] = *window;
    if (turned) edited.inverse[*id] = *asked.inverse;
  });
}

void Session::go_to(const QString& series_uid, const WorldPoint& point) {
  crosshair_to_set_ = {series_uid, point};
  open_series(series_uid);
  if (item_of_series(series_uid)) take_crosshair();
}

void Session::take_crosshair() { set_crosshair(std::exchange(crosshair_to_set_, {}).second); }

void Session::save_document(const QString& uid, const std::filesystem::path& folder,
                            const std::function<void(std::filesystem::path)>& done) {
  const auto info = find_object(uid);
  if (!info) return;
  jobs_.run<std::filesystem::path>(
      "Saving " + QString::fromStdString(info->name), this,
      [info = *info, folder](const Progress&) -> Result<std::filesystem::path> {
        BLOCH_TRY(document, imaging::read_document(info.path));
        std::error_code code;
        std::filesystem::create_directories(folder, code);
        const std::filesystem::path file = folder / (info.uid + document.extension);
        BLOCH_CHECK(write_file(file, document.bytes));
        return file;
      },
      done);
}

} // namespace bloch::app
