#pragma once

#include <span>
#include <vector>

#include <QPolygonF>
#include <QStringList>

#include "app/viewers/slice_plane.h"

namespace bloch::app {

/// A measurement as it lies on a view: its lines, its handles and what is written beside it.
struct MeasurementShape {
  std::vector<QPolygonF> lines; ///< device-independent px
  std::vector<QPointF> handles;
  QStringList label;
  QRectF bounds;

  /// Distance of a widget position from the nearest line or handle, px.
  double distance(const QPointF& position) const;
};

/// Whether all of it lies within half a slice of the plane.
bool is_on_plane(const Measurement& measurement, const PlaneView& view);

MeasurementShape measurement_shape(const Measurement& measurement, const PlaneView& view);

/// What is written beside it: "54.6 mm"; mean and deviation, range, area.
/// cost: statistics of a region look at every sample in it
QStringList measurement_label(const Measurement& measurement, const Volume& volume,
                              const ImageScale& scale = {});
/// "0.42 s", "35.1 cm/s", a line each.
QStringList physical_texts(std::span<const PhysicalValue> values);

} // namespace bloch::app
