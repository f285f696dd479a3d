#pragma once

#include <functional>

#include <QObject>
#include <QString>

#include "core/session/document.h"
#include "core/session/history.h"

namespace bloch::app {

/// The session's document with its undo history, for widgets: they read the value and ask for edits. GUI thread
/// only.
class DocumentModel : public QObject {
  Q_OBJECT

 public:
  explicit DocumentModel(QObject* parent = nullptr);

  const Document& document() const { return history_.current(); }

  /// One undoable step. Consecutive edits with the same non-empty merge key are one step (a drag).
  void edit(const QString& name, const std::function<void(Document&)>& change, const QString& merge_key = {});
  /// What undo must not take away: results and loaded series are added to every state, past and future.
  void amend(const std::function<void(Document&)>& change);
  /// Adds a result or a loaded series (to every state) and returns its id.
  ItemId add(Item item);

  bool can_undo() const { return history_.can_undo(); }
  bool can_redo() const { return history_.can_redo(); }
  QString undo_name() const { return QString::fromStdString(history_.undo_name()); }
  QString redo_name() const { return QString::fromStdString(history_.redo_name()); }
  void undo();
  void redo();

 signals:
  /// After every change; `before` is what it was. Widgets compare the parts they show.
  void changed(const bloch::Document& before);

 private:
  History<Document> history_{Document{}};
};

} // namespace bloch::app
