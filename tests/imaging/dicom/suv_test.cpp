#include "imaging/dicom/detail/suv.h"

#include <cmath>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gtest/gtest.h>

namespace bloch::imaging {
namespace {

/// F-18, 370 MBq an hour before the scan, 75 kg.
DcmDataset pet() {
  DcmDataset dataset;
  const auto put = [](DcmItem& item, const DcmTagKey& tag, const char* value) {
    ASSERT_TRUE(item.putAndInsertString(tag, value).good());
  };
  put(dataset, DCM_Units, "BQML");
  put(dataset, DCM_PatientWeight, "75");
  put(dataset, DCM_CorrectedImage, "DECY\\ATTN\\SCAT");
  put(dataset, DCM_DecayCorrection, "START");
  put(dataset, DCM_SeriesDate, "20260102");
  put(dataset, DCM_SeriesTime, "003000.5");
  DcmItem* drug = nullptr;
  EXPECT_TRUE(dataset.findOrCreateSequenceItem(DCM_RadiopharmaceuticalInformationSequence, drug, 0).good());
  put(*drug, DCM_RadionuclideTotalDose, "370000000");
  put(*drug, DCM_RadionuclideHalfLife, "6586.2");
  put(*drug, DCM_RadiopharmaceuticalStartDateTime, "20260101233000.5");
  return dataset;
}

void refuses(DcmDataset dataset, const char* clause) {
  const auto factor = read_suv_factor(dataset);
  ASSERT_FALSE(factor);
  EXPECT_NE(factor.error().message.find(clause), std::string::npos) << factor.error().message;
}

TEST(Suv, DecaysTheDoseToTheScanEvenOverMidnight) {
  DcmDataset dataset = pet();
  const auto factor = read_suv_factor(dataset);
  ASSERT_TRUE(factor) << factor.error().message;
  EXPECT_NEAR(*factor, 75000 / (370e6 * std::pow(0.5, 3600 / 6586.2)), 1e-15);
}

TEST(Suv, TakesTheWholeDoseWhenValuesAreCorrectedToTheInjection) {
  DcmDataset dataset = pet();
  dataset.putAndInsertString(DCM_DecayCorrection, "ADMIN");
  EXPECT_DOUBLE_EQ(*read_suv_factor(dataset), 75000 / 370e6);
}

TEST(Suv, TakesTheAcquisitionWhenTheSeriesWasMadeLater) {
  DcmDataset dataset = pet();
  dataset.putAndInsertString(DCM_AcquisitionDate, "20260102");
  dataset.putAndInsertString(DCM_AcquisitionTime, "003000.5");
  dataset.putAndInsertString(DCM_SeriesTime, "120000");
  EXPECT_NEAR(*read_suv_factor(dataset), 75000 / (370e6 * std::pow(0.5, 3600 / 6586.2)), 1e-15);
}

TEST(Suv, IsOneForValuesThatAreSuvAlready) {
  DcmDataset dataset = pet();
  dataset.putAndInsertString(DCM_Units, "GML");
  EXPECT_EQ(*read_suv_factor(dataset), 1);
}

TEST(Suv, SaysWhatTheHeaderLacks) {
  DcmDataset dataset = pet();
  dataset.findAndDeleteElement(DCM_PatientWeight);
  refuses(dataset, "weight");
  dataset = pet();
  dataset.putAndInsertString(DCM_CorrectedImage, "DECY");
  refuses(dataset, "attenuation");
  dataset = pet();
  dataset.putAndInsertString(DCM_DecayCorrection, "NONE");
  refuses(dataset, "decay");
  dataset = pet();
  dataset.putAndInsertString(DCM_Units, "CNTS");
  refuses(dataset, "counts");
  dataset = pet();
  dataset.findAndDeleteElement(DCM_RadiopharmaceuticalInformationSequence);
  refuses(dataset, "radiopharmaceutical");
  dataset = pet();
  dataset.putAndInsertString(DCM_SeriesTime, "000000");
  dataset.putAndInsertString(DCM_SeriesDate, "20260101");
  refuses(dataset, "before the scan");
}

} // namespace
} // namespace bloch::imaging
