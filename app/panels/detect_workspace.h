#pragma once

#include <memory>
#include <optional>

#include "app/desktop/workspace.h"
#include "app/panels/detect_run.h"

class QTimer;

namespace bloch::app {

class CircuitSection;
class DetectViews;
class FeatureMapSection;
class FindingsSection;
class GramSection;
class KernelSection;
class NormalSection;
class RocSection;
class VerdictSection;

/// Detect: the quantum map and its classical twin over one slice, findings below, verdict, kernels and settings
/// at the right.
class DetectWorkspace : public Workspace {
  Q_OBJECT

 public:
  explicit DetectWorkspace(Session& session, QObject* parent = nullptr);
  ~DetectWorkspace() override;

  QString name() const override { return QStringLiteral("detect"); }
  QString title() const override { return tr("Detect"); }
  QWidget* left_panel() override;
  QWidget* centre() override;
  QWidget* right_panel() override;
  void set_tool(const std::string& name) override;
  std::vector<std::pair<QString, QImage>> pictures() override;
  /// Scores the active image with the settings as they are.
  void run() override;
  QStringList layouts() const override;
  int layout() const override;
  void set_layout(int index) override;

  /// The same under the name that `--snapshot` and tests use.
  void run_default() { run(); }
  bool is_running() const { return job_ != 0; }
  /// Settings of both twins by name; what is not in the form is ignored.
  void set_parameters(const ParameterSet& values);

 signals:
  /// The run has ended: done, failed or cancelled.
  void finished();

 private:
  void make_right_panel();
  void settings_changed();
  void show_outcome();
  void take(DetectRequest request, DetectOutcome outcome, Recipe recipe);
  void find_again();
  void export_map();
  DetectRequest current_request() const;

  Session& session_;
  DetectViews* views_;
  FindingsSection* findings_;
  NormalSection* normal_;
  FeatureMapSection* map_;
  VerdictSection* verdict_;
  RocSection* roc_;
  GramSection* gram_;
  KernelSection* kernels_;
  CircuitSection* circuit_;
  QWidget* rail_;
  QWidget* centre_;
  QWidget* right_ = nullptr;
  QTimer* find_delay_;
  JobId job_ = 0;
  bool run_when_loaded_ = false; ///< asked for while a mask was being read
  DetectRequest of_outcome_;     ///< what the outcome was made from
  std::optional<DetectOutcome> outcome_;
  ItemId quantum_ = 0;
  ItemId classical_ = 0;
};

} // namespace bloch::app
