#pragma once

#include <cmath>
#include <cstdlib>

#include <QImage>
#include <QString>

namespace bloch::app {

/// Keeps a picture for looking at, in the folder BLOCH_TEST_PICTURES; nowhere when it is not set.
inline void keep_picture(const QImage& picture, const QString& name) {
  if (const char* folder = std::getenv("BLOCH_TEST_PICTURES"))
    picture.save(QString("%1/%2.png").arg(folder, name));
}

/// Share of pixels whose grey differs by more than a limit; 1 when the sizes differ.
inline double differing_share(const QImage& first, const QImage& second, int limit = 16) {
  if (first.size() != second.size() || first.isNull()) return 1;
  qint64 differing = 0;
  for (int y = 0; y < first.height(); ++y)
    for (int x = 0; x < first.width(); ++x)
      if (std::abs(qGray(first.pixel(x, y)) - qGray(second.pixel(x, y))) > limit) ++differing;
  return static_cast<double>(differing) / (static_cast<double>(first.width()) * first.height());
}

/// Mean grey of a rectangle, 0 to 255.
inline double mean_grey(const QImage& picture, const QRect& rectangle) {
  double sum = 0;
  const QRect inside = rectangle & picture.rect();
  for (int y = inside.top(); y <= inside.bottom(); ++y)
    for (int x = inside.left(); x <= inside.right(); ++x) sum += qGray(picture.pixel(x, y));
  return inside.isEmpty() ? 0 : sum / (static_cast<double>(inside.width()) * inside.height());
}

} // namespace bloch::app
