// Series converted to and from image files; objects are in objects_cli_test.cpp.
#include "tests/end_to_end/command_line.h"

namespace bloch::end_to_end {
namespace {

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(CommandLine, WritesASeriesSliceBySliceAsItWouldWhole) {
  std::ofstream file(folder_ / "block.npy", std::ios::binary);
  write_npy_header(file, "<i2", "6, 40, 50");
  for (int i = 0; i < 12000; ++i) {
    const auto value = static_cast<std::int16_t>(i * 5 - 1000);
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
  file.close();
  ASSERT_EQ(run("convert block.npy --out series/").code, 0);
  std::ofstream(folder_ / "a.nii") << "what was there before, and longer than a header of a file of this kind";
  for (const char* name : {"a.nii", "a.nii.gz"}) {
    const Outcome written = run(std::string("convert series --out ") + name);
    ASSERT_EQ(written.code, 0) << written.err;
    EXPECT_NE(written.out.find("50 x 40 x 6"), std::string::npos) << written.out;
    ASSERT_EQ(run(std::string("convert ") + name + " --out " + name + ".mha").code, 0);
  }
  EXPECT_EQ(bytes_of(folder_ / "a.nii.mha"), bytes_of(folder_ / "a.nii.gz.mha"));
  // A slice that breaks off leaves what was there.
  const std::string before = bytes_of(folder_ / "a.nii");
  for (const auto& entry : fs::directory_iterator(folder_ / "series"))
    if (entry.path().extension() == ".dcm") fs::resize_file(entry.path(), fs::file_size(entry.path()) - 100);
  EXPECT_EQ(run("convert series --out a.nii").code, 1);
  EXPECT_EQ(bytes_of(folder_ / "a.nii"), before);
  for (const auto& entry : fs::directory_iterator(folder_))
    EXPECT_EQ(entry.path().filename().string().find("part"), std::string::npos) << entry.path();
}

TEST_F(CommandLine, ResamplesASeriesWithAGapOnRequestAlone) {
  std::ofstream file(folder_ / "block.npy", std::ios::binary);
  write_npy_header(file, "<f4", "5, 4, 4");
  for (int i = 0; i < 80; ++i) {
    const auto value = static_cast<float>(100 * (i / 16));
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
  file.close();
  ASSERT_EQ(run("convert block.npy --out series/").code, 0);
  refuses("convert series --resample auto --out x.nii", 2, "true grid already");
  std::vector<fs::path> slices;
  for (const auto& entry : fs::directory_iterator(folder_ / "series"))
    if (entry.path().extension() == ".dcm") slices.push_back(entry.path());
  std::sort(slices.begin(), slices.end());
  ASSERT_EQ(slices.size(), 5U);
  fs::remove(slices[2]);
  const Outcome info = run("info series --json -");
  ASSERT_EQ(info.code, 0) << info.err;
  const json found = json::parse(info.out)["patients"][0]["studies"][0]["series"][0];
  EXPECT_EQ(found["warnings"][0]["kind"], "missing-slices");
  EXPECT_EQ(found["slice_origins_mm"].size(), 4U);
  const Outcome plain = run("convert series --out plain.npy");
  EXPECT_NE(plain.out.find("4 x 4 x 4"), std::string::npos) << plain.out;
  const Outcome straight = run("convert series --resample auto --out straight.npy");
  ASSERT_EQ(straight.code, 0) << straight.err;
  EXPECT_NE(straight.out.find("4 x 4 x 5"), std::string::npos) << straight.out;
  EXPECT_NE(straight.err.find("interpolated"), std::string::npos) << straight.err;
  refuses("convert series --resample far --out x.nii", 2, "--resample");
  refuses("convert series --volume 7 --out x.nii", 2, "one volume");
}

/// One DICOM image of 2 x 2 pixels in explicit little endian, its elements in the order of their tags.
struct SmallImage {
  std::string patient, frame_of_reference, modality, burned_in, position;
  bool colour = false;
  std::string grey = "MONOCHROME2";

  void write(const fs::path& path) const {
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    const auto bytes = [&](const auto& value) {
      file.write(reinterpret_cast<const char*>(&value), static_cast<std::streamsize>(sizeof value));
    };
    const auto text = [&](std::uint16_t group, std::uint16_t element, const char* type, std::string value) {
      if (value.size() % 2 == 1) value += type == std::string("UI") ? '\0' : ' ';
      bytes(group);
      bytes(element);
      file << type;
      bytes(static_cast<std::uint16_t>(value.size()));
      file << value;
    };
    const auto number = [&](std::uint16_t element, std::uint16_t value) {
      text(0x0028, element, "US", {reinterpret_cast<const char*>(&value), 2});
    };
    file << std::string(128, '\0') << "DICM";
    text(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1");
    text(0x0008, 0x0016, "UI", colour ? "1.2.840.10008.5.1.4.1.1.7" : "1.2.840.10008.5.1.4.1.1.4");
    text(0x0008, 0x0018, "UI", frame_of_reference + ".1");
    text(0x0008, 0x0060, "CS", modality);
    text(0x0010, 0x0010, "PN", patient);
    text(0x0010, 0x0020, "LO", patient + "1");
    text(0x0018, 0x0050, "DS", "2");
    text(0x0020, 0x000d, "UI", frame_of_reference + ".2");
    text(0x0020, 0x000e, "UI", frame_of_reference + ".3");
    text(0x0020, 0x0013, "IS", "1");
    text(0x0020, 0x0032, "DS", position);
    text(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0");
    text(0x0020, 0x0052, "UI", frame_of_reference);
    number(0x0002, colour ? 3 : 1);
    text(0x0028, 0x0004, "CS", colour ? "RGB" : grey);
    if (colour) number(0x0006, 0);
    number(0x0010, 2);
    number(0x0011, 2);
    text(0x0028, 0x0030, "DS", "1\\1");
    for (const std::uint16_t element : {0x0100, 0x0101}) number(element, colour ? 8 : 16);
    number(0x0102, colour ? 7 : 15);
    number(0x0103, 0);
    text(0x0028, 0x0301, "CS", burned_in);
    const std::string pixels = colour ? "abcdefghijkl" : "abcdefgh";
    bytes(std::uint16_t{0x7fe0});
    bytes(std::uint16_t{0x0010});
    file << "OW" << '\0' << '\0';
    bytes(static_cast<std::uint32_t>(pixels.size()));
    file << pixels;
  }
};

TEST_F(CommandLine, WritesWhatTheImageItselfSaysBesideThePatientOfLike) {
  SmallImage{"LIKE", "1.2.4.99", "MR", "NO", "0\\0\\0"}.write(folder_ / "like" / "a.dcm");
  SmallImage{"COLOUR", "1.2.3.99", "OT", "YES", "10\\20\\30", true}.write(folder_ / "colour" / "a.dcm");
  SmallImage{"GREY", "1.2.3.99", "CT", "YES", "10\\20\\30"}.write(folder_ / "grey" / "a.dcm");
  for (const std::string name : {"colour", "grey"}) {
    const Outcome converted = run("convert " + name + " --like like --out " + name + "-out/");
    ASSERT_EQ(converted.code, 0) << converted.err;
    EXPECT_NE(converted.err.find("another patient"), std::string::npos) << converted.err;
    const std::string written = content(folder_ / (name + "-out") / "IM00001.dcm");
    EXPECT_NE(written.find("LIKE"), std::string::npos) << name;
    // FrameOfReferenceUID, BurnedInAnnotation and Modality with their tags, types and lengths
    using namespace std::string_literals;
    EXPECT_NE(written.find("\x20\0\x52\0UI\x08\0"
                           "1.2.3.99"s),
              std::string::npos)
        << name;
    EXPECT_NE(written.find("\x28\0\x01\x03"
                           "CS\x04\0YES "s),
              std::string::npos)
        << name;
    EXPECT_NE(written.find("\x08\0\x60\0CS\x02\0"s + (name == "grey" ? "CT" : "OT")), std::string::npos)
        << name;
  }
}

TEST_F(CommandLine, KeepsTheValuesOfMonochrome1AndSaysWhatIsBright) {
  SmallImage{"ONE", "1.2.4.99", "MR", "NO", "0\\0\\0", false, "MONOCHROME1"}.write(folder_ / "one" / "a.dcm");
  EXPECT_NE(run("info one").out.find("small values are bright"), std::string::npos);
  const Outcome values = run("convert one --out one.npy");
  ASSERT_EQ(values.code, 0) << values.err;
  EXPECT_NE(values.err.find("small values are bright"), std::string::npos) << values.err;
  EXPECT_EQ(last_samples<std::int16_t>(folder_ / "one.npy", 4),
            (std::vector<std::int16_t>{0x6261, 0x6463, 0x6665, 0x6867}));
  const Outcome series = run("convert one --out again/");
  EXPECT_EQ(series.err.find("small values are bright"), std::string::npos) << series.err;
  EXPECT_NE(content(folder_ / "again" / "IM00001.dcm").find("MONOCHROME1"), std::string::npos);
  const Outcome enhanced = run("convert one --as enhanced-mr --out enhanced.dcm");
  EXPECT_NE(enhanced.err.find("small values are bright"), std::string::npos) << enhanced.err;
}

TEST_F(CommandLine, PutsAnImageFileOnAnotherGridInAFrameOfReferenceOfItsOwn) {
  SmallImage{"LIKE", "1.2.4.99", "MR", "NO", "0\\0\\0"}.write(folder_ / "like" / "a.dcm");
  using namespace std::string_literals;
  const std::string frame_of_reference = "\x20\0\x52\0UI\x08\0"
                                         "1.2.4.99"s;
  ASSERT_EQ(run("convert like --out same.nii.gz").code, 0);
  const Outcome same = run("convert same.nii.gz --like like --out same/");
  ASSERT_EQ(same.code, 0) << same.err;
  EXPECT_EQ(same.err.find("another patient"), std::string::npos) << same.err;
  EXPECT_NE(content(folder_ / "same" / "IM00001.dcm").find(frame_of_reference), std::string::npos);
  SmallImage{"LIKE", "1.2.4.99", "MR", "NO", "10\\20\\30"}.write(folder_ / "other" / "a.dcm");
  ASSERT_EQ(run("convert other --out other.nii.gz").code, 0);
  const Outcome moved = run("convert other.nii.gz --like like --out moved/");
  ASSERT_EQ(moved.code, 0) << moved.err;
  EXPECT_NE(moved.err.find("its own places"), std::string::npos) << moved.err;
  const std::string written = content(folder_ / "moved" / "IM00001.dcm");
  EXPECT_EQ(written.find(frame_of_reference), std::string::npos);
  EXPECT_NE(written.find("\x20\0\x52\0UI"s), std::string::npos);
}

} // namespace
} // namespace bloch::end_to_end
