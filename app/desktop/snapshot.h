#pragma once

#include <filesystem>

#include <QObject>
#include <QStringList>

#include "app/desktop/main_window.h"
#include "app/desktop/session.h"

namespace bloch::app {

/// `--snapshot DIR`: takes the window through its workspaces once the opened study is there, writes a picture
/// of each and of their views as PNG, and says when it is done.
class Snapshot : public QObject {
  Q_OBJECT

 public:
  Snapshot(MainWindow& window, Session& session, std::filesystem::path folder, QObject* parent = nullptr);

  const QStringList& written() const { return written_; }
  /// Why something is missing; empty when all went well.
  const QStringList& problems() const { return problems_; }

 signals:
  void finished();

 private:
  void study_opened();
  void next_when_idle();
  void next();
  void take_step(int step);
  /// Lets layout, paint and late signals happen before a picture is taken.
  void settle();
  void take(const QString& stem, bool views);

  MainWindow& window_;
  Session& session_;
  std::filesystem::path folder_;
  QStringList written_;
  QStringList problems_;
  int step_ = 0;
  bool started_ = false;
  bool stepping_ = false; ///< while a step lets events happen, no other begins
};

} // namespace bloch::app
