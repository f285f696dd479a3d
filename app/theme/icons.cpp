#include "app/theme/icons.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include "app/theme/theme.h"
#include "app/theme/theme_colours.h"
#include "core/base/contract.h"

namespace bloch::app {
namespace {

class LineIconEngine final : public QIconEngine {
 public:
  LineIconEngine(QString name, QString token)
      : name_(std::move(name))
      , token_(std::move(token)) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
    QSvgRenderer renderer(recoloured_svg(name_, colour(mode, state)));
    renderer.render(painter, QRectF(rect));
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    const QString key = QString("bloch/%1/%2/%3").arg(name_, colour(mode, state).name()).arg(size.width());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) return pixmap;
    pixmap = QPixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(), size), mode, state);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
  }
  QIconEngine* clone() const override { return new LineIconEngine(*this); }

 private:
  QColor colour(QIcon::Mode mode, QIcon::State state) const {
    if (mode == QIcon::Disabled) return disabled_colour();
    if (!token_.isEmpty()) return theme_colour(token_);
    if (state == QIcon::On) return theme_colour("accent-text");
    return theme_colour(mode == QIcon::Active || mode == QIcon::Selected ? "text-1" : "text-2");
  }

  QString name_;
  QString token_;
};

} // namespace

QIcon icon(const QString& name) { return QIcon(new LineIconEngine(name, {})); }

QIcon icon(const QString& name, const QString& token) { return QIcon(new LineIconEngine(name, token)); }

QPixmap icon_pixmap(const QString& name, const QColor& colour, int size, double device_pixel_ratio) {
  const int pixels = static_cast<int>(size * device_pixel_ratio + 0.5);
  QPixmap pixmap(pixels, pixels);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  QSvgRenderer(recoloured_svg(name, colour)).render(&painter, QRectF(0, 0, pixels, pixels));
  painter.end();
  pixmap.setDevicePixelRatio(device_pixel_ratio);
  return pixmap;
}

QByteArray recoloured_svg(const QString& name, const QColor& colour, double stroke_width) {
  load_resources();
  QFile file(":/bloch/icons/" + name + ".svg");
  const bool opened = file.open(QIODevice::ReadOnly);
  BLOCH_EXPECTS(opened);
  QByteArray svg = file.readAll();
  svg.replace("currentColor", colour.name().toLatin1());
  svg.replace("stroke-width=\"2\"", "stroke-width=\"" + QByteArray::number(stroke_width) + "\"");
  return svg;
}

} // namespace bloch::app
