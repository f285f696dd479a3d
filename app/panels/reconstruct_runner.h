#pragma once

#include <deque>
#include <vector>

#include <QObject>

#include "app/desktop/session.h"
#include "app/panels/reconstruct_metrics.h"
#include "app/panels/reconstruct_run.h"

namespace bloch::app {

/// Runs the chosen methods one after another on the session's job queue (side by side their times would say
/// nothing), and puts each result into the document when it is there.
class ReconstructRunner : public QObject {
  Q_OBJECT

 public:
  ReconstructRunner(Session& session, QObject* parent = nullptr);

  void start(ReconstructRequest request, std::vector<MethodChoice> choices);
  void cancel();
  bool is_running() const { return running_; }

  /// Of the last run; the rows are in the order of the choices.
  const ReconstructRequest& request() const { return request_; }
  const std::vector<MethodChoice>& choices() const { return choices_; }
  const std::vector<MetricsRow>& rows() const { return rows_; }
  const MethodChoice* choice_of(const std::string& method) const;
  /// Results in the document; 0 where there is none.
  ItemId image_of(const std::string& method) const;
  ItemId error_of(const std::string& method) const;
  /// Of raw data that was under-sampled further: its fully sampled image.
  ItemId reference() const { return reference_; }

 signals:
  void row_changed(int row);
  void method_done(const QString& method);
  /// All have ended, well or not.
  void finished();

 private:
  struct Outcome;
  void run_next();
  void take(std::size_t row, Outcome outcome);
  void heard(const JobStatus& status);

  Session& session_;
  ReconstructRequest request_;
  std::vector<MethodChoice> choices_;
  std::vector<MetricsRow> rows_;
  std::vector<ItemId> errors_;
  ItemId reference_ = 0;
  std::size_t next_ = 0;
  JobId job_ = 0;
  bool running_ = false;
  bool cancelled_ = false;
};

} // namespace bloch::app
