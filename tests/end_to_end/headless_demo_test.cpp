// packaging/headless-demo.sh around programs that only write what they were asked for.
#include <fstream>

#include <gtest/gtest.h>

#include "tests/imaging/dicom/programs.h"

namespace bloch::end_to_end {
namespace {

namespace fs = std::filesystem;

void write_program(const fs::path& path, const std::string& lines) {
  std::ofstream(path) << "#!/bin/sh\nset -e\n" << lines;
  fs::permissions(path, fs::perms::owner_all);
}

/// A folder with a program that writes the story, one that takes the pictures, and what may be replaced.
class HeadlessDemo : public testing::Test {
 protected:
  void SetUp() override {
    if (!tests::has_program("xvfb-run")) GTEST_SKIP() << "xvfb-run is not installed";
    write_program(folder / "cli", "mkdir -p \"$3\"; touch \"$3/report.html\"; echo \"$3/report.html\"\n");
    write_program(folder / "window", "mkdir -p \"$3\"; touch \"$3/read.png\"; echo \"$3/read.png\"\n");
  }
  std::string run() const {
    return imaging::output_of("'" BLOCH_SOURCE_DIR "/packaging/headless-demo.sh' '" +
                              (folder / "cli").string() + "' '" + (folder / "window").string() + "' '" +
                              demo.string() + "/'");
  }

  tests::TemporaryFolder folder;
  fs::path demo = folder / "my demo";
};

TEST_F(HeadlessDemo, NamesOnlyFilesThatAreThere) {
  const std::string said = run();
  EXPECT_TRUE(fs::exists(demo / "story" / "report.html")) << said;
  EXPECT_TRUE(fs::exists(demo / "pictures" / "read.png")) << said;
  EXPECT_NE(said.find(demo.string() + "/story/report.html\nbloch: report"), std::string::npos) << said;
  EXPECT_NE(said.find(demo.string() + "/pictures/read.png"), std::string::npos) << said;
  EXPECT_EQ(said.find(".new"), std::string::npos) << said;
}

TEST_F(HeadlessDemo, ReplacesAnEarlierDemoAndNothingElse) {
  fs::create_directories(demo);
  EXPECT_NE(run().find("bloch: report"), std::string::npos) << "an empty folder is free";
  EXPECT_NE(run().find("bloch: report"), std::string::npos) << "an earlier demo is replaced";
  fs::remove(demo / "story" / "report.html");
  const std::string said = run();
  EXPECT_NE(said.find("bloch: error: "), std::string::npos) << said;
  EXPECT_TRUE(fs::exists(demo / "pictures" / "read.png")) << said;
}

} // namespace
} // namespace bloch::end_to_end
