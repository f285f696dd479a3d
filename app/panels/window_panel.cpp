#include "app/panels/window_panel.h"

#include <algorithm>
#include <cmath>

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

#include "app/panels/scene_text.h"
#include "app/widgets/buttons.h"
#include "app/widgets/histogram_view.h"
#include "app/widgets/labeled_slider.h"

namespace bloch::app {
namespace {

const LabeledSlider::Look number_look{0, {}, false, false, 50, 74}; // room for "0.0053"

/// A button with its key at the right, as small as three in a row need.
QPushButton* make_preset_button(int number, const QString& name) {
  auto* button = new QPushButton;
  button->setObjectName(QString("window.preset.%1").arg(number));
  button->setCheckable(true);
  button->setProperty("preset", true);
  button->setFocusPolicy(Qt::TabFocus);
  button->setAccessibleName(name);
  auto* row = new QHBoxLayout(button);
  row->setContentsMargins(5, 0, 4, 0);
  row->setSpacing(0);
  auto* text = make_label(name, "preset");
  auto* key = make_label(QString::number(number), "key-digit");
  for (QLabel* label : {text, key}) label->setAttribute(Qt::WA_TransparentForMouseEvents);
  // A style sheet does not see the state of what its target lies in.
  QObject::connect(button, &QPushButton::toggled, text, [text](bool on) {
    text->setProperty("role", on ? "preset-on" : "preset");
    text->style()->unpolish(text);
    text->style()->polish(text);
  });
  row->addWidget(text, 1);
  row->addWidget(key);
  return button;
}

bool nearly_same(const WindowLevel& a, const WindowLevel& b) {
  const double tolerance = 1e-3 * std::max(std::abs(a.width), 1e-9);
  return a.function == b.function && std::abs(a.width - b.width) <= tolerance &&
         std::abs(a.level - b.level) <= tolerance;
}

} // namespace

WindowPanel::WindowPanel(Session& session, QWidget* parent)
    : Section("window", "Window / level", parent)
    , session_(session)
    , preset_grid_(new QGridLayout)
    , suv_(new QCheckBox("Values in SUVbw"))
    , no_suv_(make_wrapped_label({}, "hint", "window.no-suv"))
    , of_file_(new QComboBox)
    , width_(new LabeledSlider("window.width", "Width", 1, 100, number_look))
    , level_(new LabeledSlider("window.level", "Level", 0, 100, number_look))
    , histogram_(new HistogramView("window.histogram")) {
  preset_grid_->setSpacing(5);
  // Mediastinum, the longest name with its key, stands in the first column.
  for (int column = 0; column < 3; ++column) preset_grid_->setColumnStretch(column, column == 0 ? 8 : 7);
  content()->addLayout(preset_grid_);
  suv_->setObjectName("window.suv");
  suv_->setToolTip("Standardised uptake values by body weight in g/ml, instead of the values of the file");
  content()->addWidget(suv_);
  content()->addWidget(no_suv_);
  connect(suv_, &QCheckBox::clicked, this, [this](bool on) { session_.set_suv(on); });
  of_file_->setObjectName("window.of-file");
  of_file_->setAccessibleName("Windows of the file");
  of_file_->setToolTip("The windows and look-up tables that the file brings");
  content()->addWidget(of_file_);
  content()->addSpacing(2);
  // A file's window may lie outside its values, and is shown as it is.
  constexpr double most = 1e9;
  width_->set_number_range(1e-4, most);
  level_->set_number_range(-most, most);
  content()->addWidget(width_);
  content()->addWidget(level_);
  content()->addWidget(histogram_);
  connect(of_file_, &QComboBox::activated, this, [this](int index) {
    const Item* item = session_.document().active_item();
    if (!item || index < 0 || index >= static_cast<int>(item->series.windows.size())) return;
    session_.document_model().edit(
        "Window of the file", [id = item->id, window = item->series.windows[static_cast<std::size_t>(index)]](
                                  Document& edited) { edited.windows[id] = window; });
  });
  connect(width_, &LabeledSlider::value_changed, this, [this](double width) { change(width, {}); });
  connect(level_, &LabeledSlider::value_changed, this, [this](double level) { change({}, level); });
  connect(width_, &LabeledSlider::edit_finished, this, [this] { ++drag_; });
  connect(level_, &LabeledSlider::edit_finished, this, [this] { ++drag_; });
  connect(histogram_, &HistogramView::window_changed, this,
          [this](double width, double level) { change(width, level); });
  connect(histogram_, &HistogramView::edit_finished, this, [this] { ++drag_; });
  connect(&session_.document_model(), &DocumentModel::changed, this, &WindowPanel::show_document);
  show_document();
}

void WindowPanel::make_preset_buttons(const Item* item) {
  const std::string list = item ? preset_list_name(item->series) : "";
  if (list == list_) return;
  list_ = list;
  qDeleteAll(buttons_);
  buttons_.clear();
  const auto& presets = window_presets(list);
  for (std::size_t i = 0; i <= presets.size(); ++i) {
    const int number = static_cast<int>(i);
    QPushButton* button = make_preset_button(number, i == 0 ? "Auto" : presets[i - 1].name);
    button->setToolTip(
        QString("%1 (%2)").arg(i == 0 ? "The window that the image opens with" : "Window preset").arg(number));
    connect(button, &QPushButton::clicked, this, [this, number] { apply_preset(number); });
    preset_grid_->addWidget(button, number / 3, number % 3);
    buttons_.push_back(button);
  }
}

void WindowPanel::show_document() {
  const Document& document = session_.document();
  const Item* item = document.active_item();
  if (item && !item->volume) item = nullptr;
  make_preset_buttons(item);
  const bool colour = item && item->colour[0];
  setEnabled(item && !colour);
  set_hint(colour ? "colours as they are" : "");
  show_suv(item);
  if (!item) {
    shown_ = 0;
    shown_volume_.reset();
    of_file_->hide();
    return histogram_->set_volume(nullptr);
  }
  if (shown_ != item->id || shown_volume_ != item->volume) {
    shown_ = item->id;
    shown_volume_ = item->volume;
    found_.assign(1, default_window(*item));
    for (const WindowPreset& preset : window_presets(list_)) found_.push_back(preset_window(preset, *item));
    for (std::size_t i = 0; i < buttons_.size(); ++i) buttons_[i]->setEnabled(found_[i].has_value());
    histogram_->set_volume(item->volume, item->series.padding);
    const ValueRange range = value_range(*item->volume, item->series.padding);
    const double span = std::max(range.maximum - range.minimum, 1e-6);
    width_->set_range(span / 1000, std::max(span, found_[0]->width));
    level_->set_range(range.minimum, range.maximum);
    show_file_windows(*item);
  }
  const WindowLevel window = document.window_of(item->id);
  const int decimals = value_decimals(std::min(found_[0]->width, window.width));
  for (LabeledSlider* slider : {width_, level_}) slider->set_decimals(decimals);
  width_->set_value(window.width);
  level_->set_value(window.level);
  histogram_->set_window(window, document.inverse_of(item->id));
  const auto& all = item->series.windows;
  const auto shown = std::find(all.begin(), all.end(), window);
  of_file_->setCurrentIndex(shown == all.end() ? -1 : static_cast<int>(shown - all.begin()));
  mark_preset(window);
}

void WindowPanel::show_suv(const Item* item) {
  const bool as_taken = item && (item->kind == ItemKind::series || item->kind == ItemKind::resampled);
  const bool pet = as_taken && item->series.modality == "PT";
  const bool possible = pet && (item->in_file_units || item->series.suv_factor > 0);
  suv_->setVisible(possible);
  suv_->setChecked(possible && item->in_file_units);
  no_suv_->setVisible(pet && !possible);
  if (!pet || possible) return;
  QString reason = "No SUV: the header does not allow it";
  for (const Warning& warning : item->warnings)
    if (warning.kind == "no-suv") reason = QString::fromStdString(warning.message);
  no_suv_->setText(reason.at(0).toUpper() + reason.mid(1));
}

void WindowPanel::show_file_windows(const Item& item) {
  of_file_->clear();
  of_file_->setVisible(item.series.windows.size() > 1);
  const int decimals = value_decimals(found_[0]->width);
  for (const WindowLevel& window : item.series.windows) {
    QString text = window.name.empty() ? QString("From the file") : QString::fromStdString(window.name);
    text += QString("  %1 / %2").arg(window.width, 0, 'f', decimals).arg(window.level, 0, 'f', decimals);
    if (window.function != WindowFunction::linear) text += QString(" ") + window_function_name(window.function);
    of_file_->addItem(text);
  }
  of_file_->setPlaceholderText("Windows of the file");
}

void WindowPanel::mark_preset(const WindowLevel& window) {
  // The last that matches: "Auto" shows itself only when no rule with a name gives the same.
  int matching = -1;
  for (std::size_t i = 0; i < found_.size(); ++i)
    if (found_[i] && nearly_same(*found_[i], window)) matching = static_cast<int>(i);
  for (std::size_t i = 0; i < buttons_.size(); ++i) buttons_[i]->setChecked(static_cast<int>(i) == matching);
}

void WindowPanel::apply_preset(int number) {
  const Document& document = session_.document();
  if (!document.active || number < 0 || number >= static_cast<int>(found_.size())) return;
  const auto& window = found_[static_cast<std::size_t>(number)];
  if (!window) return;
  const ItemId id = *document.active;
  session_.document_model().edit("Window preset", [&](Document& edited) {
    if (number == 0)
      edited.windows.erase(id);
    else
      edited.windows[id] = *window;
  });
  show_document();
}

void WindowPanel::change(std::optional<double> width, std::optional<double> level) {
  const Document& document = session_.document();
  if (!document.active) return;
  const ItemId id = *document.active;
  session_.document_model().edit(
      "Window",
      [&](Document& edited) {
        const WindowLevel window = edited.window_of(id);
        edited.windows[id] = window.over(width.value_or(window.width), level.value_or(window.level));
      },
      QString("window-panel-%1").arg(drag_));
}

} // namespace bloch::app
