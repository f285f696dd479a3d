#include "app/widgets/parameter_editor.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSlider>
#include <QSpinBox>
#include <QStyle>
#include <QToolButton>
#include <QWheelEvent>

#include "app/theme/theme.h"
#include "app/widgets/segmented_control.h"
#include "core/base/text.h"

namespace bloch::app {
namespace {

constexpr int real_slider_steps = 1000;

QString shown_unit(const Parameter& parameter) { return QString::fromStdString(parameter.unit); }

/// A form lies in a scrolled panel: the wheel scrolls the panel unless the field has the focus.
template <class Field> class CalmWheel : public Field {
 public:
  using Field::Field;

 protected:
  void wheelEvent(QWheelEvent* event) override {
    if (this->hasFocus())
      Field::wheelEvent(event);
    else
      event->ignore();
  }
};

QHBoxLayout* make_editor_row(QWidget* editor) {
  auto* row = new QHBoxLayout(editor);
  row->setContentsMargins(0, 3, 0, 3);
  row->setSpacing(8);
  return row;
}

void mark_invalid(QLineEdit* edit, bool invalid) {
  if (edit->property("invalid").toBool() == invalid) return;
  edit->setProperty("invalid", invalid);
  edit->style()->unpolish(edit);
  edit->style()->polish(edit);
}

class BooleanEditor final : public ParameterEditor {
 public:
  BooleanEditor(const Parameter&, const QString& name)
      : box_(new QCheckBox(this)) {
    box_->setObjectName(name);
    make_editor_row(this)->addWidget(box_, 1);
    connect(box_, &QCheckBox::toggled, this, &ParameterEditor::edited);
  }
  Result<ParameterValue> value() const override { return ParameterValue(box_->isChecked()); }
  void set_value(const ParameterValue& value) override {
    const QSignalBlocker quiet(box_);
    box_->setChecked(std::get<bool>(value));
  }

 private:
  QCheckBox* box_;
};

class IntegerEditor final : public ParameterEditor {
 public:
  IntegerEditor(const Parameter& parameter, const QString& name)
      : box_(new CalmWheel<QSpinBox>(this)) {
    box_->setObjectName(name);
    const auto bounded = [](double number) {
      return static_cast<int>(std::clamp(number, static_cast<double>(std::numeric_limits<int>::min()),
                                         static_cast<double>(std::numeric_limits<int>::max())));
    };
    box_->setRange(bounded(parameter.minimum), bounded(parameter.maximum));
    box_->setSingleStep(parameter.step > 0 ? static_cast<int>(parameter.step) : 1);
    if (!parameter.unit.empty()) box_->setSuffix(" " + shown_unit(parameter));
    box_->setFocusPolicy(Qt::StrongFocus);
    box_->setMinimumWidth(48); // else as wide as its longest number, ten digits of a seed
    make_editor_row(this)->addWidget(box_, 1);
    connect(box_, &QSpinBox::valueChanged, this, &ParameterEditor::edited);
  }
  Result<ParameterValue> value() const override {
    return ParameterValue(static_cast<long long>(box_->value()));
  }
  void set_value(const ParameterValue& value) override {
    const QSignalBlocker quiet(box_);
    box_->setValue(static_cast<int>(std::get<long long>(value)));
  }

 private:
  QSpinBox* box_;
};

/// A real number, or auto: the text that the command line would read, and a slider beside it where a range
/// makes sense.
class RealEditor final : public ParameterEditor {
 public:
  RealEditor(const Parameter& parameter, const QString& name, const EditorLook& look)
      : parameter_(parameter)
      , edit_(new QLineEdit(this)) {
    auto* row = make_editor_row(this);
    if (look.sliders && has_range()) {
      slider_ = new CalmWheel<QSlider>(Qt::Horizontal, this);
      slider_->setObjectName(name + ".slider");
      slider_->setRange(0, real_slider_steps);
      slider_->setMinimumWidth(20);
      slider_->setFocusPolicy(Qt::StrongFocus);
      row->addWidget(slider_, 1);
      connect(slider_, &QSlider::valueChanged, this, [this](int place) { take_slider(place); });
    }
    edit_->setObjectName(name);
    edit_->setFont(mono_font(12));
    if (slider_) edit_->setFixedWidth(parameter.kind == ParameterKind::real_or_auto ? 58 : 66);
    if (!parameter.unit.empty()) add_unit();
    row->addWidget(edit_, slider_ ? 0 : 1);
    if (parameter.kind == ParameterKind::real_or_auto) {
      automatic_ = new QToolButton(this);
      automatic_->setObjectName(name + ".auto");
      automatic_->setText(tr("Auto"));
      automatic_->setCheckable(true);
      automatic_->setProperty("kind", "button");
      automatic_->setProperty("small", true);
      automatic_->setToolTip(tr("Let the method choose by its own rule"));
      row->addWidget(automatic_);
      connect(automatic_, &QToolButton::clicked, this, [this](bool on) {
        edit_->setText(on ? QStringLiteral("auto")
                          : QString::fromStdString(to_text(number_at(place_of_default()))));
        show_text();
        emit edited();
      });
    }
    connect(edit_, &QLineEdit::textEdited, this, [this] {
      show_text();
      emit edited();
    });
  }

  Result<ParameterValue> value() const override {
    return parse_value(parameter_, std::string(trimmed(edit_->text().toStdString())));
  }
  void set_value(const ParameterValue& value) override {
    edit_->setText(QString::fromStdString(to_text(value)));
    show_text();
  }

 private:
  bool logarithmic() const { return parameter_.scale == ParameterScale::logarithmic; }
  bool has_range() const {
    return logarithmic() || (std::isfinite(parameter_.minimum) && std::isfinite(parameter_.maximum));
  }
  double middle() const {
    const double* given = std::get_if<double>(&parameter_.default_value);
    return given && *given > 0 ? *given : 0.01;
  }
  /// A log slider needs a positive floor even where the parameter may be 0, and a ceiling even where there is
  /// none.
  double low() const {
    if (!logarithmic()) return parameter_.minimum;
    const double floor =
        std::isfinite(parameter_.maximum) ? std::min(middle(), parameter_.maximum) / 1000 : middle() / 100;
    return parameter_.minimum > 0 && std::isfinite(parameter_.minimum) ? parameter_.minimum : floor;
  }
  double high() const {
    if (!logarithmic()) return parameter_.maximum;
    return std::isfinite(parameter_.maximum) ? parameter_.maximum : middle() * 100;
  }
  double number_at(int place) const {
    const double part = static_cast<double>(place) / real_slider_steps;
    if (!slider_) return middle();
    const double number =
        logarithmic() ? low() * std::pow(high() / low(), part) : low() + (high() - low()) * part;
    // Two or three figures are as much as a hand can choose on a slider.
    const double digits = logarithmic() ? 2 : 3;
    const double unit = number == 0 ? 1 : std::pow(10, std::floor(std::log10(std::abs(number))) - digits + 1);
    return std::clamp(std::round(number / unit) * unit, parameter_.minimum, parameter_.maximum);
  }
  int place_of(double number) const {
    double part = 0;
    if (logarithmic())
      part = number <= low() ? 0 : std::log(number / low()) / std::log(high() / low());
    else
      part = high() > low() ? (number - low()) / (high() - low()) : 0;
    return static_cast<int>(std::lround(std::clamp(part, 0.0, 1.0) * real_slider_steps));
  }
  int place_of_default() const { return slider_ ? place_of(middle()) : 0; }

  void take_slider(int place) {
    // Through text with 6 figures, so that 0.0085 is not 0.008500000000000001.
    edit_->setText(QString::number(number_at(place), 'g', 6));
    show_text(true);
    emit edited();
  }
  void show_text(bool from_slider = false) {
    const auto now = value();
    mark_invalid(edit_, !now);
    if (automatic_) automatic_->setChecked(now && std::holds_alternative<Automatic>(*now));
    if (!slider_ || from_slider || !now) return;
    const double* number = std::get_if<double>(&*now);
    const QSignalBlocker quiet(slider_);
    slider_->setValue(number ? place_of(*number) : place_of_default());
  }
  void add_unit() {
    auto* inside = new QHBoxLayout(edit_);
    inside->setContentsMargins(0, 0, 8, 0);
    auto* unit = new QLabel(shown_unit(parameter_), edit_);
    unit->setTextFormat(Qt::PlainText);
    unit->setProperty("role", "hint");
    unit->setAttribute(Qt::WA_TransparentForMouseEvents);
    inside->addStretch(1);
    inside->addWidget(unit);
  }

  Parameter parameter_;
  QLineEdit* edit_;
  QSlider* slider_ = nullptr;
  QToolButton* automatic_ = nullptr;
};

/// Few short choices are a row of segments; many or long ones a combo.
class ChoiceEditor final : public ParameterEditor {
 public:
  ChoiceEditor(const Parameter& parameter, const QString& name, const ChoiceText& text, bool segments)
      : choices_(parameter.choices) {
    auto* row = make_editor_row(this);
    int letters = 0;
    QStringList shown, names;
    for (const auto& choice : choices_) {
      names << QString::fromStdString(choice);
      shown << (text ? text(choice) : plain_choice_text(choice));
      letters += static_cast<int>(shown.back().size());
    }
    if (segments && choices_.size() <= 3 && letters <= 18) {
      segments_ = new SegmentedControl(name, names, shown, this);
      row->addWidget(segments_, 1);
      connect(segments_, &SegmentedControl::chosen, this, &ParameterEditor::edited);
    } else {
      combo_ = new CalmWheel<QComboBox>(this);
      combo_->setObjectName(name);
      combo_->setFocusPolicy(Qt::StrongFocus);
      combo_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
      combo_->setMinimumContentsLength(6);
      combo_->addItems(shown);
      row->addWidget(combo_, 1);
      connect(combo_, &QComboBox::currentIndexChanged, this, &ParameterEditor::edited);
    }
  }
  Result<ParameterValue> value() const override {
    if (segments_) return ParameterValue(segments_->current().toStdString());
    return ParameterValue(choices_.at(static_cast<std::size_t>(std::max(0, combo_->currentIndex()))));
  }
  void set_value(const ParameterValue& value) override {
    const auto& wanted = std::get<std::string>(value);
    if (segments_) {
      segments_->set_current(QString::fromStdString(wanted));
      return;
    }
    const QSignalBlocker quiet(combo_);
    const auto found = std::find(choices_.begin(), choices_.end(), wanted);
    if (found != choices_.end()) combo_->setCurrentIndex(static_cast<int>(found - choices_.begin()));
  }

 private:
  std::vector<std::string> choices_;
  SegmentedControl* segments_ = nullptr;
  QComboBox* combo_ = nullptr;
};

/// Text, lists of numbers, and files.
class TextEditor final : public ParameterEditor {
 public:
  TextEditor(const Parameter& parameter, const QString& name)
      : parameter_(parameter)
      , edit_(new QLineEdit(this)) {
    auto* row = make_editor_row(this);
    edit_->setObjectName(name);
    if (parameter.kind == ParameterKind::real_list) {
      edit_->setFont(mono_font(12));
      edit_->setPlaceholderText(tr("1, 2, 3"));
    }
    row->addWidget(edit_, 1);
    connect(edit_, &QLineEdit::textEdited, this, [this] {
      mark_invalid(edit_, !value());
      emit edited();
    });
    if (parameter.kind == ParameterKind::file) add_browse(row, name);
  }
  Result<ParameterValue> value() const override {
    const std::string text = edit_->text().toStdString();
    if (parameter_.kind == ParameterKind::real_list && trimmed(text).empty())
      return ParameterValue(std::vector<double>{});
    return parse_value(parameter_, text);
  }
  void set_value(const ParameterValue& value) override {
    edit_->setText(QString::fromStdString(to_text(value)));
    mark_invalid(edit_, false);
  }

 private:
  void add_browse(QHBoxLayout* row, const QString& name) {
    auto* browse = new QToolButton(this);
    browse->setObjectName(name + ".browse");
    browse->setText(QStringLiteral("…"));
    browse->setProperty("kind", "button");
    browse->setToolTip(tr("Choose a file"));
    row->addWidget(browse);
    connect(browse, &QToolButton::clicked, this, [this] {
      QStringList endings;
      for (const auto& format : parameter_.formats) endings << "*" + QString::fromStdString(format);
      const QString filter = endings.isEmpty() ? QString() : endings.join(' ');
      const QString path = parameter_.writes_file
                               ? QFileDialog::getSaveFileName(this, {}, edit_->text(), filter)
                               : QFileDialog::getOpenFileName(this, {}, edit_->text(), filter);
      if (path.isEmpty()) return;
      edit_->setText(path);
      emit edited();
    });
  }

  Parameter parameter_;
  QLineEdit* edit_;
};

} // namespace

QString plain_choice_text(const std::string& choice) {
  QString text = QString::fromStdString(choice).replace('-', ' ');
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

std::unique_ptr<ParameterEditor> make_parameter_editor(const Parameter& parameter, const QString& object_name,
                                                       const ChoiceText& choice_text, const EditorLook& look) {
  switch (parameter.kind) {
  case ParameterKind::boolean:
    return std::make_unique<BooleanEditor>(parameter, object_name);
  case ParameterKind::integer:
    return std::make_unique<IntegerEditor>(parameter, object_name);
  case ParameterKind::real:
  case ParameterKind::real_or_auto:
    return std::make_unique<RealEditor>(parameter, object_name, look);
  case ParameterKind::choice:
    return std::make_unique<ChoiceEditor>(parameter, object_name, choice_text, look.segments);
  case ParameterKind::text:
  case ParameterKind::file:
  case ParameterKind::real_list:
    return std::make_unique<TextEditor>(parameter, object_name);
  }
  return nullptr;
}

} // namespace bloch::app
