#include "app/panels/detect_views.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include "app/bridge/background_filled.h"
#include "app/panels/detect_run.h"
#include "app/panels/scene_text.h"
#include "app/panels/volume_preset.h"
#include "app/viewers/slice_view.h"
#include "app/widgets/buttons.h"
#include "app/widgets/labeled_slider.h"
#include "app/widgets/segmented_control.h"

namespace bloch::app {
namespace {

QPushButton* make_detect_toggle(const char* name, const QString& text, const QString& icon_name,
                                const QString& tip, bool on) {
  auto* button = make_button(QString::fromLatin1(name), text, icon_name);
  button->setCheckable(true);
  button->setChecked(on);
  button->setToolTip(tip);
  return button;
}

} // namespace

DetectViews::DetectViews(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , grid_(new QGridLayout) {
  setObjectName("detect.views");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(make_strip());
  auto* frame = new QWidget;
  frame->setObjectName("detect.grid");
  frame->setProperty("viewgrid", true);
  frame->setAttribute(Qt::WA_StyledBackground);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(2);
  frame->setLayout(grid_);
  column->addWidget(frame, 1);
  for (std::size_t i = 0; i < views_.size(); ++i) {
    views_[i] = new SliceView(frame);
    views_[i]->setObjectName(i == 0 ? "detect.view.quantum" : "detect.view.classical");
    views_[i]->setAccessibleName(i == 0 ? tr("Quantum kernel") : tr("RBF twin"));
    views_[i]->setFocusPolicy(Qt::StrongFocus);
    views_[i]->set_tool(tool_);
    connect_view(i);
  }
  volume_ = new VolumeView(frame);
  volume_->setObjectName("detect.view.volume");
  volume_->setAccessibleName(tr("Anomaly map in 3D"));
  connect(&session_.document_model(), &DocumentModel::changed, this, &DetectViews::refresh);
  lay_out();
}

QWidget* DetectViews::make_strip() {
  auto* strip = new QWidget;
  strip->setProperty("strip", true);
  strip->setAttribute(Qt::WA_StyledBackground);
  strip->setFixedHeight(36);
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(8, 0, 8, 0);
  row->setSpacing(6);
  linked_ =
      make_detect_toggle("detect.linked", tr("Linked"), "link-2", tr("One zoom and pan for both views"), true);
  map_ = make_detect_toggle("detect.map_on", tr("Map"), "eye", tr("The anomaly map over the image (M)"), true);
  truth_ = make_detect_toggle("detect.truth_on", tr("Truth"), "circle-dashed",
                              tr("Outlines of the known findings"), true);
  three_d_ = make_detect_toggle("detect.three_d", tr("3D"), "box",
                                tr("The map in the volume, beside one slice"), false);
  which_ = new SegmentedControl("detect.which", {"quantum", "classical"}, {tr("Quantum"), tr("RBF")});
  which_->setToolTip(tr("Whose map the single view and the volume show"));
  export_ = make_button("detect.export", tr("Export"), "file-down");
  export_->setToolTip(tr("Save the map of the active view with its recipe"));
  LabeledSlider::Look percent{0, "%", false, false, 46, 62};
  opacity_ = new LabeledSlider("detect.opacity", tr("Opacity"), 0, 100, percent);
  LabeledSlider::Look plain{2, {}, false, false, 58, 62};
  threshold_ = new LabeledSlider("detect.threshold", tr("Threshold"), 0, 1, plain);
  threshold_->setToolTip(tr("Share of normal training patches that are less odd than what is shown"));
  for (QWidget* widget :
       {static_cast<QWidget*>(linked_), static_cast<QWidget*>(map_), static_cast<QWidget*>(truth_)})
    row->addWidget(widget);
  row->addWidget(make_vertical_line());
  row->addWidget(opacity_, 1);
  row->addWidget(threshold_, 1);
  row->addWidget(make_vertical_line());
  row->addWidget(three_d_);
  row->addWidget(which_);
  row->addWidget(export_);
  auto& model = session_.document_model();
  connect(map_, &QPushButton::clicked, this,
          [&model](bool on) { model.amend([on](Document& document) { document.overlay.visible = on; }); });
  connect(truth_, &QPushButton::clicked, this, [&model](bool on) {
    model.amend([on](Document& document) { document.overlay.truth_visible = on; });
  });
  connect(opacity_, &LabeledSlider::value_changed, this, [&model](double value) {
    model.edit(
        tr("Opacity"), [value](Document& document) { document.overlay.opacity = value / 100; },
        "detect.opacity");
  });
  connect(threshold_, &LabeledSlider::value_changed, this, [this, &model](double value) {
    model.edit(
        tr("Threshold"), [value](Document& document) { document.overlay.threshold = value; },
        "detect.threshold");
    emit threshold_changed(value);
  });
  connect(three_d_, &QPushButton::toggled, this, [this](bool on) { set_layout_index(on ? 1 : 0); });
  connect(which_, &SegmentedControl::chosen, this, &DetectViews::refresh);
  connect(export_, &QPushButton::clicked, this, &DetectViews::export_requested);
  auto* key = new QShortcut(QKeySequence(Qt::Key_M), this);
  key->setContext(Qt::WidgetWithChildrenShortcut);
  connect(key, &QShortcut::activated, map_, &QPushButton::click);
  return strip;
}

void DetectViews::connect_view(std::size_t index) {
  SliceView* view = views_[index];
  connect(view, &SliceView::activated, this, [this, index] {
    active_ = index;
    refresh();
  });
  connect(view, &SliceView::maximise_requested, three_d_, &QPushButton::toggle);
  connect(view, &SliceView::crosshair_moved, &session_, &Session::set_crosshair);
  connect(view, &SliceView::pointer_moved, &session_, &Session::pointer_moved);
  connect(view, &SliceView::pointer_left, &session_, &Session::pointer_left);
  connect(view, &SliceView::box_drawn, this, &DetectViews::box_drawn);
  connect(view, &SliceView::drag_finished, this, [this] { ++drag_; });
  connect(view, &SliceView::window_changed, this, [this](double width, double level) {
    if (!shown_.item) return;
    const ItemId id = shown_.item->id;
    session_.document_model().edit(
        tr("Window"),
        [&](Document& document) { document.windows[id] = document.window_of(id).over(width, level); },
        QStringLiteral("detect.window-%1").arg(drag_));
  });
  connect(view, &SliceView::camera_changed, this, [this, index](const SliceCamera& camera) {
    if (linking_ || !linked_->isChecked()) return;
    linking_ = true;
    views_[1 - index]->set_camera(camera);
    linking_ = false;
  });
}

void DetectViews::show_result(DetectShown shown) {
  shown_ = std::move(shown);
  refresh();
}

void DetectViews::set_tool(const std::string& name) {
  tool_ = name;
  for (auto* view : views_) view->set_tool(name);
}

void DetectViews::draw_box(bool on) {
  for (auto* view : views_) view->set_tool(on ? "box" : tool_);
}

void DetectViews::set_layout_index(int index) {
  layout_ = index == 1 ? 1 : 0;
  if (three_d_->isChecked() != (layout_ == 1)) three_d_->setChecked(layout_ == 1);
  lay_out();
}

void DetectViews::lay_out() {
  for (QWidget* widget :
       {static_cast<QWidget*>(views_[0]), static_cast<QWidget*>(views_[1]), static_cast<QWidget*>(volume_)})
    grid_->removeWidget(widget);
  const bool volume = layout_ == 1;
  grid_->addWidget(views_[0], 0, 0);
  grid_->addWidget(volume ? static_cast<QWidget*>(volume_) : views_[1], 0, 1);
  grid_->setColumnStretch(0, 1);
  grid_->setColumnStretch(1, 1);
  views_[1]->setVisible(!volume);
  volume_->setVisible(volume);
  which_->setVisible(volume);
  linked_->setVisible(!volume); // one slice has nothing to be linked with
  if (volume) active_ = 0;
  refresh();
}

bool DetectViews::shows_classical(std::size_t index) const {
  return layout_ == 1 ? which_->current() == "classical" : index == 1;
}

SliceScene DetectViews::scene_of(std::size_t index) const {
  const Document& document = session_.document();
  const bool classical = shows_classical(index);
  SliceScene scene;
  scene.title = classical ? tr("RBF twin") : tr("Quantum kernel");
  scene.title_colour = classical ? "series-2" : "series-1";
  scene.active = index == active_ && shown_.item;
  if (!shown_.item || !shown_.item->volume) return scene;
  const Item& item = *shown_.item;
  scene.volume = item.volume;
  scene.window = document.window_of(item.id);
  scene.inverse = document.inverse_of(item.id);
  scene.inverted = scene.inverse != is_inverse(item);
  scene.padding = padding_of(item);
  scene.crosshair = document.crosshair;
  scene.top_left = patient_lines(item);
  scene.top_right = series_lines(item).mid(item.study.institution.empty() ? 0 : 1);
  scene.bottom_right = QStringList{size_text(item.volume->geometry())};
  scene.truth_visible = document.overlay.truth_visible;
  if (const Item* truth = truth_of(document, item)) scene.truth = truth->label;
  if (document.normal_box && document.normal_box->item == item.id)
    scene.box = box_corners(item.volume->geometry(), *document.normal_box);
  const Item* map = document.find(classical ? shown_.classical : shown_.quantum);
  if (!map || !map->volume) {
    scene.tags = scene_tags(item);
    scene.top_left << tr("not scored yet");
    return scene;
  }
  scene.overlay = map->volume;
  scene.overlay_opacity = document.overlay.opacity;
  scene.overlay_threshold = document.overlay.threshold;
  scene.overlay_visible = document.overlay.visible;
  scene.colour_bar = document.overlay.visible;
  scene.top_left << (classical ? shown_.classical_text : shown_.quantum_text);
  scene.tags = scene_tags(*map);
  return scene;
}

VolumeScene DetectViews::volume_scene() const {
  VolumeScene scene;
  if (!shown_.item || !shown_.item->volume) return scene;
  const SliceScene slice = scene_of(0);
  scene.volume = slice.volume;
  scene.window = slice.window;
  scene.inverse = slice.inverse;
  if (scene.inverse && slice.padding)
    if (auto filled = background_filled(slice.volume, *slice.padding)) scene.volume = std::move(filled);
  scene.preset = shown_preset(session_.settings(), *shown_.item);
  scene.overlay = slice.overlay;
  scene.overlay_opacity = slice.overlay_opacity;
  scene.overlay_threshold = slice.overlay_threshold;
  scene.overlay_visible = slice.overlay_visible;
  scene.top_left = slice.top_left;
  scene.tags = slice.tags;
  return scene;
}

void DetectViews::refresh() {
  const Document& document = session_.document();
  opacity_->set_value(document.overlay.opacity * 100);
  threshold_->set_value(document.overlay.threshold);
  map_->setChecked(document.overlay.visible);
  truth_->setChecked(document.overlay.truth_visible);
  const bool has_truth = shown_.item && truth_of(document, *shown_.item);
  truth_->setEnabled(has_truth);
  truth_->setToolTip(has_truth ? tr("Outlines of the known findings")
                               : tr("Load a mask of known findings first"));
  export_->setEnabled(shown_.quantum != 0);
  for (std::size_t i = 0; i < views_.size(); ++i)
    if (i == 0 || layout_ == 0) views_[i]->set_scene(scene_of(i));
  if (layout_ == 1) volume_->set_scene(volume_scene());
}

std::vector<std::pair<QString, QImage>> DetectViews::pictures() {
  std::vector<std::pair<QString, QImage>> made;
  made.emplace_back(shows_classical(0) ? "detect-classical" : "detect-quantum", views_[0]->picture());
  if (layout_ == 0)
    made.emplace_back("detect-classical", views_[1]->picture());
  else
    made.emplace_back("detect-volume", volume_->picture());
  return made;
}

} // namespace bloch::app
