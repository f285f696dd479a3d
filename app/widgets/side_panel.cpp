#include "app/widgets/side_panel.h"

#include <QScrollBar>
#include <QVBoxLayout>

#include "app/widgets/buttons.h"

namespace bloch::app {

SidePanel::SidePanel(const QString& object_name, Settings& settings, int width, QWidget* parent)
    : QWidget(parent)
    , settings_(settings)
    , column_(new QVBoxLayout(this))
    , sections_(nullptr) {
  setObjectName(object_name);
  setProperty("panel", true);
  setAttribute(Qt::WA_StyledBackground);
  setFixedWidth(width);
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(0);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  auto* content = new QWidget;
  sections_ = new QVBoxLayout(content);
  sections_->setContentsMargins(0, 0, 0, 0);
  sections_->setSpacing(0);
  sections_->addStretch(1);
  scroll->setWidget(content);
  column_->addWidget(scroll, 1);
}

void SidePanel::add_section(Section* section, int stretch) {
  const std::string key = "section." + section->objectName().toStdString();
  if (const auto found = settings_.window.find(key); found != settings_.window.end())
    section->set_open(found->second == "open");
  connect(section, &Section::toggled, this,
          [this, key](bool open) { settings_.window[key] = open ? "open" : "closed"; });
  if (stretch > 0) {
    section->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    sections_->setStretch(sections_->count() - 1, 0);
  }
  sections_->insertWidget(sections_->count() - 1, section, stretch);
}

void SidePanel::set_footer(QWidget* footer) {
  column_->addWidget(make_horizontal_line());
  column_->addWidget(footer);
}

} // namespace bloch::app
