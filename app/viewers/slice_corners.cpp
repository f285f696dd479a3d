#include "app/viewers/slice_corners.h"

#include <algorithm>
#include <cmath>

#include <vtkActor2D.h>
#include <vtkRenderer.h>

namespace bloch::app {
namespace {

/// " SIGMOID"; nothing for the usual straight line.
QString function_text(WindowFunction function) {
  return function == WindowFunction::linear ? QString() : QString(" ") + window_function_name(function);
}

/// "340", "0.053": as many digits as tell neighbouring windows apart.
QString window_number(double value, double width) {
  int decimals = 0;
  if (width < 20)
    decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(std::max(width, 1e-6)))), 0, 6);
  return QString::number(value, 'f', decimals).replace('-', QChar(0x2212));
}

bool has_tag(const std::vector<Tag>& tags, const QString& text) {
  return std::any_of(tags.begin(), tags.end(), [&](const Tag& tag) { return tag.text == text; });
}

/// "Image 3 of 30", for images that lie nowhere.
QString image_text(const SliceScene& scene, const PlaneView& view) {
  const VolumeGeometry& geometry = scene.volume->geometry();
  const double place = (scene.crosshair.mm - geometry.origin.mm).dot(view.axes.normal) *
                       (view.axes.normal.dot(geometry.direction.col(2)) < 0 ? -1 : 1) / geometry.spacing_mm[2];
  const int number = std::clamp(static_cast<int>(std::lround(place)) + 1, 1, geometry.size[2]);
  return QString("Image %1 of %2").arg(number).arg(geometry.size[2]);
}

} // namespace

CornerTexts slice_corners(const SliceScene& scene, const PlaneView& view) {
  CornerTexts texts;
  texts[0].title = scene.title;
  texts[0].title_colour = scene.title_colour;
  texts[0].lines = scene.top_left;
  texts[1].lines = scene.top_right;
  texts[1].tags = scene.tags;
  texts[1].right = true;
  texts[2].bottom = true;
  texts[3].right = texts[3].bottom = true;
  if (!scene.volume) return texts;
  if (is_resampled(scene.volume->geometry(), view.axes) && !has_tag(scene.tags, "RESAMPLED"))
    texts[1].tags.push_back({"RESAMPLED", true});
  const QString inverted = scene.inverted ? QString("inverted") : QString();
  if (!scene.colour[0]) // colours have no window
    texts[2].lines << QString("W %1 L %2")
                              .arg(window_number(scene.window.width, scene.window.width),
                                   window_number(scene.window.level, scene.window.width)) +
                          function_text(scene.window.function) + (scene.inverted ? " " + inverted : QString());
  else if (scene.inverted)
    texts[2].lines << inverted;
  texts[2].lines << QString("Zoom %1 : 1").arg(view.axes.pixel_mm / view.camera.mm_per_pixel, 0, 'f', 2);
  texts[3].lines = scene.bottom_right;
  if (!scene.placed) {
    texts[3].lines << image_text(scene, view);
    return texts;
  }
  texts[3].lines << QString("%1 %2 %3 mm")
                        .arg(position_text(scene.crosshair, view.axes.normal))
                        .arg(QChar(0xB7))
                        .arg(view.axes.step_mm, 0, 'f', 1);
  return texts;
}

void CornerActors::add_to(vtkRenderer* renderer) {
  for (ImageActor& corner : actors_) renderer->AddActor2D(corner.actor());
}

void CornerActors::show(const CornerTexts& texts, const QSize& pixels, double device_pixel_ratio) {
  const bool all = pixels != pixels_ || device_pixel_ratio != ratio_;
  pixels_ = pixels;
  ratio_ = device_pixel_ratio;
  const double width = pixels.width() / ratio_;
  const bool narrow = std::min(width, pixels.height() / ratio_) < narrow_view;
  const double caution = 150; // the middle of the bottom is the scale bar's and the caution's
  const double side = (width - 2 * viewer_margin - 32) / 2; // the letter of the upper edge stands between
  const double bottom_side = (width - caution) / 2 - viewer_margin - 4;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const CornerText& text = texts[i];
    const bool raised = text.bottom && bottom_side < 90; // no room beside the caution: one line above it
    if (all || !(text == shown_[i])) {
      CornerText drawn = text;
      if (raised && !drawn.lines.isEmpty()) drawn.lines = {i == 2 ? drawn.lines.front() : drawn.lines.back()};
      actors_[i].set_image(draw_corner(drawn, text.bottom && !raised ? bottom_side : side, narrow, ratio_));
    }
    shown_[i] = text;
    const QSize size = actors_[i].size();
    const int margin = qRound((viewer_margin - 3) * ratio_);
    const int lift = raised ? qRound(34 * ratio_) : 0;
    const QPoint top_left(text.right ? pixels.width() - margin - size.width() : margin,
                          text.bottom ? pixels.height() - margin - lift - size.height() : margin);
    actors_[i].place(top_left, pixels);
    places_[i] = size.isEmpty() ? QRectF() : QRectF(QPointF(top_left) / ratio_, QSizeF(size) / ratio_);
  }
}

} // namespace bloch::app
