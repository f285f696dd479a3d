#pragma once

#include <filesystem>
#include <memory>

#include "app/desktop/workspace.h"

namespace bloch::app {

class CommandBar;
class ReconstructPanel;
class ReconstructResults;
class ReconstructRunner;
class ReconstructViews;

/// Reconstruct: source, mask and methods at the left; reference, results and error map in the middle; numbers
/// at the right.
class ReconstructWorkspace : public Workspace {
  Q_OBJECT

 public:
  explicit ReconstructWorkspace(Session& session, QObject* parent = nullptr);
  ~ReconstructWorkspace() override;

  QString name() const override { return QStringLiteral("reconstruct"); }
  QString title() const override { return tr("Reconstruct"); }
  QWidget* left_panel() override;
  QWidget* centre() override;
  QWidget* right_panel() override;
  void set_tool(const std::string& name) override;
  std::vector<std::pair<QString, QImage>> pictures() override;
  /// Runs what the panel says now.
  void run() override;

  /// Raw data from a file, as if it had been chosen in the panel.
  void open_kspace(const std::filesystem::path& path);
  /// Runs what the panel says now, for `--demo --snapshot` and tests. slices: the middle so many; 0: as chosen.
  void run_default(int slices = 0);
  bool is_running() const;

 signals:
  /// A run has ended: every method done, failed or cancelled.
  void finished();

 private:
  void method_done(const QString& method);
  void choose(const QString& method);
  void show_results();
  void settings_changed();
  void export_result();
  void save_recipe();
  void refresh_command();

  Session& session_;
  ReconstructRunner* runner_;
  ReconstructPanel* panel_;
  ReconstructViews* views_;
  CommandBar* command_;
  ReconstructResults* results_;
  QWidget* centre_;
  QString selected_;
  QString settings_of_run_;
};

} // namespace bloch::app
