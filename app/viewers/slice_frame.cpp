#include "app/viewers/slice_frame.h"

#include <algorithm>
#include <cmath>

#include <QPainter>

#include "app/bridge/background_filled.h"
#include "app/viewers/corner_text.h"
#include "app/viewers/label_outline.h"
#include "app/viewers/presentation_graphics.h"
#include "app/viewers/slice_colour.h"
#include "app/viewers/slice_graphics.h"

namespace bloch::app {
namespace {

bool shows_overlay(const SliceScene& scene) { return scene.overlay && scene.overlay_visible; }

/// Corners of a rectangle drawn on the plane, as a flat polygon on the screen.
void draw_draft_box(QPainter& painter, const PlaneView& view, const std::pair<WorldPoint, WorldPoint>& box) {
  const QPointF first = view.position_of(box.first);
  const QPointF last = view.position_of(box.second);
  QPen pen(QColor(Qt::white), 1, Qt::CustomDashLine);
  pen.setDashPattern({4, 3});
  painter.setPen(pen);
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(QRectF(first, last).normalized());
}

/// What the view's millimetres are multiplied by for the scale bar; nothing where no one scale holds.
std::optional<double> bar_factor(const SliceScene& scene) {
  if (scene.scale.regions.empty()) return scene.scale.known ? std::optional(1.0) : std::nullopt;
  const VolumeGeometry& geometry = scene.volume->geometry();
  const auto slice = static_cast<int>(std::round(geometry.to_voxel(scene.crosshair).index.z()));
  const auto size = common_pixel_size_mm(scene.scale.regions_of(slice));
  if (!size) return std::nullopt;
  const double across = (*size)[0] / geometry.spacing_mm.x();
  const double down = (*size)[1] / geometry.spacing_mm.y();
  return std::abs(across - down) <= 1e-3 * across ? std::optional(across) : std::nullopt;
}

} // namespace

const QImage& SliceFrame::draw(const SliceScene& scene, const PlaneView& view, const QSize& pixels,
                               const SliceDraft& draft, bool fast, const std::array<QRectF, 4>& corners) {
  if (picture_.size() != pixels) picture_ = QImage(pixels, QImage::Format_RGBX8888);
  picture_.setDevicePixelRatio(1);
  draw_image(scene, view, pixels, fast);
  update_shapes(scene, view);
  picture_.setDevicePixelRatio(pixels.width() / view.size.width());
  draw_graphics(scene, view, draft, corners);
  return picture_;
}

void SliceFrame::draw_image(const SliceScene& scene, const PlaneView& view, const QSize& pixels, bool fast) {
  if (!scene.volume) {
    picture_.fill(Qt::black);
    return;
  }
  const Interpolation smooth = fast ? Interpolation::linear : Interpolation::cubic;
  const Interpolation interpolation = scene.interpolate ? smooth : Interpolation::nearest;
  if (scene.colour[0]) {
    for (std::size_t i = 0; i < 3; ++i)
      colour_samplers_[i].sample(scene.colour[i], view, pixels, interpolation);
    combine_channels(
        {colour_samplers_[0].samples(), colour_samplers_[1].samples(), colour_samplers_[2].samples()},
        scene.inverse, picture_);
  } else {
    draw_grey(scene, view, pixels, interpolation);
  }
  if (shows_overlay(scene)) {
    overlay_sampler_.sample(scene.overlay, view, pixels, Interpolation::linear);
    blend_overlay(overlay_sampler_.samples(), {scene.overlay_threshold, scene.overlay_opacity},
                  colour_table(scene.overlay_colour_map), picture_);
  }
  while (segment_samplers_.size() < scene.segments.size())
    segment_samplers_.push_back(std::make_unique<PlaneSampler>());
  for (std::size_t i = 0; i < scene.segments.size(); ++i) {
    const SceneSegments& segments = scene.segments[i];
    if (segments.colours.empty()) continue;
    PlaneSampler& sampler = *segment_samplers_[i];
    sampler.sample(segments.labels, view, pixels,
                   segments.lines ? Interpolation::linear : Interpolation::nearest);
    if (segments.lines)
      blend_lines(sampler.samples(), segments.colours.begin()->first, segments.colours.begin()->second,
                  picture_);
    else
      blend_segments(sampler.samples(), segments.colours, picture_);
  }
  if (scene.truth && scene.truth_visible) {
    if (truth_sampler_.sample(scene.truth, view, pixels))
      outlines_ = outlines_of(truth_sampler_.image(), pixels.width() / view.size.width());
  }
}

void SliceFrame::draw_grey(const SliceScene& scene, const PlaneView& view, const QSize& pixels,
                           Interpolation interpolation) {
  // Held, so that it is made once while it is needed.
  filled_ = scene.inverse && scene.padding ? background_filled(scene.volume, *scene.padding) : nullptr;
  image_sampler_.sample(filled_ ? filled_ : scene.volume, view, pixels, interpolation);
  // Whole numbers follow the standard's LINEAR; measured values on a scale of their own (0 to 1) would lose one
  // unit of it.
  WindowLevel window = scene.window;
  if (window.function == WindowFunction::linear && !scene.volume->holds<std::int16_t>())
    window.function = WindowFunction::linear_exact;
  const ColourTable table = colour_table(scene.colour_map);
  if (scene.inverse)
    colour_samples(image_sampler_.samples(), window, turned_around(table), picture_);
  else
    colour_samples(image_sampler_.samples(), window, table, picture_);
}

void SliceFrame::update_shapes(const SliceScene& scene, const PlaneView& view) {
  shapes_.clear();
  std::vector<Label> kept;
  for (const Measurement& measurement : scene.measurements) {
    if (!scene.volume || !is_on_plane(measurement, view)) continue;
    const auto known = std::find_if(labels_.begin(), labels_.end(), [&](const Label& label) {
      return label.volume == scene.volume && label.kind == measurement.kind &&
             label.points == measurement.points;
    });
    kept.push_back(known != labels_.end() ? *known
                                          : Label{scene.volume, measurement.kind, measurement.points,
                                                  measurement_label(measurement, *scene.volume, scene.scale)});
    MeasurementShape shape = measurement_shape(measurement, view);
    shape.label = kept.back().text;
    shapes_.emplace_back(measurement.id, std::move(shape));
  }
  labels_ = std::move(kept);
}

void SliceFrame::draw_graphics(const SliceScene& scene, const PlaneView& view, const SliceDraft& draft,
                               const std::array<QRectF, 4>& corners) {
  QPainter painter(&picture_);
  painter.setRenderHints(QPainter::TextAntialiasing);
  if (scene.volume) {
    if (scene.crosshair_visible) draw_crosshair(painter, view);
    painter.setRenderHint(QPainter::Antialiasing);
    if (scene.truth && scene.truth_visible) draw_outlines(painter, outlines_);
    draw_contours(painter, view, scene.contours);
    draw_presentations(painter, view, scene.presentations);
    if (scene.box) draw_box(painter, view, *scene.box);
    if (draft.box) draw_draft_box(painter, view, *draft.box);
    std::vector<MeasurementShape> shapes;
    int selected = -1;
    for (const auto& [id, shape] : shapes_) {
      if (id != 0 && id == scene.selected_measurement) selected = static_cast<int>(shapes.size());
      shapes.push_back(shape);
    }
    if (draft.measurement) {
      selected = static_cast<int>(shapes.size());
      shapes.push_back(measurement_shape(*draft.measurement, view));
      shapes.back().label = measurement_label(*draft.measurement, *scene.volume, scene.scale);
    }
    const auto factor = bar_factor(scene);
    const QRectF bar = factor ? draw_scale_bar(painter, view.size, view.camera.mm_per_pixel * *factor)
                              : draw_caution(painter, view.size);
    std::vector<QRectF> taken(corners.begin(), corners.end());
    if (scene.placed) draw_orientation(painter, view, bar.top() - 2, taken);
    draw_bar(painter, scene, view.size, std::max(corners[1].bottom(), static_cast<double>(viewer_margin)));
    taken.push_back(bar);
    draw_measurements(painter, view.size, shapes, selected, std::move(taken));
  } else {
    draw_caution(painter, view.size);
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
  if (scene.active) draw_active_frame(painter, view.size);
}

void SliceFrame::draw_bar(QPainter& painter, const SliceScene& scene, const QSizeF& size, double top) const {
  if (shows_overlay(scene)) {
    const OverlayRamp ramp{scene.overlay_threshold, scene.overlay_opacity};
    draw_colour_bar(painter, size, top,
                    {colour_table(scene.overlay_colour_map), ramp.threshold, 1, 4, scene.colour_bar_title});
  } else if (scene.colour_bar || scene.colour_map != "grey") {
    const double top_value = scene.window.level + scene.window.width / 2;
    const double maximum = scene.colour_bar_maximum > 0 ? scene.colour_bar_maximum : top_value;
    // Numbers in another unit than the window's share its zero.
    const double unit = top_value != 0 ? maximum / top_value : 1;
    const double bottom = (scene.window.level - scene.window.width / 2) * unit;
    const ColourTable table = colour_table(scene.colour_map);
    const auto turned = turned_around(table);
    draw_colour_bar(painter, size, top,
                    {scene.inverse ? ColourTable(turned) : table, bottom, maximum, 2, scene.colour_bar_title});
  }
}

} // namespace bloch::app
