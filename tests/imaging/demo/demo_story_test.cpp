#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "imaging/demo/demo_story.h"
#include "imaging/demo/picture.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

DemoStoryRequest small_story() {
  DemoStoryRequest request;
  request.study.source = DemoSource::analytic;
  request.study.matrix = 96;
  request.study.spacing_mm = 2.5;
  request.study.slices = 60;
  request.study.kspace_slices = 4;
  request.study.coils = 4;
  request.study.acceleration = 3;
  request.anomaly.set("training-patches", 100LL);
  request.anomaly.set("qubits", 4LL);
  request.anomaly.set("stride", 2LL);
  return request;
}

std::string text_of(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  EXPECT_TRUE(bytes) << path;
  return bytes ? std::string(bytes->begin(), bytes->end()) : std::string();
}

TEST(DemoTest, WritesStudyMapsMetricsAndASelfContainedReport) {
  const tests::TemporaryFolder folder;
  const auto story = run_demo(folder / "demo", small_story());
  ASSERT_TRUE(story) << story.error().message;

  const auto truth = read_image(story->study.truth);
  ASSERT_TRUE(truth);
  EXPECT_TRUE(truth->geometry().matches(story->study.volume.geometry()));
  const auto files = std::distance(std::filesystem::directory_iterator(story->study.series), {});
  EXPECT_EQ(files, 60);

  const auto kspace = read_kspace(story->study.kspace);
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->size(), (KSpaceSize{96, 96, 1, 4, 4}));
  ASSERT_TRUE(kspace->geometry);
  EXPECT_TRUE(kspace->geometry->matches(story->study.kspace_reference.geometry(), 1e-3));
  EXPECT_NE(kspace->simulated.find("simulated"), std::string::npos);

  const auto json = nlohmann::json::parse(text_of(folder / "demo/metrics.json"));
  ASSERT_EQ(json["reconstructions"].size(), 3U);
  const auto nrmse = [&](std::size_t i) {
    return json["reconstructions"][i]["metrics"]["nrmse"].get<double>();
  };
  EXPECT_LT(nrmse(1), nrmse(0));
  EXPECT_LT(nrmse(2), nrmse(0));
  EXPECT_TRUE(json["anomaly"]["quantum"]["auc"].is_number());
  EXPECT_TRUE(json["anomaly"]["classical"]["auc"].is_number());

  const std::string report = text_of(folder / "demo/report.html");
  EXPECT_NE(report.find("NOT FOR DIAGNOSTIC USE"), std::string::npos);
  EXPECT_NE(report.find("data:image/png;base64,"), std::string::npos);
  EXPECT_EQ(report.find("http://"), std::string::npos);
  EXPECT_EQ(report.find("https://"), std::string::npos);
}

TEST(DemoTest, LeavesNothingBehindWhenStopped) {
  const tests::TemporaryFolder folder;
  Progress progress([](double, const std::string&) {});
  progress.cancel();
  const auto study = make_demo_study(folder / "demo", small_story().study, progress);
  ASSERT_FALSE(study);
  EXPECT_EQ(study.error().kind, ErrorKind::cancelled);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(DemoTest, RefusesAFolderThatHoldsSomething) {
  const tests::TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "demo/mine.txt", std::string_view("mine")));
  EXPECT_EQ(run_demo(folder / "demo", small_story()).error().kind, ErrorKind::not_writable);
}

TEST(DemoTest, UnknownSourceNamesTheNearest) {
  const auto source = parse_demo_source("colin");
  ASSERT_FALSE(source);
  EXPECT_NE(source.error().message.find("colin27"), std::string::npos);
}

TEST(PictureTest, GreyLevelsRunFromBlackToWhite) {
  VolumeGeometry geometry;
  geometry.size = {3, 1, 1};
  const Volume volume(geometry, std::vector<std::int16_t>{0, 50, 100});
  const Picture picture = draw_slice(volume, {0, 0, 0, 2, 0}, 0, 100, 1);
  EXPECT_EQ(picture.at(0, 0), (Rgb{0, 0, 0}));
  EXPECT_EQ(picture.at(1, 0), (Rgb{128, 128, 128}));
  EXPECT_EQ(picture.at(2, 0), (Rgb{255, 255, 255}));
}

TEST(PictureTest, Base64IsThatOfTheStandard) {
  // RFC 4648, section 10.
  const auto of = [](std::string_view text) { return to_base64({text.begin(), text.end()}); };
  EXPECT_EQ(of(""), "");
  EXPECT_EQ(of("f"), "Zg==");
  EXPECT_EQ(of("fo"), "Zm8=");
  EXPECT_EQ(of("foo"), "Zm9v");
  EXPECT_EQ(of("foobar"), "Zm9vYmFy");
}

TEST(PictureTest, PngStartsWithItsSignatureAndSaysItsSize) {
  const auto png = to_png(Picture(5, 3));
  ASSERT_TRUE(png);
  EXPECT_EQ((std::vector<std::uint8_t>(png->begin(), png->begin() + 8)),
            (std::vector<std::uint8_t>{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}));
  EXPECT_EQ((*png)[19], 5);
  EXPECT_EQ((*png)[23], 3);
}

} // namespace
} // namespace bloch::imaging
