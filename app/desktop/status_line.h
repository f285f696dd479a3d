#pragma once

#include <QWidget>

#include "app/desktop/session.h"

class QLabel;

namespace bloch::app {

/// The foot of the window, 28 px: what is under the pointer, the job at work, and the caution.
class StatusLine : public QWidget {
  Q_OBJECT

 public:
  explicit StatusLine(Session& session, QWidget* parent = nullptr);

 private:
  void show_point(const WorldPoint& point);
  void clear_point();
  void show_credit();

  Session& session_;
  QLabel* position_;
  QLabel* value_;
  QLabel* voxel_;
  QLabel* credit_; ///< of whoever made the image that is shown
};

} // namespace bloch::app
