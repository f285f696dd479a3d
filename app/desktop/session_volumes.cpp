// The volumes of a series, its slices on a true grid, and a second look at what was opened.
#include <algorithm>
#include <map>

#include "app/desktop/session.h"
#include "app/desktop/window_presets.h"
#include "core/base/version.h"
#include "imaging/open/open.h"

namespace bloch::app {
namespace {

std::size_t image_count(const SeriesInfo& series, int volume) {
  return series.images.size() + (volume == all_images ? series.left_out.size() : 0);
}

/// Files that came or went since it was loaded.
bool is_outdated(const Item& item, const SeriesInfo& series) {
  return image_count(series, item.volume_number) != item.series.images.size() ||
         series.files.size() != item.series.files.size();
}

Result<StudyIndex> look_again(const std::vector<std::filesystem::path>& paths, const Progress& progress) {
  std::vector<std::filesystem::path> there;
  std::vector<RejectedFile> gone;
  std::error_code code;
  for (const auto& path : paths) {
    if (std::filesystem::exists(path, code))
      there.push_back(path);
    else
      gone.push_back({path, "it is no longer there"});
  }
  if (there.empty()) return StudyIndex{{}, gone, {}};
  BLOCH_TRY(index, imaging::index_paths(there, progress));
  index.rejected.insert(index.rejected.begin(), gone.begin(), gone.end());
  return index;
}

/// By UID, how many files and images a series has.
std::map<std::string, std::pair<std::size_t, std::size_t>> sizes_of(const StudyIndex& index) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> sizes;
  for (const SeriesPlace& place : all_series(index))
    sizes[place.series->uid] = {place.series->files.size(), image_count(*place.series, all_images)};
  return sizes;
}

QString change_text(const StudyIndex& before, const StudyIndex& after) {
  const auto old_sizes = sizes_of(before);
  const auto new_sizes = sizes_of(after);
  int came = 0, changed = 0, gone = 0;
  for (const auto& [uid, size] : new_sizes) {
    const auto old = old_sizes.find(uid);
    if (old == old_sizes.end())
      ++came;
    else if (old->second != size)
      ++changed;
  }
  for (const auto& entry : old_sizes) gone += new_sizes.contains(entry.first) ? 0 : 1;
  if (came + changed + gone == 0) return "Scanned again: nothing has changed.";
  return QString("Scanned again: %1 new series, %2 changed, %3 gone.").arg(came).arg(changed).arg(gone) +
         (changed > 0 ? " Choose a changed series again to see its new images." : "");
}

} // namespace

Item in_suv(Item item) {
  const SeriesInfo& series = item.series;
  if (!item.volume || series.modality != "PT" || !(series.suv_factor > 0) || item.in_file_units) return item;
  auto suv = imaging::to_suv({*item.volume, {}, {}, {}, series});
  if (!suv) return item;
  Item shown = item;
  shown.volume = std::make_shared<const Volume>(std::move(suv->volume));
  shown.series = std::move(suv->series);
  // Found once, off the window's thread.
  if (item.series.windows.empty()) item.series.windows.push_back(default_window(item));
  shown.series.windows.insert(shown.series.windows.begin(), suv_window);
  shown.tags.emplace_back("SUVbw");
  shown.in_file_units = std::make_shared<const Item>(std::move(item));
  return shown;
}

void Session::set_suv(bool on) {
  suv_ = on;
  std::vector<std::shared_ptr<const Item>> changing;
  for (const auto& item : document().items)
    if (on != (item->in_file_units != nullptr)) changing.push_back(item);
  if (!on) {
    std::vector<std::shared_ptr<const Item>> others;
    for (const auto& item : changing) others.push_back(item->in_file_units);
    return change_units(changing, others);
  }
  jobs_.run<std::vector<std::shared_ptr<const Item>>>(
      "Values in SUVbw", this,
      [changing](const Progress&) -> Result<std::vector<std::shared_ptr<const Item>>> {
        std::vector<std::shared_ptr<const Item>> others;
        for (const auto& item : changing) others.push_back(std::make_shared<const Item>(in_suv(*item)));
        return others;
      },
      [this, changing](const std::vector<std::shared_ptr<const Item>>& others) {
        if (suv_) change_units(changing, others);
      });
}

void Session::change_units(const std::vector<std::shared_ptr<const Item>>& items,
                           const std::vector<std::shared_ptr<const Item>>& others) {
  document_model_.edit(suv_ ? "Values in SUVbw" : "Values of the file", [&](Document& edited) {
    for (std::size_t k = 0; k < items.size(); ++k) {
      const auto place = std::find(edited.items.begin(), edited.items.end(), items[k]);
      if (place == edited.items.end() || (suv_ && !others[k]->in_file_units))
        continue; // gone; its header does not allow it
      Item other = *others[k];
      other.id = items[k]->id;
      const double factor = suv_ ? items[k]->series.suv_factor : 1 / other.series.suv_factor;
      if (const auto window = edited.windows.find(other.id); window != edited.windows.end())
        window->second = window->second.over(window->second.width * factor, window->second.level * factor);
      *place = std::make_shared<const Item>(std::move(other));
    }
  });
}

bool Session::is_loading(const QString& series_uid) const {
  return std::any_of(loading_.begin(), loading_.end(),
                     [&](const auto& entry) { return entry.first.first == series_uid; });
}

int Session::volume_shown(const QString& series_uid) const {
  const auto shown = shown_volumes_.find(series_uid);
  return shown == shown_volumes_.end() ? 0 : shown->second;
}

std::optional<ItemId> Session::item_of_series(const QString& series_uid, std::optional<int> volume) const {
  const std::string uid = series_uid.toStdString();
  const int wanted = volume.value_or(volume_shown(series_uid));
  const auto series = find_series(series_uid);
  for (const auto& item : document().items) {
    if (item->kind != ItemKind::series || item->series.uid != uid || item->volume_number != wanted) continue;
    if (!series || !is_outdated(*item, series->series)) return item->id;
  }
  return {};
}

void Session::step_volume(int step) {
  const Item* active = document().active_item();
  if (!active || active->kind != ItemKind::series) return;
  const QString uid = QString::fromStdString(active->series.uid);
  const auto series = find_series(uid);
  if (!series || series->series.volumes < 2) return;
  const int wanted = std::clamp(active->volume_number + step, 0, series->series.volumes - 1);
  if (wanted != active->volume_number) open_series(uid, true, wanted);
}

void Session::resample_active() {
  const Item* active = document().active_item();
  if (!active || !active->volume || active->series.slice_origins.empty()) return;
  const bool suv = active->in_file_units != nullptr;
  const auto source = suv ? active->in_file_units : document().share(active->id);
  jobs_.run<std::shared_ptr<Item>>(
      "Resampling " + QString::fromStdString(source->name), this,
      [source, suv, id = active->id](const Progress& progress) -> Result<std::shared_ptr<Item>> {
        const imaging::OpenedImage taken{*source->volume, {}, source->patient, source->study, source->series};
        BLOCH_TRY(straight, imaging::to_true_grid(taken, 0, progress));
        auto item = std::make_shared<Item>();
        item->kind = ItemKind::resampled;
        item->name = source->name + ", true grid";
        item->method = "true-grid";
        item->volume = std::make_shared<const Volume>(std::move(straight.volume));
        item->series = std::move(straight.series);
        item->patient = source->patient;
        item->study = source->study;
        item->source = id;
        item->warnings = item->series.warnings;
        item->tags = {"RESAMPLED"};
        if (item->series.lossy) item->tags.emplace_back("LOSSY");
        for (std::string& tag : geometry_tags(item->series)) item->tags.push_back(std::move(tag));
        Recipe recipe;
        recipe.command = "convert";
        recipe.parameters = "{}";
        recipe.options = {{"resample", "auto"}, {"series", item->series.uid}};
        recipe.version = version();
        item->recipe = std::move(recipe);
        if (suv) *item = in_suv(std::move(*item));
        return item;
      },
      [this](const std::shared_ptr<Item>& item) { set_active(document_model_.add(std::move(*item))); });
}

void Session::rescan() {
  if (opened_.empty()) return;
  jobs_.run<StudyIndex>(
      "Scanning again", this,
      [paths = opened_](const Progress& progress) { return look_again(paths, progress); },
      [this](StudyIndex found) { scanned_again(std::move(found)); });
}

void Session::scanned_again(StudyIndex found) {
  const QString text = change_text(index_, found);
  QStringList left_out;
  for (std::size_t i = 0; i < found.rejected.size() && i < 20; ++i)
    left_out << QString::fromStdString(found.rejected[i].path.filename().string() + ": " +
                                       found.rejected[i].reason);
  index_ = std::move(found);
  emit index_changed();
  show_message({Message::Kind::information, text, left_out.join('\n')});
}

} // namespace bloch::app
