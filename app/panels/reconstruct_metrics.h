#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <QAbstractTableModel>
#include <QStyledItemDelegate>
#include <QWidget>

#include "core/jobs/job.h"
#include "core/session/document.h"

class QSortFilterProxyModel;
class QTableView;
class QPushButton;
class QLabel;

namespace bloch::app {

/// One method of the last run, running or done.
struct MetricsRow {
  std::string method; ///< name in reconstructions()
  JobState state = JobState::waiting;
  double fraction = 0;
  std::optional<double> remaining_s;
  std::string error;                     ///< why it failed
  ItemId item = 0;                       ///< the result, when done
  std::map<std::string, double> numbers; ///< of the result
};

/// The methods of a run as a table: NRMSE, PSNR, SSIM, time.
class MetricsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { method, nrmse, psnr, ssim, seconds, column_count };
  using QAbstractTableModel::QAbstractTableModel;

  void set_rows(std::vector<MetricsRow> rows);
  void set_row(int row, MetricsRow value);
  const std::vector<MetricsRow>& rows() const { return rows_; }
  /// Whether no other row is better in this column (higher for PSNR and SSIM, lower else).
  bool is_best(int row, int column) const;
  std::optional<double> number(int row, int column) const;
  /// As DESIGN.md writes tables: UTF-8, comma, decimal point, first row the header.
  std::string csv() const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<MetricsRow> rows_;
};

/// The table with its foot: click a row to choose the method, CSV to keep the numbers.
class MetricsTable : public QWidget {
  Q_OBJECT

 public:
  explicit MetricsTable(QWidget* parent = nullptr);

  MetricsModel& model() { return *model_; }
  /// Marks the row of a method without emitting.
  void choose(const std::string& method);

 signals:
  void method_chosen(const QString& method);
  void csv_requested();

 private:
  void fit_height();

  MetricsModel* model_;
  QSortFilterProxyModel* sorted_;
  QTableView* view_;
  QLabel* empty_;
  QWidget* foot_;
};

} // namespace bloch::app
