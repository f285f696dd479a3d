// Series of several volumes to one DICOM series and back.
#include <cstring>

#include "tests/end_to_end/command_line.h"

namespace bloch::end_to_end {
namespace {

/// A NIfTI-1 file of 4 x 5 x 3 voxels and some volumes, two seconds apart, of 1 mm voxels at the origin.
void write_times(const fs::path& path, int volumes) {
  std::string header(352, '\0');
  const auto put = [&](std::size_t offset, auto value) {
    std::memcpy(header.data() + offset, &value, sizeof value);
  };
  put(0, std::int32_t{348});
  const std::int16_t dim[] = {4, 4, 5, 3, static_cast<std::int16_t>(volumes), 1, 1, 1};
  for (std::size_t i = 0; i < 8; ++i) put(40 + 2 * i, dim[i]);
  put(70, std::int16_t{4}); // int16
  put(72, std::int16_t{16});
  for (std::size_t i = 0; i < 8; ++i) put(76 + 4 * i, i == 4 ? 2.0F : 1.0F);
  put(108, 352.0F);
  put(112, 1.0F);
  header[123] = 2 | 8; // mm, s
  put(254, std::int16_t{1});
  for (std::size_t row = 0; row < 3; ++row) put(280 + 20 * row, 1.0F);
  header.replace(344, 3, "n+1");
  std::ofstream file(path, std::ios::binary);
  file << header;
  for (int i = 0; i < 60 * volumes; ++i) {
    const auto value = static_cast<std::int16_t>(7 * i - 300);
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
}

json only_series_of(const Outcome& info) {
  return json::parse(info.out)["patients"][0]["studies"][0]["series"][0];
}

TEST_F(CommandLine, WritesAllVolumesAsOneSeriesThatReadsBackTheSame) {
  write_times(folder_ / "times.nii", 3);
  const Outcome made = run("convert times.nii --volume all --as mr --out series/");
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.err, "");
  EXPECT_NE(made.out.find("4 x 5 x 3 voxels, 3 volumes to series/"), std::string::npos) << made.out;
  const json series = only_series_of(run("info series --json -"));
  EXPECT_EQ(series["instances"], 9);
  ASSERT_EQ(series["volumes"].size(), 3U);
  EXPECT_NE(series["volumes"].dump().find("temporal position 3"), std::string::npos);
  using namespace std::string_literals;
  const std::string temporal_resolution = "\x20\0\x10\x01"s + "DS\x04\0"s + "2000";
  EXPECT_NE(content(folder_ / "series" / "IM00009.dcm").find(temporal_resolution), std::string::npos);
  ASSERT_EQ(run("convert series --volume all --out back.nii").code, 0);
  EXPECT_EQ(last_samples<std::int16_t>(folder_ / "back.nii", 180),
            last_samples<std::int16_t>(folder_ / "times.nii", 180));
  // And once more, by the names that the volumes have in a series on the same grid.
  const Outcome again = run("convert back.nii --volume all --like series --out again/");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_NE(again.out.find("as those of --like are: by temporal position"), std::string::npos) << again.out;
  EXPECT_EQ(only_series_of(run("info again --json -"))["volumes"], series["volumes"]);
  write_times(folder_ / "two.nii", 2);
  const Outcome two = run("convert two.nii --volume all --like series --out two/");
  ASSERT_EQ(two.code, 0) << two.err;
  EXPECT_NE(two.err.find("--like has 3 volumes"), std::string::npos) << two.err;
  EXPECT_EQ(only_series_of(run("info two --json -"))["volumes"].size(), 2U);
}

TEST_F(CommandLine, WritesAllVolumesAsOneEnhancedObject) {
  write_times(folder_ / "times.nii", 3);
  const Outcome made = run("convert times.nii --volume all --as enhanced-mr --out all.dcm");
  ASSERT_EQ(made.code, 0) << made.err;
  const json series = only_series_of(run("info all.dcm --json -"));
  EXPECT_EQ(series["volumes"].size(), 3U);
  ASSERT_EQ(run("convert all.dcm --volume all --out back.nii").code, 0);
  EXPECT_EQ(last_samples<std::int16_t>(folder_ / "back.nii", 180),
            last_samples<std::int16_t>(folder_ / "times.nii", 180));
  // What is an enhanced MR stays one.
  const Outcome again = run("convert all.dcm --volume all --out again.dcm");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(only_series_of(run("info again.dcm --json -"))["volumes"], series["volumes"]);
}

TEST_F(CommandLine, SaysWhatVolumesOfASeriesAreLeftOut) {
  write_times(folder_ / "times.nii", 3);
  ASSERT_EQ(run("convert times.nii --volume all --as mr --out series/").code, 0);
  for (const char* out : {"one/", "one.nii", "one.npy"}) {
    const Outcome first = run(std::string("convert series --out ") + out);
    ASSERT_EQ(first.code, 0) << first.err;
    EXPECT_EQ(first.err,
              "bloch: warning: only the first of 3 volumes (temporal position 1) is written: --volume "
              "all takes all of them, --volume N another\n")
        << out;
  }
  const Outcome chosen = run("convert series --volume 1 --out chosen.npy");
  EXPECT_EQ(chosen.err, "");
  EXPECT_EQ(content(folder_ / "chosen.npy"), content(folder_ / "one.npy"));
}

TEST_F(CommandLine, RefusesSeveralVolumesWhereOneHasToBeChosen) {
  write_times(folder_ / "times.nii", 3);
  ASSERT_EQ(run("convert times.nii --volume all --as mr --out series/").code, 0);
  refuses("convert series --volume all --as parametric-map --out x.dcm", 2, "--volume N");
  refuses("convert series --volume all --as seg --out x.dcm", 2, "--volume N");
  refuses("convert series --volume all --as multi-frame-secondary-capture --out x.dcm", 2, "--volume N");
  refuses("convert series --volume all --like series --out x.nii.gz", 2, "new folder");
  refuses("convert series --volume all --out x.nrrd", 1, ".nii.gz");
  EXPECT_EQ(files(), (std::vector<std::string>{"series", "times.nii"}));
}

} // namespace
} // namespace bloch::end_to_end
