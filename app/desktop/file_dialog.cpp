#include "app/desktop/file_dialog.h"

#include <QFileDialog>

namespace bloch::app {

QFileDialog* make_file_dialog(QWidget* parent, const QString& title, const QString& folder,
                              const std::function<void(const QStringList&)>& use) {
  auto* dialog = new QFileDialog(parent, title, folder);
  dialog->setObjectName("file.dialog");
  dialog->setOption(QFileDialog::DontUseNativeDialog);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  QObject::connect(dialog, &QFileDialog::filesSelected, parent, use);
  return dialog;
}

} // namespace bloch::app
