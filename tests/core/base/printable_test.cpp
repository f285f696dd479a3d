#include "core/base/printable.h"

#include <gtest/gtest.h>

namespace bloch {
namespace {

TEST(Printable, LeavesTextOfAnyScriptAsItIs) {
  const std::string text = "Müller^Jürgen=山田^太郎 – 𝛼 ± 3 …";
  EXPECT_EQ(printable(text), text);
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, TakesControlsOut) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\uFFFD[31mb");
  EXPECT_EQ(printable(std::string("a\0b\x7f", 4)), "a\uFFFDb\uFFFD");
  EXPECT_EQ(printable("a\u009b31mb\u0085"), "a\uFFFD31mb\uFFFD");
  EXPECT_EQ(printable("a\u00a0b"), "a\u00a0b");
}

TEST(Printable, IsOneLineUnlessLinesAreWanted) {
  EXPECT_EQ(printable("a\nb\tc\r\nd"), "a b c  d");
  EXPECT_EQ(printable("a\nb\x1b\n", LineEnds::kept), "a\nb\uFFFD\n");
}

TEST(Printable, TakesBytesOutThatAreNoCharacters) {
  EXPECT_EQ(printable("a\x9b"
                      "b"),
            "a\uFFFDb");
  EXPECT_EQ(printable("\xc0\x9b"), "\uFFFD\uFFFD");           // an overlong escape
  EXPECT_EQ(printable("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD"); // half of a pair
  EXPECT_EQ(printable("caf\xe9"), "caf\uFFFD");
}

} // namespace
} // namespace bloch
