#include "app/panels/measurements_panel.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QToolButton>

#include "app/panels/scene_text.h"
#include "app/viewers/measurement_shape.h"
#include "app/widgets/buttons.h"
#include "app/widgets/filter_table.h"

namespace bloch::app {
namespace {

struct MeasurementText {
  QString icon;
  QString value;
  std::vector<std::pair<QString, QString>> details;
};

MeasurementText describe_measurement(const Measurement& measurement, const Item& item) {
  const MeasurementValues values = measure(measurement, *item.volume, image_scale(item));
  const int decimals = value_decimals(default_window(item).width);
  const QString length = values.in_pixels ? " px" : " mm";
  const QString separator = QString(" %1 ").arg(QChar(0xB7));
  const auto number = [decimals](double value, int more = 0) { return number_text(value, decimals + more); };
  switch (measurement.kind) {
  case MeasurementKind::distance:
    if (!values.physical.empty()) return {"ruler", physical_texts(values.physical).join(separator), {}};
    return {"ruler", number_text(values.length, 1) + length, {}};
  case MeasurementKind::angle:
    return {"triangle-right", number_text(values.angle_deg, 1) + "°", {}};
  case MeasurementKind::probe:
    return {
        "pipette",
        (QStringList{number(values.mean) + unit_text(item)} << physical_texts(values.physical)).join(separator),
        {}};
  case MeasurementKind::region:
    return {"ellipse",
            number(values.mean) + " ± " + number(values.deviation),
            {{"Mean", number(values.mean, 1)},
             {"SD", number(values.deviation, 1)},
             {"Min", number(values.minimum)},
             {"Max", number(values.maximum)},
             {"Area", number_text(values.area, 1) + length + "²"},
             {"Samples", number_text(static_cast<double>(values.samples))}}};
  }
  return {};
}

/// "ax 37.3", or the point for a probe.
QString place_text(const Measurement& measurement) {
  if (measurement.points.empty()) return {};
  const WorldPoint& point = measurement.points.front();
  Eigen::Index axis = 0;
  measurement.normal.cwiseAbs().maxCoeff(&axis);
  static const char* const names[] = {"sa", "co", "ax"};
  return QString("%1 %2").arg(names[axis], number_text(point.mm[axis], 1));
}

} // namespace

MeasurementsPanel::MeasurementsPanel(Session& session, QWidget* parent)
    : Section("measurements", "Measurements", parent)
    , session_(session)
    , table_(new FilterTable("measurements.table", {{.title = "Name", .stretch = true},
                                                    {.title = "Value", .number = true, .width = 92},
                                                    {.title = "Plane", .number = true, .width = 82}}))
    , hint_(make_label("Distance D, angle A, region E, probe P", "hint", "measurements.hint"))
    , details_(new QWidget)
    , details_grid_(new QGridLayout(details_))
    , copy_(make_small_button("measurements.copy", "copy", "Copy the table as text"))
    , remove_(make_small_button("measurements.delete", "trash-2", "Delete the selected measurement (Del)")) {
  set_flush();
  add_tool(copy_);
  add_tool(remove_);
  hint_->setContentsMargins(12, 8, 12, 8);
  content()->addWidget(hint_);
  table_->set_fit_rows(true);
  content()->addWidget(table_);
  details_->setProperty("well", true);
  details_->setAttribute(Qt::WA_StyledBackground);
  details_grid_->setContentsMargins(32, 7, 12, 7);
  details_grid_->setVerticalSpacing(3);
  details_grid_->setHorizontalSpacing(8);
  details_grid_->setColumnStretch(1, 1);
  details_grid_->setColumnStretch(3, 1);
  content()->addWidget(details_);
  connect(table_, &FilterTable::chosen, this, [this](const QVariant& id) {
    select(id.toInt());
    emit selected(id.toInt());
  });
  connect(copy_, &QToolButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(text()); });
  connect(remove_, &QToolButton::clicked, this, &MeasurementsPanel::delete_requested);
  connect(&session_.document_model(), &DocumentModel::changed, this, &MeasurementsPanel::document_changed);
  show_document();
}

void MeasurementsPanel::document_changed(const Document& before) {
  const Document& now = session_.document();
  const auto same = [](const Measurement& a, const Measurement& b) {
    return a.id == b.id && a.points == b.points && a.name == b.name;
  };
  const bool unchanged = std::equal(before.measurements.begin(), before.measurements.end(),
                                    now.measurements.begin(), now.measurements.end(), same);
  if (before.active_item() != now.active_item() || !unchanged) show_document();
}

void MeasurementsPanel::show_document() {
  const Document& document = session_.document();
  const Item* item = document.active_item();
  std::vector<TableRow> rows;
  for (const Measurement& measurement : document.measurements) {
    if (!item || !item->volume || measurement.item != item->id) continue;
    const MeasurementText text = describe_measurement(measurement, *item);
    rows.push_back({measurement.id,
                    {{.text = QString::fromStdString(measurement.name), .icon = text.icon, .colour = "measure"},
                     {.text = text.value},
                     {.text = place_text(measurement), .quiet = true}}});
  }
  const auto count = rows.size();
  table_->set_rows(std::move(rows));
  table_->setVisible(count > 0);
  hint_->setVisible(count == 0);
  copy_->setEnabled(count > 0);
  set_hint(count == 0 ? QString() : QString("%1 %2").arg(count).arg(count == 1 ? "item" : "items"));
  select(selected_);
}

void MeasurementsPanel::select(int id) {
  selected_ = id;
  table_->select_id(id);
  remove_->setEnabled(table_->current_id().isValid());
  show_details();
}

void MeasurementsPanel::show_details() {
  while (QLayoutItem* old = details_grid_->takeAt(0)) {
    delete old->widget();
    delete old;
  }
  const Document& document = session_.document();
  const Item* item = document.active_item();
  int place = 0;
  for (const Measurement& measurement : document.measurements) {
    if (measurement.id != selected_ || !item || !item->volume || measurement.item != item->id) continue;
    for (const auto& [name, value] : describe_measurement(measurement, *item).details) {
      details_grid_->addWidget(make_label(name, "caption"), place / 2, place % 2 * 2);
      details_grid_->addWidget(make_label(value, "mono-value"), place / 2, place % 2 * 2 + 1);
      ++place;
    }
  }
  details_->setVisible(place > 0);
}

QString MeasurementsPanel::text() const {
  QString all = "Name\tValue\tPlane\n";
  for (const TableRow& row : table_->table_model().rows()) {
    QStringList cells;
    for (const TableCell& cell : row.cells) cells << cell.text;
    all += cells.join('\t') + "\n";
  }
  return all;
}

} // namespace bloch::app
