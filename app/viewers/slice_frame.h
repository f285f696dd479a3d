#pragma once

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <QImage>

#include "app/viewers/measurement_shape.h"
#include "app/viewers/plane_sampler.h"

namespace bloch::app {

/// What is being drawn by hand and is no part of the scene yet.
struct SliceDraft {
  std::optional<Measurement> measurement;
  std::optional<std::pair<WorldPoint, WorldPoint>> box; ///< opposite corners on the plane
};

/// The picture of a slice without its corner text: sampled, windowed, coloured, with overlay and lines.
class SliceFrame {
 public:
  /// pixels: device pixels of the view; fast: linear instead of cubic, while something moves.
  /// corners: what corner text takes of the view, device-independent px; labels and bars keep off it.
  /// cost: only what changed is sampled again; the rest is one pass over the view's pixels
  const QImage& draw(const SliceScene& scene, const PlaneView& view, const QSize& pixels,
                     const SliceDraft& draft, bool fast, const std::array<QRectF, 4>& corners);
  /// The measurements as last drawn, in the order of the scene's that lie on the plane.
  const std::vector<std::pair<int, MeasurementShape>>& shapes() const { return shapes_; }

 private:
  void draw_image(const SliceScene& scene, const PlaneView& view, const QSize& pixels, bool fast);
  void draw_grey(const SliceScene& scene, const PlaneView& view, const QSize& pixels,
                 Interpolation interpolation);
  void draw_graphics(const SliceScene& scene, const PlaneView& view, const SliceDraft& draft,
                     const std::array<QRectF, 4>& corners);
  void draw_bar(QPainter& painter, const SliceScene& scene, const QSizeF& size, double top) const;
  void update_shapes(const SliceScene& scene, const PlaneView& view);

  struct Label {
    std::shared_ptr<const Volume> volume;
    MeasurementKind kind = MeasurementKind::distance;
    std::vector<WorldPoint> points;
    QStringList text;
  };

  PlaneSampler image_sampler_;
  std::shared_ptr<const Volume> filled_; ///< what is sampled in place of the volume; usually none
  std::array<PlaneSampler, 3> colour_samplers_;
  PlaneSampler overlay_sampler_;
  PlaneSampler truth_sampler_;
  std::vector<std::unique_ptr<PlaneSampler>> segment_samplers_; ///< one a segmentation
  std::vector<QPolygonF> outlines_;
  std::vector<std::pair<int, MeasurementShape>> shapes_;
  std::vector<Label> labels_; ///< statistics are slow: kept while measurement and volume are the same
  QImage picture_;
};

} // namespace bloch::app
