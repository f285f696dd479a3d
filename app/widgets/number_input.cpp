#include "app/widgets/number_input.h"

#include <cmath>

#include <QLineEdit>
#include <QWheelEvent>

#include "app/theme/theme.h"

namespace bloch::app {
namespace {

const QChar real_minus(0x2212);

} // namespace

NumberInput::NumberInput(const QString& object_name, double minimum, double maximum, int decimals,
                         const QString& unit, QWidget* parent)
    : QDoubleSpinBox(parent) {
  setObjectName(object_name);
  setLocale(QLocale::c());
  setDecimals(decimals);
  setRange(minimum, maximum);
  setSingleStep(std::pow(10.0, -std::min(decimals, 2)));
  if (!unit.isEmpty()) setSuffix(" " + unit);
  setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  setKeyboardTracking(false);
  setFocusPolicy(Qt::StrongFocus);
  setFont(mono_font(12));
  setMinimumWidth(58);
  setCorrectionMode(QAbstractSpinBox::CorrectToNearestValue);
}

void NumberInput::set_value(double value) {
  const bool before = blockSignals(true);
  setValue(value);
  blockSignals(before);
}

void NumberInput::stepBy(int steps) {
  if (!logarithmic_ || value() <= 0) return QDoubleSpinBox::stepBy(steps);
  setValue(value() * std::pow(10.0, 0.1 * steps));
}

QString NumberInput::textFromValue(double value) const {
  QString text = shortest_ ? QString::number(value, 'g', 4) : QString::number(value, 'f', decimals());
  return text.replace('-', real_minus);
}

QString NumberInput::number_part(const QString& text) const {
  QString number = text;
  if (!suffix().isEmpty() && number.endsWith(suffix())) number.chop(suffix().size());
  return number.trimmed().replace(real_minus, '-').replace(',', '.');
}

double NumberInput::valueFromText(const QString& text) const { return number_part(text).toDouble(); }

QValidator::State NumberInput::validate(QString& text, int&) const {
  const QString number = number_part(text);
  if (number.isEmpty() || number == "-" || number == "." || number == "-.") return QValidator::Intermediate;
  bool is_number = false;
  const double value = number.toDouble(&is_number);
  if (!is_number)
    return number.endsWith('e') || number.endsWith("e-") ? QValidator::Intermediate : QValidator::Invalid;
  return value < minimum() || value > maximum() ? QValidator::Intermediate : QValidator::Acceptable;
}

void NumberInput::wheelEvent(QWheelEvent* event) {
  if (hasFocus())
    QDoubleSpinBox::wheelEvent(event);
  else
    event->ignore();
}

} // namespace bloch::app
