#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <gmock/gmock.h>

#include "imaging/radiomics/normal_score.h"
#include "imaging/radiomics/patch_features.h"
#include "imaging/radiomics/symmetry_plane.h"
#include "tests/imaging/learning/synthetic_head.h"

namespace bloch::imaging {
namespace {

/// A feature volume whose grey values are the function's, not ranks: for closed forms.
FeatureVolume plain_volume(int size, double patch_mm, const std::function<float(int, int, int)>& value) {
  VolumeGeometry geometry;
  geometry.size = {size, size, size};
  std::vector<float> samples(geometry.voxel_count());
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i);
  auto volume =
      *make_feature_volume(Volume(geometry, samples), std::vector<std::uint8_t>(samples.size(), 1), patch_mm);
  for (int z = 0; z < size; ++z)
    for (int y = 0; y < size; ++y)
      for (int x = 0; x < size; ++x)
        volume.intensity[volume.offset(x - volume.first[0], y - volume.first[1], z - volume.first[2])] =
            value(x, y, z);
  return volume;
}

std::map<std::string, double> features_at(const FeatureVolume& volume, const std::string& families, int x,
                                          int y, int z) {
  const auto features = PatchFeatures::make(volume, *find_feature_families(families));
  std::vector<double> values(features->names().size());
  PatchFeatures::Scratch scratch;
  features->compute(volume.offset(x - volume.first[0], y - volume.first[1], z - volume.first[2]), scratch,
                    values);
  std::map<std::string, double> result;
  for (std::size_t i = 0; i < values.size(); ++i) result[features->names()[i]] = values[i];
  return result;
}

TEST(NormalScore, MatchesTheErrorFunction) {
  for (double p = 1e-12; p < 1; p = p < 0.01 ? p * 3 : p + 0.01)
    EXPECT_NEAR(std::erfc(-normal_quantile(p) / std::sqrt(2.0)) / 2, p, 1e-13 + 1e-12 * p);
  EXPECT_EQ(normal_quantile(0.5), 0);
}

TEST(NormalScore, TiesShareTheirMiddle) {
  const auto scores = normal_scores(std::vector<float>{5, 1, 5, 9});
  EXPECT_FLOAT_EQ(scores[0], 0);
  EXPECT_FLOAT_EQ(scores[0], scores[2]);
  EXPECT_FLOAT_EQ(scores[1], -scores[3]);
}

TEST(PatchFeatures, ARampHasItsSlopeAndOneDirection) {
  const auto volume =
      plain_volume(11, 4, [](int x, int y, int) { return static_cast<float>(0.3 * x + 0.4 * y); });
  const auto found = features_at(volume, "statistics,gradient,intensity", 5, 5, 5);
  EXPECT_NEAR(found.at("intensity"), 3.5, 1e-5);
  EXPECT_NEAR(found.at("mean"), 3.5, 1e-5);
  EXPECT_NEAR(found.at("deviation"), std::sqrt(2 * (0.09 + 0.16)), 1e-5); // variance of -2..2 is 2
  EXPECT_NEAR(found.at("skewness"), 0, 1e-5);
  EXPECT_NEAR(found.at("gradient-magnitude"), 0.5, 1e-5);
  EXPECT_NEAR(found.at("gradient-coherence"), 1, 1e-5);
}

TEST(PatchFeatures, GradientsAreInMillimetresAndOneSidedAtTheEdge) {
  const auto volume = plain_volume(9, 4, [](int x, int, int) { return static_cast<float>(2 * x); });
  const auto found = features_at(volume, "gradient", 0, 0, 0);
  EXPECT_NEAR(found.at("gradient-magnitude"), 2, 1e-5);
}

TEST(PatchFeatures, PercentilesAndRankOfAKnownPatch) {
  const auto volume = plain_volume(
      9, 2, [](int x, int y, int z) { return static_cast<float>((x - 3) + 3 * (y - 3) + 9 * (z - 3)); });
  const auto found = features_at(volume, "percentiles", 4, 4, 4); // 3 x 3 x 3 patch holds 0 … 26
  EXPECT_NEAR(found.at("percentile-10"), 2.6, 1e-5);
  EXPECT_NEAR(found.at("percentile-50"), 13, 1e-5);
  EXPECT_NEAR(found.at("percentile-90"), 23.4, 1e-5);
  EXPECT_NEAR(found.at("rank"), 0.5, 1e-9);
}

TEST(PatchFeatures, ACheckerboardsCooccurrenceIsCountedByHand) {
  const auto volume =
      plain_volume(9, 2, [](int x, int y, int z) { return static_cast<float>((x + y + z) % 2); });
  const auto found = features_at(volume, "texture", 4, 4, 4);
  // Two levels, 0 and 7. A step to a neighbour changes the level when it moves along 1 or 3 axes: 3 x 18 and 4
  // x 8 pairs of a 3 x 3 x 3 patch; along 2 axes, 6 x 12 pairs, it does not.
  const double unlike = 3 * 18 + 4 * 8, alike = 6 * 12, all = unlike + alike;
  EXPECT_NEAR(found.at("texture-contrast"), 49 * unlike / all, 1e-9);
  EXPECT_NEAR(found.at("texture-homogeneity"), (alike + unlike / 50) / all, 1e-9);
  double low = 0; // pairs of the lower level among those alike
  for (int z = 0; z < 3; ++z)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 3; ++x)
        for (const auto& [dx, dy, dz] : std::vector<std::array<int, 3>>{
                 {1, 1, 0}, {-1, 1, 0}, {1, 0, 1}, {-1, 0, 1}, {0, 1, 1}, {0, -1, 1}}) {
          const int a = x + dx, b = y + dy, c = z + dz;
          if (a < 0 || b < 0 || c < 0 || a > 2 || b > 2 || c > 2) continue;
          low += (x + y + z + 3 * 3) % 2 == 0; // the patch starts at voxel 3, 3, 3
        }
  const double high = alike - low;
  const auto part = [&](double share) { return share > 0 ? -share * std::log2(share) : 0; };
  EXPECT_NEAR(found.at("texture-entropy"), part(low / all) + part(high / all) + 2 * part(unlike / 2 / all),
              1e-9);
}

TEST(PatchFeatures, AFlatVolumeHasNoTextureBlobsOrAsymmetry) {
  const auto volume = plain_volume(13, 4, [](int, int, int) { return 1.5F; });
  const auto found = features_at(volume, "statistics,texture,blobs,asymmetry,gradient", 6, 6, 6);
  EXPECT_NEAR(found.at("deviation"), 0, 1e-6);
  EXPECT_NEAR(found.at("texture-contrast"), 0, 1e-9);
  EXPECT_NEAR(found.at("texture-homogeneity"), 1, 1e-9);
  EXPECT_NEAR(found.at("texture-entropy"), 0, 1e-9);
  for (const char* name :
       {"blob-small", "blob-middle", "blob-large", "asymmetry", "gradient-magnitude", "gradient-coherence"})
    EXPECT_NEAR(found.at(name), 0, 1e-5) << name;
}

TEST(PatchFeatures, ABrightPointIsABlobAndAsymmetric) {
  const auto volume = plain_volume(21, 4, [](int x, int y, int z) {
    return 0.3F * static_cast<float>(std::abs(x - 10)) + (x == 6 && y == 10 && z == 10 ? 10.0F : 0.0F);
  });
  const auto here = features_at(volume, "blobs,asymmetry", 6, 10, 10),
             there = features_at(volume, "asymmetry", 14, 10, 10);
  EXPECT_GT(here.at("blob-small"), 0.3);
  EXPECT_GT(here.at("asymmetry"), 0.05);
  EXPECT_NEAR(here.at("asymmetry"), -there.at("asymmetry"), 0.3 * here.at("asymmetry"));
}

TEST(PatchFeatures, DepthCountsFromTheEdgeOfTheMask) {
  const auto volume = plain_volume(9, 2, [](int x, int, int) { return static_cast<float>(x); });
  EXPECT_NEAR(features_at(volume, "depth", 0, 4, 4).at("depth"), 1, 1e-5);
  EXPECT_NEAR(features_at(volume, "depth", 4, 4, 4).at("depth"), 5, 1e-5);
}

TEST(PatchFeatures, EveryFamilyGivesFiniteNamedNumbersEverywhere) {
  const auto head = test::make_synthetic_head(20, 3);
  const auto bytes = [&] {
    std::vector<std::uint8_t> mask(head.volume.voxel_count());
    const auto samples = head.volume.samples<float>();
    for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = samples[i] != 0;
    return mask;
  }();
  const auto volume = make_feature_volume(head.volume, bytes, 6);
  ASSERT_TRUE(volume);
  std::set<std::string> names;
  for (const PatchFeatureFamily& family : patch_feature_families()) {
    EXPECT_FALSE(family.summary.empty());
    const PatchFeatureFamily* one[] = {&family};
    const auto features = PatchFeatures::make(*volume, one);
    ASSERT_TRUE(features) << family.name;
    for (const std::string& name : family.outputs) EXPECT_TRUE(names.insert(name).second) << name;
    PatchFeatures::Scratch scratch;
    std::vector<double> values(family.outputs.size());
    for (std::size_t i = 0; i < volume->mask.size(); i += 7) {
      if (!volume->mask[i]) continue;
      features->compute(i, scratch, values);
      for (const double value : values) ASSERT_TRUE(std::isfinite(value)) << family.name;
    }
  }
}

TEST(PatchFeatures, ASingleSliceHasFlatPatches) {
  VolumeGeometry geometry;
  geometry.size = {12, 12, 1};
  std::vector<float> samples(144);
  for (std::size_t i = 0; i < 144; ++i) samples[i] = static_cast<float>(i * i % 37);
  const auto volume = make_feature_volume(Volume(geometry, samples), std::vector<std::uint8_t>(144, 1), 4);
  ASSERT_TRUE(volume);
  EXPECT_EQ(volume->half, (std::array<int, 3>{2, 2, 0}));
  EXPECT_EQ(volume->patch.size(), 25U);
  EXPECT_NEAR(features_at(*volume, "depth", 5, 5, 0).at("depth"), 6, 1e-5);
}

TEST(PatchFeatures, AnUnknownFamilyNamesTheNearest) {
  const auto families = find_feature_families("intensity,textur");
  ASSERT_FALSE(families);
  EXPECT_THAT(families.error().message, testing::HasSubstr("texture"));
  EXPECT_FALSE(find_feature_families("depth,depth"));
}

TEST(SymmetryPlane, FindsATiltedAndShiftedMirror) {
  // Two-tissue ellipsoid, mirror plane tilted by 0.05 rad, with symmetric off-centre balls that tell the axes
  // apart.
  VolumeGeometry geometry;
  geometry.size = {40, 44, 40};
  geometry.spacing_mm = Eigen::Vector3d::Constant(2);
  geometry.origin.mm = {-37, -44, -40};
  SymmetryPlane truth;
  truth.normal = Eigen::Vector3d(1, 0.05, 0.03).normalized();
  truth.offset_mm = 2;
  std::vector<float> samples(geometry.voxel_count());
  std::vector<std::uint8_t> mask(samples.size());
  std::size_t i = 0;
  for (int z = 0; z < 40; ++z)
    for (int y = 0; y < 44; ++y)
      for (int x = 0; x < 40; ++x, ++i) {
        const WorldPoint point = geometry.to_world(VoxelIndex{Eigen::Vector3d(x, y, z)});
        const double side = std::abs(truth.normal.dot(point.mm) - truth.offset_mm);
        mask[i] = std::pow(side / 28, 2) + std::pow(point.mm[1] / 36, 2) + std::pow(point.mm[2] / 32, 2) < 1;
        samples[i] = static_cast<float>(
            10 * std::exp(-std::pow((side - 12) / 6, 2) - std::pow((point.mm[1] - 10) / 12, 2)) + side / 10 +
            0.02 * point.mm[2]);
      }
  const auto volume = make_feature_volume(Volume(geometry, samples), mask, 4);
  ASSERT_TRUE(volume);
  const SymmetryPlane found = find_symmetry_plane(*volume);
  EXPECT_GT(found.normal.dot(truth.normal), std::cos(0.02));
  EXPECT_NEAR(found.offset_mm, truth.offset_mm, 0.7);
  EXPECT_GT(found.correlation, 0.9);
}

} // namespace
} // namespace bloch::imaging
