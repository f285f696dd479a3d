#include "app/viewers/measurement_shape.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>
#include <QLineF>

namespace bloch::app {
namespace {

/// A number with as many decimals as it needs beside the others: whole from 100 on.
QString value_text(double value) {
  const double size = std::abs(value);
  return QString::number(value, 'f',
                         size >= 100 || size == std::round(size) ? 0
                         : size >= 1                             ? 1
                                                                 : 3)
      .replace('-', QChar(0x2212));
}

/// Small lines across both ends.
void add_end_ticks(const QPointF& from, const QPointF& to, std::vector<QPolygonF>& lines) {
  QLineF line(from, to);
  if (line.length() < 1) return;
  const QLineF across = QLineF(QPointF(), line.normalVector().p2() - line.p1());
  const QPointF half = across.p2() * (5 / across.length());
  lines.push_back(QPolygonF({from - half, from + half}));
  lines.push_back(QPolygonF({to - half, to + half}));
}

/// The ellipse that core's `measure` looks at, by the same axes.
void add_ellipse(const Measurement& measurement, const PlaneView& view, MeasurementShape& shape) {
  const Eigen::Vector3d normal = measurement.normal.normalized();
  const Eigen::Vector3d helper =
      std::abs(normal.x()) < 0.9 ? Eigen::Vector3d::UnitX() : Eigen::Vector3d::UnitY();
  const Eigen::Vector3d across = (helper - normal * normal.dot(helper)).normalized();
  const Eigen::Vector3d down = normal.cross(across);
  const Eigen::Vector3d centre = (measurement.points[0].mm + measurement.points[1].mm) / 2;
  const Eigen::Vector3d diagonal = measurement.points[1].mm - measurement.points[0].mm;
  const Eigen::Vector3d half_across = across * (diagonal.dot(across) / 2);
  const Eigen::Vector3d half_down = down * (diagonal.dot(down) / 2);
  QPolygonF ellipse;
  constexpr int corners = 64;
  for (int i = 0; i <= corners; ++i) {
    const double angle = 2 * std::numbers::pi * i / corners;
    ellipse << view.position_of({centre + half_across * std::cos(angle) + half_down * std::sin(angle)});
  }
  shape.lines.push_back(ellipse);
  for (const Eigen::Vector3d& place :
       {Eigen::Vector3d(centre - half_across), Eigen::Vector3d(centre + half_across),
        Eigen::Vector3d(centre - half_down), Eigen::Vector3d(centre + half_down)})
    shape.handles.push_back(view.position_of({place}));
}

double distance_from_segment(const QPointF& position, const QPointF& from, const QPointF& to) {
  const QPointF along = to - from;
  const double length = QPointF::dotProduct(along, along);
  const double place =
      length > 0 ? std::clamp(QPointF::dotProduct(position - from, along) / length, 0.0, 1.0) : 0;
  return QLineF(position, from + along * place).length();
}

} // namespace

double MeasurementShape::distance(const QPointF& position) const {
  double nearest = 1e9;
  for (const QPointF& handle : handles) nearest = std::min(nearest, QLineF(position, handle).length());
  for (const QPolygonF& line : lines)
    for (qsizetype i = 1; i < line.size(); ++i)
      nearest = std::min(nearest, distance_from_segment(position, line[i - 1], line[i]));
  return nearest;
}

bool is_on_plane(const Measurement& measurement, const PlaneView& view) {
  const double reach = std::max(view.axes.step_mm / 2, 0.01) + 1e-6;
  return !measurement.points.empty() &&
         std::all_of(measurement.points.begin(), measurement.points.end(),
                     [&](const WorldPoint& point) { return view.distance_mm(point) <= reach; });
}

MeasurementShape measurement_shape(const Measurement& measurement, const PlaneView& view) {
  MeasurementShape shape;
  QPolygonF places;
  for (const WorldPoint& point : measurement.points) places << view.position_of(point);
  if (measurement.kind == MeasurementKind::region && places.size() >= 2) {
    add_ellipse(measurement, view, shape);
  } else {
    shape.handles.assign(places.begin(), places.end());
    if (measurement.kind == MeasurementKind::probe && !places.isEmpty()) {
      const QPointF at = places[0];
      for (const QPointF& arm : {QPointF(6, 0), QPointF(0, 6)}) {
        shape.lines.push_back(QPolygonF({at - arm, at - arm / 3}));
        shape.lines.push_back(QPolygonF({at + arm / 3, at + arm}));
      }
    } else {
      shape.lines.push_back(places);
      if (measurement.kind == MeasurementKind::distance && places.size() >= 2)
        add_end_ticks(places[0], places[1], shape.lines);
    }
  }
  for (const QPolygonF& line : shape.lines) shape.bounds |= line.boundingRect();
  return shape;
}

QStringList physical_texts(std::span<const PhysicalValue> values) {
  QStringList texts;
  for (const PhysicalValue& one : values)
    texts << QString("%1 %2")
                 .arg(one.value, 0, 'g', 4)
                 .arg(QString::fromStdString(one.unit).replace('2', QChar(0xB2)).replace('3', QChar(0xB3)))
                 .replace('-', QChar(0x2212));
  return texts;
}

QStringList measurement_label(const Measurement& measurement, const Volume& volume, const ImageScale& scale) {
  const MeasurementValues values = measure(measurement, volume, scale);
  const QString unit = values.in_pixels ? "px" : "mm";
  switch (measurement.kind) {
  case MeasurementKind::distance:
    if (!values.physical.empty()) return physical_texts(values.physical);
    return {QString("%1 %2").arg(values.length, 0, 'f', 1).arg(unit)};
  case MeasurementKind::angle:
    return {QString("%1%2").arg(values.angle_deg, 0, 'f', 1).arg(QChar(0xB0))};
  case MeasurementKind::region:
    if (values.samples == 0) return {QString("%1 %2%3").arg(values.area, 0, 'f', 0).arg(unit).arg(QChar(0xB2))};
    return {
        QString("Mean %1 %2 %3")
            .arg(value_text(values.mean))
            .arg(QChar(0xB1))
            .arg(value_text(values.deviation)),
        QString("%1 %2 %3").arg(value_text(values.minimum)).arg(QChar(0x2013)).arg(value_text(values.maximum)),
        QString("%1 %2%3").arg(values.area, 0, 'f', 0).arg(unit).arg(QChar(0xB2))};
  case MeasurementKind::probe:
    return QStringList{std::isfinite(values.mean) ? value_text(values.mean) : QString(QChar(0x2013))}
           << physical_texts(values.physical);
  }
  return {};
}

} // namespace bloch::app
