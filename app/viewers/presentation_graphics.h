#pragma once

#include <QPainter>
#include <QPainterPath>

#include "app/viewers/slice_plane.h"

namespace bloch::app {

/// The line of a drawing through its points on the screen; empty for a text.
///
/// INTERPOLATED is a curve through all points (Catmull-Rom), a CIRCLE is round on the screen, an ELLIPSE has
/// the axes that are given (PS3.3 C.10.5.1.2).
QPainterPath path_of(GraphicKind kind, const QPolygonF& points);

/// The drawings and texts of presentation states on the slice that the view shows; none where the view cuts
/// through the slices, or shows a resampled slice that lies between images.
void draw_presentations(QPainter& painter, const PlaneView& view, const std::vector<ScenePresentation>& states);

} // namespace bloch::app
