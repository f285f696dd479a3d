#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <QObject>
#include <QString>

#include "app/bridge/document_model.h"
#include "app/bridge/qt_job_queue.h"
#include "app/desktop/opened_object.h"
#include "core/data/study.h"
#include "core/session/settings.h"

namespace bloch::app {

/// A message in the window: never modal, with details and what to do.
struct Message {
  enum class Kind { information, warning, error };
  Kind kind = Kind::information;
  QString text;    ///< one sentence
  QString details; ///< more, shown on demand
};

/// A series with what it belongs to, by value: for jobs that outlive a change of the index.
struct SeriesCopy {
  PatientInfo patient; ///< without studies
  StudyInfo study;     ///< without series
  SeriesInfo series;

  SeriesPlace place() const { return {&patient, &study, &series}; }
};

/// What a fractional segmentation is made of.
struct FractionalChoice {
  bool all_volumes = true;        ///< of the series, a segment each; false: the volume that is shown
  std::vector<std::string> names; ///< of the segments; as many
  bool occupancy = false;         ///< how much of a voxel is occupied, not how likely
};

/// What every panel and workspace of the window shares. Made once by main, outlives all widgets.
///
/// A job that fails is shown as a message; who starts one need not.
class Session : public QObject {
  Q_OBJECT

 public:
  explicit Session(Settings settings, QObject* parent = nullptr);
  ~Session() override;

  DocumentModel& document_model() { return document_model_; }
  const Document& document() const { return document_model_.document(); }
  QtJobQueue& jobs() { return jobs_; }
  Settings& settings() { return settings_; }

  /// Everything scanned so far.
  const StudyIndex& index() const { return index_; }

  /// Scans files and folders in the background and adds them to the index; opens the first series when none is
  /// active, or the one that was asked for when only one came.
  void open_paths(const std::vector<std::filesystem::path>& paths);
  /// Loads a volume of a series of the index in the background (once) and makes it active when it is there.
  /// volume: from 0; all_images: the whole series in one stack; nothing: the one that was shown last.
  void open_series(const QString& series_uid, bool make_active = true, std::optional<int> volume = {});
  /// Reads an object (segmentation, report, …) in the background. Segments, contours and the drawings of a
  /// presentation state become an item that lies over its images; the series it names is opened;
  /// `object_opened` tells what it says.
  void open_object(const QString& uid);
  /// The volume before or after the active one, of the same series.
  void step_volume(int step);
  /// Puts the slices of the active series on a true grid, as a result of its own marked RESAMPLED.
  void resample_active();
  /// PET images in SUVbw, where their headers allow it (they open so), or with the values of their files; a
  /// step of undo.
  void set_suv(bool on);
  /// Looks again at everything that was opened: new, changed and vanished files. What is shown stays.
  void rescan();
  /// A mask of known findings, on the grid of the active image.
  void open_truth(const std::filesystem::path& path);
  /// Writes the demo study into the cache folder in the background (once), then opens it.
  void open_demo();

  /// The document's item of a loaded series, if it is loaded and still as the index has it. volume: as in
  /// open_series.
  std::optional<ItemId> item_of_series(const QString& series_uid, std::optional<int> volume = {}) const;
  /// What the index says of a series, with its patient and study.
  std::optional<SeriesCopy> find_series(const QString& series_uid) const;
  std::optional<ObjectInfo> find_object(const QString& uid) const;
  /// The document's item of a segmentation, structure set or presentation state that is open.
  std::optional<ItemId> item_of_object(const QString& uid) const;
  bool is_loading(const QString& series_uid) const;
  void set_active(ItemId id);
  /// Moves the planes; not a step of undo.
  void set_crosshair(const WorldPoint& point);
  /// Opens a series with the planes at a point of it: at once, or when it is there.
  void go_to(const QString& series_uid, const WorldPoint& point);

  /// In the background, with its recipe beside it. A name of an image file, or a folder for a DICOM series.
  void save_image(ItemId id, const std::filesystem::path& path);
  /// all_volumes: of a loaded series, as one series; else the one that is shown
  void save_series(ItemId id, const std::filesystem::path& folder, bool all_volumes = false);
  /// One DICOM file: "enhanced" (MR or CT), "capture" (multi-frame secondary capture), "parametric-map", "seg"
  /// (of a mask, or of an anomaly map where it reaches the overlay's threshold) or "fractional-seg" (of values
  /// from 0 to 1, as probabilities).
  void save_object(ItemId id, const std::string& kind, const std::filesystem::path& file);
  /// The volumes of a loaded series as the segments of one fractional segmentation.
  void save_fractions(ItemId id, const FractionalChoice& choice, const std::filesystem::path& file);
  /// The file that an encapsulated document wraps, into a folder; `done` gets its path.
  void save_document(const QString& uid, const std::filesystem::path& folder,
                     const std::function<void(std::filesystem::path)>& done);

  void show_message(Message message) { emit message_shown(message); }

 signals:
  void index_changed();
  /// The middle image of the series that is loading and will become active, as an item outside the document.
  void first_image_ready(const std::shared_ptr<const bloch::Item>& image);
  /// A series began or ended to load, well or not.
  void loading_changed(const QString& series_uid);
  void message_shown(const bloch::app::Message& message);
  void object_opened(const bloch::app::OpenedObject& opened);
  /// The patient point under the pointer in any view, for the status line.
  void pointer_moved(const bloch::WorldPoint& point);
  void pointer_left();

 private:
  using VolumeKey = std::pair<QString, int>; ///< series, volume
  /// How a presentation state wants a series to be shown.
  struct ShownAs {
    QString series;
    std::optional<WindowLevel> window;
    std::optional<bool> inverse;
  };

  void heard(const JobStatus& status);
  void scanned(StudyIndex found);
  void scanned_again(StudyIndex found);
  /// Puts items in the place of others that hold the same in another unit, one step of undo.
  void change_units(const std::vector<std::shared_ptr<const Item>>& items,
                    const std::vector<std::shared_ptr<const Item>>& others);
  /// In the background: reads the middle image of a series that is loading, and tells the views.
  void read_first_image(const VolumeKey& key, const SeriesCopy& series, bool suv);
  void take(const VolumeKey& key, LoadedSeries loaded);
  void take_overlays(const OpenedObject& overlays, ItemId item);
  int volume_shown(const QString& series_uid) const;
  void show_object(const OpenedObject& opened);
  /// Whose it is, and the series it names as the browser calls them.
  void name_surroundings(OpenedObject& opened) const;
  /// The series of the index that an object is about; empty when there is none.
  QString series_under(const ObjectInfo& object) const;
  void take_shown_as();
  void take_crosshair();
  /// What the item was made from, as far back as there are files: it gives patient and study.
  std::shared_ptr<const Item> source_of(std::shared_ptr<const Item> item) const;

  Settings settings_;
  DocumentModel document_model_;
  StudyIndex index_;
  std::vector<std::filesystem::path> opened_; ///< where the index came from
  std::map<VolumeKey, JobId> loading_;
  std::map<QString, int> shown_volumes_; ///< by series, the volume that was active last
  std::filesystem::path truth_to_open_;  ///< once the demo study's series is there
  bool suv_ = true;                      ///< PET images open in SUVbw
  std::optional<VolumeKey> wanted_;      ///< what becomes active when it is there; the last one asked for
  ShownAs shown_as_;                     ///< what a presentation state asks for, once its series is there
  std::pair<QString, WorldPoint> crosshair_to_set_; ///< in a series that was asked for, once it is there
  QtJobQueue jobs_;
};

/// As a volume number: all images of a series in one stack.
inline constexpr int all_images = -1;

/// A PET image in SUVbw, with itself as Item::in_file_units; any other, and one whose header does not allow it,
/// as it is.
Item in_suv(Item item);

/// What a series is called: its description, else its protocol, else its number.
std::string name_of_series(const SeriesInfo& series);

/// Badges of the warnings about where its images lie, for the list and the viewer: "TILT", "UNEVEN",
/// "DUPLICATES", …
std::vector<std::string> geometry_tags(const SeriesInfo& series);

/// Adds what is new, replaces series that were scanned again.
void merge_index(StudyIndex& index, StudyIndex found);

} // namespace bloch::app
