#pragma once

#include <string>
#include <utility>
#include <vector>

#include <QTimer>
#include <QWidget>

#include "app/desktop/session.h"
#include "app/viewers/slice_scene.h"

class QComboBox;
class QGridLayout;
class QPushButton;

namespace bloch::app {

class SliceView;

/// What the centre of Reconstruct shows.
struct ReconstructShown {
  ItemId reference = 0;                                ///< 0: none
  std::vector<std::pair<std::string, ItemId>> results; ///< method and image, in the order of the run
  ItemId error = 0;                                    ///< of the selected method
  std::string selected;                                ///< method
};

/// Reference, every method and the error map side by side: one slice, one zoom, one window.
class ReconstructViews : public QWidget {
  Q_OBJECT

 public:
  explicit ReconstructViews(Session& session, QWidget* parent = nullptr);

  void show_results(ReconstructShown shown);
  void set_tool(const std::string& name);
  std::vector<std::pair<QString, QImage>> pictures();

 signals:
  void method_chosen(const QString& method);
  void export_requested();

 private:
  struct Cell {
    SliceView* view = nullptr;
    QString name;       ///< file stem of its picture
    std::string method; ///< empty: the reference
    ItemId item = 0;
    bool is_error = false;
  };
  QWidget* make_strip();
  void make_view();
  void connect_view(SliceView* view);
  void lay_out();
  void refresh();
  SliceScene scene_of(const Cell& cell) const;
  SliceScene error_scene(const Cell& cell, SliceScene scene) const;
  WindowLevel shared_window() const;
  void take_window(double width, double level);
  void bring_into_view();
  Cell* cell_of(SliceView* view);

  Session& session_;
  ReconstructShown shown_;
  std::vector<Cell> cells_;
  std::vector<SliceView*> views_;
  QGridLayout* grid_;
  QWidget* empty_;
  QPushButton* linked_;
  QPushButton* whole_grid_;
  QPushButton* flicker_;
  QComboBox* factor_;
  QPushButton* error_map_;
  QPushButton* export_;
  SliceView* active_ = nullptr;
  QTimer flicker_timer_;
  bool flicker_reference_ = false;
  bool linking_ = false;
  std::string tool_;
};

} // namespace bloch::app
