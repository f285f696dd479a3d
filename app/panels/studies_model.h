#pragma once

#include <QStandardItemModel>

#include "app/desktop/session.h"

namespace bloch::app {

class Thumbnails;

/// Patients, their studies, and their series and results, as a tree that the browser filters and draws.
class StudiesModel : public QStandardItemModel {
  Q_OBJECT

 public:
  enum class Row { patient, study, series, object, item };
  enum Role {
    row_role = Qt::UserRole, ///< Row
    key_role,     ///< "series:<uid>", "item:<id>", "study:…", "patient:…": the same over rebuilds
    uid_role,     ///< of a series or object
    item_role,    ///< id of a result
    detail_role,  ///< second line or text after the name
    count_role,   ///< at the right
    tags_role,    ///< QStringList
    picture_role, ///< QImage
    icon_role,    ///< name of an icon, where there is no picture
    active_role,
    loading_role
  };

  StudiesModel(Session& session, Thumbnails& thumbnails, QObject* parent = nullptr);

  /// From index and document anew.
  void rebuild();
  /// Active row and thumbnails alone, without touching the tree.
  void refresh();

 private:
  QStandardItem* patient_row(const PatientInfo& patient);
  QStandardItem* study_row(const PatientInfo& patient, const StudyInfo& study);
  QStandardItem* series_row(const SeriesPlace& place);
  QStandardItem* object_row(const ObjectInfo& object);
  QStandardItem* item_row(const std::shared_ptr<const Item>& item);
  void refresh_row(QStandardItem* row);

  Session& session_;
  Thumbnails& thumbnails_;
};

} // namespace bloch::app
