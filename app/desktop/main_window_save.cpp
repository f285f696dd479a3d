// What the window writes: it asks what and where to, and the session does it.
#include <functional>

#include <QFileDialog>
#include <QFileInfo>
#include <QImage>

#include "app/desktop/file_dialog.h"
#include "app/desktop/fractional_dialog.h"
#include "app/desktop/main_window.h"
#include "app/desktop/volumes_dialog.h"
#include "app/panels/file_patterns.h"
#include "app/panels/linked_views.h"
#include "app/panels/read_workspace.h"
#include "imaging/io/image_file.h"

namespace bloch::app {
namespace {

/// What may stand in a file name.
QString file_stem(const std::string& name) {
  QString stem;
  for (const QChar letter : QString::fromStdString(name))
    stem += letter.isLetterOrNumber() ? letter.toLower() : QChar('-');
  return stem.isEmpty() ? QString("image") : stem;
}

} // namespace

void MainWindow::save_picture(bool whole_window) {
  QImage picture;
  QString stem = "window";
  if (whole_window) {
    picture = grab().toImage();
  } else if (current_ == read_) {
    picture = read_->views().active_picture();
    if (const Item* item = session_.document().active_item()) stem = file_stem(item->name);
  } else {
    const auto pictures = current_->pictures();
    if (pictures.empty())
      return session_.show_message({Message::Kind::warning, "There is no picture to save here yet.", {}});
    stem = pictures.front().first;
    picture = pictures.front().second;
  }
  auto* dialog = make_file_dialog(
      this, "Save picture", QString::fromStdString(session_.settings().last_folder),
      [this, picture](const QStringList& files) {
        if (files.isEmpty()) return;
        const bool saved = picture.save(files.front(), "PNG");
        session_.show_message(
            saved ? Message{Message::Kind::information, "Saved " + QFileInfo(files.front()).fileName() + ".",
                            files.front()}
                  : Message{Message::Kind::error, "The picture could not be written; choose another folder.",
                            files.front()});
      });
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("png");
  dialog->setNameFilter("Pictures (*.png)");
  dialog->selectFile(stem + ".png");
  dialog->open();
}

void MainWindow::save_active() {
  const Item* item = session_.document().active_item();
  if (!item) return;
  auto* dialog = make_file_dialog(this, "Save image", QString::fromStdString(session_.settings().last_folder),
                                  [this, id = item->id](const QStringList& files) {
                                    if (!files.isEmpty()) session_.save_image(id, files.front().toStdString());
                                  });
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setFileMode(QFileDialog::AnyFile);
  dialog->setNameFilter("Images (" + file_patterns(imaging::image_formats(), true) + ")");
  const char* ending = item->colour[0] ? ".nrrd" : ".nii.gz"; // NIfTI is written without colour
  dialog->selectFile(file_stem(item->name) + ending);
  dialog->open();
}

void MainWindow::save_as_series() {
  const Item* item = session_.document().active_item();
  if (!item || !item->volume) return;
  const bool several = item->kind == ItemKind::series && item->series.volumes > 1 && item->volume_number >= 0;
  if (!several) return choose_series_folder(*item, false);
  auto* dialog = new VolumesDialog(*item, this);
  connect(dialog, &QDialog::accepted, this, [this, dialog, id = item->id] {
    if (const Item* chosen = session_.document().find(id)) choose_series_folder(*chosen, dialog->takes_all());
  });
  dialog->open();
}

void MainWindow::choose_series_folder(const Item& item, bool all_volumes) {
  auto* dialog = make_file_dialog(this, "Save as DICOM series: choose a new folder",
                                  QString::fromStdString(session_.settings().last_folder),
                                  [this, id = item.id, all_volumes](const QStringList& files) {
                                    if (!files.isEmpty())
                                      session_.save_series(id, files.front().toStdString(), all_volumes);
                                  });
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setFileMode(QFileDialog::AnyFile);
  dialog->selectFile(file_stem(all_volumes ? name_of_series(item.series) : item.name) + "-dicom");
  dialog->open();
}

const Item* MainWindow::item_to_save(const std::string& kind) const {
  const Document& document = session_.document();
  const Item* active = document.active_item();
  if (!active || !active->volume) return nullptr;
  const std::string& modality = active->series.modality;
  if (kind == "enhanced")
    return !active->colour[0] && (modality == "MR" || modality == "CT") ? active : nullptr;
  if (kind == "capture") return active;
  const Item* map = document.overlay.map ? document.find(*document.overlay.map) : nullptr;
  if (map && map->volume && map->source == active->id) return map;
  if (kind == "parametric-map") return active;
  if (active->kind == ItemKind::anomaly_map) return active;
  if (kind == "fractional-seg") return active->volume->holds<float>() ? active : nullptr;
  for (const auto& item : document.items)
    if (item->kind == ItemKind::truth && item->label && item->source == active->id) return item.get();
  return nullptr;
}

void MainWindow::choose_dicom_file(const std::string& name, const std::string& kind,
                                   const std::function<void(const std::filesystem::path&)>& save) {
  auto* dialog =
      make_file_dialog(this, "Save as DICOM", QString::fromStdString(session_.settings().last_folder),
                       [save](const QStringList& files) {
                         if (!files.isEmpty()) save(files.front().toStdString());
                       });
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("dcm");
  dialog->setNameFilter("DICOM (*.dcm)");
  dialog->selectFile(file_stem(name) + "-" + QString::fromStdString(kind) + ".dcm");
  dialog->open();
}

void MainWindow::save_object(const std::string& kind) {
  const Item* item = item_to_save(kind);
  if (!item) return;
  choose_dicom_file(item->name, kind, [this, kind, id = item->id](const std::filesystem::path& file) {
    session_.save_object(id, kind, file);
  });
}

void MainWindow::save_fractional() {
  const Item* item = item_to_save("fractional-seg");
  if (!item) return;
  const bool several = item->kind == ItemKind::series && item->series.volumes > 1 && item->volume_number >= 0;
  if (!several) return save_object("fractional-seg");
  auto* dialog = new FractionalDialog(*item, this);
  connect(dialog, &QDialog::accepted, this, [this, dialog, id = item->id] {
    const Item* chosen = session_.document().find(id);
    if (!chosen) return;
    const FractionalChoice choice = dialog->choice();
    choose_dicom_file(
        choice.all_volumes ? name_of_series(chosen->series) : chosen->name, "fractional-seg",
        [this, id, choice](const std::filesystem::path& file) { session_.save_fractions(id, choice, file); });
  });
  dialog->open();
}

} // namespace bloch::app
