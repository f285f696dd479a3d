#include <cmath>

#include <gtest/gtest.h>

#include "imaging/phantom/head_anatomy.h"
#include "imaging/phantom/lesions.h"

namespace bloch::imaging {
namespace {

HeadImage small_head(int seed = 1) {
  auto head = make_head_phantom({{64, 64, 44}, 4, seed});
  EXPECT_TRUE(head);
  return *head;
}

TEST(HeadPhantomTest, SameSeedGivesTheSameSamplesAndAnotherSeedOthers) {
  const HeadImage one = small_head(), again = small_head(), other = small_head(2);
  const auto a = one.volume.samples<std::int16_t>();
  const auto b = again.volume.samples<std::int16_t>();
  const auto c = other.volume.samples<std::int16_t>();
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
  EXPECT_FALSE(std::equal(a.begin(), a.end(), c.begin()));
}

TEST(HeadPhantomTest, AnotherGridSamplesTheSameHead) {
  const HeadAnatomy anatomy(1);
  const HeadImage head = small_head();
  for (const VoxelIndex& voxel :
       {VoxelIndex{{32, 32, 22}}, VoxelIndex{{20, 30, 25}}, VoxelIndex{{40, 45, 15}}}) {
    const Eigen::Vector3d lps = head.volume.geometry().to_world(voxel).mm;
    const double expected = anatomy.at({-lps[0], -lps[1], lps[2]}).value;
    EXPECT_NEAR(value_at(head.volume, static_cast<int>(voxel.index[0]), static_cast<int>(voxel.index[1]),
                         static_cast<int>(voxel.index[2])),
                expected, 0.51);
  }
}

TEST(HeadPhantomTest, TissuesHaveTheOrderOfT1) {
  const HeadAnatomy anatomy(3);
  const double white = anatomy.at({-27, 25, 20}).value;
  const double thalamus = anatomy.at({-11, -19, 7}).value;
  const double ventricle = anatomy.at({9, -6, 19}).value;
  EXPECT_GT(white, 1.1 * thalamus);
  EXPECT_GT(thalamus, 1.5 * ventricle);
  EXPECT_EQ(anatomy.at({0, 150, 0}).value, 0);
}

TEST(HeadPhantomTest, BrainHasTheVolumeOfABrain) {
  const HeadImage head = small_head();
  double litres = 0;
  for (const std::uint8_t voxel : head.brain.samples<std::uint8_t>()) litres += voxel * 64e-6;
  EXPECT_GT(litres, 1.0);
  EXPECT_LT(litres, 2.0);
}

TEST(LesionTest, ChangesOnlyTheBrainNearItsPlaceAndTheTruthSaysWhere) {
  const HeadImage head = small_head();
  const std::vector<Lesion> lesions{{"dark", {{27, -25, 17}}, {12, 12, 12}, -0.4, 0}};
  const LesionedHead lesioned = implant_lesions(head, lesions);
  const auto before = head.volume.samples<std::int16_t>();
  const auto after = lesioned.volume.samples<std::int16_t>();
  const auto truth = lesioned.truth.samples<std::uint8_t>();
  const VolumeGeometry& geometry = head.volume.geometry();
  std::size_t marked = 0;
  for (int z = 0; z < geometry.size[2]; ++z)
    for (int y = 0; y < geometry.size[1]; ++y)
      for (int x = 0; x < geometry.size[0]; ++x) {
        const std::size_t at = head.volume.offset(x, y, z);
        const VoxelIndex voxel{{static_cast<double>(x), static_cast<double>(y), static_cast<double>(z)}};
        const double distance = (geometry.to_world(voxel).mm - lesions[0].centre.mm).norm();
        if (distance > 14) {
          EXPECT_EQ(before[at], after[at]);
        }
        if (truth[at]) {
          ++marked;
          EXPECT_LT(after[at], before[at]);
        }
      }
  // A ball of 12 mm, soft over its outer third: half strength at about 0.85 of the radius.
  EXPECT_NEAR(static_cast<double>(marked), 4.0 / 3 * M_PI * std::pow(0.85 * 12 / 4, 3), 25);
}

TEST(LesionTest, DemoLesionsLieInWhiteMatterAndAreNoMirrorImages) {
  const HeadAnatomy anatomy(1);
  const std::vector<Lesion> lesions = demo_lesions();
  for (std::size_t i = 0; i < lesions.size(); ++i) {
    const Eigen::Vector3d lps = lesions[i].centre.mm;
    EXPECT_GT(anatomy.at({-lps[0], -lps[1], lps[2]}).value, 130) << lesions[i].name;
    for (std::size_t k = 0; k < i; ++k)
      EXPECT_GT((Eigen::Vector3d(-lps[0], lps[1], lps[2]) - lesions[k].centre.mm).norm(), 20);
  }
}

TEST(HeadPhantomTest, CancelsAndRefusesEmptySizes) {
  Progress progress([](double, const std::string&) {});
  progress.cancel();
  EXPECT_EQ(make_head_phantom({{16, 16, 8}, 8, 1}, progress).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(make_head_phantom({{16, 0, 8}, 8, 1}).error().kind, ErrorKind::invalid_parameter);
}

} // namespace
} // namespace bloch::imaging
