#include "core/session/document.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "core/session/history.h"

namespace bloch {
namespace {

std::shared_ptr<const Volume> constant_volume(float value) {
  VolumeGeometry geometry;
  geometry.size = {40, 40, 3};
  return std::make_shared<const Volume>(geometry, std::vector<float>(geometry.voxel_count(), value));
}

TEST(Document, GivesEachItemAnIdOfItsOwn) {
  ItemId a = 0;
  ItemId b = 0;
  Document document = with_item({}, {}, &a);
  document = with_item(std::move(document), {}, &b);
  EXPECT_NE(a, b);
  EXPECT_NE(document.find(a), nullptr);
  EXPECT_EQ(document.find(99), nullptr);
}

TEST(Document, OpensWithTheFilesWindowAndKeepsTheUsersOne) {
  Item item;
  item.volume = constant_volume(3);
  item.series.windows = {{400, 40, "soft tissue"}};
  ItemId id = 0;
  Document document = with_item({}, std::move(item), &id);
  EXPECT_EQ(document.window_of(id), (WindowLevel{400, 40, {}}));
  document.windows[id] = {80, 35, {}};
  EXPECT_EQ(document.window_of(id), (WindowLevel{80, 35, {}}));
}

TEST(Document, ShowsAnItemWithItsOwnPolarityOrTheOneAskedFor) {
  Item item;
  item.series.inverse = true;
  ItemId id = 0;
  Document document = with_item({}, item, &id);
  EXPECT_TRUE(document.inverse_of(id));
  EXPECT_FALSE(document.inverse_of(99));
  document.inverse[id] = false;
  EXPECT_FALSE(document.inverse_of(id));
}

TEST(Document, MapsOfAnInverseImageAreNotInverse) {
  Item item;
  item.series.inverse = true;
  for (const auto& [kind, inverse] : {std::pair(ItemKind::series, true),
                                      {ItemKind::resampled, true},
                                      {ItemKind::reconstruction, true},
                                      {ItemKind::error_map, false},
                                      {ItemKind::anomaly_map, false}}) {
    item.kind = kind;
    EXPECT_EQ(is_inverse(item), inverse);
  }
}

TEST(DefaultWindow, OfAConstantImageIsNotEmpty) {
  Item item;
  item.volume = constant_volume(3);
  EXPECT_GT(default_window(item).width, 0);
}

TEST(DefaultWindow, DoesNotCountPadding) {
  VolumeGeometry geometry;
  geometry.size = {40, 40, 1};
  std::vector<float> samples(geometry.voxel_count(), -3024);
  for (std::size_t i = 0; i < samples.size() / 2; ++i) samples[i] = static_cast<float>(i % 101);
  Item item;
  item.volume = std::make_shared<const Volume>(geometry, std::move(samples));
  item.series.padding = ValueRange{-3024, -3024};
  const WindowLevel window = default_window(item);
  EXPECT_NEAR(window.level, 50, 1);
  EXPECT_NEAR(window.width, 98, 1);
}

TEST(History, UndoBringsBackWhatWasAndRedoWhatCame) {
  History<int> history(1);
  history.edit(2, "two");
  history.edit(3, "three");
  history.undo();
  EXPECT_EQ(history.current(), 2);
  EXPECT_EQ(history.redo_name(), "three");
  history.redo();
  EXPECT_EQ(history.current(), 3);
  history.undo();
  history.edit(4, "four");
  EXPECT_FALSE(history.can_redo());
}

TEST(History, MakesADragOneStep) {
  History<int> history(1);
  history.edit(2, "drag", "window-1");
  history.edit(3, "drag", "window-1");
  history.edit(4, "drag", "window-2");
  history.undo();
  EXPECT_EQ(history.current(), 3);
  history.undo();
  EXPECT_EQ(history.current(), 1);
}

TEST(History, KeepsVolumesSharedBetweenStates) {
  Item item;
  item.volume = constant_volume(1);
  const auto volume = item.volume;
  ItemId id = 0;
  History<Document> history(with_item({}, std::move(item), &id));
  for (int i = 0; i < 10; ++i) {
    Document next = history.current();
    next.windows[id] = {i + 1.0, 0, {}};
    history.edit(std::move(next), "window");
  }
  EXPECT_EQ(volume.use_count(), 2); // ours and the one item that all states share
}

TEST(Measure, DistanceIsInMillimetres) {
  Measurement measurement;
  measurement.points = {WorldPoint{{0, 0, 0}}, WorldPoint{{3, 4, 12}}};
  EXPECT_DOUBLE_EQ(measure(measurement, *constant_volume(0)).length, 13);
}

TEST(Measure, AngleIsInDegreesAtTheMiddlePoint) {
  Measurement measurement;
  measurement.kind = MeasurementKind::angle;
  measurement.points = {WorldPoint{{1, 0, 0}}, WorldPoint{{0, 0, 0}}, WorldPoint{{1, 1, 0}}};
  EXPECT_NEAR(measure(measurement, *constant_volume(0)).angle_deg, 45, 1e-9);
}

TEST(Measure, EllipseHasItsAreaAndStatistics) {
  Measurement measurement;
  measurement.kind = MeasurementKind::region;
  measurement.points = {WorldPoint{{10, 10, 1}}, WorldPoint{{30, 20, 1}}};
  const auto values = measure(measurement, *constant_volume(7));
  EXPECT_NEAR(values.area, std::numbers::pi * 10 * 5, 1e-9);
  EXPECT_NEAR(static_cast<double>(values.samples), values.area, 6);
  EXPECT_DOUBLE_EQ(values.mean, 7);
  EXPECT_NEAR(values.deviation, 0, 1e-6);
}

TEST(Measure, ProbeReadsTheValueUnderIt) {
  Measurement measurement;
  measurement.kind = MeasurementKind::probe;
  measurement.points = {WorldPoint{{10, 10, 1}}};
  EXPECT_DOUBLE_EQ(measure(measurement, *constant_volume(7)).mean, 7);
}

} // namespace
} // namespace bloch
