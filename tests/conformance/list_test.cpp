// Every entry of every list: named by the field's rules, described, with defaults that pass their own checks.
#include "app/cli/lists.h"

#include <set>

#include <gtest/gtest.h>

#include "core/base/text.h"
#include "core/parameters/parameter_set.h"

namespace bloch::app {
namespace {

struct Named {
  std::string list;
  ListEntry entry;
};

std::vector<Named> every_entry() {
  std::vector<Named> entries;
  for (const List& list : lists())
    for (ListEntry& entry : list.entries()) entries.push_back({list.name, std::move(entry)});
  return entries;
}

std::string test_name(const ::testing::TestParamInfo<Named>& info) {
  std::string name = info.param.list + "_" + info.param.entry.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

class EveryEntry : public ::testing::TestWithParam<Named> {
 protected:
  const ListEntry& entry() const { return GetParam().entry; }
};

TEST_P(EveryEntry, HasANameInKebabCase) {
  if (GetParam().list == "gates") return; // OpenQASM names them
  for (const char c : entry().name)
    EXPECT_TRUE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                (c == ' ' && GetParam().list == "commands"))
        << entry().name;
}

TEST_P(EveryEntry, SaysWhatItIs) {
  EXPECT_GE(entry().summary.size(), GetParam().list == "gates" ? 3U : 15U) << entry().name;
}

TEST_P(EveryEntry, DescribesEverySetting) {
  std::set<std::string> names;
  for (const Parameter& parameter : entry().parameters) {
    EXPECT_TRUE(names.insert(parameter.name).second) << parameter.name << " twice";
    EXPECT_FALSE(parameter.label.empty()) << parameter.name;
    EXPECT_GE(parameter.help.size(), 10U) << parameter.name;
    EXPECT_EQ(parameter.name, lower_case(parameter.name));
    EXPECT_EQ(parameter.name.find('_'), std::string::npos) << parameter.name;
    EXPECT_LE(parameter.minimum, parameter.maximum) << parameter.name;
    if (parameter.scale == ParameterScale::logarithmic) {
      EXPECT_GE(parameter.minimum, 0) << parameter.name;
    }
  }
}

TEST_P(EveryEntry, HasDefaultsThatPassItsOwnChecks) {
  for (const Parameter& parameter : entry().parameters) {
    const auto checked = check_value(parameter, parameter.default_value);
    EXPECT_TRUE(checked) << (checked ? "" : checked.error().message);
  }
}

TEST_P(EveryEntry, ReadsItsDefaultsFromTheirText) {
  for (const Parameter& parameter : entry().parameters) {
    const auto value = parse_value(parameter, to_text(parameter.default_value));
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(*value, parameter.default_value) << parameter.name;
  }
}

TEST_P(EveryEntry, ReadsItsDefaultsFromJson) {
  const auto defaults = with_defaults(entry().parameters, {});
  ASSERT_TRUE(defaults);
  const auto back = parameter_set_from_json(entry().parameters, to_json(*defaults));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, *defaults);
}

TEST_P(EveryEntry, DependsOnlyOnSettingsThatExist) {
  for (const Parameter& parameter : entry().parameters) {
    if (parameter.enabled_by.empty()) continue;
    bool found = false;
    for (const Parameter& other : entry().parameters) found = found || other.name == parameter.enabled_by;
    EXPECT_TRUE(found) << parameter.name << " depends on " << parameter.enabled_by;
  }
}

INSTANTIATE_TEST_SUITE_P(Lists, EveryEntry, ::testing::ValuesIn(every_entry()), test_name);

TEST(Lists, HaveNoNameTwice) {
  for (const List& list : lists()) {
    std::set<std::string> names;
    for (const ListEntry& entry : list.entries())
      EXPECT_TRUE(names.insert(entry.name).second) << list.name << ": " << entry.name;
    EXPECT_FALSE(names.empty()) << list.name;
  }
}

} // namespace
} // namespace bloch::app
