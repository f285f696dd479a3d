#include "core/parameters/fields.h"

#include <gtest/gtest.h>

namespace bloch {
namespace {

struct Example {
  bool restart = true;
  int iterations = 30;
  double bandwidth = 1.5;
  std::optional<double> lambda;
  std::string wavelet = "db2";
  std::string note;
  std::filesystem::path file = "maps.cfl";
  std::vector<double> weights = {1, 2};
};

const Fields<Example>& example_fields() {
  static const Fields<Example> fields =
      Fields<Example>()
          .add("restart", &Example::restart, {.label = "restart", .help = "restarts"})
          .add("iterations", &Example::iterations,
               {.label = "iterations", .help = "steps", .minimum = 1, .maximum = 1000})
          .add("bandwidth", &Example::bandwidth,
               {.label = "bandwidth", .help = "c", .minimum = 0.001, .scale = ParameterScale::logarithmic})
          .add("lambda", &Example::lambda, {.label = "lambda", .help = "weight", .minimum = 0})
          .add("wavelet", &Example::wavelet,
               {.label = "wavelet", .help = "which", .choices = {"db2", "db4", "haar"}})
          .add("note", &Example::note, {.label = "note", .help = "text"})
          .add("file", &Example::file, {.label = "file", .help = "maps", .formats = {".cfl"}})
          .add("weights", &Example::weights, {.label = "weights", .help = "list"});
  return fields;
}

std::string refusal(std::vector<std::string> settings) {
  const auto set = parse_settings(example_fields().parameters(), settings);
  return set ? std::string() : set.error().message;
}

TEST(Fields, TakeDefaultsFromTheMemberInitialisers) {
  const auto example = example_fields().from({});
  ASSERT_TRUE(example);
  EXPECT_EQ(example->iterations, 30);
  EXPECT_FALSE(example->lambda);
  EXPECT_EQ(example->wavelet, "db2");
  EXPECT_EQ(to_text(example_fields().parameters()[3].default_value), "auto");
}

TEST(Fields, GiveEachMemberItsKind) {
  const auto& parameters = example_fields().parameters();
  const std::vector<ParameterKind> kinds = {
      ParameterKind::boolean, ParameterKind::integer, ParameterKind::real, ParameterKind::real_or_auto,
      ParameterKind::choice,  ParameterKind::text,    ParameterKind::file, ParameterKind::real_list};
  ASSERT_EQ(parameters.size(), kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) EXPECT_EQ(parameters[i].kind, kinds[i]) << parameters[i].name;
}

TEST(Fields, ReadEverySettingAsTheCommandLineWritesIt) {
  const std::vector<std::string> settings = {"restart=false", "iterations=12",   "bandwidth=0.3",
                                             "lambda=0.008",  "wavelet=db4",     "note=a=b",
                                             "file=x.cfl",    "weights=0.5,1e-3"};
  const auto set = parse_settings(example_fields().parameters(), settings);
  ASSERT_TRUE(set);
  const auto example = example_fields().from(*set);
  ASSERT_TRUE(example);
  EXPECT_FALSE(example->restart);
  EXPECT_EQ(example->iterations, 12);
  EXPECT_EQ(example->bandwidth, 0.3);
  EXPECT_EQ(example->lambda, 0.008);
  EXPECT_EQ(example->wavelet, "db4");
  EXPECT_EQ(example->note, "a=b");
  EXPECT_EQ(example->file, "x.cfl");
  EXPECT_EQ(example->weights, (std::vector<double>{0.5, 1e-3}));
}

TEST(Fields, SurviveTheWayThroughJson) {
  Example example;
  example.lambda = 0.1;
  example.iterations = 7;
  example.weights = {3};
  const ParameterSet set = example_fields().to_set(example);
  const auto back = parameter_set_from_json(example_fields().parameters(), to_json(set));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, set);
}

TEST(Settings, NameTheNearestKey) {
  EXPECT_EQ(refusal({"iteration=3"}), "there is no setting 'iteration', did you mean 'iterations'?");
}

TEST(Settings, SayTheRangeThatWasLeft) {
  EXPECT_EQ(refusal({"iterations=0"}), "'iterations' is 0 but must be from 1 to 1000");
  EXPECT_EQ(refusal({"lambda=-1"}), "'lambda' is -1 but must be at least 0");
}

TEST(Settings, RefuseWhatIsNotOfTheirKind) {
  EXPECT_NE(refusal({"iterations=3.5"}), "");
  EXPECT_NE(refusal({"lambda=many"}), "");
  EXPECT_NE(refusal({"restart=perhaps"}), "");
  EXPECT_NE(refusal({"weights=1,x"}), "");
  EXPECT_NE(refusal({"bandwidth"}), "");
  EXPECT_EQ(refusal({"wavelet=db3"}), "'wavelet' cannot be 'db3', did you mean 'db2'?");
}

TEST(Settings, FromJsonRefuseUnknownKeysAndWrongTypes) {
  EXPECT_FALSE(parameter_set_from_json(example_fields().parameters(), R"({"lamda": 1})"));
  EXPECT_FALSE(parameter_set_from_json(example_fields().parameters(), R"({"iterations": "many"})"));
  EXPECT_FALSE(parameter_set_from_json(example_fields().parameters(), "[1]"));
  EXPECT_FALSE(parameter_set_from_json(example_fields().parameters(), "{"));
}

} // namespace
} // namespace bloch
