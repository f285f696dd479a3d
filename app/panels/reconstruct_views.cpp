#include "app/panels/reconstruct_views.h"

#include <algorithm>
#include <cmath>

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include "app/panels/reconstruct_run.h"
#include "app/panels/scene_text.h"
#include "app/viewers/slice_view.h"
#include "app/widgets/buttons.h"

namespace bloch::app {
namespace {

QPushButton* make_strip_toggle(const char* name, const QString& text, const QString& icon_name,
                               const QString& tip, bool on) {
  auto* button = make_button(QString::fromLatin1(name), text, icon_name);
  button->setCheckable(true);
  button->setChecked(on);
  button->setToolTip(tip);
  return button;
}

/// The plane of the slices, the way round that a reader expects where they lie along the patient's axes.
Plane plane_of_slices(const VolumeGeometry& geometry) {
  const Eigen::Vector3d normal = geometry.direction.col(2).cwiseAbs();
  if (normal.z() > 0.9999) return Plane::axial;
  if (normal.y() > 0.9999) return Plane::coronal;
  return normal.x() > 0.9999 ? Plane::sagittal : Plane::acquisition;
}

int grid_columns(int cells) {
  if (cells <= 3) return std::max(1, cells);
  if (cells == 4) return 2;
  return cells <= 9 ? 3 : 4;
}

} // namespace

ReconstructViews::ReconstructViews(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , grid_(new QGridLayout) {
  setObjectName("reconstruct.views");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(make_strip());
  auto* frame = new QWidget;
  frame->setObjectName("reconstruct.grid");
  frame->setProperty("well", true);
  frame->setAttribute(Qt::WA_StyledBackground);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(2);
  frame->setLayout(grid_);
  column->addWidget(frame, 1);
  auto* sentence = make_label(tr("Choose a source, a sampling mask and methods, then press Run.\nEach result "
                                 "opens here beside the reference."),
                              "hint", "reconstruct.empty");
  sentence->setAlignment(Qt::AlignCenter);
  sentence->setWordWrap(true);
  empty_ = sentence;
  empty_->setParent(frame);

  flicker_timer_.setInterval(600);
  connect(&flicker_timer_, &QTimer::timeout, this, [this] {
    flicker_reference_ = !flicker_reference_;
    refresh();
  });
  connect(&session_.document_model(), &DocumentModel::changed, this, &ReconstructViews::refresh);
  lay_out();
}

QWidget* ReconstructViews::make_strip() {
  auto* strip = new QWidget;
  strip->setProperty("strip", true);
  strip->setAttribute(Qt::WA_StyledBackground);
  strip->setFixedHeight(36);
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(8, 0, 8, 0);
  row->setSpacing(6);
  linked_ = make_strip_toggle("reconstruct.linked", tr("Linked"), "link-2",
                              tr("One zoom and pan for all views"), true);
  whole_grid_ = make_strip_toggle("reconstruct.grid_on", tr("Grid"), "layout-grid",
                                  tr("All views, or the active one alone (double click)"), true);
  flicker_ = make_strip_toggle("reconstruct.flicker", tr("Flicker"), "layers",
                               tr("The active view alternates with the reference (F)"), false);
  factor_ = new QComboBox;
  factor_->setObjectName("reconstruct.error_factor");
  for (const int factor : {1, 2, 5, 10, 20}) factor_->addItem(QStringLiteral("× %1").arg(factor), factor);
  factor_->setCurrentIndex(2);
  factor_->setToolTip(tr("The colours of the error map end at the window's top over this factor"));
  error_map_ = make_strip_toggle("reconstruct.error_on", tr("Error map"), "image",
                                 tr("Absolute difference of the selected method from the reference"), true);
  export_ = make_button("reconstruct.export", tr("Export"), "file-down");
  export_->setToolTip(tr("Save the selected reconstruction with its recipe"));
  for (auto* toggle : {linked_, whole_grid_, flicker_}) row->addWidget(toggle);
  row->addWidget(make_vertical_line());
  row->addWidget(make_label(tr("Error"), "label"));
  row->addWidget(factor_);
  row->addWidget(error_map_);
  row->addStretch(1);
  row->addWidget(export_);
  connect(whole_grid_, &QPushButton::toggled, this, &ReconstructViews::lay_out);
  connect(error_map_, &QPushButton::toggled, this, &ReconstructViews::lay_out);
  connect(factor_, &QComboBox::currentIndexChanged, this, &ReconstructViews::refresh);
  connect(export_, &QPushButton::clicked, this, &ReconstructViews::export_requested);
  connect(flicker_, &QPushButton::toggled, this, [this](bool on) {
    flicker_reference_ = on;
    if (on)
      flicker_timer_.start();
    else
      flicker_timer_.stop();
    refresh();
  });
  auto* key = new QShortcut(QKeySequence(Qt::Key_F), this);
  key->setContext(Qt::WidgetWithChildrenShortcut);
  connect(key, &QShortcut::activated, flicker_, &QPushButton::toggle);
  return strip;
}

void ReconstructViews::make_view() {
  auto* view = new SliceView(grid_->parentWidget());
  view->setObjectName(QStringLiteral("reconstruct.view.%1").arg(views_.size()));
  if (!tool_.empty()) view->set_tool(tool_);
  if (!views_.empty()) view->set_camera(views_.front()->camera());
  connect_view(view);
  views_.push_back(view);
}

void ReconstructViews::connect_view(SliceView* view) {
  connect(view, &SliceView::activated, this, [this, view] {
    active_ = view;
    const Cell* cell = cell_of(view);
    if (cell && !cell->method.empty() && cell->method != shown_.selected)
      emit method_chosen(QString::fromStdString(cell->method));
    else
      refresh();
  });
  connect(view, &SliceView::maximise_requested, this, [this, view] {
    active_ = view;
    whole_grid_->toggle();
  });
  connect(view, &SliceView::window_changed, this, [this, view](double width, double level) {
    const Cell* cell = cell_of(view);
    if (cell && !cell->is_error) take_window(width, level);
  });
  connect(view, &SliceView::crosshair_moved, this,
          [this](const WorldPoint& point) { session_.set_crosshair(point); });
  connect(view, &SliceView::pointer_moved, &session_, &Session::pointer_moved);
  connect(view, &SliceView::pointer_left, &session_, &Session::pointer_left);
  connect(view, &SliceView::camera_changed, this, [this, view](const SliceCamera& camera) {
    if (linking_ || !linked_->isChecked()) return;
    linking_ = true;
    for (auto* other : views_)
      if (other != view) other->set_camera(camera);
    linking_ = false;
  });
}

ReconstructViews::Cell* ReconstructViews::cell_of(SliceView* view) {
  const auto found =
      std::find_if(cells_.begin(), cells_.end(), [&](const Cell& cell) { return cell.view == view; });
  return found == cells_.end() ? nullptr : &*found;
}

void ReconstructViews::show_results(ReconstructShown shown) {
  const bool other_method = shown.selected != shown_.selected;
  shown_ = std::move(shown);
  lay_out();
  if (other_method) {
    for (const auto& cell : cells_)
      if (cell.method == shown_.selected && !cell.is_error) active_ = cell.view;
    refresh();
  }
  bring_into_view();
}

/// The crosshair goes to the middle of a result that does not hold it: a part of the stack, or raw data
/// elsewhere.
void ReconstructViews::bring_into_view() {
  if (shown_.results.empty()) return;
  const Item* item = session_.document().find(shown_.results.front().second);
  if (!item || !item->volume) return;
  const auto& geometry = item->volume->geometry();
  const auto voxel = geometry.to_voxel(session_.document().crosshair).index;
  if (voxel.z() > -0.5 && voxel.z() < geometry.size[2] - 0.5) return;
  const WorldPoint centre = geometry.to_world(VoxelIndex{
      {(geometry.size[0] - 1) / 2.0, (geometry.size[1] - 1) / 2.0, std::floor((geometry.size[2] - 1) / 2.0)}});
  session_.set_crosshair(centre);
}

void ReconstructViews::lay_out() {
  cells_.clear();
  if (shown_.reference != 0) cells_.push_back({nullptr, "reference", {}, shown_.reference, false});
  for (const auto& [method, item] : shown_.results)
    cells_.push_back({nullptr, QString::fromStdString(method), method, item, false});
  if (shown_.error != 0 && error_map_->isChecked())
    cells_.push_back({nullptr, "error", shown_.selected, shown_.error, true});
  while (views_.size() < cells_.size()) make_view();
  while (grid_->count() > 0) delete grid_->takeAt(0);
  for (auto* view : views_) view->hide();
  empty_->hide();
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i].view = views_[i];
  if (!active_ || !cell_of(active_)) active_ = cells_.empty() ? nullptr : cells_.front().view;

  std::vector<QWidget*> widgets;
  for (const auto& cell : cells_)
    if (whole_grid_->isChecked() || cell.view == active_) widgets.push_back(cell.view);
  if (shown_.results.empty()) widgets.push_back(empty_);
  const int columns = grid_columns(static_cast<int>(widgets.size()));
  for (int column = 0; column < 4; ++column) grid_->setColumnStretch(column, column < columns ? 1 : 0);
  const int rows = widgets.empty() ? 1 : (static_cast<int>(widgets.size()) + columns - 1) / columns;
  for (int line = 0; line < 4; ++line) grid_->setRowStretch(line, line < rows ? 1 : 0);
  for (int i = 0; i < static_cast<int>(widgets.size()); ++i) {
    grid_->addWidget(widgets[static_cast<std::size_t>(i)], i / columns, i % columns);
    widgets[static_cast<std::size_t>(i)]->show();
  }
  export_->setEnabled(!shown_.results.empty());
  flicker_->setEnabled(shown_.reference != 0 && !shown_.results.empty());
  refresh();
}

WindowLevel ReconstructViews::shared_window() const {
  ItemId id = shown_.reference;
  if (id == 0 && !shown_.results.empty()) id = shown_.results.front().second;
  return session_.document().window_of(id);
}

void ReconstructViews::take_window(double width, double level) {
  session_.document_model().edit(
      tr("Window"),
      [&](Document& document) {
        const WindowLevel window = shared_window().over(width, level);
        if (shown_.reference != 0) document.windows[shown_.reference] = window;
        for (const auto& result : shown_.results) document.windows[result.second] = window;
      },
      "reconstruct.window");
}

SliceScene ReconstructViews::scene_of(const Cell& cell) const {
  const Document& document = session_.document();
  SliceScene scene;
  scene.plane = Plane::acquisition;
  scene.crosshair = document.crosshair;
  scene.crosshair_visible = false;
  scene.active = cell.view == active_;
  const Item* item = document.find(cell.item);
  if (!item || !item->volume) return scene;
  const bool as_reference =
      flicker_->isChecked() && flicker_reference_ && cell.view == active_ && shown_.reference != 0;
  if (as_reference) item = document.find(shown_.reference);
  if (!item || !item->volume) return scene;
  scene.volume = item->volume;
  scene.plane = plane_of_slices(item->volume->geometry());
  scene.window = shared_window();
  scene.inverse = is_inverse(*item);
  scene.padding = padding_of(*item);
  if (cell.is_error && !as_reference) return error_scene(cell, std::move(scene));
  if (cell.method.empty() || as_reference) {
    scene.title = tr("Reference");
    scene.title_colour = "text-1";
    scene.top_left = {tr("fully sampled")};
    return scene;
  }
  scene.title = QString::fromStdString(method_label(cell.method));
  scene.title_colour = QString::fromStdString(method_colour(cell.method));
  const auto nrmse = item->numbers.find("nrmse");
  if (nrmse != item->numbers.end())
    scene.top_left = {QStringLiteral("NRMSE %1").arg(nrmse->second, 0, 'f', 3)};
  else
    scene.top_left = {tr("no reference")};
  for (const auto& tag : item->tags) scene.tags.push_back({QString::fromStdString(tag), tag == "SIMULATED"});
  return scene;
}

SliceScene ReconstructViews::error_scene(const Cell& cell, SliceScene scene) const {
  const double factor = factor_->currentData().toDouble();
  const double top = std::max(1e-12, (scene.window.level + scene.window.width / 2) / factor);
  scene.window = {top, top / 2, {}};
  scene.inverse = false;
  scene.colour_map = "bloch-error";
  scene.colour_bar = true;
  scene.colour_bar_maximum = top;
  scene.title = tr("%1 − reference").arg(QString::fromStdString(method_label(cell.method)));
  scene.title_colour = QString::fromStdString(method_colour(cell.method));
  scene.top_left = {tr("absolute error")};
  scene.top_right = {tr("error × %1").arg(factor)};
  return scene;
}

void ReconstructViews::refresh() {
  for (const auto& cell : cells_) cell.view->set_scene(scene_of(cell));
}

void ReconstructViews::set_tool(const std::string& name) {
  tool_ = name;
  for (auto* view : views_) view->set_tool(name);
}

std::vector<std::pair<QString, QImage>> ReconstructViews::pictures() {
  std::vector<std::pair<QString, QImage>> made;
  for (const auto& cell : cells_)
    if (cell.view->isVisible()) made.emplace_back("reconstruct-" + cell.name, cell.view->picture());
  return made;
}

} // namespace bloch::app
