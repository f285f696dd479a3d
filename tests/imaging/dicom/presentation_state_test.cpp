#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "imaging/dicom/objects.h"
#include "tests/imaging/dicom/only_object.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_presentation.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

TEST(Objects, TellWindowAndAnnotationsOfAPresentationState) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_PixelData);
    const auto put = [](DcmItem& item, const DcmTagKey& tag, const char* value) {
      item.putAndInsertString(tag, value);
    };
    const auto add = [](DcmItem& item, const DcmTagKey& tag) -> DcmItem& {
      DcmItem* added = nullptr;
      item.findOrCreateSequenceItem(tag, added, -2);
      return *added;
    };
    put(dataset, DCM_SpecificCharacterSet, "ISO_IR 100");
    put(dataset, DCM_SOPClassUID, UID_GrayscaleSoftcopyPresentationStateStorage);
    put(dataset, DCM_ContentLabel, "FINDING");
    DcmItem& window = add(dataset, DCM_SoftcopyVOILUTSequence);
    put(window, DCM_WindowCenter, "40");
    put(window, DCM_WindowWidth, "400");
    DcmItem& annotation = add(dataset, DCM_GraphicAnnotationSequence);
    put(annotation, DCM_GraphicLayer, "NOTES");
    DcmItem& note = add(annotation, DCM_TextObjectSequence);
    put(note, DCM_UnformattedTextValue, "L\xE4sion");
    put(note, DCM_AnchorPointAnnotationUnits, "PIXEL");
    const Float32 anchor[] = {10, 20};
    note.putAndInsertFloat32Array(DCM_AnchorPoint, anchor, 2);
    DcmItem& graphic = add(annotation, DCM_GraphicObjectSequence);
    put(graphic, DCM_GraphicType, "POLYLINE");
    put(graphic, DCM_GraphicAnnotationUnits, "PIXEL");
    const Float32 line[] = {1, 2, 3, 4};
    graphic.putAndInsertFloat32Array(DCM_GraphicData, line, 4);
    DcmItem& series = add(dataset, DCM_ReferencedSeriesSequence);
    put(series, DCM_SeriesInstanceUID, "1.2.3");
    put(add(series, DCM_ReferencedImageSequence), DCM_ReferencedSOPInstanceUID, "1.2.3.4");
  };
  write_synthetic(folder / "state.dcm", image);
  const ObjectInfo object = only_object(folder.path());
  EXPECT_EQ(object.kind, ObjectKind::presentation_state);
  ASSERT_EQ(object.windows.size(), 1U);
  EXPECT_EQ(object.windows[0], (WindowLevel{400, 40, {}}));
  ASSERT_EQ(object.references.size(), 1U);
  EXPECT_EQ(object.references[0].instance_uids, std::vector<std::string>{"1.2.3.4"});
  const auto text = object_text(object);
  ASSERT_TRUE(text) << text.error().message;
  for (const char* part : {"Label: FINDING", "Window: width 400, level 40", "Layer NOTES",
                           "Text: L\xC3\xA4sion (at 10, 20 px)", "POLYLINE: 1, 2; 3, 4 px"})
    EXPECT_NE(text->find(part), std::string::npos) << part << "\n" << *text;
}

class Presentation : public testing::Test {
 protected:
  /// Three slices of 6 x 4; the state is about the first two.
  void SetUp() override {
    write_stack(folder_ / "series", {0, 2, 4});
    series_ = only_series(folder_ / "series");
  }
  PresentationState read(const std::function<void(DcmDataset&)>& change) const {
    fs::create_directories(folder_ / "state");
    write_presentation(folder_ / "state" / "state.dcm", series_.uid, {series_.files[0], series_.files[1]},
                       change);
    const SeriesInfo here[] = {series_};
    const auto state = read_presentation_state(only_object(folder_ / "state"), here);
    EXPECT_TRUE(state) << (state ? "" : state.error().message);
    return state.value_or(PresentationState{});
  }

  tests::TemporaryFolder folder_;
  SeriesInfo series_;
};

TEST_F(Presentation, DrawsOnTheImagesThatEachAnnotationNamesInTheOrderOfItsLayers) {
  const PresentationState state = read([&](DcmDataset& dataset) {
    DcmItem& top = add_to(dataset, DCM_GraphicLayerSequence);
    put_text(top, DCM_GraphicLayer, "TOP");
    put_text(top, DCM_GraphicLayerOrder, "2");
    const Uint16 red[] = {35578, 53486, 50862}; // L 54.29, a 80.1, b 69.9
    top.putAndInsertUint16Array(DCM_GraphicLayerRecommendedDisplayCIELabValue, red, 3);
    DcmItem& base = add_to(dataset, DCM_GraphicLayerSequence);
    put_text(base, DCM_GraphicLayer, "BASE");
    put_text(base, DCM_GraphicLayerOrder, "1");
    base.putAndInsertUint16(DCM_GraphicLayerRecommendedDisplayGrayscaleValue, 32768);
    DcmItem& second = add_to(dataset, DCM_GraphicAnnotationSequence);
    put_text(second, DCM_GraphicLayer, "TOP");
    refer_to(second, series_.files[1]);
    draw(second, "POLYLINE", {1, 2, 3, 4, 1, 2}, "PIXEL", true);
    draw(second, "CIRCLE", {3, 2}); // one point is none
    draw(second, "ELLIPSE", {0, 2, 6, 2, 3, 1, 3, 3});
    DcmItem& both = add_to(dataset, DCM_GraphicAnnotationSequence);
    put_text(both, DCM_GraphicLayer, "BASE");
    DcmItem& note = add_to(both, DCM_TextObjectSequence);
    put_text(note, DCM_UnformattedTextValue, "two\r\nlines");
    put_text(note, DCM_BoundingBoxAnnotationUnits, "PIXEL");
    const Float32 corners[] = {1, 1, 4, 3};
    note.putAndInsertFloat32Array(DCM_BoundingBoxTopLeftHandCorner, corners, 2);
    note.putAndInsertFloat32Array(DCM_BoundingBoxBottomRightHandCorner, corners + 2, 2);
    put_text(note, DCM_BoundingBoxTextHorizontalJustification, "LEFT");
    put_text(note, DCM_AnchorPointAnnotationUnits, "DISPLAY");
    const Float32 anchor[] = {0.5, 0.25};
    note.putAndInsertFloat32Array(DCM_AnchorPoint, anchor, 2);
    put_text(note, DCM_AnchorPointVisibility, "Y");
  });
  ASSERT_EQ(state.layers.size(), 2U);
  EXPECT_EQ(state.layers[0].name, "BASE");
  EXPECT_EQ(state.layers[0].colour, (std::array<std::uint8_t, 3>{127, 127, 127}));
  ASSERT_EQ(state.layers[0].graphics.size(), 1U);
  const PresentationGraphic& text = state.layers[0].graphics[0];
  EXPECT_EQ(text.text, "two\nlines");
  EXPECT_EQ(text.images, (std::vector{0, 1})) << "all that the state is about";
  EXPECT_EQ(text.points, (std::vector<std::array<double, 2>>{{1, 1}, {4, 3}}));
  EXPECT_EQ(text.alignment, -1);
  ASSERT_TRUE(text.anchor);
  EXPECT_EQ(*text.anchor, (std::array<double, 2>{3, 1})) << "half of 6 columns, a quarter of 4 rows";
  EXPECT_TRUE(text.anchor_line);
  EXPECT_GT(state.layers[1].colour[0], 240);
  EXPECT_LT(state.layers[1].colour[1], 40);
  ASSERT_EQ(state.layers[1].graphics.size(), 2U);
  const PresentationGraphic& line = state.layers[1].graphics[0];
  EXPECT_EQ(line.kind, GraphicKind::polyline);
  EXPECT_TRUE(line.filled);
  EXPECT_EQ(line.images, std::vector{1});
  EXPECT_EQ(line.points, (std::vector<std::array<double, 2>>{{1, 2}, {3, 4}, {1, 2}}));
  EXPECT_EQ(state.layers[1].graphics[1].kind, GraphicKind::ellipse);
  EXPECT_TRUE(state.not_applied.empty());
}

/// Which pixel of a part of an image (columns 2 to 5, rows 1 to 3, counted from 0) each place of the display
/// shows, found by turning and mirroring the pixels themselves.
std::vector<std::vector<std::array<int, 2>>> displayed(int degrees, bool mirrored) {
  std::vector<std::vector<std::array<int, 2>>> rows;
  for (int y = 1; y <= 3; ++y) {
    rows.emplace_back();
    for (int x = 2; x <= 5; ++x) rows.back().push_back({x, y});
  }
  for (int turns = degrees / 90; turns > 0; --turns) {
    std::vector<std::vector<std::array<int, 2>>> turned(rows.front().size());
    for (std::size_t x = 0; x < rows.front().size(); ++x)
      for (std::size_t y = rows.size(); y-- > 0;)
        turned[x].push_back(rows[y][x]); // a column from below is a row
    rows = turned;
  }
  if (mirrored)
    for (auto& row : rows) std::reverse(row.begin(), row.end());
  return rows;
}

TEST_F(Presentation, PutsPartsOfTheDisplayOnTheirPixelsHoweverItIsTurned) {
  for (const int degrees : {0, 90, 180, 270})
    for (const bool mirrored : {false, true}) {
      SCOPED_TRACE(std::to_string(degrees) + (mirrored ? " mirrored" : ""));
      const auto shown = displayed(degrees, mirrored);
      const double wide = static_cast<double>(shown.front().size()), high = static_cast<double>(shown.size());
      const PresentationState state = read([&](DcmDataset& dataset) {
        put_text(dataset, DCM_ImageRotation, std::to_string(degrees));
        put_text(dataset, DCM_ImageHorizontalFlip, mirrored ? "Y" : "N");
        DcmItem& area = add_to(dataset, DCM_DisplayedAreaSelectionSequence);
        const auto corner = [&](const DcmTagKey& tag, const std::array<int, 2>& pixel) {
          put_text(area, tag, std::to_string(pixel[0] + 1) + "\\" + std::to_string(pixel[1] + 1));
        };
        corner(DCM_DisplayedAreaTopLeftHandCorner, shown.front().front());
        corner(DCM_DisplayedAreaBottomRightHandCorner, shown.back().back());
        DcmItem& annotation = add_to(dataset, DCM_GraphicAnnotationSequence);
        put_text(annotation, DCM_GraphicLayer, "L");
        std::vector<Float32> middles;
        for (std::size_t y = 0; y < shown.size(); ++y)
          for (std::size_t x = 0; x < shown[y].size(); ++x) {
            middles.push_back(static_cast<Float32>((static_cast<double>(x) + 0.5) / wide));
            middles.push_back(static_cast<Float32>((static_cast<double>(y) + 0.5) / high));
          }
        draw(annotation, "POLYLINE", middles, "DISPLAY");
      });
      ASSERT_EQ(state.layers.size(), 1U);
      ASSERT_EQ(state.layers[0].graphics.size(), 1U);
      const auto& points = state.layers[0].graphics[0].points;
      std::size_t place = 0;
      for (const auto& row : shown)
        for (const auto& pixel : row) {
          ASSERT_LT(place, points.size());
          EXPECT_NEAR(points[place][0], pixel[0] + 0.5, 1e-5) << place;
          EXPECT_NEAR(points[place][1], pixel[1] + 0.5, 1e-5) << place;
          ++place;
        }
      EXPECT_EQ(state.not_applied.size(), 1U + (degrees != 0 ? 1 : 0) + (mirrored ? 1 : 0));
    }
}

TEST_F(Presentation, DrawsNothingWherePointsAreNoPlaces) {
  const PresentationState state = read([&](DcmDataset& dataset) {
    DcmItem& annotation = add_to(dataset, DCM_GraphicAnnotationSequence);
    draw(annotation, "POLYLINE", {1, 2, std::numeric_limits<Float32>::quiet_NaN(), 4});
    draw(annotation, "POLYLINE", {1, 2, 3e30F, 4});
    draw(annotation, "SPIRAL", {1, 2, 3, 4});
  });
  EXPECT_TRUE(state.layers.empty());
}

} // namespace
} // namespace bloch::imaging
