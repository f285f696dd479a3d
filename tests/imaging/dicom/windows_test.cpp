// Windows and VOI LUTs as the files give them (PS3.3 C.11.2).
#include <gtest/gtest.h>

#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

using Entries = std::vector<std::uint16_t>;

std::vector<WindowLevel> windows_of(const std::function<void(DcmDataset&)>& change) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = change;
  write_synthetic(folder / "a.dcm", image);
  const std::filesystem::path paths[] = {folder.path()};
  const auto index = scan(paths);
  EXPECT_TRUE(index && all_series(*index).size() == 1);
  return all_series(*index).front().series->windows;
}

void add_lut(DcmDataset& dataset, Uint16 count, Uint16 first, Uint16 bits, const std::vector<Uint16>& words) {
  DcmItem* item = nullptr;
  ASSERT_TRUE(dataset.findOrCreateSequenceItem(DCM_VOILUTSequence, item, -2).good());
  const Uint16 descriptor[] = {count, first, bits};
  item->putAndInsertUint16Array(DcmTag(DCM_LUTDescriptor, EVR_US), descriptor, 3);
  item->putAndInsertUint16Array(DcmTag(DCM_LUTData, EVR_US), words.data(),
                                static_cast<unsigned long>(words.size()));
  item->putAndInsertString(DCM_LUTExplanation, "BONE");
}

TEST(Windows, ComeWithTheirFunctionAndNames) {
  const auto windows = windows_of([](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_WindowCenter, "40\\400");
    dataset.putAndInsertString(DCM_WindowWidth, "80\\2000");
    dataset.putAndInsertString(DCM_WindowCenterWidthExplanation, "BRAIN\\BONE");
    dataset.putAndInsertString(DCM_VOILUTFunction, "SIGMOID");
  });
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[1].name, "BONE");
  for (const WindowLevel& window : windows) EXPECT_EQ(window.function, WindowFunction::sigmoid);
}

TEST(Windows, WithoutAFunctionAreLinear) {
  const auto windows = windows_of([](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_WindowCenter, "40");
    dataset.putAndInsertString(DCM_WindowWidth, "80");
  });
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0], (WindowLevel{80, 40, {}}));
}

TEST(Windows, LookUpTablesFollowThoseInNumbers) {
  const auto windows = windows_of([](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_WindowCenter, "40");
    dataset.putAndInsertString(DCM_WindowWidth, "80");
    add_lut(dataset, 4, 100, 12, {0, 1000, 3000, 4095});
  });
  ASSERT_EQ(windows.size(), 2U);
  const WindowLevel& bone = windows[1];
  ASSERT_TRUE(bone.table);
  EXPECT_EQ(bone.name, "BONE");
  EXPECT_EQ(bone.width, 4);
  EXPECT_EQ(bone.level, 102);
  EXPECT_EQ(*bone.table, (VoiTable{100, 12, {0, 1000, 3000, 4095}}));
}

TEST(Windows, LookUpTablesOfBytesAreUnpacked) {
  const auto windows = windows_of([](DcmDataset& dataset) { add_lut(dataset, 4, 0, 8, {0x1000, 0xFF80}); });
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0].table->entries, (Entries{0x00, 0x10, 0x80, 0xFF}));
}

TEST(Windows, FirstValuesOfLookUpTablesMayBeNegative) {
  const auto windows = windows_of([](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_RescaleIntercept, "-1024");
    add_lut(dataset, 2, static_cast<Uint16>(-1000), 16, {0, 65535});
  });
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0].table->first_value, -1000);
}

TEST(Windows, OfMonochrome1AreAsTheFileSays) {
  const auto windows = windows_of([](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME1");
    add_lut(dataset, 4, 100, 8, {0, 50, 200, 255});
  });
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0].table->first_value, 100);
  EXPECT_EQ(windows[0].table->entries, (Entries{0, 50, 200, 255}));
}

TEST(Windows, DamagedLookUpTablesAreLeftOut) {
  EXPECT_TRUE(windows_of([](DcmDataset& dataset) { add_lut(dataset, 400, 0, 16, {1, 2, 3}); }).empty());
  EXPECT_TRUE(windows_of([](DcmDataset& dataset) { add_lut(dataset, 2, 0, 40, {1, 2}); }).empty());
}

} // namespace
} // namespace bloch::imaging
