#pragma once

#include <QStringList>
#include <QWidget>

class QButtonGroup;

namespace bloch::app {

/// A row of exclusive choices in one frame. Buttons are named "<object name>.<choice>".
class SegmentedControl : public QWidget {
  Q_OBJECT

 public:
  /// names: what `current` says and objectNames use; labels: what is shown (empty: the names).
  SegmentedControl(const QString& object_name, const QStringList& names, const QStringList& labels = {},
                   QWidget* parent = nullptr);

  QString current() const;
  int current_index() const;
  /// Does not emit. Unknown names are ignored.
  void set_current(const QString& name);
  void set_choice_enabled(const QString& name, bool enabled, const QString& why = {});

 signals:
  /// By the user's hand only.
  void chosen(const QString& name);

 private:
  QStringList names_;
  QButtonGroup* group_;
};

} // namespace bloch::app
