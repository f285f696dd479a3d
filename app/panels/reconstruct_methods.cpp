#include "app/panels/reconstruct_methods.h"

#include <algorithm>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/theme/icons.h"
#include "app/theme/theme.h"
#include "app/widgets/buttons.h"
#include "app/widgets/parameter_form.h"
#include "core/base/text.h"

namespace bloch::app {
namespace {

/// The small square in a method's colour.
class MethodSwatch final : public QWidget {
 public:
  explicit MethodSwatch(QString token)
      : token_(std::move(token)) {
    setFixedSize(9, 9);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme_colour(token_));
    painter.drawRoundedRect(rect(), 1.5, 1.5);
  }

 private:
  QString token_;
};

/// The settings by which people tell runs apart, in the fewest letters: "λ 0.0085 · it 60".
QString short_settings(const std::vector<Parameter>& parameters, const ParameterSet& values) {
  QStringList parts;
  for (const auto& parameter : parameters) {
    const ParameterValue* value = values.find(parameter.name);
    if (!value) continue;
    const QString text = QString::fromStdString(to_text(*value));
    if (parameter.name == "lambda") parts << QStringLiteral("λ ") + text;
    if (parameter.name == "iterations") parts << QStringLiteral("it ") + text;
  }
  return parts.isEmpty() ? QStringLiteral("–") : parts.join(QStringLiteral(" · "));
}

} // namespace

MethodRow::MethodRow(const imaging::Reconstruction& method, QWidget* parent)
    : QWidget(parent)
    , method_(method)
    , fold_(new QToolButton)
    , box_(new QCheckBox)
    , summary_(make_label({}, "mono"))
    , form_(new ParameterForm("reconstruct.method." + QString::fromStdString(method.name), method.parameters,
                              ParameterForm::Look{78, {}, {.segments = false}})) {
  const QString name = "reconstruct.method." + QString::fromStdString(method.name);
  setObjectName(name);
  auto* head = new QWidget;
  head->setFixedHeight(29);
  head->setToolTip(QString::fromStdString(method.summary + "\n" + method.source));
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(6, 0, 12, 0);
  row->setSpacing(6);
  fold_->setObjectName(name + ".fold");
  fold_->setProperty("kind", "small");
  fold_->setCheckable(true);
  fold_->setIconSize({13, 13});
  fold_->setEnabled(!method.parameters.empty());
  fold_->setStyleSheet("QToolButton:checked { background: transparent; }");
  box_->setObjectName(name + ".on");
  auto* title = make_label(QString::fromStdString(method.label), "method");
  title->setFont(ui_font(12, QFont::Medium));
  row->addWidget(fold_);
  row->addWidget(box_);
  row->addWidget(new MethodSwatch(QString::fromStdString(method_colour(method.name))));
  row->addWidget(title);
  summary_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  summary_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // gives way before the panel grows
  row->addWidget(summary_, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(head);
  form_->setContentsMargins(18, 2, 12, 8);
  form_->hide();
  column->addWidget(form_);
  column->addWidget(make_horizontal_line());
  connect(fold_, &QToolButton::toggled, this, [this](bool open) {
    form_->setVisible(open);
    refresh();
  });
  connect(box_, &QCheckBox::toggled, this, [this] {
    refresh();
    emit changed();
  });
  connect(form_, &ParameterForm::changed, this, [this] {
    refresh();
    emit changed();
  });
  refresh();
}

bool MethodRow::is_checked() const { return box_->isChecked(); }
void MethodRow::set_checked(bool on) { box_->setChecked(on); }
MethodChoice MethodRow::choice() const { return {method_.name, form_->changed_values()}; }

Result<void> MethodRow::check() const {
  auto result = form_->check();
  if (!result) return failure(result.error().in(method_.label));
  return result;
}

void MethodRow::refresh() {
  fold_->setIcon(icon(fold_->isChecked() ? "chevron-down" : "chevron-right", "text-3"));
  summary_->setText(fold_->isChecked() ? QString() : short_settings(method_.parameters, form_->values()));
}

ReconstructMethods::ReconstructMethods(QWidget* parent)
    : Section("reconstruct.methods_section", tr("Methods"), parent) {
  set_flush();
  for (const auto& method : imaging::reconstructions()) {
    auto* row = new MethodRow(method);
    // The baseline, and what uses the coils; a plain combination is there for whoever asks.
    row->set_checked(rows_.empty() || method.needs_sensitivities);
    rows_.push_back(row);
    content()->addWidget(row);
    connect(row, &MethodRow::changed, this, &ReconstructMethods::changed);
  }
}

std::vector<MethodChoice> ReconstructMethods::choices() const {
  std::vector<MethodChoice> chosen;
  for (const auto* row : rows_)
    if (row->is_checked()) chosen.push_back(row->choice());
  return chosen;
}

Result<void> ReconstructMethods::check() const {
  for (const auto* row : rows_)
    if (row->is_checked()) BLOCH_CHECK(row->check());
  return {};
}

void ReconstructMethods::choose(const std::vector<std::string>& names) {
  for (auto* row : rows_)
    row->set_checked(std::find(names.begin(), names.end(), row->choice().name) != names.end());
}

} // namespace bloch::app
