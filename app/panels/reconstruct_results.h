#pragma once

#include <string>
#include <vector>

#include "app/desktop/session.h"
#include "app/panels/reconstruct_metrics.h"
#include "app/widgets/side_panel.h"

namespace bloch::app {

class LineChart;
class ReconstructRunner;

/// The right panel of Reconstruct: the numbers, how they came down, and what they cost.
class ReconstructResults : public SidePanel {
  Q_OBJECT

 public:
  ReconstructResults(Session& session, const ReconstructRunner& runner, QWidget* parent = nullptr);

  /// All rows anew: a run has begun.
  void show_run();
  void show_row(int row);
  void choose(const std::string& method);
  /// The settings are no longer those of the shown run.
  void set_outdated(bool on);
  MetricsTable& table() { return *table_; }

 signals:
  void method_chosen(const QString& method);

 private:
  void refresh_charts();
  void refresh_convergence();
  void refresh_quality();
  void save_csv();

  Session& session_;
  const ReconstructRunner& runner_;
  MetricsTable* table_;
  LineChart* convergence_;
  LineChart* quality_;
  TagLabel* simulated_;
  TagLabel* outdated_;
  class QLabel* legend_;
  std::string selected_;
};

} // namespace bloch::app
