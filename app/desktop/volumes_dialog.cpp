#include "app/desktop/volumes_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "app/widgets/buttons.h"
#include "app/widgets/segmented_control.h"
#include "core/base/contract.h"

namespace bloch::app {
namespace {

/// "echo time 4.92 ms" of a volume; empty where it has none.
QString shown_label(const Item& item) {
  const auto number = static_cast<std::size_t>(item.volume_number);
  return number < item.series.volume_labels.size() ? QString::fromStdString(item.series.volume_labels[number])
                                                   : QString();
}

} // namespace

VolumesDialog::VolumesDialog(const Item& item, QWidget* parent)
    : QDialog(parent)
    , volumes_(new SegmentedControl("save-volumes.volumes", {"all", "shown"},
                                    {QString("All %1 volumes").arg(item.series.volumes),
                                     QString("Volume %1 alone").arg(item.volume_number + 1)}))
    , words_(make_label({}, "caption")) {
  BLOCH_EXPECTS(item.series.volumes > 1 && item.volume_number >= 0);
  const int slices = item.volume->geometry().size[2];
  all_ =
      QString("One series of %1 images: %2 volumes of %3 slices, told apart by %4.")
          .arg(item.series.volumes * slices)
          .arg(item.series.volumes)
          .arg(slices)
          .arg(QString::fromStdString(item.series.images.empty() ? "temporal position" : item.series.split_by));
  const QString label = shown_label(item);
  shown_ = QString("One series of %1 images: volume %2 alone%3. The others are left out.")
               .arg(slices)
               .arg(item.volume_number + 1)
               .arg(label.isEmpty() ? QString() : " (" + label + ")");
  setObjectName("save-volumes.dialog");
  setWindowTitle("Save as DICOM series");
  setAttribute(Qt::WA_DeleteOnClose);
  words_->setWordWrap(true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 16, 20, 16);
  column->setSpacing(10);
  column->addWidget(volumes_);
  column->addWidget(words_, 1);
  column->addLayout(make_dialog_buttons(*this, "save-volumes", "Choose folder…").row);
  connect(volumes_, &SegmentedControl::chosen, this, &VolumesDialog::explain);
  explain();
  resize(440, 150);
}

bool VolumesDialog::takes_all() const { return volumes_->current() == "all"; }

void VolumesDialog::explain() { words_->setText(takes_all() ? all_ : shown_); }

} // namespace bloch::app
