#pragma once

#include "app/desktop/opened_object.h"
#include "app/desktop/session.h"
#include "app/widgets/section.h"

class QCheckBox;
class QLabel;
class QPushButton;
class QTextBrowser;
class QToolButton;

namespace bloch::app {

/// The object that was opened last: whose it is, its segments or regions with their colours, each on or off,
/// and its text.
class ObjectPanel : public Section {
  Q_OBJECT

 public:
  explicit ObjectPanel(Session& session, QWidget* parent = nullptr);

 signals:
  void page_requested(); ///< to be read large

 private:
  void show_object(const OpenedObject& opened);
  void add_part(ItemId item, int part, const QString& name, const std::array<std::uint8_t, 3>& colour);
  void add_mark(const MarkedImage& mark);
  void add_warning(const QString& message);
  /// Says so when the image shown is another patient's.
  void compare_patients();
  /// Every part off, or on again when all are off.
  void toggle_all();

  Session& session_;
  QLabel* heading_;
  QLabel* elsewhere_;
  QWidget* parts_ = nullptr;
  std::vector<QCheckBox*> boxes_;
  QTextBrowser* text_;
  QPushButton* open_;
  QToolButton* all_;
  QToolButton* page_;
  OpenedObject shown_;
};

} // namespace bloch::app
