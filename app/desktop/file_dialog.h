#pragma once

#include <functional>

#include <QString>
#include <QStringList>

class QFileDialog;
class QWidget;

namespace bloch::app {

/// A file dialog that does not stop the window; `use` gets what was chosen.
QFileDialog* make_file_dialog(QWidget* parent, const QString& title, const QString& folder,
                              const std::function<void(const QStringList&)>& use);

} // namespace bloch::app
