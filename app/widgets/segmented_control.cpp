#include "app/widgets/segmented_control.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>

namespace bloch::app {

SegmentedControl::SegmentedControl(const QString& object_name, const QStringList& names,
                                   const QStringList& labels, QWidget* parent)
    : QWidget(parent)
    , names_(names)
    , group_(new QButtonGroup(this)) {
  setObjectName(object_name);
  setProperty("segmented", true);
  setAttribute(Qt::WA_StyledBackground);
  setFixedHeight(26);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(1, 1, 1, 1);
  row->setSpacing(1);
  group_->setExclusive(true);
  for (int i = 0; i < names.size(); ++i) {
    auto* button = new QToolButton;
    button->setObjectName(object_name + "." + names[i]);
    button->setProperty("kind", "segment");
    button->setText(labels.isEmpty() ? names[i] : labels[i]);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    group_->addButton(button, i);
    row->addWidget(button);
  }
  if (!names.isEmpty()) group_->button(0)->setChecked(true);
  connect(group_, &QButtonGroup::idClicked, this, [this](int index) { emit chosen(names_[index]); });
}

int SegmentedControl::current_index() const { return group_->checkedId(); }

QString SegmentedControl::current() const { return names_.value(current_index()); }

void SegmentedControl::set_current(const QString& name) {
  if (QAbstractButton* button = group_->button(static_cast<int>(names_.indexOf(name))))
    button->setChecked(true);
}

void SegmentedControl::set_choice_enabled(const QString& name, bool enabled, const QString& why) {
  if (QAbstractButton* button = group_->button(static_cast<int>(names_.indexOf(name)))) {
    button->setEnabled(enabled);
    button->setToolTip(enabled ? QString() : why);
  }
}

} // namespace bloch::app
