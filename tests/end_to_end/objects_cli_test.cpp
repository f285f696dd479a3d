// DICOM objects through the built bloch-cli: written, read back, chosen among others.
#include <cstring>

#include "tests/end_to_end/command_line.h"

namespace bloch::end_to_end {
namespace {

TEST_F(CommandLine, ConvertWritesDicomObjectsAndReadsThemBack) {
  std::vector<float> values(3 * 22 * 21);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 7) / 8;
  {
    std::ofstream file(folder_ / "map.npy", std::ios::binary);
    write_npy_header(file, "<f4", "3, 22, 21");
    file.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(float)));
  }
  ASSERT_EQ(run("convert map.npy --as parametric-map --unit mm2/s --out map.dcm").code, 0);
  ASSERT_EQ(run("convert map.dcm --out back.npy").code, 0);
  EXPECT_EQ(last_samples<float>(folder_ / "back.npy", values.size()), values);

  ASSERT_EQ(run("convert map.npy --as seg --threshold 0.5 --segments 1=High --out seg/").code, 0);
  const Outcome info = run("info seg map.dcm --json -");
  ASSERT_EQ(info.code, 0) << info.err;
  const json answer = json::parse(info.out);
  std::vector<json> objects, series;
  for (const json& patient : answer["patients"])
    for (const json& study : patient["studies"]) {
      objects.insert(objects.end(), study["objects"].begin(), study["objects"].end());
      series.insert(series.end(), study["series"].begin(), study["series"].end());
    }
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects[0]["kind"], "segmentation");
  EXPECT_EQ(objects[0]["parts"], json({"High"}));
  ASSERT_EQ(series.size(), 1U);
  EXPECT_EQ(series[0]["unit"], "mm2/s");
  ASSERT_EQ(run("convert seg --out labels.npy").code, 0);
  const auto labels = last_samples<std::uint8_t>(folder_ / "labels.npy", values.size());
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(labels[i], values[i] >= 0.5F ? 1 : 0) << i;

  refuses("convert map.npy --as seg --out labels.nii.gz", 2, "new folder");
  refuses("convert seg --out seg.pdf", 1, ".nii.gz");
}

TEST_F(CommandLine, ConvertKeepsProbabilitiesInASegmentation) {
  std::vector<float> values(3 * 5 * 4);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 6) / 5;
  const auto write = [&] {
    std::ofstream file(folder_ / "map.npy", std::ios::binary);
    write_npy_header(file, "<f4", "3, 5, 4");
    file.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(float)));
  };
  write();
  const Outcome written = run("convert map.npy --as seg --fractional --segments 1=Lesion --out seg.dcm");
  ASSERT_EQ(written.code, 0) << written.err;
  const Outcome back = run("convert seg.dcm --out back.npy");
  ASSERT_EQ(back.code, 0) << back.err;
  EXPECT_NE(back.out.find("fractions of Lesion"), std::string::npos) << back.out;
  const auto got = last_samples<float>(folder_ / "back.npy", values.size()); // fifths are whole 255ths
  ASSERT_EQ(got.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(got[i], values[i], 1e-6) << i;
  values[3] = 3;
  write();
  const Outcome refused = run("convert map.npy --as seg --fractional --out none.dcm");
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("from 0 to 3"), std::string::npos) << refused.err;
  EXPECT_FALSE(fs::exists(folder_ / "none.dcm"));
  refuses("convert map.npy --as parametric-map --fractional --out none.dcm", 2, "--as seg");
  refuses("convert map.npy --as seg --fractional --threshold 1 --out none.dcm", 2, "--threshold");
}

/// A NIfTI-1 file of 4 x 5 x 3 voxels and two volumes, whose values add up to 1.
void write_shares(const fs::path& path) {
  std::string header(352, '\0');
  const auto put = [&](std::size_t offset, auto value) {
    std::memcpy(header.data() + offset, &value, sizeof value);
  };
  put(0, std::int32_t{348});
  const std::int16_t dim[] = {4, 4, 5, 3, 2, 1, 1, 1};
  for (std::size_t i = 0; i < 8; ++i) put(40 + 2 * i, dim[i]);
  put(70, std::int16_t{16}); // float32
  put(72, std::int16_t{32});
  for (std::size_t i = 0; i < 8; ++i) put(76 + 4 * i, 1.0F);
  put(108, 352.0F);
  put(112, 1.0F);
  header.replace(344, 3, "n+1");
  std::ofstream file(path, std::ios::binary);
  file << header;
  for (const bool second : {false, true})
    for (int i = 0; i < 60; ++i) {
      const float share = static_cast<float>(i % 6) / 5;
      const float value = second ? 1 - share : share;
      file.write(reinterpret_cast<const char*>(&value), sizeof value);
    }
}

TEST_F(CommandLine, ConvertWritesEachVolumeAsASegmentThatOccupiesPartsOfVoxels) {
  write_shares(folder_ / "shares.nii");
  const Outcome made =
      run("convert shares.nii --volume all --as seg --occupancy --segments 1=Grey,2=White --out shares.dcm");
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(
      json::parse(run("info shares.dcm --json -").out)["patients"][0]["studies"][0]["objects"][0]["parts"],
      json({"Grey", "White"}));
  for (const int segment : {1, 2}) {
    const Outcome back = run("convert shares.dcm --segment " + std::to_string(segment) + " --out back.npy");
    ASSERT_EQ(back.code, 0) << back.err;
    const auto got = last_samples<float>(folder_ / "back.npy", 60);
    ASSERT_EQ(got.size(), 60U);
    for (std::size_t i = 0; i < 60; ++i) {
      const double share = static_cast<double>(i % 6) / 5;
      EXPECT_NEAR(got[i], segment == 1 ? share : 1 - share, 1e-6) << segment << " " << i;
    }
  }
  const Outcome one = run("convert shares.nii --as seg --occupancy --segments 2=White --out none.dcm");
  EXPECT_EQ(one.code, 2);
  EXPECT_NE(one.err.find("names segment 2, but there is one volume"), std::string::npos) << one.err;
  refuses("convert shares.nii --as seg --occupancy --fractional --out none.dcm", 2, "--fractional");
  refuses("convert shares.nii --as mr --occupancy --out none/", 2, "--as seg");
}

TEST_F(CommandLine, ConvertWritesEnhancedCtAndMultiFrameCaptures) {
  std::ofstream file(folder_ / "map.npy", std::ios::binary);
  write_npy_header(file, "<f4", "3, 5, 4");
  for (int i = 0; i < 60; ++i) {
    const float value = static_cast<float>(i) - 20;
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
  file.close();
  for (const std::string kind : {"enhanced-ct", "multi-frame-secondary-capture"}) {
    const Outcome written = run("convert map.npy --as " + kind + " --out " + kind + ".dcm");
    ASSERT_EQ(written.code, 0) << written.err;
    const Outcome back = run("convert " + kind + ".dcm --out back.npy");
    ASSERT_EQ(back.code, 0) << back.err;
    const auto got = last_samples<float>(folder_ / "back.npy", 60);
    ASSERT_EQ(got.size(), 60U) << kind;
    for (std::size_t i = 0; i < 60; ++i) EXPECT_NEAR(got[i], static_cast<double>(i) - 20, 1e-3) << kind << i;
  }
}

/// [z][y][x] of three slices of 20 x 20 float32.
void write_slices(const fs::path& path) {
  std::ofstream file(path, std::ios::binary);
  write_npy_header(file, "<f4", "3, 20, 20");
  for (int i = 0; i < 1200; ++i) {
    const auto value = static_cast<float>(i % 97);
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
}

TEST_F(CommandLine, ConvertToOneDicomFileFollowsLikeAndTheModalityOfTheValues) {
  write_slices(folder_ / "map.npy");
  for (const std::string modality : {"ct", "mr"}) {
    ASSERT_EQ(run("convert map.npy --as enhanced-" + modality + " --out enhanced-" + modality + ".dcm").code,
              0);
    ASSERT_EQ(run("convert map.npy --as " + modality + " --out " + modality + "/").code, 0);
  }
  ASSERT_EQ(run("convert map.npy --as parametric-map --out unit.dcm").code, 0);
  ASSERT_EQ(run("convert map.npy --out image.nii").code, 0);
  const auto converts = [&](const std::string& line, const std::string& kind, const std::string& warning) {
    const Outcome made = run("convert " + line + " --out made.dcm");
    EXPECT_EQ(made.code, 0) << line << made.err;
    EXPECT_NE(made.out.find("to made.dcm (" + kind + ")"), std::string::npos) << line << made.out;
    EXPECT_EQ(made.err.empty(), warning.empty()) << line << made.err;
    EXPECT_NE(made.err.find(warning), std::string::npos) << line << made.err;
    const json series = json::parse(run("info made.dcm --json -").out)["patients"][0]["studies"][0]["series"];
    if (kind.starts_with("enhanced-")) {
      EXPECT_EQ(series[0]["modality"], kind == "enhanced-ct" ? "CT" : "MR") << line;
    }
    EXPECT_EQ(series[0]["instances"], 1) << line;
    EXPECT_EQ(series[0]["frames"], 3) << line;
  };
  converts("image.nii --like enhanced-ct.dcm", "enhanced-ct", "");
  converts("image.nii --like enhanced-mr.dcm", "enhanced-mr", "");
  converts("ct --like enhanced-ct.dcm", "enhanced-ct", "");
  converts("mr --like enhanced-ct.dcm", "enhanced-mr",
           "--like is an enhanced CT, but the values of the input are MR: an enhanced MR is written");
  converts("enhanced-mr.dcm", "enhanced-mr", "");
  converts("enhanced-mr.dcm --like ct", "enhanced-mr", "");
  converts("unit.dcm --like enhanced-mr.dcm", "parametric-map", "the input is a parametric map");
  refuses("convert image.nii --out none.dcm", 2, "the input is no DICOM: choose it with --as");
  refuses("convert image.nii --like ct --out none.dcm", 2, "--like is a series of CT images");
  refuses("convert ct --out none.dcm", 2, "the input is a series of CT images");
  EXPECT_FALSE(fs::exists(folder_ / "none.dcm"));
}

TEST_F(CommandLine, SegmentsAreCalledByTheirVolumesAndAWrongValueByItsVolume) {
  write_shares(folder_ / "shares.nii");
  ASSERT_EQ(run("convert shares.nii --volume all --as seg --fractional --out shares.dcm").code, 0);
  EXPECT_EQ(
      json::parse(run("info shares.dcm --json -").out)["patients"][0]["studies"][0]["objects"][0]["parts"],
      json({"Segment 1", "Segment 2"}));
  {
    std::fstream file(folder_ / "shares.nii", std::ios::binary | std::ios::in | std::ios::out);
    const float wrong = 3;
    file.seekp(-8, std::ios::end);
    file.write(reinterpret_cast<const char*>(&wrong), sizeof wrong);
  }
  const Outcome wrong =
      run("convert shares.nii --volume all --as seg --fractional --segments 2=White --out none.dcm");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(
      wrong.err.find("bloch: error: volume 2 (White): a fractional segmentation holds fractions from 0 to 1, "
                     "but the values go from 0 to 3"),
      std::string::npos)
      << wrong.err;
  EXPECT_FALSE(fs::exists(folder_ / "none.dcm"));
}

TEST_F(CommandLine, ConvertChoosesAnObjectOfAnArchive) {
  std::ofstream file(folder_ / "map.npy", std::ios::binary);
  write_npy_header(file, "<f4", "3, 5, 4");
  for (int i = 0; i < 60; ++i) {
    const auto value = static_cast<float>(i % 3);
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
  file.close();
  ASSERT_EQ(run("convert map.npy --out study/series/").code, 0);
  for (const std::string name : {"1", "2"})
    ASSERT_EQ(run("convert map.npy --as seg --threshold " + name + " --segments 1=S" + name +
                  " --like study/series --out study/" + name + ".dcm")
                  .code,
              0);
  ASSERT_EQ(std::system(("cd '" + folder_.string() + "' && tar cf study.tar study").c_str()), 0);
  const json answer = json::parse(run("info study.tar --json -").out);
  const json objects = answer["patients"][0]["studies"][0]["objects"];
  ASSERT_EQ(objects.size(), 2U);
  for (const json& object : objects) {
    const bool high = object["parts"][0] == "S2";
    const Outcome chosen =
        run("convert study.tar --series " + object["uid"].get<std::string>() + " --out x.npy");
    ASSERT_EQ(chosen.code, 0) << chosen.err;
    const auto labels = last_samples<std::uint8_t>(folder_ / "x.npy", 60);
    ASSERT_EQ(labels.size(), 60U);
    for (std::size_t i = 0; i < 60; ++i) ASSERT_EQ(labels[i], i % 3 >= (high ? 2 : 1) ? 1 : 0) << i;
  }
  refuses("convert study.tar --series 1.2.3 --out x.npy", 1, objects[1]["uid"].get<std::string>());
}

TEST_F(CommandLine, RefusesOptionsThatSayNothingAboutTheInput) {
  std::ofstream file(folder_ / "map.npy", std::ios::binary);
  write_npy_header(file, "<f4", "2, 4, 4");
  for (int i = 0; i < 32; ++i) {
    const float value = i > 15 ? 1.0F : 0.25F;
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
  file.close();
  ASSERT_EQ(run("convert map.npy --as seg --threshold 0.5 --out seg.dcm").code, 0);
  refuses("convert seg.dcm --as seg --out s/", 2, ".nii.gz");
  refuses("convert seg.dcm --out s/", 2, ".nii.gz");
  refuses("convert seg.dcm --unit mm2/s --out s.nii", 2, "leave --unit out");
  refuses("convert map.npy --segment 9 --out a.nii", 2, "--segment");
  refuses("convert map.npy --unit mm2/s --out a.nii", 2, "--unit");
  refuses("convert map.npy --as seg --threshold 0.5 --unit mm2/s --out a.dcm", 2, "--unit");
  for (const char* unit : {"'x y'", "'z\\z'", "12345678901234567"})
    refuses(std::string("convert map.npy --as parametric-map --out a.dcm --unit ") + unit, 2, "UCUM");
  EXPECT_EQ(files(), (std::vector<std::string>{"map.npy", "seg.dcm"}));
}

} // namespace
} // namespace bloch::end_to_end
