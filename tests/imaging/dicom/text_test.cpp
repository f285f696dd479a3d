#include <gtest/gtest.h>

#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/synthetic_dicom.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

PatientInfo patient_named(const std::string& character_set, const std::string& stored_name,
                          bool* warned = nullptr) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [&](DcmDataset& dataset) {
    if (!character_set.empty()) dataset.putAndInsertString(DCM_SpecificCharacterSet, character_set.c_str());
    dataset.putAndInsertString(DCM_PatientName, stored_name.c_str());
  };
  write_synthetic(folder.path() / "a.dcm", image);
  const std::filesystem::path paths[] = {folder.path()};
  const auto index = scan(paths);
  EXPECT_TRUE(index && index->patients.size() == 1);
  if (warned) *warned = !index->patients[0].studies[0].series[0].warnings.empty();
  return index->patients[0];
}

// Byte strings of PS3.5 annexes H, I, J and K.
TEST(DicomText, ReadsJapaneseNamesWithCodeExtensions) {
  EXPECT_EQ(
      patient_named("\\ISO 2022 IR 87",
                    "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B")
          .name,
      "Yamada^Tarou=山田^太郎=やまだ^たろう");
}

TEST(DicomText, ReadsJapaneseNamesWithHalfWidthKatakana) {
  const char* stored =
      "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J=\x1B$B$d$^$@\x1B(J^\x1B$B$?$m$&\x1B(J";
  EXPECT_EQ(patient_named("ISO 2022 IR 13\\ISO 2022 IR 87", stored).name, "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
}

TEST(DicomText, ReadsHebrewNames) {
  EXPECT_EQ(patient_named("ISO_IR 138", "\xF9\xF8\xE5\xEF^\xE3\xE1\xE5\xF8\xE4").name, "שרון^דבורה");
}

TEST(DicomText, ReadsKoreanNames) {
  EXPECT_EQ(patient_named(
                "\\ISO 2022 IR 149",
                "Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)C\xB1\xE6\xB5\xBF")
                .name,
            "Hong^Gildong=洪^吉洞=홍^길동");
}

TEST(DicomText, ReadsChineseNames) {
  EXPECT_EQ(patient_named("GB18030", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB").name, "Wang^XiaoDong=王^小东");
  EXPECT_EQ(patient_named("ISO_IR 192", "Wang^XiaoDong=王^小東=").name, "Wang^XiaoDong=王^小東=");
}

TEST(DicomText, ReadsChineseNamesWithCodeExtensions) {
  // PS3.5 K.2: GB 2312 in G1
  EXPECT_EQ(patient_named("\\ISO 2022 IR 58", "Zhang^XiaoDong=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB=").name,
            "Zhang^XiaoDong=张^小东=");
  EXPECT_EQ(patient_named("GBK", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\x96\x7C").name, "Wang^XiaoDong=王^小東");
}

TEST(DicomText, ReadsSeveralAlphabetsInOneName) {
  EXPECT_EQ(patient_named("ISO 2022 IR 100\\ISO 2022 IR 144", "Dionysios^\x1B-L\xB8\xD2\xD0\xDD").name,
            "Dionysios^Иван");
  EXPECT_EQ(patient_named("ISO 2022 IR 6\\ISO 2022 IR 126", "A^\x1B-F\xC4\xE9\xEF").name, "A^Διο");
}

TEST(DicomText, ReadsEveryOtherAlphabet) {
  EXPECT_EQ(patient_named("ISO_IR 101", "\xA3uk\xB3").name, "Łukł");
  EXPECT_EQ(patient_named("ISO_IR 109", "\xA6u").name, "Ĥu");
  EXPECT_EQ(patient_named("ISO_IR 110", "\xA9").name, "Š");
  EXPECT_EQ(patient_named("ISO_IR 127", "\xC7\xE6").name, "ان");
  EXPECT_EQ(patient_named("ISO_IR 148", "\xDDs\xFD").name, "İsı");
  EXPECT_EQ(patient_named("ISO_IR 166", "\xA1\xA2").name, "กข");
  EXPECT_EQ(patient_named("ISO_IR 13", "\xD4\xCF").name, "ﾔﾏ");
}

TEST(DicomText, ReadsSupplementaryKanji) {
  EXPECT_EQ(patient_named("\\ISO 2022 IR 87\\ISO 2022 IR 159", "A=\x1B$(D\x30\x21\x1B(B^\x1B$B;3\x1B(B").name,
            "A=丂^山");
}

TEST(DicomText, ReadsEuropeanNames) {
  EXPECT_EQ(patient_named("ISO_IR 100", "Buc^J\xE9r\xF4me").name, "Buc^Jérôme");
  EXPECT_EQ(patient_named("ISO_IR 126", "\xC4\xE9\xEF\xED\xF5\xF3\xE9\xEF\xF2").name, "Διονυσιος");
  EXPECT_EQ(patient_named("ISO_IR 144", "\xB8\xD2\xD0\xDD").name, "Иван");
}

TEST(DicomText, ReadsATermOfCodeExtensionsThatStandsAlone) {
  bool warned = true;
  EXPECT_EQ(patient_named("ISO 2022 IR 144", "\xB8\xD2\xD0\xDD", &warned).name, "Иван");
  EXPECT_FALSE(warned);
  EXPECT_EQ(patient_named("ISO 2022 IR 126", "\xC4\xE9\xEF").name, "Διο");
  EXPECT_EQ(patient_named("ISO 2022 IR 127", "\xC7\xE6").name, "ان");
  EXPECT_EQ(patient_named("ISO 2022 IR 138", "\xF9\xF8\xE5\xEF").name, "שרון");
  EXPECT_EQ(patient_named("ISO 2022 IR 100", "J\xE9r\xF4me").name, "Jérôme");
  EXPECT_EQ(patient_named("ISO 2022 IR 101", "\xA3uk\xB3").name, "Łukł");
  EXPECT_EQ(patient_named("ISO 2022 IR 109", "\xA6u").name, "Ĥu");
  EXPECT_EQ(patient_named("ISO 2022 IR 110", "\xA9").name, "Š");
  EXPECT_EQ(patient_named("ISO 2022 IR 148", "\xDDs\xFD").name, "İsı");
  EXPECT_EQ(patient_named("ISO 2022 IR 166", "\xA1\xA2").name, "กข");
  EXPECT_EQ(patient_named("ISO 2022 IR 13", "\xD4\xCF").name, "ﾔﾏ");
}

TEST(DicomText, ReadsLatin9) {
  for (const char* set : {"ISO_IR 203", "ISO 2022 IR 203"}) {
    bool warned = true;
    EXPECT_EQ(patient_named(set,
                            "\xBC"
                            "uvre \xA4^J\xE9r\xF4me",
                            &warned)
                  .name,
              "Œuvre €^Jérôme")
        << set;
    EXPECT_FALSE(warned) << set;
  }
}

TEST(DicomText, FallsBackWithAWarning) {
  bool warned = false;
  EXPECT_EQ(patient_named("", "M\xFCller^Eva", &warned).name, "Müller^Eva");
  EXPECT_TRUE(warned);
  EXPECT_EQ(patient_named("", "Müller^Eva", &warned).name, "Müller^Eva");
  EXPECT_TRUE(warned);
  EXPECT_EQ(patient_named("ISO_IR 999", "M\xFCller^Eva", &warned).name, "Müller^Eva");
  EXPECT_TRUE(warned);
  EXPECT_EQ(patient_named("ISO_IR 100", "M\xFCller^Eva", &warned).name, "Müller^Eva");
  EXPECT_FALSE(warned);
}

} // namespace
} // namespace bloch::imaging
