#include "app/desktop/actions.h"

#include <algorithm>

#include <QWidget>

#include "app/theme/icons.h"
#include "app/tools/viewer_tools.h"
#include "core/base/contract.h"

namespace bloch::app {
namespace {

struct ActionInfo {
  const char* id;
  const char* text;
  const char* icon;
  const char* shortcuts;
  const char* help;
};

constexpr ActionInfo action_list[] = {
#define BLOCH_ACTION(id, text, icon, shortcuts, help) {id, text, icon, shortcuts, help},
#include "app/desktop/actions.inc"
#undef BLOCH_ACTION
};

constexpr int preset_count = 10;

} // namespace

QString tooltip_of(const QString& text, const QList<QKeySequence>& shortcuts, const QString& help) {
  QStringList keys;
  for (const QKeySequence& key : shortcuts) keys << key.toString(QKeySequence::NativeText);
  QString plain = text;
  plain.remove("…");
  const QString first = keys.isEmpty() ? plain : QString("%1 (%2)").arg(plain, keys.join(", "));
  return help.isEmpty() ? first : first + "\n" + help;
}

Actions::Actions(QWidget* window)
    : QObject(window)
    , window_(window) {
  for (const ActionInfo& info : action_list)
    add(info.id, QString::fromUtf8(info.text), info.icon, QString::fromUtf8(info.shortcuts),
        QString::fromUtf8(info.help));
  for (const ViewerToolInfo& tool : viewer_tools()) {
    QAction* action = add(QString("tool.") + tool.name, tool.label, tool.icon, tool.shortcut, tool.help);
    action->setCheckable(true);
  }
  for (int number = 0; number < preset_count; ++number)
    add(QString("view.preset-%1").arg(number),
        number == 0 ? QString("Window as opened") : QString("Window preset %1").arg(number), "contrast",
        QString::number(number), {});
}

QAction* Actions::add(const QString& id, const QString& text, const QString& icon_name,
                      const QString& shortcuts, const QString& help) {
  auto* action = new QAction(icon(icon_name), text, this);
  action->setObjectName("action." + id);
  QList<QKeySequence> keys;
  for (const QString& key : shortcuts.split(' ', Qt::SkipEmptyParts)) keys << QKeySequence(key);
  action->setShortcuts(keys);
  action->setShortcutContext(Qt::WindowShortcut);
  action->setToolTip(tooltip_of(text, keys, help));
  action->setStatusTip(help);
  window_->addAction(action);
  all_.push_back(action);
  return action;
}

QAction* Actions::operator[](const QString& id) const {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const QAction* action) { return id_of(action) == id; });
  BLOCH_EXPECTS(found != all_.end());
  return *found;
}

QString Actions::id_of(const QAction* action) { return action->objectName().mid(7); }

void Actions::bind(const QString& id, const std::function<void()>& work) {
  BLOCH_EXPECTS(!bound_.contains(id));
  bound_ << id;
  connect((*this)[id], &QAction::triggered, this, [work] { work(); });
}

QStringList Actions::unbound() const {
  QStringList ids;
  for (const QAction* action : all_)
    if (!bound_.contains(id_of(action))) ids << id_of(action);
  return ids;
}

} // namespace bloch::app
