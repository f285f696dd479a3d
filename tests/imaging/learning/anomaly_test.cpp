#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <gmock/gmock.h>

#include "imaging/io/image_file.h"
#include "imaging/learning/anomaly.h"
#include "imaging/parallel/parallel_for.h"
#include "tests/imaging/learning/synthetic_head.h"

namespace bloch::imaging {
namespace {

using testing::HasSubstr;

ParameterSet anomaly_settings(std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"training-patches=300", "patch-mm=6", "qubits=5"});
  return *parse_settings(anomaly_parameters(), more);
}

NormalRegion whole() { return *parse_normal_region("all"); }

bool same_bits(const Volume& a, const Volume& b) {
  const auto left = a.samples<float>(), right = b.samples<float>();
  return left.size() == right.size() && std::memcmp(left.data(), right.data(), left.size_bytes()) == 0;
}

/// A file of this test's own that goes away with it.
class AnomalyFile {
 public:
  explicit AnomalyFile(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("bloch-anomaly-test-" + std::to_string(::getpid()) + "-" + name)) {}
  ~AnomalyFile() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class AnomalyOnSyntheticHead : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    head_ = new test::SyntheticHead(test::make_synthetic_head());
    training_ = new Result<AnomalyTraining>(train_anomaly(head_->volume, whole(), {}, anomaly_settings()));
    ASSERT_TRUE(*training_) << training_->error().message;
    scores_ = new Result<AnomalyScores>(score_anomaly(head_->volume, (*training_)->model, {}, head_->truth));
    ASSERT_TRUE(*scores_) << scores_->error().message;
  }
  static void TearDownTestSuite() {
    delete scores_;
    delete training_;
    delete head_;
  }
  static inline test::SyntheticHead* head_ = nullptr;
  static inline Result<AnomalyTraining>* training_ = nullptr;
  static inline Result<AnomalyScores>* scores_ = nullptr;
};

TEST_F(AnomalyOnSyntheticHead, BothTwinsFindTheImplantedBall) {
  EXPECT_GT(*(*scores_)->quantum.auc, 0.9);
  EXPECT_GT(*(*scores_)->classical.auc, 0.9);
  EXPECT_LE((*scores_)->quantum.auc_interval[0], *(*scores_)->quantum.auc);
  EXPECT_GE((*scores_)->quantum.auc_interval[1], *(*scores_)->quantum.auc);
  EXPECT_FALSE((*scores_)->verdict.empty());
  EXPECT_LE((*scores_)->roc_quantum.size(), 200U);
  EXPECT_EQ((*scores_)->roc_quantum.front(), (std::array<double, 2>{0, 0}));
  EXPECT_EQ((*scores_)->roc_quantum.back(), (std::array<double, 2>{1, 1}));
}

TEST_F(AnomalyOnSyntheticHead, TheMapIsAQuantileInsideTheMaskAndZeroOutside) {
  const auto map = (*scores_)->quantum.map.samples<float>();
  const auto image = head_->volume.samples<float>();
  std::size_t inside = 0, above_median = 0;
  for (std::size_t i = 0; i < map.size(); ++i) {
    ASSERT_GE(map[i], 0);
    ASSERT_LE(map[i], 1);
    if (map[i] == 0) continue;
    ++inside;
    above_median += map[i] > 0.5F;
    EXPECT_NE(image[i], 0);
  }
  EXPECT_EQ(inside, (*scores_)->voxels);
  // Normal is the whole mask, so half of it lies above the median of its own patches.
  EXPECT_NEAR(static_cast<double>(above_median) / static_cast<double>(inside), 0.5, 0.05);
}

TEST_F(AnomalyOnSyntheticHead, TheDiagnosticsDescribeTheGramMatrix) {
  for (const KernelDiagnostics* kernel : {&(*training_)->quantum, &(*training_)->classical}) {
    EXPECT_EQ(kernel->rows, 300);
    ASSERT_EQ(kernel->gram.size(), 90000U);
    EXPECT_FLOAT_EQ(kernel->gram[0], 1);
    EXPECT_EQ(kernel->gram[1], kernel->gram[300]);
    EXPECT_NEAR(kernel->off_diagonal_mean, 0.5, 0.1); // the rule looks at 200 of the 300
    EXPECT_EQ(kernel->eigenvalues.size(), 32U);
    EXPECT_GE(kernel->support, 30);
  }
  EXPECT_GT((*training_)->explained_variance, 0.5);
}

TEST_F(AnomalyOnSyntheticHead, AModelReadBackScoresTheSameBits) {
  const AnomalyFile file("model.json");
  ASSERT_TRUE(write_model(file.path(), (*training_)->model));
  const auto model = read_model(file.path());
  ASSERT_TRUE(model) << model.error().message;
  const auto again = score_anomaly(head_->volume, *model, {}, {});
  ASSERT_TRUE(again);
  EXPECT_TRUE(same_bits(again->quantum.map, (*scores_)->quantum.map));
  EXPECT_TRUE(same_bits(again->classical.map, (*scores_)->classical.map));
  EXPECT_FALSE(again->quantum.auc);
}

TEST_F(AnomalyOnSyntheticHead, TheThreadsChangeNoBit) {
  set_thread_count(1);
  const auto training = train_anomaly(head_->volume, whole(), {}, anomaly_settings());
  const auto one = score_anomaly(head_->volume, training->model, {}, head_->truth);
  set_thread_count(3);
  const auto three = score_anomaly(head_->volume, training->model, {}, head_->truth);
  set_thread_count(0);
  EXPECT_TRUE(same_bits(one->quantum.map, three->quantum.map));
  EXPECT_TRUE(same_bits(one->quantum.map, (*scores_)->quantum.map));
  EXPECT_EQ(one->quantum.auc_interval, three->quantum.auc_interval);
}

TEST_F(AnomalyOnSyntheticHead, AnotherSeedDrawsOtherPatches) {
  const auto other = train_anomaly(head_->volume, whole(), {}, anomaly_settings({"seed=7"}));
  EXPECT_NE(other->quantum.gram, (*training_)->quantum.gram);
}

TEST_F(AnomalyOnSyntheticHead, TheBallIsTheFirstFinding) {
  const auto findings = find_findings((*scores_)->quantum.map, (*scores_)->classical.map, 0.99, head_->truth);
  ASSERT_TRUE(findings);
  ASSERT_FALSE(findings->empty());
  EXPECT_EQ(findings->front().number, 1);
  EXPECT_TRUE(std::any_of(findings->begin(), findings->end(),
                          [](const Finding& finding) { return *finding.share_in_truth > 0.05; }));
  for (const Finding& finding : *findings) EXPECT_GE(finding.size_mm3, 20);
}

TEST_F(AnomalyOnSyntheticHead, EveryOtherVoxelComesCloseToEveryVoxel) {
  const auto training = train_anomaly(head_->volume, whole(), {}, anomaly_settings({"stride=2"}));
  const auto coarse = score_anomaly(head_->volume, training->model, {}, head_->truth);
  ASSERT_TRUE(coarse);
  EXPECT_EQ(coarse->voxels, (*scores_)->voxels);
  EXPECT_GT(*coarse->quantum.auc, 0.85);
}

TEST(Findings, ABoxHasItsSizeCentreAndPeaks) {
  VolumeGeometry geometry;
  geometry.size = {20, 20, 20};
  geometry.spacing_mm = {1, 2, 3};
  geometry.origin.mm = {5, 6, 7};
  std::vector<float> quantum(8000, 0.1F), classical(8000, 0.2F);
  std::vector<std::uint8_t> truth(8000);
  for (int z = 4; z < 6; ++z)
    for (int y = 10; y < 13; ++y)
      for (int x = 2; x < 6; ++x) quantum[static_cast<std::size_t>((z * 20 + y) * 20 + x)] = 0.97F;
  quantum[(4 * 20 + 10) * 20 + 2] = 0.99F;
  classical[(4 * 20 + 10) * 20 + 2] = 0.6F;
  for (std::size_t x = 0; x < 7; ++x) truth[(4 * 20 + 10) * 20 + x] = 1; // four voxels of the box
  truth[(5 * 20 + 12) * 20 + 5] = 1;                                     // and a fifth
  quantum[0] = 0.999F;                                                   // one voxel of 6 mm3: too small
  const auto findings =
      find_findings(Volume(geometry, quantum), Volume(geometry, classical), 0.95, LabelMap(geometry, truth));
  ASSERT_TRUE(findings);
  ASSERT_EQ(findings->size(), 1U);
  const Finding& finding = findings->front();
  EXPECT_DOUBLE_EQ(finding.size_mm3, 24 * 6);
  EXPECT_FLOAT_EQ(static_cast<float>(finding.peak_quantum), 0.99F);
  EXPECT_FLOAT_EQ(static_cast<float>(finding.peak_classical), 0.6F);
  EXPECT_TRUE(finding.centre.mm.isApprox(Eigen::Vector3d(5 + 3.5, 6 + 2 * 11, 7 + 3 * 4.5)));
  EXPECT_DOUBLE_EQ(*finding.share_in_truth, 5.0 / 24);
}

TEST(AnomalyRegions, AMirroredBallIsFoundAgainstTheOtherSide) {
  const auto head = test::make_synthetic_head();
  const auto training = train_anomaly(head.volume, *parse_normal_region("mirror"), {}, anomaly_settings());
  ASSERT_TRUE(training) << training.error().message;
  EXPECT_EQ(training->feature_names.back(), "asymmetry");
  const auto scores = score_anomaly(head.volume, training->model, {}, head.truth);
  EXPECT_GT(*scores->quantum.auc, 0.9);
  EXPECT_GT(*scores->classical.auc, 0.9);
}

TEST(AnomalyRegions, ABoxOfNormalTissueMakesTheRestOdd) {
  const auto head = test::make_synthetic_head();
  const auto training =
      train_anomaly(head.volume, *parse_normal_region("box=8,8,8,16,28,26"), {}, anomaly_settings());
  ASSERT_TRUE(training) << training.error().message;
  const auto scores = score_anomaly(head.volume, training->model, {}, head.truth);
  EXPECT_GT(*scores->classical.auc, 0.9);
}

TEST(AnomalyRegions, AnotherVolumeTeachesWhatIsNormal) {
  const auto head = test::make_synthetic_head(36, 2, 3), other = test::make_synthetic_head(36, 2, 11);
  NormalRegion normal;
  normal.kind = NormalRegion::Kind::other;
  normal.other = std::make_shared<const Volume>(other.volume);
  const auto training = train_anomaly(head.volume, normal, {}, anomaly_settings());
  ASSERT_TRUE(training);
  EXPECT_GT(*score_anomaly(head.volume, training->model, {}, head.truth)->quantum.auc, 0.9);
}

TEST(AnomalyMaps, EveryFeatureMapScores) {
  const auto head = test::make_synthetic_head(24, 3);
  for (const Parameter& parameter : anomaly_parameters()) {
    if (parameter.name != "map") continue;
    for (const std::string& map : parameter.choices) {
      const auto training = train_anomaly(head.volume, whole(), {},
                                          anomaly_settings({"map=" + map, "qubits=4", "training-patches=100"}));
      ASSERT_TRUE(training) << map << ": " << training.error().message;
      const auto scores = score_anomaly(head.volume, training->model, {}, head.truth);
      ASSERT_TRUE(scores) << map << ": " << scores.error().message;
      EXPECT_GT(*scores->quantum.auc, 0.5) << map;
    }
  }
}

TEST(AnomalyMaps, AConcentratedKernelIsSaid) {
  const auto head = test::make_synthetic_head(24, 3);
  const auto training = train_anomaly(head.volume, whole(), {},
                                      anomaly_settings({"bandwidth=10", "qubits=8", "entanglement=full"}));
  ASSERT_TRUE(training);
  EXPECT_THAT(training->warnings, testing::Contains(HasSubstr("concentrated")));
}

TEST(AnomalyRefusals, EachSaysWhatAndWhatToDo) {
  const auto head = test::make_synthetic_head(24, 3);
  const auto refusal = [&](const std::string& region, const std::optional<LabelMap>& mask,
                           std::vector<std::string> settings = {}) {
    const auto result =
        train_anomaly(head.volume, *parse_normal_region(region), mask, anomaly_settings(std::move(settings)));
    return result ? std::string() : result.error().message;
  };
  EXPECT_THAT(refusal("box=0,0,0,1,1,1", {}), HasSubstr("holds no voxel of the mask"));
  EXPECT_THAT(refusal("box=0,0,0,99,1,1", {}), HasSubstr("outside the image"));
  EXPECT_THAT(refusal("box=10,10,10,12,12,12", {}), HasSubstr("choose a larger region"));
  VolumeGeometry smaller;
  smaller.size = {4, 5, 6};
  EXPECT_THAT(refusal("all", LabelMap(smaller, std::vector<std::uint8_t>(120, 1))), HasSubstr("4 x 5 x 6"));
  EXPECT_THAT(
      refusal("all", LabelMap(head.volume.geometry(), std::vector<std::uint8_t>(head.volume.voxel_count(), 0))),
      HasSubstr("the mask is empty"));
  EXPECT_THAT(refusal("all", {}, {"features=intensity,texure"}), HasSubstr("texture"));
  EXPECT_THAT(refusal("all", {}, {"features=intensity"}), HasSubstr("choose fewer qubits or more features"));
  const Volume flat(smaller, std::vector<float>(120, 7.0F));
  EXPECT_THAT(train_anomaly(flat, whole(), {}, anomaly_settings()).error().message, HasSubstr("same value"));
  const Volume zero(smaller, std::vector<float>(120, 0.0F));
  EXPECT_THAT(train_anomaly(zero, whole(), {}, anomaly_settings()).error().message,
              HasSubstr("every voxel of the image is 0"));
}

TEST(AnomalyRefusals, AnUnknownMapOrRegionNamesWhatThereIs) {
  const std::vector<std::string> settings{"map=zzz"};
  EXPECT_THAT(parse_settings(anomaly_parameters(), settings).error().message, HasSubstr("zz"));
  for (const char* text : {"left", "box=1,2,3", "box=5,0,0,1,9,9", "box=a,b,c,d,e,f", "box=-1,0,0,1,1,1"}) {
    const auto region = parse_normal_region(text);
    ASSERT_FALSE(region) << text;
    EXPECT_EQ(region.error().kind, ErrorKind::invalid_parameter);
    EXPECT_THAT(region.error().message, HasSubstr("box=x0,y0,z0,x1,y1,z1"));
  }
}

TEST(AnomalyRefusals, ACancelledTrainingStops) {
  const Progress progress([](double, const std::string&) {});
  progress.cancel();
  const auto head = test::make_synthetic_head(24, 3);
  EXPECT_EQ(train_anomaly(head.volume, whole(), {}, anomaly_settings(), progress).error().kind,
            ErrorKind::cancelled);
}

TEST(AnomalyModelFile, WhatIsNoModelIsRefused) {
  const AnomalyFile file("bad.json");
  for (const char* text : {"", "{", "[]", "{\"format\":\"bloch-anomaly-model\"}",
                           "{\"format\":\"bloch-anomaly-model\",\"version\":1}",
                           "{\"format\":\"bloch-anomaly-model\",\"version\":1,\"settings\":3}"}) {
    std::ofstream(file.path()) << text;
    const auto model = read_model(file.path());
    ASSERT_FALSE(model) << text;
    EXPECT_EQ(model.error().kind, ErrorKind::malformed) << text;
  }
  EXPECT_EQ(read_model("/nowhere/model.json").error().kind, ErrorKind::not_found);
}

TEST(AnomalyOnRealData, LesionsOfMultipleSclerosisRankHigh) {
  const char* data = std::getenv("BLOCH_TEST_DATA");
  if (!data) GTEST_SKIP() << "BLOCH_TEST_DATA is not set";
  const std::filesystem::path folder = std::filesystem::path(data) / "lesions/ms_lesions_mni/patient07";
  const auto flair = read_image(folder / "FLAIR_N4_noneck_reduced_winsor_regtoFLAIR_brain_N4_regtoMNI.nii.gz");
  const auto gold = read_image(folder / "GOLD_STANDARD_N4_noneck_reduced_winsor_regtoFLAIR_regtoMNI.nii.gz");
  ASSERT_TRUE(flair && gold);
  std::vector<std::uint8_t> truth(gold->voxel_count());
  gold->visit([&](auto samples) {
    std::transform(samples.begin(), samples.end(), truth.begin(), [](auto value) { return value != 0; });
  });
  const std::vector<std::string> settings{"stride=4"};
  const auto training = train_anomaly(*flair, whole(), {}, *parse_settings(anomaly_parameters(), settings));
  ASSERT_TRUE(training);
  const auto scores = score_anomaly(*flair, training->model, {}, LabelMap(gold->geometry(), truth));
  ASSERT_TRUE(scores);
  EXPECT_GT(*scores->quantum.auc, 0.7);
  EXPECT_GT(*scores->classical.auc, 0.7);
}

} // namespace
} // namespace bloch::imaging
