#pragma once

#include <map>

#include <QWidget>

#include "app/bridge/qt_job_queue.h"

class QLabel;
class QProgressBar;
class QToolButton;

namespace bloch::app {

/// The job at work, in one row: title and stage, bar, per cent, time left, cancel. Hidden while nothing runs;
/// with several jobs it shows the oldest that runs and how many wait.
class JobBar : public QWidget {
  Q_OBJECT

 public:
  explicit JobBar(QtJobQueue& jobs, QWidget* parent = nullptr);

 private:
  void heard(const JobStatus& status);
  void show_oldest();

  QtJobQueue& jobs_;
  std::map<JobId, JobStatus> at_work_;
  JobId shown_ = 0;
  QLabel* title_;
  QProgressBar* bar_;
  QLabel* percent_;
  QLabel* remaining_;
  QToolButton* cancel_;
};

/// "0:14 left", "2:05 left"; empty while there is no pace yet.
QString to_time_left(const std::optional<double>& seconds);

} // namespace bloch::app
