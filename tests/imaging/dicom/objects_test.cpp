#include "imaging/dicom/objects.h"

#include <sstream>

#include <dcmtk/dcmsr/dsrdoc.h>
#include <gtest/gtest.h>

#include "tests/imaging/dicom/only_object.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

TEST(Objects, ReadTheContoursThatPydicomReads) {
  BLOCH_NEEDS_TEST_DATA();
  BLOCH_NEEDS_PYDICOM();
  const fs::path path = tests::test_data() / "dicom" / "dicompyler" / "example_data" / "rtss.dcm";
  const auto set = read_structure_set(path);
  ASSERT_TRUE(set) << set.error().message;
  std::ostringstream ours;
  ours.setf(std::ios::fixed);
  ours.precision(3);
  for (const ContourRegion& region : set->regions) {
    std::size_t points = 0;
    double sum = 0;
    for (const Contour& contour : region.contours) {
      points += contour.points.size();
      for (const WorldPoint& point : contour.points) sum += point.mm[0] + 2 * point.mm[1] + 3 * point.mm[2];
    }
    ours << region.number << '|' << region.name << '|' << static_cast<int>(region.colour[0]) << '|'
         << static_cast<int>(region.colour[1]) << '|' << static_cast<int>(region.colour[2]) << '|'
         << region.contours.size() << '|' << points << '|' << sum << '\n';
  }
  EXPECT_EQ(ours.str(), python_says(R"(
import sys, numpy, pydicom
d = pydicom.dcmread(sys.argv[1])
contours = {c.ReferencedROINumber: c for c in d.ROIContourSequence}
for r in d.StructureSetROISequence:
    c = contours[r.ROINumber]
    lines = [numpy.array(one.ContourData, float).reshape(-1, 3) for one in c.get('ContourSequence', [])]
    total = sum((line @ [1, 2, 3]).sum() for line in lines)
    print(r.ROINumber, r.ROIName, *c.ROIDisplayColor, len(lines), sum(len(line) for line in lines), '%.3f' % total, sep='|')
)",
                                    path));
  EXPECT_GT(set->regions.size(), 1U);
}

TEST(Objects, TellPrescriptionAndBeamsOfAPlan) {
  BLOCH_NEEDS_TEST_DATA();
  const auto text = object_text(only_object(tests::test_data() / "dicom/dicompyler/example_data/rtplan.dcm"));
  ASSERT_TRUE(text) << text.error().message;
  for (const char* part : {"Label: B1", "Fractions: ", "Beams\n", " MV photon"})
    EXPECT_NE(text->find(part), std::string::npos) << part << "\n" << *text;
}

/// The text of a plan with beams of the given radiation and energies, in an RT Plan or an RT Ion Plan.
std::string plan_with_beam(const char* radiation, const std::vector<const char*>& energies, bool ions) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [&](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_PixelData);
    dataset.putAndInsertString(DCM_SOPClassUID, ions ? UID_RTIonPlanStorage : UID_RTPlanStorage);
    DcmItem* beam = nullptr;
    dataset.findOrCreateSequenceItem(ions ? DCM_IonBeamSequence : DCM_BeamSequence, beam, 0);
    beam->putAndInsertString(DCM_BeamName, "B1");
    beam->putAndInsertString(DCM_RadiationType, radiation);
    for (const char* energy : energies) {
      DcmItem* point = nullptr;
      beam->findOrCreateSequenceItem(ions ? DCM_IonControlPointSequence : DCM_ControlPointSequence, point, -2);
      point->putAndInsertString(DCM_NominalBeamEnergy, energy);
    }
  };
  write_synthetic(folder / "plan.dcm", image);
  const auto text = object_text(only_object(folder.path()));
  EXPECT_TRUE(text) << (text ? "" : text.error().message);
  return text.value_or("");
}

TEST(Objects, TellTheEnergyOfABeamInTheUnitOfItsRadiation) {
  const auto expect = [](const std::string& text, const char* beam) {
    EXPECT_NE(text.find(std::string("Beams\n  B1: ") + beam + "\n"), std::string::npos) << beam << "\n" << text;
  };
  expect(plan_with_beam("PHOTON", {"6"}, false), "6 MV photon");
  expect(plan_with_beam("ELECTRON", {"12"}, false), "12 MeV electron");
  expect(plan_with_beam("PROTON", {"180.5", "180.5", "70"}, true), "70 to 180.5 MeV proton");
  expect(plan_with_beam("ION", {"200", "200"}, true), "200 MeV/u ion");
  expect(plan_with_beam("PROTON", {}, true), "proton");
}

TEST(Objects, TellWhatAKeyObjectSelectionMarks) {
  const tests::TemporaryFolder folder;
  DSRDocument document(DSRTypes::DT_KeyObjectSelectionDocument);
  DSRDocumentTree& tree = document.getTree();
  tree.addContentItem(DSRTypes::RT_isRoot, DSRTypes::VT_Container);
  tree.getCurrentContentItem().setConceptName(DSRCodedEntryValue("113000", "DCM", "Of Interest"));
  tree.addContentItem(DSRTypes::RT_contains, DSRTypes::VT_Text, DSRTypes::AM_belowCurrent);
  tree.getCurrentContentItem().setConceptName(DSRCodedEntryValue("113012", "DCM", "Key Object Description"));
  tree.getCurrentContentItem().setStringValue("Compare with the prior");
  tree.addContentItem(DSRTypes::RT_contains, DSRTypes::VT_Image, DSRTypes::AM_afterCurrent);
  tree.getCurrentContentItem().setImageReference(DSRImageReferenceValue(UID_CTImageStorage, "1.2.3.4"));
  document.getCurrentRequestedProcedureEvidence().addItem("1.2", "1.2.3", UID_CTImageStorage, "1.2.3.4");
  DcmFileFormat file;
  ASSERT_TRUE(document.write(*file.getDataset()).good());
  ASSERT_TRUE(file.saveFile((folder / "key.dcm").c_str(), EXS_LittleEndianExplicit).good());
  const ObjectInfo object = only_object(folder.path());
  EXPECT_EQ(object.kind, ObjectKind::key_objects);
  EXPECT_EQ(object.parts, std::vector<std::string>{"Of Interest"});
  ASSERT_EQ(object.references.size(), 1U);
  EXPECT_EQ(object.references[0].series_uid, "1.2.3");
  EXPECT_EQ(object.references[0].instance_uids, std::vector<std::string>{"1.2.3.4"});
  const auto text = object_text(object);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_NE(text->find("Compare with the prior"), std::string::npos) << *text;
  EXPECT_NE(text->find("1.2.3.4"), std::string::npos) << *text;
}

TEST(Objects, GiveBackTheWrappedPdf) {
  const tests::TemporaryFolder folder;
  const std::string pdf = "%PDF-1.4 synthetic";
  SyntheticImage image;
  image.change = [&](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_PixelData);
    dataset.putAndInsertString(DCM_SOPClassUID, UID_EncapsulatedPDFStorage);
    dataset.putAndInsertString(DCM_DocumentTitle, "Letter");
    dataset.putAndInsertString(DCM_MIMETypeOfEncapsulatedDocument, "application/pdf");
    dataset.putAndInsertUint8Array(DCM_EncapsulatedDocument, reinterpret_cast<const Uint8*>(pdf.data()),
                                   static_cast<unsigned long>(pdf.size()));
  };
  write_synthetic(folder / "letter.dcm", image);
  const ObjectInfo object = only_object(folder.path());
  EXPECT_EQ(object.kind, ObjectKind::document);
  EXPECT_EQ(object.description, "Letter");
  const auto document = read_document(object.path);
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->extension, ".pdf");
  EXPECT_EQ(std::string(document->bytes.begin(), document->bytes.end()), pdf);
}

} // namespace
} // namespace bloch::imaging
