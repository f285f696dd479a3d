#include <algorithm>
#include <cstring>
#include <functional>
#include <mutex>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <gtest/gtest.h>

#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

SeriesInfo series_in(const fs::path& folder) {
  const fs::path paths[] = {folder};
  const auto index = scan(paths);
  EXPECT_TRUE(index && all_series(*index).size() == 1);
  return *all_series(*index).front().series;
}

/// The bytes of a volume that comes slice by slice.
std::vector<std::uint8_t> streamed(const SeriesInfo& series, bool& int16) {
  std::vector<std::uint8_t> bytes;
  std::mutex mutex;
  const SliceSink sink{[&](const VolumeGeometry& geometry, bool whole) -> Result<void> {
                         int16 = whole;
                         bytes.assign(geometry.voxel_count() * (whole ? 2 : 4), 0xee);
                         return {};
                       },
                       [&](std::size_t k, std::span<const std::uint8_t> slice) -> Result<void> {
                         const std::lock_guard lock(mutex);
                         std::copy(slice.begin(), slice.end(),
                                   bytes.begin() + static_cast<std::ptrdiff_t>(k * slice.size()));
                         return {};
                       }};
  EXPECT_TRUE(stream_volume(series, sink));
  return bytes;
}

/// The volume; and that it is the same slice by slice.
Volume volume_in(const fs::path& folder) {
  const SeriesInfo series = series_in(folder);
  auto volume = read_volume(series);
  EXPECT_TRUE(volume) << (volume ? "" : volume.error().message);
  if (!volume) return Volume(VolumeGeometry{}, std::vector<float>{-1});
  bool int16 = false;
  const auto bytes = streamed(series, int16);
  EXPECT_EQ(int16, volume->holds<std::int16_t>());
  volume->visit([&](auto samples) {
    EXPECT_EQ(bytes.size(), samples.size_bytes());
    EXPECT_EQ(std::memcmp(bytes.data(), samples.data(), std::min(bytes.size(), samples.size_bytes())), 0);
  });
  return *volume;
}

Volume volume_of(const SyntheticImage& image, E_TransferSyntax syntax = EXS_LittleEndianExplicit) {
  const tests::TemporaryFolder folder;
  write_synthetic(folder.path() / "a.dcm", image, syntax);
  return volume_in(folder.path());
}

SyntheticImage two_by_two(std::vector<Uint16> pixels, std::function<void(DcmDataset&)> change = {}) {
  SyntheticImage image;
  image.rows = image.columns = 2;
  image.pixels = std::move(pixels);
  image.change = std::move(change);
  return image;
}

std::vector<double> values(const Volume& volume) {
  std::vector<double> all;
  volume.visit([&](auto samples) { all.assign(samples.begin(), samples.end()); });
  return all;
}

using Values = std::vector<double>;

TEST(Pixels, KeepWholeNumbersAsInt16) {
  const Volume volume = volume_of(two_by_two({0, 1, 2, 4095}));
  EXPECT_TRUE(volume.holds<std::int16_t>());
  EXPECT_EQ(values(volume), (Values{0, 1, 2, 4095}));
}

TEST(Pixels, AddAWholeIntercept) {
  const Volume volume = volume_of(two_by_two({0, 1024, 2, 4095}, [](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_RescaleIntercept, "-1024");
    dataset.putAndInsertString(DCM_RescaleSlope, "1");
  }));
  EXPECT_TRUE(volume.holds<std::int16_t>());
  EXPECT_EQ(values(volume), (Values{-1024, 0, -1022, 3071}));
}

TEST(Pixels, BecomeFloatWithASlope) {
  const Volume volume = volume_of(two_by_two({0, 1, 2, 3}, [](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_RescaleIntercept, "10");
    dataset.putAndInsertString(DCM_RescaleSlope, "0.5");
  }));
  EXPECT_TRUE(volume.holds<float>());
  EXPECT_EQ(values(volume), (Values{10, 10.5, 11, 11.5}));
}

TEST(Pixels, BecomeFloatWhenTheyDoNotFit) {
  const Volume volume = volume_of(two_by_two({0, 1, 40000, 65535}, [](DcmDataset& dataset) {
    dataset.putAndInsertUint16(DCM_BitsStored, 16);
    dataset.putAndInsertUint16(DCM_HighBit, 15);
  }));
  EXPECT_TRUE(volume.holds<float>());
  EXPECT_EQ(values(volume), (Values{0, 1, 40000, 65535}));
}

TEST(Pixels, UseTheSlopeOfEachSlice) {
  const tests::TemporaryFolder folder;
  for (int i = 0; i < 2; ++i) {
    SyntheticImage image = two_by_two({1, 2, 3, 4}, [i](DcmDataset& dataset) {
      dataset.putAndInsertString(DCM_RescaleIntercept, "0");
      dataset.putAndInsertString(DCM_RescaleSlope, i == 0 ? "1" : "2");
    });
    image.number = i + 1;
    image.z = i;
    write_synthetic(folder.path() / std::to_string(i), image);
  }
  const Volume volume = volume_in(folder.path());
  EXPECT_TRUE(volume.holds<float>());
  EXPECT_EQ(values(volume), (Values{1, 2, 3, 4, 2, 4, 6, 8}));
}

TEST(Pixels, ExtendTheSignOfTheBitsStored) {
  const Volume volume = volume_of(two_by_two({0x0FFF, 0x0800, 0x07FF, 0}, [](DcmDataset& dataset) {
    dataset.putAndInsertUint16(DCM_PixelRepresentation, 1);
  }));
  EXPECT_EQ(values(volume), (Values{-1, -2048, 2047, 0}));
}

TEST(Pixels, IgnoreWhatLiesInUnusedBits) {
  const Volume volume = volume_of(two_by_two({0xF001, 0x8002, 0x1003, 4}));
  EXPECT_EQ(values(volume), (Values{1, 2, 3, 4}));
}

TEST(Pixels, AreShiftedDownFromTheHighBit) {
  const Volume volume = volume_of(two_by_two({0x0010, 0x0020, 0xFFF0, 0x000F}, [](DcmDataset& dataset) {
    dataset.putAndInsertUint16(DCM_HighBit, 15);
  }));
  EXPECT_EQ(values(volume), (Values{1, 2, 4095, 0}));
}

TEST(Pixels, ThatArePaddingAreToldInModalityValues) {
  const auto padding_of = [](const std::function<void(DcmDataset&)>& change) {
    const tests::TemporaryFolder folder;
    write_synthetic(folder.path() / "a.dcm", two_by_two({0, 1, 4000, 4095}, [&](DcmDataset& dataset) {
                      dataset.putAndInsertString(DCM_RescaleIntercept, "-1024");
                      dataset.putAndInsertString(DCM_RescaleSlope, "2");
                      change(dataset);
                    }));
    return series_in(folder.path()).padding;
  };
  EXPECT_EQ(padding_of([](DcmDataset&) {}), std::nullopt);
  EXPECT_EQ(padding_of([](DcmDataset& dataset) { dataset.putAndInsertUint16(DCM_PixelPaddingValue, 4000); }),
            (ValueRange{6976, 6976}));
  EXPECT_EQ(padding_of([](DcmDataset& dataset) {
              dataset.putAndInsertUint16(DCM_PixelPaddingValue, 4000);
              dataset.putAndInsertUint16(DCM_PixelPaddingRangeLimit, 3000);
            }),
            (ValueRange{4976, 6976}));
  EXPECT_EQ(padding_of([](DcmDataset& dataset) { // -2000 among signed samples, written as unsigned
              dataset.putAndInsertUint16(DCM_PixelRepresentation, 1);
              dataset.putAndInsertUint16(DCM_PixelPaddingValue, 63536);
            }),
            (ValueRange{-5024, -5024}));
}

TEST(Pixels, GoThroughAModalityLut) {
  const Volume volume = volume_of(two_by_two({9, 10, 11, 20}, [](DcmDataset& dataset) {
    DcmItem* item = nullptr;
    ASSERT_TRUE(dataset.findOrCreateSequenceItem(DCM_ModalityLUTSequence, item, 0).good());
    const Uint16 descriptor[] = {3, 10, 16};
    const Uint16 entries[] = {100, 200, 400};
    item->putAndInsertUint16Array(DCM_LUTDescriptor, descriptor, 3);
    item->putAndInsertUint16Array(DCM_LUTData, entries, 3);
    item->putAndInsertString(DCM_ModalityLUTType, "US");
  }));
  EXPECT_EQ(values(volume), (Values{100, 100, 200, 400}));
}

TEST(Pixels, AreTheSameInEveryUncompressedEncoding) {
  const Values expected = values(volume_of(two_by_two({1, 258, 3, 4095})));
  for (const E_TransferSyntax syntax :
       {EXS_LittleEndianImplicit, EXS_BigEndianExplicit, EXS_DeflatedLittleEndianExplicit})
    EXPECT_EQ(values(volume_of(two_by_two({1, 258, 3, 4095}), syntax)), expected)
        << DcmXfer(syntax).getXferName();
}

TEST(Pixels, OfFloatPixelDataAreRead) {
  const Volume volume = volume_of(two_by_two({}, [](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_PixelData);
    const Float32 samples[] = {0.5F, -1.25F, 3e6F, 0};
    dataset.putAndInsertFloat32Array(DCM_FloatPixelData, samples, 4);
    dataset.putAndInsertUint16(DCM_BitsAllocated, 32);
  }));
  EXPECT_EQ(values(volume), (Values{0.5, -1.25, 3e6, 0}));
}

TEST(Pixels, OfAFileThatShrankAreAnErrorThatNamesIt) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2});
  const SeriesInfo series = series_in(folder.path());
  const fs::path file = series.files[1];
  fs::resize_file(file, fs::file_size(file) - 4);
  const auto volume = read_volume(series);
  ASSERT_FALSE(volume);
  EXPECT_EQ(volume.error().kind, ErrorKind::malformed);
  EXPECT_NE(volume.error().message.find(file.filename().string()), std::string::npos) << volume.error().message;
}

TEST(Pixels, OfTheMiddleImageLieWhereTheyDoInTheVolume) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2, 4, 6, 8});
  const auto image = read_middle_image(series_in(folder.path()));
  ASSERT_TRUE(image);
  EXPECT_EQ(image->geometry().size, (std::array<int, 3>{6, 4, 1}));
  EXPECT_EQ(image->geometry().origin.mm[2], 4);
}

TEST(Pixels, OfASmallFileThatClaimsAHugeImageAreRefused) {
  const tests::TemporaryFolder folder;
  write_synthetic(folder / "plain.dcm", {});
  DcmRLEEncoderRegistration::registerCodecs();
  DcmFileFormat file;
  ASSERT_TRUE(file.loadFile((folder / "plain.dcm").c_str()).good());
  ASSERT_TRUE(file.getDataset()->chooseRepresentation(EXS_RLELossless, nullptr).good());
  file.getDataset()->putAndInsertUint16(DCM_Rows, 60000);
  file.getDataset()->putAndInsertUint16(DCM_Columns, 60000);
  ASSERT_TRUE(file.saveFile((folder / "huge.dcm").c_str(), EXS_RLELossless).good());
  DcmRLEEncoderRegistration::cleanup();
  fs::remove(folder / "plain.dcm");
  const auto volume = read_volume(series_in(folder.path()));
  ASSERT_FALSE(volume);
  EXPECT_EQ(volume.error().kind, ErrorKind::malformed);
  EXPECT_NE(volume.error().message.find("cannot hold"), std::string::npos) << volume.error().message;
}

/// CSA header of version 2 with the two values that a mosaic needs.
std::vector<Uint8> csa_header(int tiles, const std::vector<std::string>& normal) {
  std::vector<Uint8> bytes = {'S', 'V', '1', '0', 4, 3, 2, 1};
  const auto number = [&](std::uint32_t value) {
    for (int k = 0; k < 4; ++k) bytes.push_back(static_cast<Uint8>(value >> (8 * k)));
  };
  const auto tag = [&](const std::string& name, const std::vector<std::string>& items) {
    std::string padded = name;
    padded.resize(64);
    bytes.insert(bytes.end(), padded.begin(), padded.end());
    number(static_cast<std::uint32_t>(items.size()));
    number(0x5346); // "FS"
    number(0);
    number(static_cast<std::uint32_t>(items.size()));
    number(77);
    for (const std::string& item : items) {
      const auto length = static_cast<std::uint32_t>(item.size());
      for (int k = 0; k < 4; ++k) number(k == 2 ? 77 : length);
      std::string value = item;
      value.resize((item.size() + 3) / 4 * 4);
      bytes.insert(bytes.end(), value.begin(), value.end());
    }
  };
  number(2);
  number(77);
  tag("NumberOfImagesInMosaic", {std::to_string(tiles)});
  tag("SliceNormalVector", normal);
  if (bytes.size() % 2 != 0) bytes.push_back(0);
  return bytes;
}

TEST(Pixels, OfASiemensMosaicBecomeSlices) {
  SyntheticImage image; // 2 x 2 tiles of 3 columns and 2 rows, three of them used
  image.z = 10;
  image.change = [](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_ImageType, "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC");
    dataset.putAndInsertString(DCM_SpacingBetweenSlices, "3");
    dataset.putAndInsertString(DcmTag(0x0029, 0x0010, EVR_LO), "SIEMENS CSA HEADER");
    const auto bytes = csa_header(3, {"0.0", "0.0", "1.0"});
    dataset.putAndInsertUint8Array(DcmTag(0x0029, 0x1010, EVR_OB), bytes.data(),
                                   static_cast<unsigned long>(bytes.size()));
  };
  const Volume volume = volume_of(image);
  EXPECT_EQ(volume.geometry().size, (std::array<int, 3>{3, 2, 3}));
  EXPECT_EQ(volume.geometry().spacing_mm, Eigen::Vector3d(0.25, 0.5, 3));
  EXPECT_EQ(volume.geometry().origin.mm, Eigen::Vector3d(1.5 * 0.25, 1 * 0.5, 10));
  EXPECT_EQ(values(volume),
            (Values{0, 1, 2, 100, 101, 102, 3, 4, 5, 103, 104, 105, 200, 201, 202, 300, 301, 302}));
}

TEST(Pixels, OfAMosaicWithoutItsHeaderAreRefusedByName) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_ImageType, "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC");
  };
  write_synthetic(folder.path() / "a.dcm", image);
  const fs::path paths[] = {folder.path()};
  const auto index = scan(paths);
  ASSERT_TRUE(index);
  ASSERT_EQ(index->rejected.size(), 1U);
  EXPECT_NE(index->rejected[0].reason.find("Siemens mosaic"), std::string::npos);
}

} // namespace
} // namespace bloch::imaging
