#include "app/panels/detect_rail.h"

#include <QButtonGroup>
#include <QPainter>
#include <QPainterPath>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/theme/theme.h"
#include "app/widgets/plain_text.h"

namespace bloch::app {
namespace {

/// A thumbnail with an accent frame while it is the active image.
class RailButton final : public QToolButton {
 public:
  explicit RailButton(QImage picture)
      : picture_(std::move(picture)) {
    setFixedSize(34, 34);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.fillRect(rect(), theme_colour("viewer"));
    if (!picture_.isNull()) painter.drawImage(rect().adjusted(1, 1, -1, -1), picture_);
    painter.setPen(theme_colour(isChecked() ? "accent" : underMouse() ? "text-3" : "line-strong"));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
  }

 private:
  QImage picture_;
};

} // namespace

ImageRail::ImageRail(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , group_(new QButtonGroup(this))
    , column_(nullptr) {
  setObjectName("detect.rail");
  setProperty("panel", true);
  setAttribute(Qt::WA_StyledBackground);
  setFixedWidth(44);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* inside = new QWidget;
  column_ = new QVBoxLayout(inside);
  column_->setContentsMargins(5, 8, 5, 8);
  column_->setSpacing(6);
  column_->addStretch(1);
  scroll->setWidget(inside);
  outer->addWidget(scroll);
  group_->setExclusive(true);
  connect(group_, &QButtonGroup::idClicked, this, [this](int id) { session_.set_active(id); });
  connect(&thumbnails_, &Thumbnails::ready, this, &ImageRail::refresh);
  connect(&session_.document_model(), &DocumentModel::changed, this, [this](const Document& before) {
    const Document& now = session_.document();
    if (now.items.size() != before.items.size() || now.active != before.active) refresh();
  });
  refresh();
}

void ImageRail::refresh() {
  for (QAbstractButton* button : group_->buttons()) {
    group_->removeButton(button);
    button->hide();
    button->deleteLater();
  }
  const Document& document = session_.document();
  int place = 0;
  for (const auto& item : document.items) {
    if (!item->volume || (item->kind != ItemKind::series && item->kind != ItemKind::resampled &&
                          item->kind != ItemKind::reconstruction))
      continue;
    auto* button = new RailButton(thumbnails_.of_item(item));
    button->setObjectName(QStringLiteral("detect.rail.%1").arg(item->id));
    button->setCheckable(true);
    button->setToolTip(plain_tip(QString::fromStdString(item->name)));
    button->setAccessibleName(QString::fromStdString(item->name));
    group_->addButton(button, item->id);
    column_->insertWidget(place++, button);
    if (document.active == item->id) button->setChecked(true);
  }
}

} // namespace bloch::app
