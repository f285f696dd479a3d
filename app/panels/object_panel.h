#pragma once

#include "app/desktop/opened_object.h"
#include "app/desktop/session.h"
#include "app/widgets/section.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QTextBrowser;
class QToolButton;

namespace bloch::app {

/// The object that was opened last, with those before it to choose from: whose it is, its segments, regions or
/// layers with their colours, each on or off, and its text.
class ObjectPanel : public Section {
  Q_OBJECT

 public:
  explicit ObjectPanel(Session& session, QWidget* parent = nullptr);

 signals:
  void page_requested();                                      ///< to be read large
  void object_chosen(const bloch::app::OpenedObject& opened); ///< one of those that were opened before

 private:
  void take_object(const OpenedObject& opened);
  void show_object(const OpenedObject& opened);
  void add_part(ItemId item, int part, const QString& name, const std::array<std::uint8_t, 3>& colour);
  void add_mark(const MarkedImage& mark);
  void add_warning(const QString& message);
  /// What a presentation state asks for beyond what is done.
  void say_what_is_applied(const OpenedObject& opened);
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
  QComboBox* choice_; ///< one entry an object, shown when there are several
  std::vector<OpenedObject> opened_;
};

} // namespace bloch::app
