#pragma once

#include <deque>
#include <filesystem>
#include <functional>

#include <QImage>
#include <QObject>
#include <QStringList>

#include "app/desktop/main_window.h"
#include "app/desktop/session.h"

namespace bloch::app {

/// `--snapshot DIR`: takes the window through its workspaces once what was opened is there, then through the
/// objects of the study; writes a picture of each and of their views as PNG, and says when it is done. A series
/// that takes long is pictured while it loads, too; what cannot be opened with its message.
class Snapshot : public QObject {
  Q_OBJECT

 public:
  /// read_alone: without Reconstruct and Detect, which take minutes.
  Snapshot(MainWindow& window, Session& session, std::filesystem::path folder, bool read_alone,
           QObject* parent = nullptr);

  const QStringList& written() const { return written_; }
  /// Why something is missing; empty when all went well.
  const QStringList& problems() const { return problems_; }

 signals:
  void finished();

 private:
  /// Something to do, and the name of the pictures taken when all jobs it started have ended.
  struct Step {
    std::function<void()> begin;
    QString stem;
  };

  void plan_workspaces();
  void plan_objects();
  void next_when_idle();
  void next();
  /// Lets layout, paint and late signals happen before a picture is taken.
  void settle();
  void take(const QString& stem);
  void save(const QString& name, const QImage& picture);

  MainWindow& window_;
  Session& session_;
  std::filesystem::path folder_;
  QStringList written_;
  QStringList problems_;
  std::deque<Step> steps_;
  QString stem_;          ///< of the step that was begun last
  bool stepping_ = false; ///< while a step lets events happen, no other begins
};

} // namespace bloch::app
