#include "core/base/text.h"

#include <gtest/gtest.h>

namespace bloch {
namespace {

const std::vector<std::string> methods = {"zero-filled", "cg-sense", "l1-wavelet", "tv"};

TEST(NearestName, FindsASlipOfTheHand) {
  EXPECT_EQ(nearest_name("cg-sens", methods), "cg-sense");
  EXPECT_EQ(nearest_name("l1wavelet", methods), "l1-wavelet");
  EXPECT_EQ(nearest_name("zerofilled", methods), "zero-filled");
}

TEST(NearestName, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("banana-split", methods), std::nullopt);
}

TEST(Suggestion, ListsWhatThereIsWhenNothingIsNear) {
  EXPECT_EQ(suggestion("banana-split", methods), "; known: zero-filled, cg-sense, l1-wavelet, tv");
  EXPECT_EQ(suggestion("tvv", methods), ", did you mean 'tv'?");
}

TEST(ToNumber, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(to_number("0.008"), 0.008);
  EXPECT_EQ(to_number("-1e-3"), -0.001);
  EXPECT_FALSE(to_number("4x"));
  EXPECT_FALSE(to_number(""));
  EXPECT_FALSE(to_number("nan"));
  EXPECT_FALSE(to_number("inf"));
  EXPECT_FALSE(to_number(" 1"));
}

TEST(ToText, WritesTheShortestNumberThatReadsBack) {
  EXPECT_EQ(to_text(0.008), "0.008");
  EXPECT_EQ(to_text(4.0), "4");
  for (const double number : {0.1 + 0.2, 1.0 / 3, 1e-300, 123456789.123})
    EXPECT_EQ(to_number(to_text(number)), number);
}

TEST(Split, KeepsEmptyParts) { EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"})); }

} // namespace
} // namespace bloch
