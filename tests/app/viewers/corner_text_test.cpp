#include "app/viewers/corner_text.h"

#include <gtest/gtest.h>

namespace bloch::app {
namespace {

/// Pixels that hold light of the text, not only backing.
int lit_pixels(const QImage& image) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (qGray(image.pixel(x, y)) > 100) ++count;
  return count;
}

QImage corner_of(const QString& line) {
  CornerText corner;
  corner.lines = {line};
  return draw_corner(corner, 300, false, 1);
}

TEST(CornerText, DrawsJapaneseAndHebrewAsDifferentLetters) {
  const QImage yamada = corner_of(QString::fromUtf8("山田"));
  const QImage tanaka = corner_of(QString::fromUtf8("田中"));
  const QImage cohen = corner_of(QString::fromUtf8("כהן"));
  const QImage levi = corner_of(QString::fromUtf8("לוי"));
  EXPECT_GT(lit_pixels(yamada), 40);
  EXPECT_GT(lit_pixels(cohen), 20);
  // Missing glyphs would all be the same box.
  EXPECT_NE(yamada, tanaka);
  EXPECT_NE(cohen.copy(), levi.copy());
}

TEST(CornerText, SaysNothingWhenThereIsNothing) { EXPECT_TRUE(draw_corner({}, 300, false, 1).isNull()); }

TEST(CornerText, NarrowViewsGetTwoLines) {
  CornerText corner;
  corner.title = "Axial";
  corner.lines = {"one", "two", "three"};
  EXPECT_GE(draw_corner(corner, 300, false, 1).height(), 4 * viewer_line_height);
  EXPECT_LT(draw_corner(corner, 300, true, 1).height(), 3 * viewer_line_height);
}

TEST(CornerText, LongLinesEndInAnEllipsisWithinTheirWidth) {
  EXPECT_LE(draw_corner({{}, {}, {QString(200, 'm')}, {}, false, false}, 120, false, 1).width(), 128);
}

TEST(CornerText, GrowsWithTheDevicePixelRatio) {
  const QImage once = corner_of("text");
  CornerText corner;
  corner.lines = {"text"};
  const QImage twice = draw_corner(corner, 300, false, 2);
  EXPECT_NEAR(twice.width(), 2 * once.width(), 2);
}

} // namespace
} // namespace bloch::app
