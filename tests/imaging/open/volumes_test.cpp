#include <cmath>
#include <numeric>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "imaging/io/volumes_file.h"
#include "imaging/open/open.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/imaging/open/peer_nifti.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

/// Two echoes of three slices, and one image of a third that is not complete.
ChosenSeries echoes(const fs::path& folder) {
  for (int echo = 1; echo <= 3; ++echo) {
    SyntheticImage image;
    image.pixels.assign(24, static_cast<Uint16>(100 * echo));
    image.change = [echo](DcmDataset& dataset) {
      dataset.putAndInsertString(DCM_EchoTime, std::to_string(10 * echo).c_str());
    };
    write_stack(folder / std::to_string(echo), echo < 3 ? std::vector<double>{0, 2, 4} : std::vector<double>{2},
                image);
  }
  auto chosen = choose_series(folder);
  EXPECT_TRUE(chosen) << (chosen ? "" : chosen.error().message);
  return chosen ? *chosen : ChosenSeries{};
}

TEST(Volumes, AreChosenByNumberLabelOrAPartOfIt) {
  const tests::TemporaryFolder folder;
  const SeriesInfo series = echoes(folder.path()).series;
  ASSERT_EQ(series.volumes, 2);
  using Numbers = std::vector<int>;
  EXPECT_EQ(volumes_named(series, "2").value(), Numbers{1});
  EXPECT_EQ(volumes_named(series, "echo time 10 ms").value(), Numbers{0});
  EXPECT_EQ(volumes_named(series, "20 ms").value(), Numbers{1});
  EXPECT_EQ(volumes_named(series, "all").value(), (Numbers{0, 1}));
  for (const char* wrong : {"0", "3", "-1", "1.5", "echo", "30 ms", "1e30"}) {
    const auto refused = volumes_named(series, wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_NE(refused.error().message.find("2 (echo time 20 ms)"), std::string::npos)
        << refused.error().message;
  }
}

TEST(Volumes, ComeBackAsOneStackWithEveryImage) {
  const tests::TemporaryFolder folder;
  ChosenSeries chosen = echoes(folder.path());
  const SeriesInfo split = chosen.series;
  ASSERT_EQ(split.left_out.size(), 1U);
  chosen.series = unsplit(split);
  EXPECT_EQ(chosen.series.volumes, 1);
  EXPECT_TRUE(chosen.series.left_out.empty());
  const auto whole = open_series(chosen.place());
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->volume.geometry().size, (std::array<int, 3>{6, 4, 7}));
  const double expected[] = {100, 100, 100, 200, 200, 200, 300};
  for (int z = 0; z < 7; ++z) EXPECT_EQ(value_at(whole->volume, 0, 0, z), expected[z]);
  ASSERT_EQ(whole->series.warnings.size(), 1U);
  EXPECT_EQ(whole->series.warnings[0].kind, "not-split");
}

TEST(Volumes, OfOneStayAsTheyAre) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2, 4});
  const auto chosen = choose_series(folder.path());
  ASSERT_TRUE(chosen);
  EXPECT_EQ(unsplit(chosen->series).images, chosen->series.images);
  EXPECT_TRUE(unsplit(chosen->series).warnings.empty());
}

TEST(Volumes, AreWrittenAsOneFileOfFourDimensions) {
  const tests::TemporaryFolder folder;
  const ChosenSeries chosen = echoes(folder / "in");
  std::vector<Volume> volumes;
  for (int number = 0; number < 2; ++number) {
    const auto opened = open_series(chosen.place(), {}, number);
    ASSERT_TRUE(opened);
    volumes.push_back(opened->volume);
  }
  ASSERT_TRUE(write_volumes(folder / "out.nii", volumes));
  const tests::PeerNifti written = tests::read_peer(folder / "out.nii");
  EXPECT_EQ(written.size, (std::array<int, 4>{6, 4, 3, 2}));
  for (std::size_t i = 0; i < written.samples.size(); ++i) EXPECT_EQ(written.samples[i], i < 72 ? 100 : 200);
  EXPECT_LE((written.voxel_to_lps - chosen.series.geometry->voxel_to_world()).norm(), 1e-6);
  EXPECT_FALSE(write_volumes(folder / "out.nrrd", volumes));
}

TEST(Volumes, ArePutOnATrueGridOnRequestAlone) {
  const tests::TemporaryFolder folder;
  write_stack(folder / "gap", {0, 2, 4, 8});
  const auto taken = open_image(folder / "gap");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->volume.geometry().size[2], 4);
  const auto straight = to_true_grid(*taken);
  ASSERT_TRUE(straight) << straight.error().message;
  EXPECT_EQ(straight->volume.geometry().size[2], 5);
  EXPECT_EQ(straight->series.geometry->size[2], 5);
  ASSERT_EQ(straight->series.warnings.size(), 1U);
  EXPECT_EQ(straight->series.warnings[0].kind, "resampled");
  EXPECT_NE(straight->series.warnings[0].message.find("missing-slices"), std::string::npos);
  const auto again = to_true_grid(*straight);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::invalid_parameter);
}

TEST(Volumes, OfATiltedHeadLieWhereTheirSlicesWereTaken) {
  BLOCH_NEEDS_TEST_DATA();
  const auto head = open_image(tests::test_data() / "dicom" / "dcm_qa_ct_tilt" / "GE");
  ASSERT_TRUE(head) << head.error().message;
  ASSERT_EQ(head->series.slice_origins.size(), 28U);
  const auto straight = to_true_grid(*head, 2.5);
  ASSERT_TRUE(straight) << straight.error().message;
  // Every voxel of a slice is found again at its place, to within what lies beside it.
  const VolumeGeometry& geometry = head->volume.geometry();
  int close = 0, all = 0;
  for (int z = 1; z < 27; ++z)
    for (int y = 128; y < 384; y += 16)
      for (int x = 128; x < 384; x += 16) {
        const Eigen::Vector3d place =
            head->series.slice_origins[static_cast<std::size_t>(z)].mm +
            geometry.direction * Eigen::Vector3d(x * geometry.spacing_mm[0], y * geometry.spacing_mm[1], 0);
        const double there = value_at(straight->volume, WorldPoint{place});
        close += std::abs(there - value_at(head->volume, x, y, z)) < 60 ? 1 : 0;
        ++all;
      }
  EXPECT_GT(close, all * 8 / 10) << all;
}

TEST(Volumes, ThatLieOnAnotherGridInAnotherOrderAreTurned) {
  VolumeGeometry grid;
  grid.size = {4, 3, 2};
  grid.spacing_mm = {0.5, 0.7, 3};
  grid.origin.mm = {-20, 11, 5};
  grid.direction = Eigen::AngleAxisd(0.4, Eigen::Vector3d(1, 2, 3).normalized()).toRotationMatrix();
  // The same places: x backwards along the third axis, y along the first, z backwards along the second.
  VolumeGeometry other;
  other.size = {2, 4, 3};
  other.spacing_mm = {3, 0.5, 0.7};
  other.direction.col(0) = -grid.direction.col(2);
  other.direction.col(1) = grid.direction.col(0);
  other.direction.col(2) = -grid.direction.col(1);
  other.origin = grid.to_world({Eigen::Vector3d(0, 2, 1)});
  std::vector<std::int16_t> samples(24);
  std::iota(samples.begin(), samples.end(), std::int16_t{0});
  const Volume volume(other, samples);
  const auto turned = in_order_of(volume, grid);
  ASSERT_TRUE(turned);
  EXPECT_TRUE(turned->geometry().matches(grid));
  for (int z = 0; z < 2; ++z)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 4; ++x) {
        const auto at = other.to_voxel(grid.to_world({Eigen::Vector3d(x, y, z)})).index;
        const auto expected = static_cast<std::int16_t>(std::lround(at[0] + 2 * at[1] + 8 * at[2]));
        EXPECT_EQ(turned->samples<std::int16_t>()[static_cast<std::size_t>(x + 4 * y + 12 * z)], expected);
      }
  VolumeGeometry shifted = grid;
  shifted.origin.mm += 0.1 * grid.direction.col(0);
  EXPECT_FALSE(in_order_of(volume, shifted));
  VolumeGeometry coarser = grid;
  coarser.spacing_mm[2] = 3.1;
  EXPECT_FALSE(in_order_of(volume, coarser));
  coarser = grid;
  coarser.size = {3, 4, 2};
  EXPECT_FALSE(in_order_of(volume, coarser));
}

TEST(Suv, TakesTheWindowsAndThePaddingAlong) {
  VolumeGeometry geometry;
  geometry.size = {3, 1, 1};
  OpenedImage image{Volume(geometry, std::vector<std::int16_t>{-1000, 0, 2000}), {}, {}, {}, {}};
  image.series.modality = "PT";
  image.series.suv_factor = 0.002;
  image.series.windows = {{3000, 1500, "of the file"}};
  image.series.padding = ValueRange{-1000, -1000};
  const auto suv = to_suv(image);
  ASSERT_TRUE(suv) << suv.error().message;
  EXPECT_FLOAT_EQ(suv->volume.samples<float>()[2], 4);
  EXPECT_DOUBLE_EQ(suv->series.windows[0].width, 6);
  EXPECT_DOUBLE_EQ(suv->series.windows[0].level, 3);
  EXPECT_EQ(value_range(suv->volume, suv->series.padding).minimum, 0);
  EXPECT_EQ(suv->series.value_unit, suv_unit);
  EXPECT_EQ(suv->series.suv_factor, 1);
}

TEST(Suv, IsRefusedWithTheReasonOfTheHeader) {
  VolumeGeometry geometry;
  geometry.size = {1, 1, 1};
  OpenedImage image{Volume(geometry, std::vector<float>{1}), {}, {}, {}, {}};
  image.series.warnings = {{"no-suv", "no SUV: the patient's weight is not given"}};
  const auto suv = to_suv(image);
  ASSERT_FALSE(suv);
  EXPECT_EQ(suv.error().message, "no SUV: the patient's weight is not given");
}

} // namespace
} // namespace bloch::imaging
