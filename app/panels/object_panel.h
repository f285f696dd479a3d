#pragma once

#include "app/desktop/opened_object.h"
#include "app/desktop/session.h"
#include "app/widgets/section.h"

class QPlainTextEdit;
class QPushButton;

namespace bloch::app {

/// The object that was opened last: its segments or regions with their colours, each on or off, and its text.
class ObjectPanel : public Section {
  Q_OBJECT

 public:
  explicit ObjectPanel(Session& session, QWidget* parent = nullptr);

 private:
  void show_object(const OpenedObject& opened);
  void add_part(ItemId item, int part, const QString& name, const std::array<std::uint8_t, 3>& colour);

  Session& session_;
  QWidget* parts_ = nullptr;
  QPlainTextEdit* text_;
  QPushButton* open_;
  QString uid_;
};

} // namespace bloch::app
