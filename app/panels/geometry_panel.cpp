#include "app/panels/geometry_panel.h"

#include <cmath>
#include <numbers>

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "app/panels/scene_text.h"
#include "app/widgets/buttons.h"
#include "app/widgets/icon_label.h"
#include "app/widgets/plain_text.h"
#include "imaging/dicom/scan.h"

namespace bloch::app {
namespace {

QString vector_text(const Eigen::Vector3d& vector, int decimals) {
  QStringList parts;
  for (int axis = 0; axis < 3; ++axis) parts << number_text(vector[axis], decimals);
  return parts.join(" × ");
}

QString spacing_text(const Item& item) {
  if (item.series.regions.empty())
    return is_scaled(item) ? vector_text(item.volume->geometry().spacing_mm, 3) : QString("not in the file");
  const auto size = common_pixel_size_mm(item.series.regions);
  return size ? QString("%1 × %2").arg(number_text((*size)[0], 4), number_text((*size)[1], 4))
              : QString(is_scaled(item) ? "by region" : "none in the regions");
}

QString plane_text(const VolumeGeometry& geometry) {
  QString name = QString::fromLatin1(plane_name(geometry)).toLower();
  // The largest angle between an axis of the voxels and the axis of the patient that it mostly follows.
  double worst = 1;
  for (int axis = 0; axis < 3; ++axis)
    worst = std::min(worst, geometry.direction.col(axis).cwiseAbs().maxCoeff());
  const double degrees = std::acos(std::min(1.0, worst)) * 180 / std::numbers::pi;
  return degrees < 0.05 ? name : QString("%1, oblique %2°").arg(name).arg(degrees, 0, 'f', 1);
}

/// "S", "LP": the way an axis of the voxels runs, largest part first.
QString axis_text(const VolumeGeometry& geometry) {
  QStringList parts;
  for (int axis = 0; axis < 3; ++axis)
    parts << QString(QChar(orientation_letter(geometry.direction.col(axis))));
  return parts.join(' ');
}

} // namespace

GeometryPanel::GeometryPanel(Session& session, QWidget* parent)
    : Section("geometry", "Series and geometry", parent)
    , session_(session) {
  content()->setContentsMargins(12, 6, 12, 10);
  connect(&session_.document_model(), &DocumentModel::changed, this, [this](const Document& before) {
    if (before.active_item() != session_.document().active_item()) show_item();
  });
  show_item();
}

void GeometryPanel::show_item() {
  delete lines_;
  lines_ = new QWidget;
  auto* column = new QVBoxLayout(lines_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(3);
  content()->addWidget(lines_);
  const Item* item = session_.document().active_item();
  set_hint({});
  if (!item || !item->volume) {
    add_line("Series", "none open");
    return;
  }
  const VolumeGeometry& geometry = item->volume->geometry();
  const SeriesInfo& series = item->series;
  const bool placed = lies_in_patient(*item);
  const QString plane = placed ? plane_text(geometry) : QString("not in the patient");
  set_hint(item->warnings.empty() ? plane
                                  : QString("%1 %2")
                                        .arg(item->warnings.size())
                                        .arg(item->warnings.size() == 1 ? "warning" : "warnings"));
  for (const Warning& warning : item->warnings) add_warning(QString::fromStdString(warning.message));
  if (!series.slice_origins.empty()) {
    auto* resample = make_button("geometry.resample", "Resample to a true grid", "grid-3x3");
    resample->setToolTip("A volume of its own, interpolated between the slices and marked RESAMPLED");
    connect(resample, &QPushButton::clicked, this, [this] { session_.resample_active(); });
    lines_->layout()->addWidget(resample);
  }
  add_line("Size", size_text(geometry));
  add_line("Spacing mm", spacing_text(*item));
  add_regions(series);
  add_line("Plane", plane);
  if (placed) {
    add_line("Axes run to", axis_text(geometry));
    add_line("First voxel", point_text(geometry.origin));
  }
  const QString unit = unit_text(*item);
  const QString values = item->colour[0] ? "colour" : item->volume->holds<std::int16_t>() ? "int16" : "float32";
  add_line("Values", unit.isEmpty() ? values : values + "," + unit);
  if (is_inverse(*item))
    add_line("Polarity", "small values bright",
             "MONOCHROME1 (Presentation LUT Shape INVERSE): values and windows are those of the file, "
             "the display is turned around");
  const double suv_factor = (item->in_file_units ? item->in_file_units->series : series).suv_factor;
  if (suv_factor > 0)
    add_line("SUVbw factor", number_text(suv_factor, 8), "A value of the file times this is SUVbw");
  if (!series.modality.empty() && series.modality != "OT")
    add_line("Modality", QString::fromStdString(series.modality));
  if (series.field_strength_t > 0) add_line("Field", QString("%1 T").arg(series.field_strength_t, 0, 'g', 3));
  if (!series.protocol.empty()) add_line("Protocol", QString::fromStdString(series.protocol));
  if (!series.manufacturer.empty()) add_line("Made by", QString::fromStdString(series.manufacturer));
  if (!series.transfer_syntax.empty())
    add_line("Syntax", QString::fromStdString(imaging::transfer_syntax_name(series.transfer_syntax)),
             QString::fromStdString(series.transfer_syntax));
  if (series.instances > 0) add_line("Files", number_text(series.instances));
  if (item->source)
    if (const Item* source = session_.document().find(*item->source))
      add_line("Made from", QString::fromStdString(source->name));
  if (item->recipe)
    add_line("Recipe", QString::fromStdString(item->recipe->algorithm),
             QString::fromStdString(item->recipe->parameters));
}

void GeometryPanel::add_line(const QString& name, const QString& value, const QString& tooltip) {
  auto* row = new QHBoxLayout;
  auto* label = make_label(name, "caption");
  label->setFixedWidth(82);
  auto* text = make_label(value, "mono");
  text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  text->setToolTip(plain_tip(tooltip.isEmpty() ? value : tooltip));
  text->setMinimumWidth(10);
  text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  row->addWidget(label);
  row->addWidget(text, 1);
  static_cast<QVBoxLayout*>(lines_->layout())->addLayout(row);
}

void GeometryPanel::add_regions(const SeriesInfo& series) {
  constexpr std::size_t most = 6;
  for (std::size_t i = 0; i < series.regions.size() && i < most; ++i) {
    const UltrasoundRegion& region = series.regions[i];
    const auto delta = [&](std::size_t axis) {
      return QString("%1 %2")
          .arg(region.delta[axis], 0, 'g', 4)
          .arg(QString::fromStdString(region_unit(region.units[axis])));
    };
    add_line(i == 0 ? "Regions" : QString(), QString::fromStdString(region_kind(region)),
             QString("x %1–%2, y %3–%4; a pixel %5 by %6")
                 .arg(region.first[0])
                 .arg(region.last[0])
                 .arg(region.first[1])
                 .arg(region.last[1])
                 .arg(delta(0), delta(1)));
  }
  if (series.regions.size() > most) add_line({}, QString("and %1 more").arg(series.regions.size() - most));
  if (!series.regions.empty())
    add_line("Lengths", "mm in 2D regions, else px",
             "In mm where one 2D region in cm holds all of a measurement, in seconds, cm/s, … inside one "
             "Doppler, M-mode or trace region, in pixels elsewhere");
}

void GeometryPanel::add_warning(const QString& message) {
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  auto* glyph = new IconLabel("triangle-alert", "warn", 13);
  auto* text = make_wrapped_label(message, "warning", "geometry.warning");
  row->addWidget(glyph, 0, Qt::AlignTop);
  row->addWidget(text, 1);
  static_cast<QVBoxLayout*>(lines_->layout())->addLayout(row);
}

} // namespace bloch::app
