#pragma once

#include <QDoubleSpinBox>

namespace bloch::app {

/// A number in mono digits with a unit, right-aligned, with a decimal point in every locale and a real minus on
/// screen.
class NumberInput : public QDoubleSpinBox {
  Q_OBJECT

 public:
  /// decimals: shown at most; trailing zeros stay, so that columns line up.
  NumberInput(const QString& object_name, double minimum, double maximum, int decimals = 0,
              const QString& unit = {}, QWidget* parent = nullptr);

  /// Without emitting valueChanged.
  void set_value(double value);
  /// Up and down multiply instead of adding: for ranges over decades.
  void set_logarithmic(bool on) { logarithmic_ = on; }
  /// As many digits as needed (0.0085), instead of a fixed number of decimals.
  void set_shortest(bool on) { shortest_ = on; }

  void stepBy(int steps) override;
  QString textFromValue(double value) const override;
  double valueFromText(const QString& text) const override;
  QValidator::State validate(QString& text, int& position) const override;

 protected:
  /// The wheel scrolls the panel unless the input has the focus.
  void wheelEvent(QWheelEvent* event) override;

 private:
  QString number_part(const QString& text) const;

  bool logarithmic_ = false;
  bool shortest_ = false;
};

} // namespace bloch::app
