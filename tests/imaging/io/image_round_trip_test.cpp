#include <gtest/gtest.h>

#include "core/base/file.h"
#include "imaging/io/image_file.h"
#include "tests/imaging/io/sample_volumes.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using io_test::copied;
using io_test::counting_volume;
using io_test::oblique_geometry;
using tests::TemporaryFolder;

std::vector<std::string> writable_endings() {
  std::vector<std::string> endings;
  for (const ImageFormat& format : image_formats())
    for (const std::string& ending : format.extensions)
      if (format.write && ending != ".mhd") endings.push_back(ending);
  return endings;
}

class ImageRoundTripTest : public ::testing::TestWithParam<std::string> {
 protected:
  std::filesystem::path file() const { return folder_ / ("image" + GetParam()); }
  bool keeps_geometry() const { return (*image_format_of(file()))->keeps_geometry; }
  TemporaryFolder folder_;
};

TEST_P(ImageRoundTripTest, Int16StaysBitForBit) {
  const Volume volume = counting_volume<std::int16_t>(oblique_geometry());
  ASSERT_TRUE(write_image(file(), volume));
  const auto back = read_image(file());
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_TRUE(back->holds<std::int16_t>());
  EXPECT_EQ(copied(back->samples<std::int16_t>()), copied(volume.samples<std::int16_t>()));
  EXPECT_EQ(back->geometry().size, volume.geometry().size);
}

TEST_P(ImageRoundTripTest, Float32StaysBitForBit) {
  std::vector<float> samples = io_test::counting_samples<float>(140);
  for (float& sample : samples) sample = sample / 3 + 1e-7F;
  const Volume volume(oblique_geometry(), samples);
  ASSERT_TRUE(write_image(file(), volume));
  const auto back = read_image(file());
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_TRUE(back->holds<float>());
  EXPECT_EQ(copied(back->samples<float>()), samples);
}

TEST_P(ImageRoundTripTest, ObliqueAndLeftHandedGridsStayWhereTheyAre) {
  if (!keeps_geometry()) GTEST_SKIP() << "keeps no geometry";
  for (const bool left_handed : {false, true}) {
    const Volume volume = counting_volume<std::int16_t>(oblique_geometry(left_handed));
    ASSERT_TRUE(write_image(file(), volume));
    const auto back = read_image(file());
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_TRUE(back->geometry().matches(volume.geometry(), 1e-4));
  }
}

TEST_P(ImageRoundTripTest, SingleObliqueSliceStaysWhereItIs) {
  VolumeGeometry geometry = oblique_geometry();
  geometry.size[2] = 1;
  const Volume volume = counting_volume<std::int16_t>(geometry);
  ASSERT_TRUE(write_image(file(), volume));
  const auto back = read_image(file());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->geometry().size, geometry.size);
  if (keeps_geometry()) {
    EXPECT_TRUE(back->geometry().matches(geometry, 1e-4));
  }
}

TEST_P(ImageRoundTripTest, LabelsStayBitForBit) {
  for (const int scale : {1, 300}) {
    std::vector<std::uint16_t> labels(140);
    for (std::size_t i = 0; i < labels.size(); ++i)
      labels[i] = static_cast<std::uint16_t>((i % 5) * static_cast<std::size_t>(scale));
    const LabelMap wide(oblique_geometry(), labels);
    const LabelMap narrow(oblique_geometry(), std::vector<std::uint8_t>(labels.begin(), labels.end()));
    ASSERT_TRUE(write_label_map(file(), scale == 1 ? narrow : wide));
    const auto back = read_image(file());
    ASSERT_TRUE(back) << back.error().message;
    const std::vector<float> values = to_float(*back);
    EXPECT_EQ(std::vector<std::uint16_t>(values.begin(), values.end()), labels);
  }
}

TEST_P(ImageRoundTripTest, WritingIntoAFileAsAFolderSaysSo) {
  ASSERT_TRUE(write_file(folder_ / "taken", std::string_view("x")));
  const auto written =
      write_image(folder_ / "taken" / ("a" + GetParam()), counting_volume<float>(oblique_geometry()));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::not_writable);
}

TEST_P(ImageRoundTripTest, EveryTruncationIsRefusedAndNoneCrashes) {
  ASSERT_TRUE(write_image(file(), counting_volume<std::int16_t>(oblique_geometry())));
  const auto whole = read_file(file());
  ASSERT_TRUE(whole);
  for (std::size_t length = 0; length < whole->size(); length += 1 + whole->size() / 97) {
    ASSERT_TRUE(write_file(file(), std::span(*whole).first(length)));
    const auto back = read_image(file());
    ASSERT_FALSE(back) << "cut at " << length;
    EXPECT_FALSE(back.error().message.empty());
  }
  ASSERT_TRUE(write_file(file(), std::span(*whole).first(whole->size() - 1)));
  EXPECT_FALSE(read_image(file())) << "one byte short";
}

TEST_P(ImageRoundTripTest, DamagedBytesNeverCrash) {
  ASSERT_TRUE(write_image(file(), counting_volume<std::int16_t>(oblique_geometry())));
  const auto whole = read_file(file());
  ASSERT_TRUE(whole);
  std::uint32_t state = 12345;
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<std::uint8_t> damaged = *whole;
    for (int i = 0; i < 3; ++i) {
      state = state * 1664525u + 1013904223u;
      damaged[(state >> 8) % std::min<std::size_t>(damaged.size(), 400)] =
          static_cast<std::uint8_t>(state >> 24);
    }
    ASSERT_TRUE(write_file(file(), damaged));
    const auto back = read_image(file());
    if (back) {
      EXPECT_TRUE(back->geometry().is_valid());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, ImageRoundTripTest, ::testing::ValuesIn(writable_endings()),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::erase(name, '.');
                           return name;
                         });

TEST(ImageFileTest, UnknownEndingNamesTheKnownOnes) {
  const auto format = image_format_of("brain.jpg");
  ASSERT_FALSE(format);
  EXPECT_EQ(format.error().kind, ErrorKind::unsupported);
  EXPECT_NE(format.error().message.find(".nii.gz"), std::string::npos);
}

TEST(ImageFileTest, MissingFileAndFolderAreNotFound) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_image(folder / "missing.nii.gz").error().kind, ErrorKind::not_found);
  std::filesystem::create_directory(folder / "folder.nii");
  EXPECT_EQ(read_image(folder / "folder.nii").error().kind, ErrorKind::not_found);
}

} // namespace
} // namespace bloch::imaging
