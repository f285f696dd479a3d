#include "app/panels/linked_views.h"

#include <algorithm>
#include <string>
#include <utility>

#include <QGridLayout>

#include "app/bridge/background_filled.h"
#include "app/panels/scene_text.h"
#include "app/panels/volume_preset.h"

namespace bloch::app {
namespace {

struct PlaneLook {
  Plane plane;
  const char* name;
  const char* title;
};

constexpr std::array<PlaneLook, 3> planes = {{{Plane::axial, "axial", "Axial"},
                                              {Plane::sagittal, "sagittal", "Sagittal"},
                                              {Plane::coronal, "coronal", "Coronal"}}};

/// Places of axial, sagittal, coronal, 3D: row, column, rows, columns; a row below 0 hides the view.
struct Cell {
  int row, column;
};
struct GridLook {
  const char* name;
  std::array<Cell, 4> cells;
};
constexpr Cell hidden{-1, -1};
constexpr std::array<GridLook, 7> grids = {{
    {"MPR 3+1", {{{0, 0}, {0, 1}, {1, 0}, {1, 1}}}},
    {"Three planes", {{{0, 0}, {0, 1}, {0, 2}, hidden}}},
    {"Axial + 3D", {{{0, 0}, hidden, hidden, {0, 1}}}},
    {"Axial", {{{0, 0}, hidden, hidden, hidden}}},
    {"Sagittal", {{hidden, {0, 0}, hidden, hidden}}},
    {"Coronal", {{hidden, hidden, {0, 0}, hidden}}},
    {"3D", {{hidden, hidden, hidden, {0, 0}}}},
}};
constexpr int first_single_grid = 3;

const char* measurement_name(MeasurementKind kind) {
  switch (kind) {
  case MeasurementKind::distance:
    return "Distance";
  case MeasurementKind::angle:
    return "Angle";
  case MeasurementKind::region:
    return "ROI";
  case MeasurementKind::probe:
    return "Probe";
  }
  return "";
}

/// The drawings of a presentation state, on the images as they were acquired, and on those slices of a
/// resampled series that lie in their planes.
void add_presentation(SliceScene& scene, const Item& annotation, const Item& image, const Document& document) {
  const bool resampled = image.kind == ItemKind::resampled && image.source;
  const Item* taken = resampled ? document.find(*image.source) : &image;
  if (!annotation.presentation || !taken || taken->kind != ItemKind::series || !taken->volume) return;
  ScenePresentation drawn{annotation.presentation, {}, taken->series.uid, taken->volume->geometry()};
  if (resampled) {
    drawn.image_origins = taken->series.slice_origins;
    drawn.shown_grid = image.volume->geometry();
    if (drawn.image_origins.empty()) return;
  }
  for (int layer = 0; layer < static_cast<int>(annotation.presentation->layers.size()); ++layer)
    drawn.shown.push_back(!document.hidden_parts.contains({annotation.id, layer}));
  drawn.first_image = std::max(taken->volume_number, 0) * taken->volume->geometry().size[2];
  scene.presentations.push_back(std::move(drawn));
}

/// Segments and contours of an annotation, without those that are hidden.
void add_annotation(SliceScene& scene, const Item& annotation, const Item& image, const Document& document) {
  const auto shown = [&](int part) { return !document.hidden_parts.contains({annotation.id, part}); };
  add_presentation(scene, annotation, image, document);
  for (const auto& layer : annotation.segment_layers) {
    SceneSegments segments{layer, {}, annotation.segmentation->drawn_solid};
    for (const Segment& segment : annotation.segmentation->segments)
      if (shown(segment.number)) segments.colours[segment.number] = segment.colour;
    scene.segments.push_back(std::move(segments));
  }
  if (!annotation.structures) return;
  SceneContours contours{annotation.structures, {}};
  for (std::size_t i = 0; i < annotation.structures->regions.size(); ++i)
    contours.shown.push_back(shown(static_cast<int>(i)));
  scene.contours.push_back(std::move(contours));
}

/// "AXIAL" as "Axial".
QString in_words(const char* plane) { return QString(plane).at(0) + QString(plane).mid(1).toLower(); }

/// One image, or images that are a sequence: other planes through them mean nothing.
bool is_flat(const Item& item) {
  return item.kind == ItemKind::series && item.volume &&
         (item.volume->geometry().size[2] == 1 || !item.series.geometry);
}

/// Its plane; "Image" where it lies nowhere in the patient.
QString title_of_flat(const Item& item) {
  return lies_in_patient(item) ? in_words(plane_name(item.volume->geometry())) : QString("Image");
}

/// What the user's choice of polarity is for.
std::string polarity_key(const Item& item) {
  return item.series.uid.empty() ? "item:" + std::to_string(item.id) : item.series.uid;
}

} // namespace

LinkedViews::LinkedViews(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , grid_(new QGridLayout(this)) {
  setObjectName("read.views");
  setProperty("viewgrid", true);
  setAttribute(Qt::WA_StyledBackground);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(2);
  for (std::size_t i = 0; i < views_.size(); ++i) make_slice_view(i);
  make_volume_view();
  set_layout_index(0);
  connect(&session_.document_model(), &DocumentModel::changed, this, &LinkedViews::show_document);
  connect(&session_, &Session::first_image_ready, this, [this](const std::shared_ptr<const Item>& image) {
    first_image_ = image;
    show_document();
  });
  connect(&session_, &Session::loading_changed, this, [this] {
    if (first_image_ && !session_.is_loading(QString::fromStdString(first_image_->series.uid))) {
      first_image_.reset();
      show_document();
    }
  });
  show_document();
}

void LinkedViews::make_slice_view(std::size_t index) {
  auto* view = new SliceView(this);
  views_[index] = view;
  view->setObjectName(QString("read.%1").arg(planes[index].name));
  view->setFocusPolicy(Qt::StrongFocus);
  view->setAccessibleName(QString("%1 view").arg(planes[index].title));
  const int number = static_cast<int>(index);
  connect(view, &SliceView::activated, this, [this, number] { set_active(number); });
  connect(view, &SliceView::maximise_requested, this, [this, number] { toggle_maximised(number); });
  connect(view, &SliceView::crosshair_moved, &session_, &Session::set_crosshair);
  connect(view, &SliceView::pointer_moved, &session_, &Session::pointer_moved);
  connect(view, &SliceView::pointer_left, &session_, &Session::pointer_left);
  connect(view, &SliceView::window_changed, this,
          [this, index](double width, double level) { change_window(index, width, level); });
  connect(view, &SliceView::drag_finished, this, [this] { ++drag_; });
  connect(view, &SliceView::measurement_drawn, this,
          [this](const Measurement& drawn) { add_measurement(drawn); });
  connect(view, &SliceView::measurement_selected, this, &LinkedViews::select_measurement);
  connect(view, &SliceView::camera_changed, this, [this, index](const SliceCamera& camera) {
    if (!options_.link_zoom) return;
    for (std::size_t other = 0; other < views_.size(); ++other) {
      if (other == index) continue;
      SliceCamera linked = views_[other]->camera();
      linked.mm_per_pixel = camera.mm_per_pixel;
      if (camera.mm_per_pixel == 0) linked = {};
      views_[other]->set_camera(linked);
    }
  });
}

void LinkedViews::make_volume_view() {
  volume_ = new VolumeView(this);
  volume_->setObjectName("read.volume");
  volume_->setFocusPolicy(Qt::StrongFocus);
  volume_->setAccessibleName("Volume rendering");
  connect(volume_, &VolumeView::activated, this, [this] { set_active(3); });
  connect(volume_, &VolumeView::maximise_requested, this, [this] { toggle_maximised(3); });
}

QStringList LinkedViews::layout_names() const {
  QStringList names;
  for (const GridLook& grid : grids) names << grid.name;
  if (flat_) names[first_single_grid] = flat_title_;
  return names;
}

void LinkedViews::set_layout_index(int index) {
  if (index < 0 || index >= static_cast<int>(grids.size())) return;
  layout_ = index;
  const std::array<QWidget*, 4> all = {views_[0], views_[1], views_[2], volume_};
  for (QWidget* view : all) grid_->removeWidget(view);
  for (int i = 0; i < 3; ++i) {
    grid_->setColumnStretch(i, 0);
    grid_->setRowStretch(i, 0);
  }
  int first_shown = -1;
  bool active_shown = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Cell cell = grids[static_cast<std::size_t>(index)].cells[i];
    all[i]->setVisible(cell.row >= 0);
    if (cell.row < 0) continue;
    grid_->addWidget(all[i], cell.row, cell.column);
    grid_->setColumnStretch(cell.column, 1);
    grid_->setRowStretch(cell.row, 1);
    if (first_shown < 0) first_shown = static_cast<int>(i);
    active_shown = active_shown || static_cast<int>(i) == active_;
  }
  if (!active_shown) set_active(first_shown);
}

void LinkedViews::toggle_maximised(int index) {
  const int single = first_single_grid + index;
  const int target = layout_ == single ? layout_before_ : single;
  if (target == single) layout_before_ = layout_ >= first_single_grid ? 0 : layout_;
  set_layout_index(target);
  emit layout_changed(layout_);
}

void LinkedViews::set_options(const Options& options) {
  if (options.link_window) own_windows_.clear();
  options_ = options;
  show_document();
}

void LinkedViews::set_tool(const std::string& name) {
  for (SliceView* view : views_) view->set_tool(name);
}

void LinkedViews::set_active(int index) {
  if (index < 0) return;
  active_ = index;
  show_document();
}

bool LinkedViews::focusNextPrevChild(bool next) {
  activate_next(next ? 1 : -1);
  return true;
}

void LinkedViews::activate_next(int step) {
  const std::array<QWidget*, 4> all = {views_[0], views_[1], views_[2], volume_};
  int index = active_;
  for (int tried = 0; tried < 4; ++tried) {
    index = (index + step + 4) % 4;
    if (!all[static_cast<std::size_t>(index)]->isVisibleTo(this)) continue;
    set_active(index);
    all[static_cast<std::size_t>(index)]->setFocus(Qt::TabFocusReason);
    return;
  }
}

void LinkedViews::follow_shape(const Item* item) {
  const bool flat = item && is_flat(*item);
  const QString title = flat ? title_of_flat(*item) : QString();
  if (flat == flat_ && title == flat_title_) return;
  const bool same_shape = flat == std::exchange(flat_, flat);
  flat_title_ = title;
  if (same_shape) return emit layout_changed(layout_);
  if (flat && layout_ < first_single_grid) {
    layout_before_ = layout_;
    set_layout_index(first_single_grid);
  } else if (!flat && layout_ == first_single_grid) {
    set_layout_index(layout_before_);
  }
  emit layout_changed(layout_);
}

void LinkedViews::show_document() {
  // Two series side by side would be taken for one: the other views are empty until the volume is there.
  const Item* item = first_image_ ? nullptr : session_.document().active_item();
  follow_shape(item);
  if (seen_inverse_ != session_.document().inverse) {
    seen_inverse_ = session_.document().inverse;
    own_inverse_.clear();
  }
  for (std::size_t i = 0; i < views_.size(); ++i) views_[i]->set_scene(scene_of(i, item));
  if (first_image_) {
    const auto shown = std::find_if(views_.begin(), views_.end(), [](auto* view) { return !view->isHidden(); });
    if (shown != views_.end()) (*shown)->set_scene(first_image_scene());
  }
  volume_->set_scene(volume_scene(item));
}

SliceScene LinkedViews::scene_of(std::size_t index, const Item* item) const {
  const Document& document = session_.document();
  SliceScene scene;
  scene.plane = planes[index].plane;
  scene.title = planes[index].title;
  scene.title_colour = planes[index].name;
  scene.active = active_ == static_cast<int>(index) && item;
  if (!item || !item->volume) return scene;
  scene.volume = item->volume;
  scene.placed = lies_in_patient(*item);
  scene.scale = image_scale(*item);
  if (is_flat(*item) && index == 0) {
    scene.plane = Plane::acquisition;
    scene.title = title_of_flat(*item);
    scene.title_colour = scene.placed ? scene.title.toLower() : QString();
  }
  scene.colour = item->colour;
  scene.window = document.window_of(item->id);
  if (const auto own = own_windows_.find(index); own != own_windows_.end()) scene.window = own->second;
  scene.inverse = inverse_in(index, *item);
  scene.inverted = scene.inverse != is_inverse(*item);
  scene.padding = padding_of(*item);
  scene.interpolate = options_.interpolate;
  scene.crosshair = document.crosshair;
  scene.crosshair_visible = options_.crosshair && !is_flat(*item); // no other plane to point at
  if (item->kind == ItemKind::error_map) {
    scene.colour_map = "bloch-error";
    scene.colour_bar = true;
  }
  if (document.overlay.map) {
    const Item* map = document.find(*document.overlay.map);
    if (map && map->volume && map->source == item->id) {
      scene.overlay = map->volume;
      scene.overlay_opacity = document.overlay.opacity;
      scene.overlay_threshold = document.overlay.threshold;
      scene.overlay_visible = document.overlay.visible;
    }
  }
  for (const auto& other : document.items) {
    if (other->kind == ItemKind::truth && other->label && other->source == item->id) scene.truth = other->label;
    if (lies_over(*other, *item)) add_annotation(scene, *other, *item, document);
  }
  scene.truth_visible = document.overlay.truth_visible;
  for (const Measurement& measurement : document.measurements)
    if (measurement.item == item->id) scene.measurements.push_back(measurement);
  scene.selected_measurement = selected_;
  scene.top_left = patient_lines(*item);
  scene.top_right = series_lines(*item);
  scene.tags = scene_tags(*item);
  scene.bottom_right = QStringList{size_text(item->volume->geometry())};
  return scene;
}

SliceScene LinkedViews::first_image_scene() const {
  SliceScene scene = scene_of(0, first_image_.get());
  scene.window = default_window(*first_image_);
  if (!scene.scale.regions.empty()) scene.scale = {.known = false}; // which of the images it is, is not said
  scene.crosshair = first_image_->volume->geometry().centre();
  scene.crosshair_visible = false;
  scene.tags.insert(scene.tags.begin(), {"LOADING", false});
  scene.bottom_right.clear();
  return scene;
}

VolumeScene LinkedViews::volume_scene(const Item* item) const {
  const Document& document = session_.document();
  VolumeScene scene;
  scene.active = active_ == 3 && item;
  if (!item || !item->volume) return scene;
  scene.volume = item->volume;
  scene.window = document.window_of(item->id);
  scene.inverse = document.inverse_of(item->id);
  if (const auto padding = padding_of(*item); scene.inverse && padding)
    if (auto filled = background_filled(item->volume, *padding)) scene.volume = std::move(filled);
  scene.preset = shown_preset(session_.settings(), *item);
  const SliceScene slice = scene_of(0, item);
  scene.overlay = slice.overlay;
  scene.overlay_opacity = slice.overlay_opacity;
  scene.overlay_threshold = slice.overlay_threshold;
  scene.overlay_visible = slice.overlay_visible;
  scene.top_left = slice.top_left;
  scene.tags = slice.tags;
  return scene;
}

void LinkedViews::change_window(std::size_t index, double width, double level) {
  const Document& document = session_.document();
  if (!document.active) return;
  const ItemId id = *document.active;
  if (!options_.link_window) {
    const auto own = own_windows_.find(index);
    const WindowLevel window = own != own_windows_.end() ? own->second : document.window_of(id);
    own_windows_[index] = window.over(width, level);
    return show_document();
  }
  session_.document_model().edit(
      "Window", [&](Document& edited) { edited.windows[id] = edited.window_of(id).over(width, level); },
      QString("window-%1").arg(drag_));
}

void LinkedViews::add_measurement(Measurement measurement) {
  const Document& document = session_.document();
  if (!document.active) return;
  int number = 1;
  measurement.id = 1;
  for (const Measurement& other : document.measurements) {
    measurement.id = std::max(measurement.id, other.id + 1);
    if (other.kind == measurement.kind) ++number;
  }
  measurement.item = *document.active;
  measurement.name = std::string(measurement_name(measurement.kind)) + " " + std::to_string(number);
  selected_ = measurement.id;
  session_.document_model().edit(QString("Draw %1").arg(measurement_name(measurement.kind)).toLower(),
                                 [&](Document& edited) { edited.measurements.push_back(measurement); });
  emit measurement_selected(selected_);
}

void LinkedViews::select_measurement(int id) {
  if (selected_ == id) return;
  selected_ = id;
  show_document();
  emit measurement_selected(id);
}

void LinkedViews::delete_selected_measurement() {
  const auto& all = session_.document().measurements;
  if (std::none_of(all.begin(), all.end(), [this](const Measurement& one) { return one.id == selected_; }))
    return;
  const int id = selected_;
  selected_ = 0;
  session_.document_model().edit("Delete measurement", [id](Document& edited) {
    std::erase_if(edited.measurements, [id](const Measurement& one) { return one.id == id; });
  });
  emit measurement_selected(0);
}

bool LinkedViews::inverse_in(std::size_t index, const Item& item) const {
  const auto own = own_inverse_.find({index, polarity_key(item)});
  const Document& document = session_.document();
  if (own != own_inverse_.end()) return own->second;
  return document.find(item.id) ? document.inverse_of(item.id) : is_inverse(item);
}

void LinkedViews::invert() {
  const Item* item = session_.document().active_item();
  const auto index = static_cast<std::size_t>(active_);
  if (!item || !item->volume || index >= views_.size()) return; // solid is what is bright in the 3D view
  const bool turned = !inverse_in(index, *item);
  own_inverse_[{index, polarity_key(*item)}] = turned;
  show_document();
}

void LinkedViews::reset() {
  own_windows_.clear();
  own_inverse_.clear();
  for (SliceView* view : views_) view->fit();
  volume_->reset_camera();
  const Document& document = session_.document();
  if (document.active &&
      (document.windows.contains(*document.active) || document.inverse.contains(*document.active))) {
    const ItemId id = *document.active;
    session_.document_model().edit("Reset window", [id](Document& edited) {
      edited.windows.erase(id);
      edited.inverse.erase(id);
    });
  }
  show_document();
}

void LinkedViews::escape() {
  if (selected_ != 0) return select_measurement(0);
  if (layout_ >= first_single_grid) return toggle_maximised(layout_ - first_single_grid);
  reset();
}

std::vector<std::pair<QString, QImage>> LinkedViews::pictures() {
  std::vector<std::pair<QString, QImage>> pictures;
  for (std::size_t i = 0; i < views_.size(); ++i)
    if (views_[i]->isVisible()) pictures.emplace_back(planes[i].name, views_[i]->picture());
  if (volume_->isVisible()) pictures.emplace_back("volume", volume_->picture());
  return pictures;
}

QImage LinkedViews::active_picture() {
  return active_ == 3 ? volume_->picture() : views_[static_cast<std::size_t>(active_)]->picture();
}

} // namespace bloch::app
