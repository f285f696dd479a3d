// Overlay planes (PS3.3 C.9.2): in elements of their own and in unused bits of the pixels.
#include <algorithm>

#include <gtest/gtest.h>

#include "imaging/dicom/read_overlays.h"
#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

using Labels = std::vector<int>;

void put_plane(DcmDataset& dataset, Uint16 group, Uint16 rows, Uint16 columns, const Sint16 (&origin)[2]) {
  dataset.putAndInsertUint16(DcmTag(group, 0x0010, EVR_US), rows);
  dataset.putAndInsertUint16(DcmTag(group, 0x0011, EVR_US), columns);
  dataset.putAndInsertString(DcmTag(group, 0x0040, EVR_CS), "G");
  dataset.putAndInsertSint16Array(DcmTag(group, 0x0050, EVR_SS), origin, 2);
  dataset.putAndInsertUint16(DcmTag(group, 0x0100, EVR_US), 1);
  dataset.putAndInsertUint16(DcmTag(group, 0x0102, EVR_US), 0);
}

void put_bits(DcmDataset& dataset, Uint16 group, const std::vector<Uint16>& words) {
  dataset.putAndInsertUint16Array(DcmTag(group, 0x3000, EVR_OW), words.data(),
                                  static_cast<unsigned long>(words.size()));
}

SeriesInfo series_of(const tests::TemporaryFolder& folder, SyntheticImage image,
                     const std::vector<double>& positions = {0}) {
  write_stack(folder.path(), positions, std::move(image));
  const std::filesystem::path paths[] = {folder.path()};
  const auto index = scan(paths);
  EXPECT_TRUE(index && all_series(*index).size() == 1);
  return *all_series(*index).front().series;
}

Labels labels(const LabelMap& map) {
  Labels all;
  map.visit([&](auto samples) { all.assign(samples.begin(), samples.end()); });
  return all;
}

SyntheticImage image_with(std::function<void(DcmDataset&)> change) {
  SyntheticImage image;
  image.rows = 2;
  image.columns = 5;
  image.change = std::move(change);
  return image;
}

TEST(Overlays, BitsFollowEachOtherAcrossRowsLowestFirst) {
  const tests::TemporaryFolder folder;
  const SeriesInfo series = series_of(folder, image_with([](DcmDataset& dataset) {
                                        put_plane(dataset, 0x6000, 2, 5, {1, 1});
                                        put_bits(dataset, 0x6000, {0b10'0110'0001});
                                      }));
  EXPECT_EQ(series.overlays, 1);
  const auto read = read_overlays(series);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->layers.size(), 1U);
  EXPECT_EQ(labels(read->layers[0]), (Labels{1, 0, 0, 0, 0, 1, 1, 0, 0, 1}));
  EXPECT_EQ(read->segments[0].name, "Overlay 1");
  EXPECT_TRUE(read->drawn_solid);
}

TEST(Overlays, StartWhereTheirOriginSaysAndAreCutAtTheImage) {
  const tests::TemporaryFolder folder;
  const SeriesInfo series = series_of(folder, image_with([](DcmDataset& dataset) {
                                        put_plane(dataset, 0x6002, 2, 2, {2, 0});
                                        put_bits(dataset, 0x6002, {0b1111});
                                        dataset.putAndInsertString(DcmTag(0x6002, 0x0022, EVR_LO), "Ruler");
                                      }));
  const auto read = read_overlays(series);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(labels(read->layers[0]), (Labels{0, 0, 0, 0, 0, 2, 0, 0, 0, 0})) << "row 2, columns 0 and 1";
  EXPECT_EQ(read->segments[0].number, 2);
  EXPECT_EQ(read->segments[0].name, "Ruler");
}

TEST(Overlays, MayLieInUnusedBitsOfThePixels) {
  const tests::TemporaryFolder folder;
  SyntheticImage image = image_with([](DcmDataset& dataset) {
    put_plane(dataset, 0x6000, 2, 5, {1, 1});
    dataset.putAndInsertUint16(DcmTag(0x6000, 0x0100, EVR_US), 16);
    dataset.putAndInsertUint16(DcmTag(0x6000, 0x0102, EVR_US), 13);
  });
  image.pixels = {0x2001, 2, 3, 0x2004, 5, 6, 7, 8, 0x2009, 10};
  const auto read = read_overlays(series_of(folder, image));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(labels(read->layers[0]), (Labels{1, 0, 0, 1, 0, 0, 0, 0, 1, 0}));
}

TEST(Overlays, LieOnTheSliceOfTheirFile) {
  const tests::TemporaryFolder folder;
  int files = 0;
  const SeriesInfo series = series_of(folder, image_with([&](DcmDataset& dataset) {
                                        if (++files != 2) return; // the slice at z = 3
                                        put_plane(dataset, 0x6000, 1, 1, {1, 3});
                                        put_bits(dataset, 0x6000, {1});
                                      }),
                                      {0, 3, 6});
  ASSERT_TRUE(series.geometry);
  const auto read = read_overlays(series);
  ASSERT_TRUE(read) << read.error().message;
  Labels expected(30);
  expected[10 + 2] = 1;
  EXPECT_EQ(labels(read->layers[0]), expected);
}

TEST(Overlays, ThatAreShorterThanTheySayAreNamed) {
  const tests::TemporaryFolder folder;
  const SeriesInfo series = series_of(folder, image_with([](DcmDataset& dataset) {
                                        put_plane(dataset, 0x6000, 2000, 2000, {1, 1});
                                        put_bits(dataset, 0x6000, {1});
                                      }));
  const auto read = read_overlays(series);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("overlay plane 1 is shorter than it says"), std::string::npos)
      << read.error().message;
}

TEST(Overlays, OfARealFileHaveThePixelsThatPydicomCounts) {
  BLOCH_NEEDS_TEST_DATA();
  const std::filesystem::path paths[] = {tests::test_data() / "dicom/dcm4che/ovly_p01.dcm"};
  const auto index = scan(paths);
  ASSERT_TRUE(index);
  const auto read = read_overlays(*all_series(*index).front().series);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->layers.size(), 4U);
  std::vector<std::ptrdiff_t> counts;
  for (const LabelMap& layer : read->layers) {
    const Labels all = labels(layer);
    counts.push_back(std::count_if(all.begin(), all.end(), [](int label) { return label != 0; }));
  }
  // The first two lie in bits 15 and 14 of the pixels.
  EXPECT_EQ(counts, (std::vector<std::ptrdiff_t>{532, 537, 603, 606}));
}

TEST(Overlays, AreNotThereInMostFiles) {
  const tests::TemporaryFolder folder;
  const SeriesInfo series = series_of(folder, {});
  EXPECT_EQ(series.overlays, 0);
  const auto read = read_overlays(series);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::not_found);
}

} // namespace
} // namespace bloch::imaging
