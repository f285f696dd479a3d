#include "app/desktop/action_search.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QTimer>

#include "app/theme/icons.h"
#include "app/theme/theme.h"

namespace bloch::app {
namespace {

constexpr int id_role = Qt::UserRole + 1;
constexpr int key_role = Qt::UserRole + 2;

class ActionRowDelegate final : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    painter->fillRect(option.rect, theme_colour(selected ? "accent-bg" : "raised"));
    QRect rect = option.rect.adjusted(10, 0, -10, 0);
    const auto glyph = index.data(Qt::DecorationRole).value<QIcon>();
    glyph.paint(painter, QRect(rect.left(), rect.center().y() - 6, 15, 15), Qt::AlignCenter,
                selected ? QIcon::Active : QIcon::Normal);
    painter->setFont(mono_font(10));
    painter->setPen(theme_colour("text-3"));
    painter->drawText(rect, Qt::AlignRight | Qt::AlignVCenter, index.data(key_role).toString());
    rect.setLeft(rect.left() + 25);
    painter->setFont(ui_font(12));
    painter->setPen(theme_colour("text-1"));
    painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
    painter->restore();
  }
  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {280, 26}; }
};

} // namespace

ActionSearch::ActionSearch(Actions& actions, QWidget* parent)
    : QLineEdit(parent)
    , actions_(actions)
    , model_(new QStandardItemModel(this))
    , completer_(new QCompleter(model_, this))
    , key_(new QLabel("Ctrl+K", this)) {
  setObjectName("search.field");
  setPlaceholderText("Search actions…");
  setFixedWidth(206);
  addAction(icon("search"), LeadingPosition);
  key_->setProperty("key", true);
  key_->setAttribute(Qt::WA_TransparentForMouseEvents);
  completer_->setFilterMode(Qt::MatchContains);
  completer_->setCaseSensitivity(Qt::CaseInsensitive);
  completer_->setMaxVisibleItems(14);
  completer_->popup()->setObjectName("search.list");
  completer_->popup()->setItemDelegate(new ActionRowDelegate(completer_->popup()));
  completer_->popup()->setMinimumWidth(300);
  setCompleter(completer_);
  connect(completer_, qOverload<const QModelIndex&>(&QCompleter::activated), this,
          [this](const QModelIndex& index) { run(index.data(id_role).toString()); });
  setFocusPolicy(Qt::ClickFocus);
}

void ActionSearch::refill() {
  model_->clear();
  for (const QAction* action : actions_.all()) {
    if (!action->isEnabled() || !action->isVisible() || Actions::id_of(action) == "search.actions") continue;
    auto* row = new QStandardItem(action->icon(), action->text());
    row->setData(Actions::id_of(action), id_role);
    row->setData(action->shortcut().toString(QKeySequence::NativeText), key_role);
    row->setToolTip(action->statusTip());
    model_->appendRow(row);
  }
}

void ActionSearch::open() {
  setFocus(Qt::ShortcutFocusReason);
  selectAll();
  completer_->setCompletionPrefix({});
  completer_->complete();
}

void ActionSearch::run(const QString& id) {
  // The completer writes the chosen text after this; what is searched next begins empty.
  QTimer::singleShot(0, this, [this, id] {
    clear();
    clearFocus();
    actions_[id]->trigger();
  });
}

void ActionSearch::resizeEvent(QResizeEvent* event) {
  QLineEdit::resizeEvent(event);
  const QSize size = key_->sizeHint();
  key_->setGeometry(width() - size.width() - 6, (height() - size.height()) / 2, size.width(), size.height());
}

void ActionSearch::focusInEvent(QFocusEvent* event) {
  refill();
  key_->hide();
  QLineEdit::focusInEvent(event);
}

void ActionSearch::focusOutEvent(QFocusEvent* event) {
  QLineEdit::focusOutEvent(event);
  key_->setVisible(text().isEmpty());
}

void ActionSearch::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    clear();
    return clearFocus();
  }
  if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && completer_->completionCount() > 0 &&
      !text().isEmpty()) {
    completer_->setCompletionPrefix(text());
    if (completer_->completionCount() > 0)
      run(completer_->completionModel()->index(0, 0).data(id_role).toString());
    return;
  }
  QLineEdit::keyPressEvent(event);
}

} // namespace bloch::app
