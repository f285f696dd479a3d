#include "app/widgets/labeled_slider.h"

#include <algorithm>
#include <cmath>

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSlider>

#include "app/widgets/buttons.h"

namespace bloch::app {
namespace {
constexpr int slider_steps = 1000;
}

LabeledSlider::LabeledSlider(const QString& object_name, const QString& label, double minimum, double maximum,
                             Look look, QWidget* parent)
    : QWidget(parent)
    , look_(std::move(look))
    , minimum_(minimum)
    , maximum_(maximum)
    , slider_(new QSlider(Qt::Horizontal))
    , number_(new NumberInput(object_name + ".number", minimum, maximum, look_.decimals, look_.unit)) {
  setObjectName(object_name);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  if (!label.isEmpty()) {
    auto* text = make_label(label, "label");
    text->setFixedWidth(look_.label_width);
    row->addWidget(text);
  }
  slider_->setObjectName(object_name + ".slider");
  slider_->setRange(0, slider_steps);
  slider_->setFocusPolicy(Qt::TabFocus);
  slider_->setAccessibleName(label);
  number_->setFixedWidth(look_.number_width);
  number_->set_logarithmic(look_.logarithmic);
  number_->set_shortest(look_.shortest);
  row->addWidget(slider_, 1);
  row->addWidget(number_);
  connect(slider_, &QSlider::valueChanged, this, [this](int position) {
    number_->set_value(from_slider(position));
    emit value_changed(number_->value());
  });
  connect(slider_, &QSlider::sliderReleased, this, &LabeledSlider::edit_finished);
  connect(number_, &QDoubleSpinBox::valueChanged, this, [this](double typed) {
    const QSignalBlocker quiet(slider_);
    slider_->setValue(to_slider(typed));
    emit value_changed(typed);
    emit edit_finished();
  });
}

double LabeledSlider::value() const { return number_->value(); }

void LabeledSlider::set_value(double value) {
  const QSignalBlocker quiet(slider_);
  number_->set_value(value);
  slider_->setValue(to_slider(value));
}

void LabeledSlider::set_range(double minimum, double maximum) {
  const double kept = value();
  minimum_ = minimum;
  maximum_ = maximum;
  const QSignalBlocker quiet(number_);
  if (!number_is_free_) number_->setRange(minimum, maximum);
  set_value(kept);
}

void LabeledSlider::set_number_range(double minimum, double maximum) {
  number_is_free_ = true;
  const QSignalBlocker quiet(number_);
  number_->setRange(minimum, maximum);
}

void LabeledSlider::set_decimals(int decimals) {
  const QSignalBlocker quiet(number_);
  number_->setDecimals(decimals);
  number_->setSingleStep(std::pow(10.0, -decimals));
}

int LabeledSlider::to_slider(double value) const {
  if (!(maximum_ > minimum_)) return 0;
  const double share = look_.logarithmic && minimum_ > 0
                           ? std::log(std::max(value, minimum_) / minimum_) / std::log(maximum_ / minimum_)
                           : (value - minimum_) / (maximum_ - minimum_);
  return static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * slider_steps));
}

double LabeledSlider::from_slider(int position) const {
  const double share = static_cast<double>(position) / slider_steps;
  return look_.logarithmic && minimum_ > 0 ? minimum_ * std::pow(maximum_ / minimum_, share)
                                           : minimum_ + share * (maximum_ - minimum_);
}

} // namespace bloch::app
