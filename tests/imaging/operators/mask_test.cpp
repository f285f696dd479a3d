#include <cmath>
#include <cstdlib>
#include <fstream>
#include <tuple>

#include <gtest/gtest.h>

#include "imaging/operators/mask.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

std::vector<int> kept_lines(const SamplingMask& mask) {
  std::vector<int> lines;
  for (int y = 0; y < mask.ky(); ++y)
    if (mask.at(0, y, 0)) lines.push_back(y);
  return lines;
}

std::vector<int> lines_of(const char* kind, int lines, double accel, int acs, int seed) {
  const auto mask = make_mask({lines, lines, 1}, {kind, accel, acs, seed});
  return mask ? kept_lines(*mask) : std::vector<int>{};
}

TEST(masks, random_lines_are_those_of_fastmri) {
  // RandomMaskFunc's formula run in NumPy with RandomState(seed).
  EXPECT_EQ(lines_of("random", 64, 4, 6, 7),
            (std::vector{0, 7, 13, 19, 25, 29, 30, 31, 32, 33, 34, 55, 56, 62}));
  EXPECT_EQ(lines_of("random", 65, 3, 5, 123),
            (std::vector{2, 13, 16, 17, 27, 30, 31, 32, 33, 34, 41, 45, 50}));
}

TEST(masks, equispaced_fraction_lines_are_those_of_fastmri) {
  EXPECT_EQ(lines_of("equispaced-fraction", 64, 4, 6, 7),
            (std::vector{4, 10, 16, 21, 27, 29, 30, 31, 32, 33, 34, 39, 45, 50, 56, 62}));
  EXPECT_EQ(lines_of("equispaced-fraction", 65, 3, 5, 123),
            (std::vector{2, 6, 9, 13, 16, 20, 24, 27, 30, 31, 32, 33, 34, 38, 42, 45, 49, 52, 56, 60, 63}));
}

TEST(masks, equispaced_lines_without_calibration_are_those_of_fastmri) {
  EXPECT_EQ(lines_of("equispaced", 40, 4, 0, 11), (std::vector{1, 5, 9, 13, 17, 21, 25, 29, 33, 37}));
}

/// fastMRI's four mask functions as published, in NumPy; prints the kept lines.
constexpr const char* fastmri_masks = R"(
import sys
import numpy as np
kind, n, accel, fraction, seed = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
rng = np.random.RandomState(seed)
rng.randint(1)  # the choice among one acceleration
low = round(n * fraction)

def lines():
    if kind == "random":
        return rng.uniform(size=n) < (n / accel - low) / (n - low)
    mask = np.zeros(n, dtype=bool)
    if kind == "fastmri-equispaced":
        mask[rng.randint(0, high=round(accel))::int(accel)] = True
    elif kind == "equispaced-fraction":
        spacing = (accel * (low - n)) / (low * accel - n)
        offset = rng.randint(0, high=round(spacing))
        mask[np.around(np.arange(offset, n - 1, spacing)).astype(np.uint)] = True
    else:
        spacing = round(n / (round(n / accel) - low))
        offset = rng.randint(0, high=spacing)
        first, second = (offset + 1, offset + 2) if offset % 2 == 0 else (offset + 2, offset - 1)
        half = (n + 1) // 2
        positive, negative = np.zeros(half, dtype=bool), np.zeros(n - half, dtype=bool)
        positive[first::spacing] = True
        negative[second::spacing] = True
        mask = np.fft.fftshift(np.concatenate((positive, np.flip(negative))))
    return mask

mask = lines()
pad = (n - low + 1) // 2
mask[pad:pad + low] = True
print(*np.nonzero(mask)[0])
)";

TEST(masks, are_those_of_fastmri_s_formulas_in_numpy_line_by_line) {
  if (!tests::run_program("/usr/bin/python3 -c 'import numpy'"))
    GTEST_SKIP() << "python3-numpy is not installed";
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "masks.py") << fastmri_masks;
  for (const char* kind : {"random", "fastmri-equispaced", "equispaced-fraction", "magic"})
    for (const auto& [n, accel, fraction] : {std::tuple{368, 4, 0.08}, {320, 8, 0.04}, {171, 3, 0.1}})
      for (const int seed : {0, 7, 20211}) {
        const std::string file = (folder / "lines.txt").string();
        const std::string call = "/usr/bin/python3 " + (folder / "masks.py").string() + " " + kind + " " +
                                 std::to_string(n) + " " + std::to_string(accel) + " " +
                                 std::to_string(fraction) + " " + std::to_string(seed) + " > " + file;
        ASSERT_EQ(std::system(call.c_str()), 0);
        std::vector<int> expected;
        std::ifstream lines(file);
        for (int line = 0; lines >> line;) expected.push_back(line);
        const auto mask = make_mask({n, n, 1}, {kind, static_cast<double>(accel), 0, seed, fraction});
        ASSERT_TRUE(mask) << mask.error().message;
        EXPECT_EQ(kept_lines(*mask), expected) << call;
      }
}

TEST(masks, radial_lines_run_through_the_centre_in_every_direction) {
  const auto mask = make_mask({128, 128, 1}, {"radial", 6, 0, 1});
  ASSERT_TRUE(mask);
  EXPECT_TRUE(mask->at(64, 64, 0));
  // A diameter crosses every ring: a gap there may be no wider than twice the spokes' mean spacing.
  for (const int radius : {20, 40, 60}) {
    int widest = 0, gap = 0, kept = 0;
    for (int degree = 0; degree < 720; ++degree) {
      const double angle = degree * 3.14159265358979 / 360;
      const bool here = mask->at(64 + static_cast<int>(std::lround(radius * std::cos(angle))),
                                 64 + static_cast<int>(std::lround(radius * std::sin(angle))), 0);
      gap = here ? 0 : gap + 1;
      widest = std::max(widest, gap);
      kept += here ? 1 : 0;
    }
    EXPECT_GT(kept, 30) << radius;
    EXPECT_LT(widest, 40) << radius;
  }
}

class EveryMask : public testing::TestWithParam<std::string> {};

TEST_P(EveryMask, reaches_the_acceleration_and_keeps_the_centre) {
  const auto kind = find_mask_kind(GetParam());
  ASSERT_TRUE(kind);
  for (const double accel : {2.0, 4.0, 6.0}) {
    const auto mask = make_mask({256, 240, 1}, {GetParam(), accel, 16, 3});
    ASSERT_TRUE(mask) << mask.error().message;
    // Few lines drawn by chance scatter more than many samples.
    // fastMRI's equispaced lines come on top of the centre: R is not reached, by design.
    const double within = GetParam() == "random"                     ? 0.25
                          : GetParam() == "fastmri-equispaced"       ? 0.3
                          : (*kind)->lines || GetParam() == "radial" ? 0.13
                                                                     : 0.02;
    EXPECT_NEAR(mask->acceleration() / accel, 1, within) << "R = " << accel;
    EXPECT_EQ(mask->kx(), (*kind)->lines ? 1 : 256);
    for (int y = 120 - 7; y < 120 + 7; ++y)
      for (int x = 128 - 7; x < 128 + 7; ++x) ASSERT_TRUE(mask->at(x, y, 0));
  }
}

TEST_P(EveryMask, keeps_everything_at_an_acceleration_of_one) {
  for (const int acs : {0, 24}) {
    const auto mask = make_mask({64, 48, 1}, {GetParam(), 1, acs, 3});
    ASSERT_TRUE(mask) << mask.error().message;
    EXPECT_EQ(mask->acceleration(), 1) << acs;
  }
}

TEST_P(EveryMask, says_that_a_size_is_too_small_for_the_acceleration) {
  const auto mask = make_mask({1, 1, 1}, {GetParam(), 2, 0, 3});
  ASSERT_FALSE(mask);
  EXPECT_NE(mask.error().message.find("leaves not one"), std::string::npos) << mask.error().message;
}

TEST_P(EveryMask, is_the_same_for_the_same_seed_only) {
  const MaskRequest request{GetParam(), 4, 12, 5};
  const auto one = make_mask({96, 96, 1}, request);
  const auto same = make_mask({96, 96, 1}, request);
  ASSERT_TRUE(one && same);
  EXPECT_TRUE(std::equal(one->kept().begin(), one->kept().end(), same->kept().begin(), same->kept().end()));
  bool differs = false;
  for (int seed = 6; seed < 14; ++seed) {
    const auto other = make_mask({96, 96, 1}, {GetParam(), 4, 12, seed});
    ASSERT_TRUE(other);
    differs = differs ||
              !std::equal(one->kept().begin(), one->kept().end(), other->kept().begin(), other->kept().end());
  }
  EXPECT_TRUE(differs);
}

TEST_P(EveryMask, leaves_the_readout_of_a_volume_alone) {
  const auto mask = make_mask({64, 48, 40}, {GetParam(), 4, 12, 1});
  ASSERT_TRUE(mask);
  EXPECT_EQ(mask->kx(), 1);
  EXPECT_TRUE(mask->fits({64, 48, 40, 8, 1}));
}

TEST_P(EveryMask, refuses_a_centre_larger_than_the_acceleration_allows) {
  const auto mask = make_mask({64, 64, 1}, {GetParam(), 16, 48, 1});
  ASSERT_FALSE(mask);
  EXPECT_EQ(mask.error().kind, ErrorKind::invalid_parameter);
  EXPECT_NE(mask.error().message.find("smaller accel or acs"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(kinds, EveryMask, testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const auto& kind : mask_kinds()) names.push_back(kind.name);
                           return names;
                         }()),
                         [](const auto& one) {
                           std::string name = one.param;
                           for (char& c : name)
                             if (c == '-') c = '_';
                           return name;
                         });

TEST(masks, poisson_samples_keep_their_distance) {
  const auto mask = make_mask({128, 128, 1}, {"poisson", 9, 0, 2});
  ASSERT_TRUE(mask);
  for (int y = 0; y < 127; ++y)
    for (int x = 0; x < 127; ++x)
      EXPECT_FALSE(mask->at(x, y, 0) && (mask->at(x + 1, y, 0) || mask->at(x, y + 1, 0)));
}

TEST(masks, a_request_is_read_as_it_is_written) {
  const auto request = parse_mask_request("poisson,accel=5.5,acs=20,seed=9");
  ASSERT_TRUE(request);
  EXPECT_EQ(*request, (MaskRequest{"poisson", 5.5, 20, 9}));
  EXPECT_EQ(*parse_mask_request(to_text(*request)), *request);
  const MaskRequest fraction{"random", 4, 24, 1, 0.08};
  EXPECT_EQ(*parse_mask_request(to_text(fraction)), fraction);
  EXPECT_NE(parse_mask_request("poison").error().message.find("poisson"), std::string::npos);
  EXPECT_NE(parse_mask_request("poisson,acel=3").error().message.find("accel"), std::string::npos);
  EXPECT_FALSE(parse_mask_request("poisson,accel=0.5"));
}

} // namespace
} // namespace bloch::imaging
