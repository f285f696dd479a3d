#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gtest/gtest.h>

#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/private_elements.h"
#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

bool is_kept(const DcmElement& element) {
  const DcmTag& tag = element.getTag();
  if (tag.getElement() == 0) return false;
  return tag.getGroup() % 2 == 0 || is_private_element_read(tag.getGroup(), tag.getElement());
}

/// Tags of the elements of the whole data set that the header should have and has not, or has otherwise.
std::string difference(DcmDataset& whole, DcmDataset& header) {
  std::string wrong;
  unsigned long kept = 0;
  for (unsigned long i = 0; i < whole.card(); ++i) {
    DcmElement* element = whole.getElement(i);
    if (!is_kept(*element)) continue;
    ++kept;
    DcmElement* other = nullptr;
    if (header.findAndGetElement(element->getTag(), other).bad() || element->compare(*other) != 0)
      wrong += element->getTag().toString().c_str();
  }
  if (header.card() != kept) wrong += " other elements";
  return wrong;
}

TEST(Header, HoldsEveryElementThatIsReadOfEveryRealFile) {
  BLOCH_NEEDS_TEST_DATA();
  int compared = 0, left_out = 0;
  for (const auto& entry : fs::recursive_directory_iterator(tests::test_data() / "dicom")) {
    if (entry.is_directory()) continue;
    auto whole = open_dicom_file(entry.path());
    auto header = open_dicom_header(entry.path());
    ASSERT_EQ(whole.has_value(), header.has_value()) << entry.path();
    if (!whole || whole->layout.transfer_syntax == deflated_syntax) continue;
    ++compared;
    left_out += whole->dataset().card() > header->dataset().card() ? 1 : 0;
    EXPECT_EQ(difference(whole->dataset(), header->dataset()), "") << entry.path();
  }
  EXPECT_GT(compared, 300);
  EXPECT_GT(left_out, 100);
}

TEST(Header, OfAFileInAnyEncodingIsTheSame) {
  const tests::TemporaryFolder folder;
  for (const E_TransferSyntax syntax : {EXS_LittleEndianImplicit, EXS_LittleEndianExplicit,
                                        EXS_BigEndianExplicit, EXS_DeflatedLittleEndianExplicit}) {
    write_synthetic(folder / "a.dcm", {}, syntax);
    auto header = open_dicom_header(folder / "a.dcm");
    ASSERT_TRUE(header) << header.error().message;
    EXPECT_EQ(raw_value(header->dataset(), DCM_PatientName), "SYNTHETIC^ONE");
    EXPECT_EQ(integer_value(header->dataset(), DCM_Columns), 6);
  }
}

TEST(Header, OfAFileThatChangedAfterTheScanIsReadAgain) {
  const tests::TemporaryFolder folder;
  write_stack(folder.path(), {0, 2, 4});
  const fs::path paths[] = {folder.path()};
  const auto index = scan(paths).value();
  const SeriesInfo& series = *all_series(index).front().series;
  EXPECT_EQ(to_float(read_volume(series).value())[1], 1);
  SyntheticImage changed;
  changed.change = [](DcmDataset& dataset) { dataset.putAndInsertString(DCM_RescaleIntercept, "-1000"); };
  write_stack(folder.path(), {0, 2, 4}, changed);
  EXPECT_EQ(to_float(read_volume(series).value())[1], -999);
  changed.columns = 5;
  write_stack(folder.path(), {0, 2, 4}, changed);
  const auto other_size = read_volume(series);
  ASSERT_FALSE(other_size);
  EXPECT_NE(other_size.error().message.find("open the folder again"), std::string::npos);
}

} // namespace
} // namespace bloch::imaging
