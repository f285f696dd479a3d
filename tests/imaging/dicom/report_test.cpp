#include <functional>
#include <sstream>

#include <dcmtk/dcmsr/dsrdoc.h>
#include <gtest/gtest.h>

#include "imaging/dicom/objects.h"
#include "tests/imaging/dicom/only_object.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

class RealReport : public testing::TestWithParam<const char*> {};

TEST_P(RealReport, SaysEveryTextThatPydicomFindsInIt) {
  BLOCH_NEEDS_TEST_DATA();
  BLOCH_NEEDS_PYDICOM();
  const fs::path path = tests::test_data() / "dicom" / GetParam();
  const ObjectInfo object = only_object(path);
  EXPECT_EQ(object.kind, ObjectKind::report);
  const auto text = object_text(object);
  ASSERT_TRUE(text) << text.error().message;
  std::istringstream lines(python_says(R"(
import sys, pydicom
def walk(item):
    if 'ConceptNameCodeSequence' in item: print(item.ConceptNameCodeSequence[0].CodeMeaning)
    if item.ValueType == 'TEXT': print(item.TextValue.splitlines()[0])
    if item.ValueType == 'CODE': print(item.ConceptCodeSequence[0].CodeMeaning)
    if item.ValueType == 'NUM' and item.MeasuredValueSequence: print(item.MeasuredValueSequence[0].NumericValue)
    for child in item.get('ContentSequence', []): walk(child)
walk(pydicom.dcmread(sys.argv[1]))
)",
                                       path));
  int compared = 0;
  for (std::string line; std::getline(lines, line); ++compared)
    EXPECT_NE(text->find(line), std::string::npos) << line << "\n" << *text;
  EXPECT_GT(compared, 5);
}

INSTANTIATE_TEST_SUITE_P(Files, RealReport,
                         testing::Values("dcmqi/sr-example/sr.dcm", "highdicom/sr_document.dcm",
                                         "highdicom/sr_document_with_multiple_groups.dcm"));

/// Writes a report of DCMTK's, and what a reader sees of it: a line each, a dash for each step of depth.
std::string report_as_read(DSRDocument& document, const std::function<void(DcmDataset&)>& change = {}) {
  const tests::TemporaryFolder folder;
  DcmFileFormat file;
  EXPECT_TRUE(document.write(*file.getDataset()).good());
  if (change) change(*file.getDataset());
  EXPECT_TRUE(file.saveFile((folder / "report.dcm").c_str(), EXS_LittleEndianExplicit).good());
  const auto lines = object_lines(only_object(folder.path()));
  EXPECT_TRUE(lines) << (lines ? "" : lines.error().message);
  std::string text;
  if (lines)
    for (const ObjectLine& line : *lines)
      text += std::string(static_cast<std::size_t>(line.depth), '-') + line.name + "|" + line.value + "\n";
  return text;
}

constexpr auto below = DSRTypes::AM_belowCurrent;
constexpr auto after = DSRTypes::AM_afterCurrent;

DSRContentItem& add_content(DSRDocument& document, DSRTypes::E_ValueType type, DSRTypes::E_AddMode mode,
                            const char* name, DSRTypes::E_RelationshipType relation = DSRTypes::RT_contains) {
  DSRDocumentTree& tree = document.getTree();
  tree.addContentItem(tree.isEmpty() ? DSRTypes::RT_isRoot : relation, type, mode);
  tree.getCurrentContentItem().setConceptName(DSRCodedEntryValue("1", "99TEST", name));
  return tree.getCurrentContentItem();
}

const DSRCodedEntryValue millimetres("mm", "UCUM", "millimetre");

TEST(Objects, ReadAReportAsItsReaderWould) {
  DSRDocument document(DSRTypes::DT_ComprehensiveSR);
  document.setPatientName("Doe^Jane^^Dr.");
  document.setContentDate("20261129");
  document.setContentTime("101500");
  add_content(document, DSRTypes::VT_Container, after, "Consultation Report");
  add_content(document, DSRTypes::VT_Container, below, "History")
      .setContinuityOfContent(DSRTypes::COC_Continuous);
  add_content(document, DSRTypes::VT_Text, below, "Words").setStringValue("Seen by");
  add_content(document, DSRTypes::VT_PName, after, "Words").setStringValue("Mason^^^Dr.");
  add_content(document, DSRTypes::VT_Text, after, "Words").setStringValue(", who felt a lump.");
  document.getTree().goUp();
  add_content(document, DSRTypes::VT_Num, after, "Diameter")
      .setNumericValue(DSRNumericMeasurementValue("15", millimetres));
  EXPECT_EQ(report_as_read(document),
            "Consultation Report|\nPatient|Dr. Jane Doe\nDate|2026-11-29 10:15:00\nStatus|Partial, unverified\n"
            "History|\n-Words|Seen by Dr. Mason, who felt a lump.\nDiameter|15 mm\n");
}

TEST(Objects, KeepWhatEachFindingOfAContinuousReportIsAbout) {
  DSRDocument document(DSRTypes::DT_ComprehensiveSR);
  document.setContentDate("20261129");
  document.setContentTime("101500");
  add_content(document, DSRTypes::VT_Container, after, "Report")
      .setContinuityOfContent(DSRTypes::COC_Continuous);
  add_content(document, DSRTypes::VT_Code, below, "Language", DSRTypes::RT_hasConceptMod)
      .setCodeValue(DSRCodedEntryValue("en", "RFC5646", "English"));
  add_content(document, DSRTypes::VT_Text, after, "Right breast").setStringValue("normal");
  add_content(document, DSRTypes::VT_Text, after, "Left breast").setStringValue("mass");
  add_content(document, DSRTypes::VT_Num, after, "LVEDD")
      .setNumericValue(DSRNumericMeasurementValue("62", millimetres));
  EXPECT_EQ(report_as_read(document), "Report|\nDate|2026-11-29 10:15:00\nStatus|Partial, unverified\n"
                                      "Language|English\nRight breast|normal\nLeft breast|mass\nLVEDD|62 mm\n");
}

TEST(Objects, KeepMeasurementsAndModifiersOutOfParagraphs) {
  for (const bool measured : {false, true}) {
    DSRDocument document(DSRTypes::DT_ComprehensiveSR);
    document.setContentDate("20261129");
    document.setContentTime("101500");
    add_content(document, DSRTypes::VT_Container, after, "Report")
        .setContinuityOfContent(DSRTypes::COC_Continuous);
    add_content(document, DSRTypes::VT_Text, below, "Finding").setStringValue("a mass");
    add_content(document, DSRTypes::VT_Text, after, "Finding").setStringValue("of the left breast");
    if (measured)
      add_content(document, DSRTypes::VT_Num, after, "Finding")
          .setNumericValue(DSRNumericMeasurementValue("62", millimetres));
    else
      add_content(document, DSRTypes::VT_Code, after, "Finding", DSRTypes::RT_hasConceptMod)
          .setCodeValue(DSRCodedEntryValue("en", "RFC5646", "English"));
    EXPECT_EQ(report_as_read(document),
              std::string("Report|\nDate|2026-11-29 10:15:00\nStatus|Partial, unverified\n"
                          "Finding|a mass\nFinding|of the left breast\nFinding|") +
                  (measured ? "62 mm\n" : "English\n"));
  }
}

TEST(Objects, NameUnitsByTheirMeaningUnlessUcumCodesThem) {
  DSRDocument document(DSRTypes::DT_ComprehensiveSR);
  add_content(document, DSRTypes::VT_Container, after, "Report");
  add_content(document, DSRTypes::VT_Num, below, "A")
      .setNumericValue(DSRNumericMeasurementValue("5", DSRCodedEntryValue("12345", "99PRIV", "mm")));
  add_content(document, DSRTypes::VT_Num, after, "B")
      .setNumericValue(DSRNumericMeasurementValue("6", DSRCodedEntryValue("1", "99PRIV", "cm")));
  add_content(document, DSRTypes::VT_Num, after, "C")
      .setNumericValue(DSRNumericMeasurementValue("7", DSRCodedEntryValue("cm2", "UCUM", "square centimetre")));
  add_content(document, DSRTypes::VT_Num, after, "D")
      .setNumericValue(DSRNumericMeasurementValue("8", DSRCodedEntryValue("1", "UCUM", "no units")));
  const std::string text = report_as_read(document);
  EXPECT_NE(text.find("A|5 mm\nB|6 cm\nC|7 cm2\nD|8\n"), std::string::npos) << text;
}

TEST(Objects, TellTimesWithTheirOffsets) {
  DSRDocument document(DSRTypes::DT_ComprehensiveSR);
  add_content(document, DSRTypes::VT_Container, after, "Report");
  DSRTypes::E_AddMode mode = below;
  for (const char* time : {"202001021142+0100", "20200102114243.5-0500", "20200102114243", "20200102+0100",
                           "2020+0100", "20200102", "202001021142+1"}) {
    add_content(document, DSRTypes::VT_DateTime, mode, "At").setStringValue(time, OFFalse /*check*/);
    mode = after;
  }
  const std::string text = report_as_read(document);
  EXPECT_NE(text.find("At|2020-01-02 11:42 +01:00\nAt|2020-01-02 11:42:43 -05:00\nAt|2020-01-02 11:42:43\n"
                      "At|2020-01-02 +01:00\nAt|2020+0100\nAt|2020-01-02\nAt|2020-01-02 11:42 +1\n"),
            std::string::npos)
      << text;
}

TEST(Objects, HaveNoDateInTheirHeadingWithoutOne) {
  DSRDocument document(DSRTypes::DT_ComprehensiveSR);
  add_content(document, DSRTypes::VT_Container, after, "Report");
  add_content(document, DSRTypes::VT_Text, below, "Words").setStringValue("normal");
  const std::string text = report_as_read(document, [](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_ContentDate);
    dataset.findAndDeleteElement(DCM_ContentTime);
  });
  EXPECT_EQ(text, "Report|\nStatus|Partial, unverified\nWords|normal\n");
}

} // namespace
} // namespace bloch::imaging
