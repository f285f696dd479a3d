#include "app/widgets/parameter_form.h"

#include <QGridLayout>
#include <QLabel>
#include <QStyle>

namespace bloch::app {

ParameterForm::ParameterForm(const QString& area, std::span<const Parameter> parameters, QWidget* parent)
    : ParameterForm(area, parameters, Look{}, parent) {}

ParameterForm::ParameterForm(const QString& area, std::span<const Parameter> parameters, const Look& look,
                             QWidget* parent)
    : QWidget(parent)
    , parameters_(parameters.begin(), parameters.end()) {
  setObjectName(area + ".form");
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(0);
  grid->setColumnStretch(1, 1);
  for (const auto& parameter : parameters_) add_row(grid, area, parameter, look);
  reset();
}

void ParameterForm::add_row(QGridLayout* grid, const QString& area, const Parameter& parameter,
                            const Look& look) {
  const QString name = area + "." + QString::fromStdString(parameter.name);
  Row row;
  row.label =
      new QLabel(QString::fromStdString(parameter.label.empty() ? parameter.name : parameter.label), this);
  row.label->setTextFormat(Qt::PlainText);
  row.label->setObjectName(name + ".label");
  row.label->setProperty("role", "label");
  row.label->setFixedWidth(look.label_width);
  const auto known = look.choice_texts.find(parameter.name);
  auto editor = make_parameter_editor(
      parameter, name, known == look.choice_texts.end() ? ChoiceText{} : known->second, look.editors);
  row.editor = editor.release();
  row.error = new QLabel(this);
  row.error->setTextFormat(Qt::PlainText);
  row.error->setObjectName(name + ".error");
  row.error->setProperty("role", "error");
  row.error->setWordWrap(true);
  row.error->hide();
  const int line = static_cast<int>(rows_.size()) * 2;
  grid->addWidget(row.label, line, 0, Qt::AlignVCenter | Qt::AlignLeft);
  grid->addWidget(row.editor, line, 1);
  grid->addWidget(row.error, line + 1, 0, 1, 2);
  connect(row.editor, &ParameterEditor::edited, this, [this] {
    refresh();
    emit changed();
  });
  rows_.push_back(row);
}

ParameterSet ParameterForm::values() const {
  ParameterSet set;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (auto value = rows_[i].editor->value()) set.set(parameters_[i].name, std::move(*value));
  return set;
}

ParameterSet ParameterForm::changed_values() const {
  ParameterSet set;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    auto value = rows_[i].editor->value();
    if (value && !(*value == parameters_[i].default_value)) set.set(parameters_[i].name, std::move(*value));
  }
  return set;
}

Result<void> ParameterForm::check() const {
  for (const auto& row : rows_)
    if (auto value = row.editor->value(); !value) return failure(value.error());
  return {};
}

void ParameterForm::set_values(const ParameterSet& values) {
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (const ParameterValue* value = values.find(parameters_[i].name)) rows_[i].editor->set_value(*value);
  refresh();
}

void ParameterForm::reset() {
  for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i].editor->set_value(parameters_[i].default_value);
  refresh();
}

void ParameterForm::refresh() {
  const ParameterSet now = values();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Parameter& parameter = parameters_[i];
    Row& row = rows_[i];
    bool enabled = true;
    if (!parameter.enabled_by.empty()) {
      const ParameterValue* other = now.find(parameter.enabled_by);
      enabled = other && to_text(*other) == parameter.enabled_value;
    }
    row.editor->setEnabled(enabled);
    row.label->setEnabled(enabled);
    QString tip = QString::fromStdString(parameter.help);
    if (!enabled)
      tip += QStringLiteral("\nOnly with %1 = %2.")
                 .arg(QString::fromStdString(parameter.enabled_by),
                      QString::fromStdString(parameter.enabled_value));
    row.editor->setToolTip(tip);
    row.label->setToolTip(tip);
    const auto value = row.editor->value();
    row.error->setVisible(!value);
    if (!value) row.error->setText(QString::fromStdString(value.error().message));
  }
}

} // namespace bloch::app
