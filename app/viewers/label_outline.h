#pragma once

#include <memory>
#include <vector>

#include <QPolygonF>

class vtkImageData;

namespace bloch::app {

/// Outlines of what is 0.5 and more in a sampled mask, joined to lines, in device-independent px.
std::vector<QPolygonF> outlines_of(vtkImageData* mask, double device_pixel_ratio);

} // namespace bloch::app
