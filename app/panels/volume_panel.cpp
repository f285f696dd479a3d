#include "app/panels/volume_panel.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "app/panels/linked_views.h"
#include "app/panels/volume_preset.h"
#include "app/viewers/transfer_function.h"

namespace bloch::app {

VolumePanel::VolumePanel(Session& session, LinkedViews& views, QWidget* parent)
    : Section("volume", "3D view", parent)
    , session_(session)
    , views_(views)
    , preset_(new QComboBox) {
  preset_->setObjectName("volume.preset");
  preset_->setAccessibleName("Preset of the 3D view");
  preset_->setToolTip("Colours and opacity of the 3D view; kept for images of the same kind");
  content()->addLayout(make_row("Preset", preset_));
  connect(preset_, &QComboBox::activated, this, &VolumePanel::choose);
  connect(&session_.document_model(), &DocumentModel::changed, this, &VolumePanel::show_document);
  show_document();
}

void VolumePanel::show_document() {
  const Item* item = session_.document().active_item();
  const bool volume = item && item->volume;
  preset_->setEnabled(volume);
  const std::string kind = volume ? volume_preset(*item) + "/" + item->series.modality : "-";
  if (kind == shown_) return;
  shown_ = kind;
  const QSignalBlocker quiet(preset_);
  preset_->clear();
  preset_->addItem(volume ? "Automatic (" + transfer_function(volume_preset(*item)).label + ")" : "Automatic");
  if (!volume) return;
  for (const TransferFunction* function : fitting_presets(*item))
    preset_->addItem(function->label, QString::fromStdString(function->name));
  const int chosen = preset_->findData(QString::fromStdString(chosen_preset(session_.settings(), *item)));
  preset_->setCurrentIndex(std::max(chosen, 0));
}

void VolumePanel::choose(int index) {
  const Item* item = session_.document().active_item();
  if (!item || !item->volume) return;
  choose_preset(session_.settings(), *item, preset_->itemData(index).toString().toStdString());
  views_.redraw();
}

} // namespace bloch::app
