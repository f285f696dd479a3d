// Ultrasound images: the scale of their regions (PS3.3 C.8.5.5).
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "imaging/dicom/read_colour.h"
#include "imaging/dicom/read_series.h"
#include "tests/imaging/dicom/scanned.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

struct Region {
  int first_x = 0, first_y = 0, last_x = 0, last_y = 0;
  int format = 1, content = 1, unit_x = 3, unit_y = 3;
  double delta_x = 0.01, delta_y = 0.01; ///< cm
};

void add_region(DcmDataset& dataset, const Region& region) {
  DcmItem* item = nullptr;
  ASSERT_TRUE(dataset.findOrCreateSequenceItem(DCM_SequenceOfUltrasoundRegions, item, -2).good());
  item->putAndInsertUint16(DCM_RegionSpatialFormat, static_cast<Uint16>(region.format));
  item->putAndInsertUint16(DCM_RegionDataType, static_cast<Uint16>(region.content));
  item->putAndInsertUint32(DCM_RegionLocationMinX0, static_cast<Uint32>(region.first_x));
  item->putAndInsertUint32(DCM_RegionLocationMinY0, static_cast<Uint32>(region.first_y));
  item->putAndInsertUint32(DCM_RegionLocationMaxX1, static_cast<Uint32>(region.last_x));
  item->putAndInsertUint32(DCM_RegionLocationMaxY1, static_cast<Uint32>(region.last_y));
  item->putAndInsertUint16(DCM_PhysicalUnitsXDirection, static_cast<Uint16>(region.unit_x));
  item->putAndInsertUint16(DCM_PhysicalUnitsYDirection, static_cast<Uint16>(region.unit_y));
  item->putAndInsertFloat64(DCM_PhysicalDeltaX, region.delta_x);
  item->putAndInsertFloat64(DCM_PhysicalDeltaY, region.delta_y);
}

class Ultrasound : public testing::Test {
 protected:
  /// One image of 40 x 20 that lies nowhere.
  void write(const std::vector<Region>& regions, const std::string& spacing = {}, int number = 1) const {
    SyntheticImage image;
    image.rows = 20;
    image.columns = 40;
    image.number = number;
    image.change = [&](DcmDataset& dataset) {
      dataset.putAndInsertString(DCM_Modality, "US");
      dataset.findAndDeleteElement(DCM_ImagePositionPatient);
      dataset.findAndDeleteElement(DCM_ImageOrientationPatient);
      dataset.findAndDeleteElement(DCM_PixelSpacing);
      if (!spacing.empty()) dataset.putAndInsertString(DCM_PixelSpacing, spacing.c_str());
      for (const Region& region : regions) add_region(dataset, region);
    };
    write_synthetic(folder.path() / (std::to_string(number) + ".dcm"), image);
  }
  SeriesInfo series() const { return only_series(folder.path()); }
  static std::array<double, 2> grid_of(const SeriesInfo& series) {
    const auto volume = read_volume(series);
    EXPECT_TRUE(volume) << (volume ? "" : volume.error().message);
    if (!volume) return {0, 0};
    return {volume->geometry().spacing_mm.x(), volume->geometry().spacing_mm.y()};
  }

  tests::TemporaryFolder folder;
};

constexpr std::array<double, 2> unknown{1, 1};

TEST_F(Ultrasound, OneRegionGivesTheGridItsScale) {
  write({{.first_x = 5, .first_y = 2, .last_x = 34, .last_y = 17, .delta_x = -0.02, .delta_y = 0.01}});
  const SeriesInfo opened = series();
  EXPECT_EQ(kinds(opened), Kinds{"no-geometry"});
  ASSERT_EQ(opened.regions.size(), 1U);
  EXPECT_EQ(opened.regions[0].first, (std::array<int, 2>{5, 2}));
  EXPECT_EQ(opened.regions[0].last, (std::array<int, 2>{34, 17}));
  EXPECT_EQ(region_kind(opened.regions[0]), "2D, tissue");
  const auto grid = grid_of(opened);
  EXPECT_DOUBLE_EQ(grid[0], 0.2);
  EXPECT_DOUBLE_EQ(grid[1], 0.1);
}

TEST_F(Ultrasound, RegionsOfOtherThingsThanSpaceDoNotDisturbIt) {
  write({{.last_x = 39, .last_y = 19, .format = 0, .content = 0, .unit_x = 0, .unit_y = 0, .delta_x = 1},
         {.last_x = 40, .last_y = 9}, // one too large, as found in the wild
         {.first_y = 10, .last_x = 39, .last_y = 19, .format = 3, .content = 3, .unit_x = 4, .unit_y = 7}});
  const SeriesInfo opened = series();
  EXPECT_EQ(kinds(opened), Kinds{"no-geometry"});
  ASSERT_EQ(opened.regions.size(), 2U);
  EXPECT_EQ(opened.regions[0].last[0], 39);
  EXPECT_EQ(region_kind(opened.regions[1]), "spectral, PW Doppler");
  EXPECT_EQ(region_unit(opened.regions[1].units[1]), "cm/s");
  EXPECT_DOUBLE_EQ(grid_of(opened)[0], 0.1);
}

TEST_F(Ultrasound, RegionsOfDifferentScalesLeaveTheGridInPixels) {
  write({{.last_x = 19, .last_y = 19}, {.first_x = 20, .last_x = 39, .last_y = 19, .delta_x = 0.02}}, "3\\3");
  const SeriesInfo opened = series();
  EXPECT_EQ(kinds(opened), (Kinds{"no-geometry", "region-scales"}));
  EXPECT_EQ(grid_of(opened), unknown);
}

TEST_F(Ultrasound, SpectralRegionsAloneGiveNoScaleEvenBesideASpacing) {
  write({{.last_x = 39, .last_y = 19, .format = 3, .content = 3, .unit_x = 4, .unit_y = 7}}, "3\\3");
  EXPECT_EQ(kinds(series()), (Kinds{"no-geometry", "no-spacing"}));
  EXPECT_EQ(grid_of(series()), unknown);
}

TEST_F(Ultrasound, TheRegionGoesBeforeTheSpacingOfTheHeader) {
  write({{.last_x = 39, .last_y = 19}}, "0.3\\0.3");
  EXPECT_EQ(kinds(series()), (Kinds{"no-geometry", "region-spacing"}));
  EXPECT_DOUBLE_EQ(grid_of(series())[0], 0.1);
}

TEST_F(Ultrasound, WithoutRegionsTheSpacingOfTheHeaderHolds) {
  write({}, "0.3\\0.4");
  EXPECT_EQ(kinds(series()), Kinds{"no-geometry"});
  EXPECT_EQ(grid_of(series()), (std::array<double, 2>{0.4, 0.3}));
}

TEST_F(Ultrasound, RegionsThatCannotBeAreRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Region& bad :
       {Region{.last_x = 41, .last_y = 19}, Region{.first_x = 40, .last_x = 40, .last_y = 9},
        Region{.first_x = 9, .last_x = 8, .last_y = 9}, Region{.last_x = 39, .last_y = 19, .delta_x = 0},
        Region{.last_x = 39, .last_y = 19, .delta_y = nan}, Region{.last_x = 39, .last_y = 19, .delta_y = 1e30},
        Region{.first_y = -1}}) {
    write({bad});
    const SeriesInfo opened = series();
    EXPECT_EQ(kinds(opened), (Kinds{"no-geometry", "no-spacing", "bad-region"}));
    EXPECT_TRUE(opened.regions.empty());
    EXPECT_EQ(grid_of(opened), unknown);
  }
}

TEST_F(Ultrasound, ImagesOfOneSeriesKeepTheirOwnScales) {
  write({{.last_x = 39, .last_y = 19}}, {}, 1);
  write({{.last_x = 39, .last_y = 19}}, {}, 2);
  write({{.last_x = 39, .last_y = 19, .delta_x = 0.02, .delta_y = 0.02}}, {}, 3);
  const SeriesInfo opened = series();
  EXPECT_EQ(kinds(opened), (Kinds{"no-geometry", "region-scales"}));
  ASSERT_EQ(opened.regions.size(), 2U);
  EXPECT_EQ(opened.regions[0].first_file, 0);
  EXPECT_EQ(opened.regions[0].last_file, 1);
  EXPECT_EQ(opened.regions[1].first_file, 2);
  EXPECT_EQ(grid_of(opened), unknown);
  const auto alone = image_geometry(opened, 2);
  ASSERT_TRUE(alone);
  EXPECT_DOUBLE_EQ(alone->spacing_mm.x(), 0.2);
}

TEST_F(Ultrasound, InfoListsThem) {
  write({{.first_x = 5, .last_x = 34, .last_y = 17}});
  const auto json = nlohmann::json::parse(to_json(scanned(folder.path())));
  const auto& found = json["patients"][0]["studies"][0]["series"][0];
  EXPECT_EQ(found["ultrasound_regions"][0]["kind"], "2D, tissue");
  EXPECT_EQ(found["ultrasound_regions"][0]["first"], nlohmann::json({5, 0}));
  EXPECT_EQ(found["ultrasound_regions"][0]["units"], nlohmann::json({"cm", "cm"}));
  EXPECT_DOUBLE_EQ(found["region_pixel_size_mm"][0], 0.1);
}

TEST(UltrasoundFiles, HaveTheScaleThatPydicomReads) {
  BLOCH_NEEDS_TEST_DATA();
  const auto folder = tests::test_data() / "dicom/cornerstone";
  const auto colour = read_colour_volume(only_series(folder / "US-YBR_FULL_422-EVRLE.dcm"));
  ASSERT_TRUE(colour);
  EXPECT_NEAR(colour->geometry().spacing_mm.x(), 0.061599999666213994, 1e-15);
  const SeriesInfo with_ecg = only_series(folder / "no-pixel-spacing.dcm");
  ASSERT_EQ(with_ecg.regions.size(), 3U);
  EXPECT_EQ(region_kind(with_ecg.regions[1]), "wave form, ECG trace");
  EXPECT_NEAR(common_pixel_size_mm(with_ecg.regions).value()[1], 0.3305420890260027, 1e-15);
}

TEST_F(Ultrasound, ASpectrumsScaleBeginsAtItsReferencePixelCountedFromTheRegion) {
  SyntheticImage image;
  image.rows = 20;
  image.columns = 40;
  image.change = [](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_Modality, "US");
    for (const auto& [format, value] : {std::pair(3, false), {2, true}, {1, false}}) {
      Region region{4, 5, 30, 15, format, 3, 4, 7, 0.01, -0.5};
      if (format == 1) region = {0, 0, 3, 4, 1, 1};
      add_region(dataset, region);
      DcmItem* item = nullptr;
      dataset.findOrCreateSequenceItem(DCM_SequenceOfUltrasoundRegions, item,
                                       static_cast<long>(format == 3   ? 0
                                                         : format == 2 ? 1
                                                                       : 2));
      item->putAndInsertSint32(DCM_ReferencePixelX0, 26);
      item->putAndInsertSint32(DCM_ReferencePixelY0, -2);
      if (value) item->putAndInsertFloat64(DCM_ReferencePixelPhysicalValueX, 1.5);
      if (value) item->putAndInsertFloat64(DCM_ReferencePixelPhysicalValueY, 3);
    }
  };
  write_synthetic(folder.path() / "1.dcm", image);
  const auto regions = series().regions;
  ASSERT_EQ(regions.size(), 3U);
  ASSERT_TRUE(regions[0].at_first[0] && regions[0].at_first[1]);
  EXPECT_NEAR(*regions[0].at_first[0], -0.26, 1e-12) << "0 at the reference pixel where no value is given";
  EXPECT_NEAR(*regions[0].at_first[1], -1, 1e-12);
  EXPECT_NEAR(*regions[1].at_first[0], 1.24, 1e-12);
  EXPECT_NEAR(*regions[1].at_first[1], 2, 1e-12);
  EXPECT_FALSE(regions[2].at_first[0]) << "a 2D image whose origin has no value";
}

} // namespace
} // namespace bloch::imaging
