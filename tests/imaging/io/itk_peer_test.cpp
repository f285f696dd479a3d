// NRRD and MetaImage against ITK's readers and writers.
#include <cstring>
#include <functional>
#include <ostream>

#include <gtest/gtest.h>
#include <itkMetaImageIO.h>
#include <itkNrrdImageIO.h>

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

struct ItkPeer {
  std::string ending;
  std::function<itk::ImageIOBase::Pointer()> make;
  friend std::ostream& operator<<(std::ostream& out, const ItkPeer& peer) { return out << peer.ending; }
};

class ItkPeerTest : public ::testing::TestWithParam<ItkPeer> {
 protected:
  std::filesystem::path file() const { return folder_ / ("image" + GetParam().ending); }

  void write_by_itk(const VolumeGeometry& geometry, const std::vector<float>& samples, bool compressed) {
    const auto io = GetParam().make();
    io->SetFileName(file().string());
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
    io->SetComponentType(itk::IOComponentEnum::FLOAT);
    io->SetPixelType(itk::IOPixelEnum::SCALAR);
    io->SetNumberOfComponents(1);
    io->SetUseCompression(compressed);
    io->Write(samples.data());
  }

  TemporaryFolder folder_;
};

TEST_P(ItkPeerTest, ItkReadsWhatWeWrite) {
  if (GetParam().ending == ".mhd") GTEST_SKIP() << ".mhd is read only";
  for (const bool left_handed : {false, true}) {
    const Volume volume = counting_volume<std::int16_t>(oblique_geometry(left_handed));
    ASSERT_TRUE(write_image(file(), volume));
    const auto io = GetParam().make();
    io->SetFileName(file().string());
    ASSERT_TRUE(io->CanReadFile(file().c_str()));
    io->ReadImageInformation();
    VolumeGeometry geometry;
    itk::ImageIORegion region(3);
    for (unsigned i = 0; i < 3; ++i) {
      geometry.size[i] = static_cast<int>(io->GetDimensions(i));
      geometry.spacing_mm[i] = io->GetSpacing(i);
      geometry.origin.mm[i] = io->GetOrigin(i);
      for (unsigned row = 0; row < 3; ++row) geometry.direction(row, i) = io->GetDirection(i)[row];
      region.SetSize(i, io->GetDimensions(i));
    }
    EXPECT_TRUE(geometry.matches(volume.geometry(), 1e-6));
    ASSERT_EQ(io->GetComponentType(), itk::IOComponentEnum::SHORT);
    io->SetIORegion(region);
    std::vector<std::int16_t> samples(volume.voxel_count());
    io->Read(samples.data());
    EXPECT_EQ(samples, copied(volume.samples<std::int16_t>()));
  }
}

TEST_P(ItkPeerTest, WeReadWhatItkWritesPlainAndCompressed) {
  std::vector<float> samples = io_test::counting_samples<float>(140);
  for (float& sample : samples) sample /= 3;
  for (const bool compressed : {false, true}) {
    write_by_itk(oblique_geometry(true), samples, compressed);
    const auto volume = read_image(file());
    ASSERT_TRUE(volume) << volume.error().message;
    EXPECT_TRUE(volume->geometry().matches(oblique_geometry(true), 1e-4));
    ASSERT_TRUE(volume->holds<float>());
    EXPECT_EQ(copied(volume->samples<float>()), samples);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Formats, ItkPeerTest,
    ::testing::Values(
        ItkPeer{".nrrd", [] { return itk::ImageIOBase::Pointer(itk::NrrdImageIO::New().GetPointer()); }},
        ItkPeer{".mha", [] { return itk::ImageIOBase::Pointer(itk::MetaImageIO::New().GetPointer()); }},
        ItkPeer{".mhd", [] { return itk::ImageIOBase::Pointer(itk::MetaImageIO::New().GetPointer()); }}),
    [](const auto& tested) { return tested.param.ending.substr(1); });

TEST(NrrdTest, RightAnteriorSuperiorSpaceIsTurnedIntoLps) {
  const TemporaryFolder folder;
  const std::string text =
      "NRRD0004\ntype: uint8\ndimension: 3\nspace: right-anterior-superior\nsizes: 2 1 1\n"
      "space directions: (2,0,0) (0,3,0) (0,0,4)\nencoding: raw\nspace origin: (10,20,30)\n\nAB";
  ASSERT_TRUE(write_file(folder / "a.nrrd", text));
  const auto volume = read_image(folder / "a.nrrd");
  ASSERT_TRUE(volume) << volume.error().message;
  EXPECT_EQ(volume->geometry().origin.mm, Eigen::Vector3d(-10, -20, 30));
  EXPECT_EQ(volume->geometry().direction.col(0), Eigen::Vector3d(-1, 0, 0));
  EXPECT_EQ(volume->samples<std::int16_t>()[1], 'B');
}

TEST(NrrdTest, DataFileInAnotherFolderIsRefused) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "a.nrrd",
                         std::string_view("NRRD0004\ntype: uint8\ndimension: 2\nsizes: 2 1\nencoding: raw\n"
                                          "data file: ../../etc/hosts\n\n")));
  EXPECT_EQ(read_image(folder / "a.nrrd").error().kind, ErrorKind::unsupported);
}

TEST(MetaImageTest, ClaimsBeyondTheFileAreRefusedBeforeAllocating) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(
      folder / "a.mha",
      std::string_view("ObjectType = Image\nNDims = 3\nDimSize = 30000 30000 30000\nElementType = MET_FLOAT\n"
                       "ElementDataFile = LOCAL\nxxxx")));
  const auto volume = read_image(folder / "a.mha");
  ASSERT_FALSE(volume);
  EXPECT_NE(volume.error().message.find("claims more"), std::string::npos);
}

} // namespace
} // namespace bloch::imaging
