#pragma once

#include <map>

#include <QWidget>

#include "app/desktop/session.h"
#include "app/panels/thumbnails.h"

class QButtonGroup;
class QVBoxLayout;

namespace bloch::app {

/// The images of the session as a rail of thumbnails, 44 px wide: a click chooses the one to score.
class ImageRail : public QWidget {
  Q_OBJECT

 public:
  explicit ImageRail(Session& session, QWidget* parent = nullptr);

 private:
  void refresh();

  Session& session_;
  Thumbnails thumbnails_;
  QButtonGroup* group_;
  QVBoxLayout* column_;
};

} // namespace bloch::app
