#pragma once

#include <QWidget>

#include "app/widgets/number_input.h"

class QLabel;
class QSlider;

namespace bloch::app {

/// Label, slider and number in one row; both show one value. Named "<object name>.slider" and "<object
/// name>.number".
class LabeledSlider : public QWidget {
  Q_OBJECT

 public:
  struct Look {
    int decimals = 0;
    QString unit;
    bool logarithmic = false;
    bool shortest = false; ///< as many digits as needed
    int label_width = 50;
    int number_width = 62;
  };

  LabeledSlider(const QString& object_name, const QString& label, double minimum, double maximum, Look look,
                QWidget* parent = nullptr);

  double value() const;
  /// Without emitting.
  void set_value(double value);
  void set_range(double minimum, double maximum);
  /// What the number may be where that is more than the slider reaches; the slider then stands at its end.
  void set_number_range(double minimum, double maximum);
  void set_decimals(int decimals);

 signals:
  /// While dragging and typing, by the user's hand only.
  void value_changed(double value);
  /// The hand let go, or the number was typed.
  void edit_finished();

 private:
  int to_slider(double value) const;
  double from_slider(int position) const;

  Look look_;
  double minimum_, maximum_;
  bool number_is_free_ = false;
  QSlider* slider_;
  NumberInput* number_;
};

} // namespace bloch::app
