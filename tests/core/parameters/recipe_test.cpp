#include "core/parameters/recipe.h"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace bloch {
namespace {
namespace fs = std::filesystem;

Recipe example_recipe() {
  Recipe recipe;
  recipe.command = "recon";
  recipe.algorithm = "l1-wavelet";
  recipe.parameters = R"({"iterations":30,"lambda":"auto"})";
  recipe.inputs = {{"input", "ksp.npy", "abc"}, {"mask", "mask.npy", "def"}};
  recipe.options = {{"undersample", "random,accel=4"}};
  recipe.seed = 7;
  recipe.threads = 2;
  recipe.version = "0.1.0";
  recipe.output = "brain.nii.gz";
  return recipe;
}

TEST(Recipe, ReadsBackAsItWasWritten) {
  const auto back = recipe_from_json(to_json(example_recipe()));
  ASSERT_TRUE(back);
  EXPECT_EQ(to_json(*back), to_json(example_recipe()));
}

TEST(Recipe, RefusesWhatIsNotARecipe) {
  EXPECT_FALSE(recipe_from_json("{}"));
  EXPECT_FALSE(recipe_from_json("nonsense"));
  EXPECT_FALSE(recipe_from_json(R"({"bloch":"recipe","command":3,"inputs":[]})"));
  EXPECT_FALSE(recipe_from_json(R"({"bloch":"recipe","command":"recon","inputs":[{"role":"x"}]})"));
}

TEST(RecipePath, LiesBesideTheResult) {
  EXPECT_EQ(recipe_path("out/brain.nii.gz"), fs::path("out/brain.nii.gz.recipe.json"));
  EXPECT_EQ(recipe_path("out/series/"), fs::path("out/series.recipe.json"));
}

TEST(DescribeInput, NamesAFolderByTheContentOfItsFilesAlone) {
  const fs::path base = fs::temp_directory_path() / ("bloch-recipe-test-" + std::to_string(::getpid()));
  fs::create_directories(base / "one" / "deep");
  fs::create_directories(base / "two");
  std::ofstream(base / "one" / "a") << "A";
  std::ofstream(base / "one" / "deep" / "b") << "B";
  std::ofstream(base / "two" / "x") << "B";
  std::ofstream(base / "two" / "y") << "A";
  const auto one = describe_input("input", base / "one");
  const auto two = describe_input("input", base / "two");
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->sha256, two->sha256);
  EXPECT_EQ(one->name, "one");
  std::ofstream(base / "two" / "y") << "C";
  EXPECT_NE(describe_input("input", base / "two")->sha256, one->sha256);
  fs::remove_all(base);
}

TEST(DescribeInput, SaysWhenThereIsNoFile) {
  EXPECT_EQ(describe_input("input", "no/such/file").error().kind, ErrorKind::not_found);
}

} // namespace
} // namespace bloch
