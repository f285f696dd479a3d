#include "app/desktop/help_dialogs.h"

#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include "app/desktop/actions.h"
#include "app/theme/icons.h"
#include "app/theme/theme.h"
#include "app/widgets/buttons.h"
#include "app/widgets/filter_table.h"
#include "core/base/version.h"

namespace bloch::app {
namespace {

/// A dialog that is shown beside the work; the old one of the same name goes.
QDialog* make_help_dialog(QWidget* parent, const QString& object_name, const QString& title) {
  delete parent->findChild<QDialog*>(object_name);
  auto* dialog = new QDialog(parent);
  dialog->setObjectName(object_name);
  dialog->setWindowTitle(title);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setModal(false);
  new QVBoxLayout(dialog);
  return dialog;
}

constexpr const char* mouse_lines[][2] = {
    {"Left drag", "the chosen tool; at first window / level"},
    {"Middle drag", "pan"},
    {"Right drag, Ctrl + wheel", "zoom"},
    {"Wheel, Up, Down", "scroll; Shift for ten slices with the keys"},
    {"Home, End", "first, last slice"},
    {"Shift + move", "crosshair: the other planes follow"},
    {"Double-click", "one view alone, and back"},
    {"Tab", "next view"},
    {"Esc", "let go of the measurement; then views as at first"},
};

} // namespace

void show_keys(QWidget* parent, const Actions& actions) {
  QDialog* dialog = make_help_dialog(parent, "help.keys_dialog", "Mouse and keys");
  auto* filter = new QLineEdit;
  filter->setObjectName("help.filter");
  filter->setPlaceholderText("Filter…");
  auto* table = new FilterTable(
      "help.table", {{.title = "Mouse or key", .width = 170}, {.title = "What it does", .stretch = true}});
  std::vector<TableRow> rows;
  for (const auto& line : mouse_lines)
    rows.push_back({QString(line[0]), {{.text = line[0]}, {.text = line[1]}}});
  for (const QAction* action : actions.all()) {
    QStringList keys;
    for (const QKeySequence& key : action->shortcuts()) keys << key.toString(QKeySequence::NativeText);
    if (!keys.isEmpty())
      rows.push_back({action->objectName(), {{.text = keys.join(", ")}, {.text = action->text().remove("…")}}});
  }
  table->set_rows(std::move(rows));
  QObject::connect(filter, &QLineEdit::textChanged, table, &FilterTable::set_filter);
  dialog->layout()->addWidget(filter);
  dialog->layout()->addWidget(table);
  dialog->resize(560, 620);
  dialog->show();
}

void show_about(QWidget* parent) {
  QDialog* dialog = make_help_dialog(parent, "help.about_dialog", "About Bloch");
  dialog->layout()->setContentsMargins(24, 20, 24, 20);
  auto* logo = new QLabel;
  logo->setPixmap(icon_pixmap("bloch", theme_colour("accent"), 48, dialog->devicePixelRatioF()));
  dialog->layout()->addWidget(logo);
  dialog->layout()->addWidget(make_label(QString("Bloch %1").arg(version()), "verdict"));
  auto* text = make_label(
      "MR reconstruction and quantum-kernel anomaly detection, with the classical twin of every quantum number "
      "beside it.\n\n"
      "Research use only. Not for diagnosis.\n\n"
      "Source: Apache-2.0. Binaries link FFTW and are therefore distributed under GPL-3.0-or-later.\n"
      "Built with Qt, VTK, ITK, DCMTK, FFTW, OpenBLAS, oneTBB, libsvm, ISMRMRD, HDF5, Eigen, OpenJPEG and "
      "libjxl.\n"
      "Icons: Lucide (ISC). Fonts: Inter, JetBrains Mono (OFL).\n"
      "The demo head is made from Colin 27 where it is installed: (c) 1993–2009 Louis Collins, McConnell Brain "
      "Imaging "
      "Centre, Montreal Neurological Institute, McGill University.",
      "label", "help.about_text");
  text->setWordWrap(true);
  text->setMinimumWidth(420);
  dialog->layout()->addWidget(text);
  dialog->layout()->addWidget(make_label(not_for_diagnosis, "caution"));
  dialog->show();
}

} // namespace bloch::app
