#include "app/desktop/fractional_dialog.h"

#include <algorithm>

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "app/widgets/buttons.h"
#include "app/widgets/segmented_control.h"
#include "core/base/contract.h"
#include "core/data/segmentation.h"

namespace bloch::app {
namespace {

constexpr int longest_segment_name = 64; // SegmentLabel is an LO

QString label_of_volume(const SeriesInfo& series, std::size_t number) {
  if (number < series.volume_labels.size()) {
    const QString label = QString::fromStdString(series.volume_labels[number]);
    return label.startsWith("volume ") ? "V" + label.mid(1) : QString("%1  %2").arg(number + 1).arg(label);
  }
  return QString("Volume %1").arg(number + 1);
}

} // namespace

FractionalDialog::FractionalDialog(const Item& item, QWidget* parent)
    : QDialog(parent)
    , shown_(item.volume_number)
    , volumes_(new SegmentedControl("fractional.volumes", {"all", "shown"},
                                    {QString("All %1 volumes, a segment each").arg(item.series.volumes),
                                     QString("Volume %1 alone").arg(item.volume_number + 1)}))
    , values_(new SegmentedControl("fractional.values", {"probability", "occupancy"},
                                   {"How likely a voxel belongs", "How much of a voxel belongs"})) {
  BLOCH_EXPECTS(item.series.volumes > 1 && shown_ >= 0 && shown_ < item.series.volumes);
  setObjectName("fractional.dialog");
  setWindowTitle("Save as fractional segmentation");
  setAttribute(Qt::WA_DeleteOnClose);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 16, 20, 16);
  column->setSpacing(10);
  column->addWidget(volumes_);
  column->addWidget(make_rows(item), 1);
  column->addWidget(make_label("Values from 0 to 1 say", "label"));
  column->addWidget(values_);
  const DialogButtons buttons = make_dialog_buttons(*this, "fractional", "Choose file…");
  save_ = buttons.accept;
  column->addLayout(buttons.row);
  connect(volumes_, &SegmentedControl::chosen, this, &FractionalDialog::refresh);
  refresh();
  resize(500, std::min(560, 210 + 34 * item.series.volumes));
}

QWidget* FractionalDialog::make_rows(const Item& item) {
  auto* inside = new QWidget;
  auto* grid = new QGridLayout(inside);
  grid->setContentsMargins(0, 0, 4, 0);
  grid->setVerticalSpacing(6);
  grid->setHorizontalSpacing(12);
  grid->setColumnStretch(1, 1);
  grid->addWidget(make_label("Volume", "caption"), 0, 0);
  grid->addWidget(make_label("Name of its segment", "caption"), 0, 1);
  const auto segments = segments_of_volumes(item.series);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Row row{make_label(label_of_volume(item.series, i), "label"),
                  new QLineEdit(QString::fromStdString(segments[i].name))};
    row.name->setObjectName(QString("fractional.name-%1").arg(i + 1));
    row.name->setMaxLength(longest_segment_name);
    grid->addWidget(row.label, static_cast<int>(i) + 1, 0);
    grid->addWidget(row.name, static_cast<int>(i) + 1, 1);
    connect(row.name, &QLineEdit::textChanged, this, &FractionalDialog::refresh);
    rows_.push_back(row);
  }
  grid->setRowStretch(static_cast<int>(segments.size()) + 1, 1);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setWidget(inside);
  return scroll;
}

bool FractionalDialog::takes(int row) const { return volumes_->current() == "all" || row == shown_; }

void FractionalDialog::refresh() {
  bool named = true;
  for (int i = 0; i < static_cast<int>(rows_.size()); ++i) {
    const Row& row = rows_[static_cast<std::size_t>(i)];
    row.label->setEnabled(takes(i));
    row.name->setEnabled(takes(i));
    named = named && (!takes(i) || !row.name->text().trimmed().isEmpty());
  }
  save_->setEnabled(named);
  save_->setToolTip(named ? QString() : "Every segment needs a name");
}

FractionalChoice FractionalDialog::choice() const {
  FractionalChoice choice;
  choice.all_volumes = volumes_->current() == "all";
  choice.occupancy = values_->current() == "occupancy";
  for (int i = 0; i < static_cast<int>(rows_.size()); ++i)
    if (takes(i))
      choice.names.push_back(rows_[static_cast<std::size_t>(i)].name->text().trimmed().toStdString());
  return choice;
}

} // namespace bloch::app
