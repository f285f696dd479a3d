#pragma once

#include <QSortFilterProxyModel>
#include <QTreeView>

#include "app/desktop/session.h"
#include "app/panels/studies_model.h"
#include "app/panels/thumbnails.h"

class QComboBox;
class QLabel;
class QLineEdit;

namespace bloch::app {

/// The browser at the left of Read: patients, studies, series and results with thumbnails, a filter, and what
/// is there.
class StudiesPanel : public QWidget {
  Q_OBJECT

 public:
  explicit StudiesPanel(Session& session, QWidget* parent = nullptr);

  /// The series before or after the active one in the list.
  void open_neighbour(int step);
  QLineEdit* filter() { return filter_; }

 signals:
  void open_requested(); ///< the folder button

 private:
  void make_tree();
  void rebuild();
  void document_changed(const Document& before);
  void open_row(const QModelIndex& index);
  void show_counts();
  QWidget* make_volumes();
  void show_volumes();
  std::vector<QModelIndex> openable_rows() const;

  Session& session_;
  Thumbnails thumbnails_;
  StudiesModel model_;
  QSortFilterProxyModel proxy_;
  QLineEdit* filter_;
  QTreeView* tree_;
  QLabel* hint_;
  QLabel* counts_;
  QLabel* left_out_;
  QWidget* volumes_;
  QComboBox* volume_; ///< which volume of the active series, below the tree
};

} // namespace bloch::app
