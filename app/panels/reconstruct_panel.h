#pragma once

#include <optional>
#include <vector>

#include <QTimer>

#include "app/desktop/session.h"
#include "app/panels/reconstruct_run.h"
#include "app/widgets/side_panel.h"

class QLabel;
class QPushButton;

namespace bloch::app {

class ReconstructMask;
class ReconstructMethods;
class ReconstructSource;

/// The left panel of Reconstruct: source, mask, methods, coils, and the button that runs them.
class ReconstructPanel : public SidePanel {
  Q_OBJECT

 public:
  explicit ReconstructPanel(Session& session, QWidget* parent = nullptr);

  /// What the panel says now; valid only while `check` passes.
  ReconstructRequest request() const;
  std::vector<MethodChoice> choices() const;
  /// Errors: invalid_parameter, in words for the foot of the panel.
  Result<void> check() const;

  ReconstructSource& source() { return *source_; }
  ReconstructMask& mask() { return *mask_; }
  ReconstructMethods& methods() { return *methods_; }
  void set_running(bool running);

 signals:
  void changed();
  void run_requested();
  void cancel_requested();

 private:
  void settings_changed();
  void refresh_foot();
  void make_foot();
  void start_preview();

  Session& session_;
  ReconstructSource* source_;
  ReconstructMask* mask_;
  ReconstructMethods* methods_;
  class ParameterForm* coils_;
  QLabel* count_ = nullptr;
  QLabel* amount_ = nullptr;
  QPushButton* run_ = nullptr;
  QPushButton* cancel_ = nullptr;
  QTimer preview_delay_;
  JobId preview_job_ = 0;
  bool preview_running_ = false;
  std::string pictured_; ///< what the picture of k-space shows
  bool running_ = false;
};

} // namespace bloch::app
