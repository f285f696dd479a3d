#include "app/desktop/status_line.h"

#include <algorithm>
#include <cmath>

#include <QHBoxLayout>
#include <QLabel>

#include "app/desktop/demo_notice.h"
#include "app/desktop/job_bar.h"
#include "app/panels/scene_text.h"
#include "app/widgets/buttons.h"
#include "app/widgets/plain_text.h"
#include "core/base/version.h"

namespace bloch::app {

StatusLine::StatusLine(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , position_(make_label({}, "mono", "status.position"))
    , value_(make_label({}, "mono", "status.value"))
    , voxel_(make_label({}, "mono", "status.voxel"))
    , credit_(make_label({}, "caption", "status.credit")) {
  value_->setTextFormat(Qt::RichText);
  setObjectName("statusbar");
  setAttribute(Qt::WA_StyledBackground);
  setFixedHeight(29);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(10, 1, 12, 0);
  row->setSpacing(10);
  row->addWidget(position_);
  row->addWidget(value_);
  row->addWidget(voxel_);
  row->addWidget(credit_);
  row->addStretch(1);
  row->addWidget(new JobBar(session_.jobs()));
  row->addWidget(make_vertical_line(16));
  row->addWidget(make_label(not_for_diagnosis, "caution", "status.caution"));
  connect(&session_, &Session::pointer_moved, this, &StatusLine::show_point);
  connect(&session_, &Session::pointer_left, this, &StatusLine::clear_point);
  connect(&session_.document_model(), &DocumentModel::changed, this, [this](const Document& before) {
    if (before.active != session_.document().active) show_credit();
  });
}

void StatusLine::show_point(const WorldPoint& point) {
  position_->setText(point_text(point) + " mm");
  value_->clear();
  voxel_->clear();
  const Item* item = session_.document().active_item();
  if (!item || !item->volume) return;
  const VoxelIndex voxel = item->volume->geometry().to_voxel(point);
  if (!lies_in_patient(*item)) position_->clear();
  if (!item->volume->geometry().contains(voxel)) return;
  const auto& size = item->volume->geometry().size;
  const auto nearest = [&](int axis) {
    return std::clamp(static_cast<int>(std::lround(voxel.index[axis])), 0,
                      size[static_cast<std::size_t>(axis)] - 1);
  };
  const double value = value_at(*item->volume, nearest(0), nearest(1), nearest(2));
  const int decimals =
      item->volume->holds<std::int16_t>() ? 0 : value_decimals(session_.document().window_of(item->id).width);
  value_->setText(
      QString("value <b>%1</b>%2").arg(number_text(value, decimals), unit_text(*item).toHtmlEscaped()));
  voxel_->setText(QString("voxel %1 · %2 · %3").arg(nearest(0)).arg(nearest(1)).arg(nearest(2)));
}

void StatusLine::show_credit() {
  const Item* item = session_.document().active_item();
  while (item && item->patient.name.empty() && item->source) item = session_.document().find(*item->source);
  const QString notice = item ? demo_notice(*item) : QString();
  credit_->setText(notice.section(". ", 0, 0).section(", ", 0, 0));
  credit_->setToolTip(plain_tip(notice));
}

void StatusLine::clear_point() {
  position_->clear();
  value_->clear();
  voxel_->clear();
}

} // namespace bloch::app
