#include "app/panels/planes_panel.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "app/widgets/buttons.h"
#include "app/widgets/segmented_control.h"

namespace bloch::app {
namespace {

QCheckBox* make_check(const QString& object_name, const QString& text, const QString& tooltip) {
  auto* check = new QCheckBox(text);
  check->setObjectName(object_name);
  check->setToolTip(tooltip);
  return check;
}

bool remembered(const Settings& settings, const std::string& key) {
  const auto found = settings.window.find(key);
  return found == settings.window.end() || found->second != "off";
}

} // namespace

PlanesPanel::PlanesPanel(LinkedViews& views, Settings& settings, QWidget* parent)
    : Section("planes", "Planes", parent)
    , views_(views)
    , settings_(settings)
    , interpolation_(
          new SegmentedControl("planes.interpolation", {"linear", "nearest"}, {"Linear", "As stored"}))
    , crosshair_(make_check("planes.crosshair", "Crosshair", "The other planes, as lines on each view"))
    , link_window_(
          make_check("planes.link_window", "Link window", "One window for all views; off: each view its own"))
    , link_zoom_(make_check("planes.link_zoom", "Link zoom", "One magnification for the three planes")) {
  auto* reset = make_small_button("planes.reset", "rotate-ccw", "Zoom, place and window as at first (Space)");
  connect(reset, &QToolButton::clicked, this, [this] { views_.reset(); });
  add_tool(reset);
  content()->addLayout(make_row("Interpolate", interpolation_));
  auto* row = new QHBoxLayout;
  row->setSpacing(10);
  for (QCheckBox* check : {crosshair_, link_window_, link_zoom_}) row->addWidget(check);
  row->addStretch(1);
  content()->addLayout(row);
  crosshair_->setChecked(remembered(settings_, "planes.crosshair"));
  link_window_->setChecked(remembered(settings_, "planes.link_window"));
  link_zoom_->setChecked(remembered(settings_, "planes.link_zoom"));
  interpolation_->set_current(remembered(settings_, "planes.interpolate") ? "linear" : "nearest");
  for (QCheckBox* check : {crosshair_, link_window_, link_zoom_})
    connect(check, &QCheckBox::toggled, this, &PlanesPanel::apply);
  connect(interpolation_, &SegmentedControl::chosen, this, &PlanesPanel::apply);
  apply();
}

void PlanesPanel::toggle_crosshair() { crosshair_->toggle(); }

void PlanesPanel::apply() {
  LinkedViews::Options options;
  options.crosshair = crosshair_->isChecked();
  options.interpolate = interpolation_->current() == "linear";
  options.link_window = link_window_->isChecked();
  options.link_zoom = link_zoom_->isChecked();
  const auto remember = [this](const char* key, bool on) { settings_.window[key] = on ? "on" : "off"; };
  remember("planes.crosshair", options.crosshair);
  remember("planes.interpolate", options.interpolate);
  remember("planes.link_window", options.link_window);
  remember("planes.link_zoom", options.link_zoom);
  views_.set_options(options);
}

} // namespace bloch::app
