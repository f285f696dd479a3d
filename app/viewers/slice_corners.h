#pragma once

#include <array>

#include <QRectF>

#include "app/bridge/image_actor.h"
#include "app/viewers/corner_text.h"
#include "app/viewers/slice_plane.h"

class vtkRenderer;

namespace bloch::app {

/// Top left, top right, bottom left, bottom right.
using CornerTexts = std::array<CornerText, 4>;

/// What a slice view writes in its corners: the scene's lines, and what only the view knows.
CornerTexts slice_corners(const SliceScene& scene, const PlaneView& view);

/// Four corners of text as 2D actors; laid out again only when they say something else.
class CornerActors {
 public:
  void add_to(vtkRenderer* renderer);
  /// pixels: device pixels of the view.
  void show(const CornerTexts& texts, const QSize& pixels, double device_pixel_ratio);
  /// What they take of the view, device-independent px, in the order of CornerTexts; empty where nothing is
  /// written.
  const std::array<QRectF, 4>& places() const { return places_; }

 private:
  std::array<ImageActor, 4> actors_;
  CornerTexts shown_;
  std::array<QRectF, 4> places_;
  QSize pixels_;
  double ratio_ = 0;
};

} // namespace bloch::app
