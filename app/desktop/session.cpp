#include "app/desktop/session.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "imaging/dicom/read_series.h"
#include "imaging/open/open.h"

namespace bloch::app {

std::string name_of_series(const SeriesInfo& series) {
  const std::string part = series.part.empty() ? "" : " (" + series.part + ")";
  if (!series.description.empty()) return series.description + part;
  if (!series.protocol.empty()) return series.protocol + part;
  return (series.number > 0 ? "Series " + std::to_string(series.number) : series.modality + " series") + part;
}

std::vector<std::string> geometry_tags(const SeriesInfo& series) {
  // Kinds of warning, and what a reader sees of them.
  static constexpr std::pair<const char*, const char*> badges[] = {
      {"gantry-tilt", "TILT"},          {"uneven-spacing", "UNEVEN"},    {"missing-slices", "UNEVEN"},
      {"shifted-slices", "UNEVEN"},     {"shifted-volumes", "SHIFTED"},  {"duplicate-slices", "DUPLICATES"},
      {"incomplete-volume", "PARTIAL"}, {"mixed-orientation", "MIXED"},  {"mixed-size", "MIXED"},
      {"mixed-spacing", "MIXED"},       {"mixed-placement", "MIXED"},    {"mixed-frame-of-reference", "MIXED"},
      {"mixed-stack", "MIXED"},         {"wrong-spacing", "SPACING"},    {"negative-spacing", "NEG SPACING"},
      {"bad-spacing", "BAD SPACING"},   {"bad-orientation", "BAD AXES"}, {"not-split", "NOT SPLIT"}};
  std::vector<std::string> tags;
  for (const auto& [kind, tag] : badges)
    if (std::any_of(series.warnings.begin(), series.warnings.end(),
                    [&](const Warning& warning) { return warning.kind == kind; }) &&
        std::find(tags.begin(), tags.end(), tag) == tags.end())
      tags.emplace_back(tag);
  return tags;
}

namespace {

Item to_item(imaging::OpenedImage opened, int volume) {
  Item item;
  item.kind = ItemKind::series;
  item.name = name_of_series(opened.series);
  item.volume_number = volume;
  if (volume == all_images)
    item.name += " (all images)";
  else if (static_cast<std::size_t>(volume) < opened.series.volume_labels.size())
    item.name += ", " + opened.series.volume_labels[static_cast<std::size_t>(volume)];
  item.volume = std::make_shared<const Volume>(std::move(opened.volume));
  if (opened.colour) {
    auto parts = channels(*opened.colour);
    for (std::size_t i = 0; i < parts.size(); ++i)
      item.colour[i] = std::make_shared<const Volume>(std::move(parts[i]));
    opened.series.windows = {{256, 128, "as it is"}};
  }
  item.warnings = opened.series.warnings;
  if (opened.series.lossy) item.tags.push_back("LOSSY");
  for (std::string& tag : geometry_tags(opened.series)) item.tags.push_back(std::move(tag));
  item.series = std::move(opened.series);
  item.patient = std::move(opened.patient);
  item.study = std::move(opened.study);
  return item;
}

QString reasons(const std::vector<RejectedFile>& rejected) {
  constexpr std::size_t most = 20;
  QStringList lines;
  for (std::size_t i = 0; i < rejected.size() && i < most; ++i)
    lines << QString::fromStdString(rejected[i].path.filename().string() + ": " + rejected[i].reason);
  if (rejected.size() > most) lines << QString("and %1 more").arg(rejected.size() - most);
  return lines.join('\n');
}

/// Where k-space that came among images is reconstructed; nothing where none came.
std::optional<Message> about_raw_data(const StudyIndex& found) {
  std::vector<const RawDataInfo*> raw;
  for (const RawDataInfo& info : found.raw_data)
    if (!info.parts.empty()) raw.push_back(&info);
  if (raw.empty()) return std::nullopt;
  QStringList lines;
  for (std::size_t i = 0; i < raw.size() && i < 20; ++i)
    lines << QString::fromStdString(raw[i]->path.filename().string() + ": " +
                                    to_text(raw[i]->parts.front().size));
  const RawDataInfo& first = *raw.front();
  if (raw.size() > 1)
    return Message{
        Message::Kind::information,
        QString("%1 of these files hold k-space, or complex numbers that may be: \"Open raw k-space…\" "
                "reconstructs one.")
            .arg(raw.size()),
        lines.join('\n')};
  if (!first.image)
    return Message{Message::Kind::information,
                   lines.front().section(": ", 0, 0) +
                       " holds k-space, not an image: \"Open raw k-space…\" reconstructs it.",
                   lines.front().section(": ", 1)};
  return Message{Message::Kind::warning,
                 lines.front().section(": ", 0, 0) +
                     " holds complex numbers, shown as their magnitude. If they are k-space, \"Reconstruct as "
                     "k-space\" makes an image of them.",
                 "As k-space: " + lines.front().section(": ", 1)};
}

template <class List, class Same> auto find_same(List& list, Same same) {
  return std::find_if(list.begin(), list.end(), same);
}

void merge_study(PatientInfo& patient, StudyInfo study) {
  const auto known = find_same(patient.studies, [&](const StudyInfo& other) { return other.uid == study.uid; });
  if (known == patient.studies.end()) {
    patient.studies.push_back(std::move(study));
    std::stable_sort(patient.studies.begin(), patient.studies.end(),
                     [](const auto& a, const auto& b) { return a.date > b.date; });
    return;
  }
  for (SeriesInfo& series : study.series) {
    const auto same =
        find_same(known->series, [&](const SeriesInfo& other) { return other.uid == series.uid; });
    if (same == known->series.end())
      known->series.push_back(std::move(series));
    else
      *same = std::move(series);
  }
  for (ObjectInfo& object : study.objects) {
    const auto same =
        find_same(known->objects, [&](const ObjectInfo& other) { return other.uid == object.uid; });
    if (same == known->objects.end())
      known->objects.push_back(std::move(object));
    else
      *same = std::move(object);
  }
  std::stable_sort(known->series.begin(), known->series.end(),
                   [](const auto& a, const auto& b) { return a.number < b.number; });
}

} // namespace

void merge_index(StudyIndex& index, StudyIndex found) {
  for (PatientInfo& patient : found.patients) {
    const auto known = find_same(index.patients, [&](const PatientInfo& other) {
      return other.name == patient.name && other.id == patient.id;
    });
    if (known == index.patients.end()) {
      index.patients.push_back(std::move(patient));
      continue;
    }
    for (StudyInfo& study : patient.studies) merge_study(*known, std::move(study));
  }
  std::stable_sort(index.patients.begin(), index.patients.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  for (RawDataInfo& info : found.raw_data) {
    const auto known =
        find_same(index.raw_data, [&](const RawDataInfo& other) { return other.path == info.path; });
    if (known == index.raw_data.end())
      index.raw_data.push_back(std::move(info));
    else
      *known = std::move(info);
  }
  for (RejectedFile& file : found.rejected) {
    const auto same = [&](const RejectedFile& other) { return other.path == file.path; };
    if (find_same(index.rejected, same) == index.rejected.end()) index.rejected.push_back(std::move(file));
  }
}

Session::Session(Settings settings, QObject* parent)
    : QObject(parent)
    , settings_(std::move(settings)) {
  connect(&jobs_, &QtJobQueue::changed, this, &Session::heard);
}

Session::~Session() = default;

void Session::open_paths(const std::vector<std::filesystem::path>& paths) {
  if (paths.empty()) return;
  for (const auto& path : paths) {
    const auto whole = std::filesystem::absolute(path).lexically_normal();
    settings_.remember(whole.string());
    if (std::find(opened_.begin(), opened_.end(), whole) == opened_.end()) opened_.push_back(whole);
  }
  const QString title = "Scanning " + QString::fromStdString(paths.front().filename().string());
  jobs_.run<StudyIndex>(
      title, this, [paths](const Progress& progress) { return imaging::index_paths(paths, progress); },
      [this](StudyIndex found) { scanned(std::move(found)); });
}

void Session::scanned(StudyIndex found) {
  const auto places = all_series(found);
  const auto objects = all_objects(found);
  QString first_object; // opens by itself when it came alone
  if (places.empty() && objects.size() == 1) first_object = QString::fromStdString(objects.front().object->uid);
  const auto raw = about_raw_data(found);
  if (raw) show_message(*raw);
  if (places.empty() && objects.empty() && !raw) {
    const QString details = reasons(found.rejected);
    const auto count = found.rejected.size();
    QString text = "Nothing here can be opened: no file holds an image that Bloch reads.";
    if (count == 1)
      text = QString("%1 cannot be opened: %2").arg(details.section(": ", 0, 0), details.section(": ", 1));
    if (count > 1) text = QString("None of these %1 files can be opened.").arg(count);
    show_message({Message::Kind::error, text, count == 1 ? QString() : details});
    if (found.rejected.empty()) return;
  }
  // The first that forms a volume, unless something is being read already and several came.
  QString first;
  for (const SeriesPlace& place : places)
    if (first.isEmpty() && place.series->geometry) first = QString::fromStdString(place.series->uid);
  if (first.isEmpty() && !places.empty()) first = QString::fromStdString(places.front().series->uid);
  const bool alone = places.size() == 1;
  merge_index(index_, std::move(found));
  emit index_changed();
  if (!first_object.isEmpty()) open_object(first_object);
  if (!first.isEmpty() && (alone || (!document().active && !wanted_))) open_series(first);
}

void Session::open_series(const QString& series_uid, bool make_active, std::optional<int> volume) {
  const VolumeKey key{series_uid, volume.value_or(volume_shown(series_uid))};
  if (make_active) {
    wanted_ = key;
    if (crosshair_to_set_.first != series_uid) crosshair_to_set_ = {}; // something else is looked at now
  }
  if (const auto id = item_of_series(series_uid, key.second)) {
    if (make_active) set_active(*id);
    return;
  }
  if (loading_.contains(key)) return;
  auto copy = find_series(series_uid);
  if (!copy) return;
  const QString title = "Loading " + QString::fromStdString(name_of_series(copy->series));
  if (key.second == all_images) copy->series = imaging::unsplit(copy->series);
  const auto shared = std::make_shared<const SeriesCopy>(std::move(*copy));
  loading_[key] = jobs_.run<std::shared_ptr<LoadedSeries>>(
      title, this,
      [this, shared, key, suv = suv_](const Progress& progress) -> Result<std::shared_ptr<LoadedSeries>> {
        const int number = key.second;
        const int place = std::max(number, 0);
        read_first_image(key, *shared, suv);
        BLOCH_TRY(opened, imaging::open_series(shared->place(), progress, place));
        auto loaded = std::make_shared<LoadedSeries>();
        loaded->item = to_item(std::move(opened), number);
        Item& item = loaded->item;
        if (suv) item = in_suv(std::move(item));
        // The percentiles are found here, off the window's thread.
        if (item.series.windows.empty()) item.series.windows.push_back(default_window(item));
        if (item.series.overlays > 0) loaded->overlays = open_overlays(item.series, place, progress);
        return loaded;
      },
      [this, key](std::shared_ptr<LoadedSeries> loaded) { take(key, std::move(*loaded)); });
  emit loading_changed(series_uid);
}

void Session::read_first_image(const VolumeKey& key, const SeriesCopy& series, bool suv) {
  const bool several_files = series.series.files.size() > 1 || series.series.images.size() > 8;
  if (series.series.colour || !several_files) return;
  auto image = imaging::read_middle_image(series.series);
  if (!image) return; // whoever reads the series says why
  imaging::OpenedImage opened{std::move(*image), {}, series.patient, series.study, series.series};
  const auto item = std::make_shared<Item>(to_item(std::move(opened), 0));
  if (suv) *item = in_suv(std::move(*item));
  if (item->series.windows.empty()) item->series.windows.push_back(default_window(*item));
  QMetaObject::invokeMethod(
      this,
      [this, key, item] {
        if (wanted_ == key && loading_.contains(key)) emit first_image_ready(item);
      },
      Qt::QueuedConnection);
}

void Session::take(const VolumeKey& key, LoadedSeries loaded) {
  Item& item = loaded.item;
  if (!suv_ && item.in_file_units) item = Item(*item.in_file_units); // chosen while it was loading
  loading_.erase(key);
  const bool first = !document().active;
  const std::string frame = item.series.frame_of_reference_uid;
  const Item* shown = document().active_item();
  const bool elsewhere = !shown || frame.empty() || frame != shown->series.frame_of_reference_uid;
  const WorldPoint centre = item.volume->geometry().centre();
  // Volumes of one series are looked at through one window.
  std::optional<WindowLevel> window;
  std::optional<bool> inverse;
  if (shown && shown->kind == ItemKind::series && shown->series.uid == item.series.uid &&
      shown->series.value_unit == item.series.value_unit) {
    if (const auto chosen = document().windows.find(shown->id); chosen != document().windows.end())
      window = chosen->second;
    if (const auto chosen = document().inverse.find(shown->id); chosen != document().inverse.end())
      inverse = chosen->second;
  }
  const ItemId id = document_model_.add(std::move(item));
  if (window) document_model_.amend([&](Document& document) { document.windows.insert({id, *window}); });
  if (inverse) document_model_.amend([&](Document& document) { document.inverse.insert({id, *inverse}); });
  if (loaded.overlays) take_overlays(*loaded.overlays, id);
  emit loading_changed(key.first);
  if (!first && wanted_ != key) return;
  if (elsewhere) document_model_.amend([&](Document& document) { document.crosshair = centre; });
  set_active(id);
  if (loaded.overlays) emit object_opened(*loaded.overlays);
  if (shown_as_.series == key.first) take_shown_as();
  if (crosshair_to_set_.first == key.first) take_crosshair();
  if (!truth_to_open_.empty()) open_truth(std::exchange(truth_to_open_, {}));
}

void Session::open_truth(const std::filesystem::path& path) {
  const Item* active = document().active_item();
  if (!active || !active->volume) {
    show_message({Message::Kind::warning, "Open the series that the mask belongs to first.", {}});
    return;
  }
  const ItemId source = active->id;
  const VolumeGeometry geometry = active->volume->geometry();
  jobs_.run<std::shared_ptr<const LabelMap>>(
      "Loading truth mask", this,
      [path, geometry](const Progress&) -> Result<std::shared_ptr<const LabelMap>> {
        BLOCH_TRY(labels, imaging::open_label_map(path));
        if (labels.geometry().size != geometry.size)
          return failure(ErrorKind::invalid_parameter,
                         "the mask has another size than the active image; choose the mask of this series");
        if (!labels.geometry().matches(geometry, 0.1))
          return failure(
              ErrorKind::invalid_parameter,
              "the mask lies elsewhere in the patient than the active image; choose the mask of this series");
        return std::make_shared<const LabelMap>(labels);
      },
      [this, source, path](std::shared_ptr<const LabelMap> labels) {
        Item item;
        item.kind = ItemKind::truth;
        item.name = path.filename().string();
        item.label = std::move(labels);
        item.source = source;
        document_model_.add(std::move(item));
        document_model_.amend([](Document& document) { document.overlay.truth_visible = true; });
      });
}

std::optional<SeriesCopy> Session::find_series(const QString& series_uid) const {
  const std::string uid = series_uid.toStdString();
  for (const SeriesPlace& place : all_series(index_)) {
    if (place.series->uid != uid) continue;
    SeriesCopy copy{*place.patient, *place.study, *place.series};
    copy.patient.studies.clear();
    copy.study.series.clear();
    return copy;
  }
  return {};
}

void Session::set_active(ItemId id) {
  const Item* item = document().find(id);
  if (!item || document().active == id) return;
  wanted_.reset();
  if (item->kind == ItemKind::series) {
    wanted_ = VolumeKey(QString::fromStdString(item->series.uid), item->volume_number);
    shown_volumes_[wanted_->first] = wanted_->second;
  }
  // A result's percentiles are found once, not at every look.
  const bool needs_window = item->kind != ItemKind::series && item->volume && !document().windows.contains(id);
  const WindowLevel window = needs_window ? default_window(*item) : WindowLevel{};
  document_model_.amend([&](Document& document) {
    if (!document.find(id)) return;
    document.active = id;
    if (needs_window) document.windows.insert({id, window});
  });
}

void Session::set_crosshair(const WorldPoint& point) {
  document_model_.amend([&point](Document& document) { document.crosshair = point; });
}

void Session::heard(const JobStatus& status) {
  if (status.state == JobState::failed && status.error)
    show_message(
        {Message::Kind::error, QString::fromStdString(status.title + ": " + status.error->message), {}});
  if (status.state != JobState::failed && status.state != JobState::cancelled) return;
  const auto ended = std::find_if(loading_.begin(), loading_.end(),
                                  [&](const auto& entry) { return entry.second == status.id; });
  if (ended == loading_.end()) return;
  const VolumeKey key = ended->first;
  loading_.erase(ended);
  if (wanted_ == key) wanted_.reset();
  emit loading_changed(key.first);
}

} // namespace bloch::app
