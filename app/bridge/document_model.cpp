#include "app/bridge/document_model.h"

namespace bloch::app {

DocumentModel::DocumentModel(QObject* parent)
    : QObject(parent) {}

void DocumentModel::edit(const QString& name, const std::function<void(Document&)>& change,
                         const QString& merge_key) {
  const Document before = document();
  Document after = before;
  change(after);
  history_.edit(std::move(after), name.toStdString(), merge_key.toStdString());
  emit changed(before);
}

void DocumentModel::amend(const std::function<void(Document&)>& change) {
  const Document before = document();
  history_.amend_all(change);
  emit changed(before);
}

ItemId DocumentModel::add(Item item) {
  item.id = document().next_id;
  const ItemId id = item.id;
  const auto shared = std::make_shared<const Item>(std::move(item));
  amend([&](Document& document) {
    document.items.push_back(shared);
    document.next_id = std::max(document.next_id, id + 1);
  });
  return id;
}

void DocumentModel::undo() {
  const Document before = document();
  history_.undo();
  emit changed(before);
}

void DocumentModel::redo() {
  const Document before = document();
  history_.redo();
  emit changed(before);
}

} // namespace bloch::app
