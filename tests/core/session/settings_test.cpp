#include "core/session/settings.h"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace bloch {
namespace {
namespace fs = std::filesystem;

class SettingsTest : public ::testing::Test {
 protected:
  fs::path path_ = fs::temp_directory_path() / ("bloch-settings-" + std::to_string(::getpid()) + ".json");
  void TearDown() override {
    fs::remove(path_);
    ::unsetenv("BLOCH_THREADS");
  }
};

TEST_F(SettingsTest, AreDefaultsWithoutAFile) {
  const auto settings = Settings::load(path_);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->theme, "dark");
}

TEST_F(SettingsTest, ReadBackAsTheyWereSaved) {
  Settings settings;
  settings.threads = 3;
  settings.remember("/data/a");
  settings.remember("/data/b");
  settings.remember("/data/a");
  settings.window["geometry"] = "abc";
  ASSERT_TRUE(settings.save(path_));
  const auto back = Settings::load(path_);
  ASSERT_TRUE(back);
  EXPECT_EQ(to_json(*back), to_json(settings));
  EXPECT_EQ(back->recent, (std::vector<std::string>{"/data/a", "/data/b"}));
}

TEST_F(SettingsTest, TakeTheEnvironmentBeforeTheFile) {
  Settings settings;
  settings.threads = 3;
  ASSERT_TRUE(settings.save(path_));
  ::setenv("BLOCH_THREADS", "5", 1);
  EXPECT_EQ(Settings::load(path_)->threads, 5);
}

TEST_F(SettingsTest, RefuseABrokenFileByName) {
  std::ofstream(path_) << "{ not json";
  const auto settings = Settings::load(path_);
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().message.find(path_.filename().string()), std::string::npos);
}

} // namespace
} // namespace bloch
