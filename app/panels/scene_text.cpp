#include "app/panels/scene_text.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/plain_text.h"
#include "app/widgets/tag_label.h"

namespace bloch::app {
namespace {

const QString middle_dot = QString(" ") + QChar(0xB7) + " ";

QString time_text(const std::string& dicom_time) {
  const QString time = QString::fromStdString(dicom_time).remove(':'); // ACR-NEMA wrote "11:24:58"
  return time.size() < 4 ? QString() : time.left(2) + ":" + time.mid(2, 2);
}

void add_if(QStringList& list, const QString& text) {
  if (!text.isEmpty()) list << one_line(text);
}

bool warns_of(const Item& item, const char* kind) {
  return std::any_of(item.warnings.begin(), item.warnings.end(),
                     [kind](const Warning& warning) { return warning.kind == kind; });
}

} // namespace

bool lies_in_patient(const Item& item) {
  return !warns_of(item, "no-geometry") && (item.kind != ItemKind::series || item.series.geometry);
}

bool is_scaled(const Item& item) {
  // An image file without a grid gets one of 1 mm; a DICOM series that only lacks its place keeps its spacing.
  const bool grid_is_assumed = warns_of(item, "no-geometry") && item.series.geometry;
  return !grid_is_assumed && !warns_of(item, "no-spacing") && !warns_of(item, "bad-spacing");
}

ImageScale image_scale(const Item& item) {
  ImageScale scale{.known = is_scaled(item)};
  if (item.kind == ItemKind::resampled || item.series.regions.empty() || !item.volume) return scale;
  scale.regions = item.series.regions;
  const auto slices = static_cast<std::size_t>(item.volume->geometry().size[2]);
  const std::size_t before = slices * static_cast<std::size_t>(std::max(0, item.volume_number));
  for (std::size_t i = 0; i < slices && before + i < item.series.images.size(); ++i)
    scale.files.push_back(item.series.images[before + i].file);
  return scale;
}

std::optional<ValueRange> padding_of(const Item& item) {
  const bool as_taken = item.kind == ItemKind::series || item.kind == ItemKind::resampled;
  return as_taken ? item.series.padding : std::nullopt;
}

QString unit_text(const Item& item) {
  if (item.kind != ItemKind::series && item.kind != ItemKind::resampled) return {};
  if (item.series.modality == "CT") return " HU";
  if (item.series.value_unit == suv_unit) return " SUVbw";
  QString unit = QString::fromStdString(item.series.value_unit);
  return unit.isEmpty() ? unit : " " + unit.replace("mm2", "mm²");
}

QStringList patient_lines(const Item& item) {
  QStringList lines;
  add_if(lines, QString::fromStdString(item.patient.name));
  QStringList parts;
  add_if(parts, QString::fromStdString(item.patient.id));
  add_if(parts, QString::fromStdString(item.patient.sex));
  add_if(parts, QString::fromStdString(item.patient.age));
  add_if(lines, parts.join(middle_dot));
  if (lines.isEmpty() && !item.name.empty()) lines << QString::fromStdString(item.name);
  return lines;
}

QStringList series_lines(const Item& item) {
  QStringList lines;
  add_if(lines, QString::fromStdString(item.study.institution));
  QStringList parts;
  if (item.series.modality != "OT") add_if(parts, QString::fromStdString(item.series.modality));
  add_if(parts, QString::fromStdString(item.name));
  if (item.series.number > 0) parts << QString("Se %1").arg(item.series.number);
  add_if(lines, parts.join(middle_dot));
  const std::string& date = item.series.date.empty() ? item.study.date : item.series.date;
  const std::string& time = item.series.time.empty() ? item.study.time : item.series.time;
  add_if(lines, (date_text(date) + " " + time_text(time)).trimmed());
  return lines;
}

QString size_text(const VolumeGeometry& geometry) {
  return QString("%1 × %2 × %3").arg(geometry.size[0]).arg(geometry.size[1]).arg(geometry.size[2]);
}

std::vector<Tag> scene_tags(const Item& item) {
  std::vector<Tag> tags;
  for (const std::string& name : item.tags) {
    const QString text = QString::fromStdString(name);
    tags.push_back({text, tag_kind(text) == TagLabel::Kind::warning});
  }
  return tags;
}

QString date_text(const std::string& dicom_date) {
  // "1997.04.24" is how ACR-NEMA wrote it.
  if (dicom_date.size() == 10 && dicom_date[4] == '.' && dicom_date[7] == '.')
    return QString::fromStdString(dicom_date).replace('.', '-');
  if (dicom_date.size() != 8) return QString::fromStdString(dicom_date);
  return QString::fromStdString(dicom_date.substr(0, 4) + "-" + dicom_date.substr(4, 2) + "-" +
                                dicom_date.substr(6, 2));
}

QString point_text(const WorldPoint& point) {
  static const char* const sides[3][2] = {{"L", "R"}, {"P", "A"}, {"S", "I"}};
  QStringList parts;
  for (int axis = 0; axis < 3; ++axis) {
    const double mm = point.mm[axis];
    parts << QString("%1 %2").arg(sides[axis][mm < 0 ? 1 : 0], QString::number(std::abs(mm), 'f', 1));
  }
  return parts.join(' ');
}

QString number_text(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  QString text = QString::number(value, 'f', decimals);
  const int sign = text.startsWith('-') ? 1 : 0;
  const auto point = text.indexOf('.');
  for (auto place = (point < 0 ? text.size() : point) - 3; place > sign; place -= 3)
    text.insert(place, QChar(0x2009));
  return text.replace('-', QChar(0x2212));
}

int value_decimals(double window_width) {
  if (!(window_width > 0)) return 0;
  return std::clamp(2 - static_cast<int>(std::floor(std::log10(window_width))), 0, 4);
}

} // namespace bloch::app
