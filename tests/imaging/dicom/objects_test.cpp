#include "imaging/dicom/objects.h"

#include <functional>
#include <map>
#include <sstream>

#include <dcmtk/dcmsr/dsrdoc.h>
#include <gtest/gtest.h>

#include "imaging/dicom/detail/object_info.h"
#include "imaging/dicom/scan.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

ObjectInfo only_object(const fs::path& path) {
  const fs::path paths[] = {path};
  const auto index = scan(paths);
  EXPECT_TRUE(index) << (index ? "" : index.error().message);
  if (!index) return {};
  EXPECT_EQ(all_objects(*index).size(), 1U);
  EXPECT_TRUE(all_series(*index).empty());
  return all_objects(*index).empty() ? ObjectInfo{} : *all_objects(*index).front().object;
}

/// Voxels (or the sum of fractions) of one segment and their mean place in mm.
struct Mass {
  double amount = 0;
  Eigen::Vector3d place = Eigen::Vector3d::Zero();
};

void add_mass(std::map<int, Mass>& masses, int segment, double amount, const WorldPoint& point) {
  masses[segment].amount += amount;
  masses[segment].place += amount * point.mm;
}

template <class Grid, class Amount> void weigh(const Grid& grid, std::map<int, Mass>& masses, Amount&& amount) {
  const auto& size = grid.geometry().size;
  grid.visit([&](auto samples) {
    for (int z = 0; z < size[2]; ++z)
      for (int y = 0; y < size[1]; ++y)
        for (int x = 0; x < size[0]; ++x)
          if (const auto value = samples[grid.offset(x, y, z)]; value != 0) {
            const auto [segment, weight] = amount(static_cast<double>(value));
            add_mass(masses, segment, weight, grid.geometry().to_world({Eigen::Vector3d(x, y, z)}));
          }
  });
}

std::map<int, Mass> masses_of(const Segmentation& segmentation) {
  std::map<int, Mass> masses;
  if (segmentation.fractions.empty()) {
    for (const LabelMap& layer : segmentation.layers)
      weigh(layer, masses, [](double label) { return std::pair(static_cast<int>(label), 1.0); });
  }
  for (std::size_t i = 0; i < segmentation.fractions.size(); ++i)
    weigh(segmentation.fractions[i], masses,
          [&](double fraction) { return std::pair(segmentation.segments[i].number, fraction); });
  for (auto& [segment, mass] : masses) mass.place /= mass.amount;
  return masses;
}

constexpr const char* weigh_with_pydicom = R"(
import sys, numpy, pydicom
d = pydicom.dcmread(sys.argv[1])
frames = d.pixel_array.reshape(-1, d.Rows, d.Columns).astype(float)
shared = d.SharedFunctionalGroupsSequence[0]
def macro(i, name):
    own = d.PerFrameFunctionalGroupsSequence[i]
    return (own if name in own else shared)[name][0]
sums = {}
for i in range(len(frames)):
    o = numpy.array(macro(i, 'PlaneOrientationSequence').ImageOrientationPatient, float)
    p = numpy.array(macro(i, 'PlanePositionSequence').ImagePositionPatient, float)
    s = numpy.array(macro(i, 'PixelMeasuresSequence').PixelSpacing, float)
    if d.SegmentationType == 'LABELMAP':
        parts = [(int(v), frames[i] == v) for v in numpy.unique(frames[i]) if v]
    else:
        scale = float(d.MaximumFractionalValue) if d.SegmentationType == 'FRACTIONAL' else 1.0
        parts = [(int(macro(i, 'SegmentIdentificationSequence').ReferencedSegmentNumber), frames[i] / scale)]
    for number, mask in parts:
        y, x = numpy.nonzero(mask)
        w = mask[y, x].astype(float)
        at = p + numpy.outer(x * s[1], o[:3]) + numpy.outer(y * s[0], o[3:])
        n, m = sums.get(number, (0.0, numpy.zeros(3)))
        sums[number] = (n + w.sum(), m + (w[:, None] * at).sum(0))
for number, (n, m) in sorted(sums.items()):
    if n: print(number, repr(float(n)), *[repr(float(v)) for v in m / n])
)";

class RealSegmentation : public testing::TestWithParam<const char*> {};

TEST_P(RealSegmentation, HasTheVoxelsThatPydicomFindsWhereItFindsThem) {
  BLOCH_NEEDS_TEST_DATA();
  BLOCH_NEEDS_PYDICOM();
  const fs::path path = tests::test_data() / "dicom" / GetParam();
  const auto segmentation = read_segmentation(path);
  ASSERT_TRUE(segmentation) << segmentation.error().message;
  const auto masses = masses_of(*segmentation);
  std::istringstream lines(python_says(weigh_with_pydicom, path));
  int segment = 0, compared = 0;
  double amount = 0, x = 0, y = 0, z = 0;
  while (lines >> segment >> amount >> x >> y >> z) {
    SCOPED_TRACE(segment);
    ++compared;
    ASSERT_TRUE(masses.contains(segment));
    EXPECT_NEAR(masses.at(segment).amount, amount, 1e-5 * amount);
    EXPECT_LE((masses.at(segment).place - Eigen::Vector3d(x, y, z)).norm(), 0.01);
  }
  EXPECT_EQ(compared, static_cast<int>(masses.size())) << lines.str();
  EXPECT_GT(compared, 0) << lines.str();
}

INSTANTIATE_TEST_SUITE_P(
    Files, RealSegmentation,
    testing::Values("dcmqi/segmentations/liver.dcm", "dcmqi/segmentations/partial_overlaps.dcm",
                    "dcmqi/segmentations/23x38x3/seg/label.seg", "dcmqi/segmentations/24x38x3/seg/label.seg",
                    "dcmqi/segmentations/sparse-labelmap-noppv.dcm",
                    "dcmqi/segmentations/sparse-labelmap-ppv5.dcm", "dcmqi/sr-example/seg.dcm",
                    "highdicom/seg_image_ct_binary.dcm", "highdicom/seg_image_ct_binary_overlap.dcm",
                    "highdicom/seg_image_ct_binary_single_frame.dcm",
                    "highdicom/seg_image_ct_binary_fractional.dcm",
                    "highdicom/seg_image_ct_true_fractional.dcm"),
    [](const auto& file) {
      std::string name = fs::path(file.param).parent_path().filename().string() +
                         fs::path(file.param).stem().string() + std::to_string(file.index);
      std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
      return name;
    });

TEST(Objects, NameSegmentsAndTheirSeries) {
  BLOCH_NEEDS_TEST_DATA();
  const fs::path path = tests::test_data() / "dicom" / "dcmqi" / "segmentations" / "liver.dcm";
  const ObjectInfo object = only_object(path);
  EXPECT_EQ(object.kind, ObjectKind::segmentation);
  EXPECT_EQ(object.parts, std::vector<std::string>{"Liver"});
  ASSERT_EQ(object.references.size(), 1U);
  EXPECT_EQ(object.references[0].instance_uids.size(), 3U);
  const auto segmentation = read_segmentation(path);
  ASSERT_TRUE(segmentation);
  const Segment& liver = segmentation->segments.at(0);
  EXPECT_EQ(liver.type, "Liver");
  EXPECT_EQ(liver.category, "Tissue");
  EXPECT_EQ(liver.algorithm, "SEMIAUTOMATIC SlicerEditor");
}

TEST(Objects, KeepOverlappingSegmentsInLayers) {
  BLOCH_NEEDS_TEST_DATA();
  const auto segmentation =
      read_segmentation(tests::test_data() / "dicom" / "highdicom" / "seg_image_ct_binary_overlap.dcm");
  ASSERT_TRUE(segmentation);
  EXPECT_EQ(segmentation->layers.size(), 2U);
}

TEST(Objects, SayThatASlideIsNoPatient) {
  BLOCH_NEEDS_TEST_DATA();
  const auto segmentation =
      read_segmentation(tests::test_data() / "dicom" / "highdicom" / "seg_image_sm_dots.dcm");
  ASSERT_FALSE(segmentation);
  EXPECT_NE(segmentation.error().message.find("microscope slide"), std::string::npos);
}

TEST(Objects, ConvertCielabAndBack) {
  // CIELab of the sRGB primaries under D50, as ICC profiles give them (L 54.29, a 80.81, b 69.89 for red).
  const auto red = to_cielab({255, 0, 0});
  EXPECT_NEAR(red[0] / 65535.0 * 100, 54.29, 0.02);
  EXPECT_NEAR(red[1] / 65535.0 * 255 - 128, 80.81, 0.05);
  EXPECT_NEAR(red[2] / 65535.0 * 255 - 128, 69.89, 0.05);
  for (const std::array<std::uint8_t, 3> colour :
       {std::array<std::uint8_t, 3>{0, 0, 0}, {255, 255, 255}, {230, 159, 0}, {0, 114, 178}})
    EXPECT_EQ(to_srgb(to_cielab(colour)), colour);
}

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

TEST(Objects, TellWindowAndAnnotationsOfAPresentationState) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [](DcmDataset& dataset) {
    dataset.findAndDeleteElement(DCM_PixelData);
    const auto put = [](DcmItem& item, const DcmTagKey& tag, const char* value) {
      item.putAndInsertString(tag, value);
    };
    const auto add = [](DcmItem& item, const DcmTagKey& tag) -> DcmItem& {
      DcmItem* added = nullptr;
      item.findOrCreateSequenceItem(tag, added, -2);
      return *added;
    };
    put(dataset, DCM_SpecificCharacterSet, "ISO_IR 100");
    put(dataset, DCM_SOPClassUID, UID_GrayscaleSoftcopyPresentationStateStorage);
    put(dataset, DCM_ContentLabel, "FINDING");
    DcmItem& window = add(dataset, DCM_SoftcopyVOILUTSequence);
    put(window, DCM_WindowCenter, "40");
    put(window, DCM_WindowWidth, "400");
    DcmItem& annotation = add(dataset, DCM_GraphicAnnotationSequence);
    put(annotation, DCM_GraphicLayer, "NOTES");
    DcmItem& note = add(annotation, DCM_TextObjectSequence);
    put(note, DCM_UnformattedTextValue, "L\xE4sion");
    put(note, DCM_AnchorPointAnnotationUnits, "PIXEL");
    const Float32 anchor[] = {10, 20};
    note.putAndInsertFloat32Array(DCM_AnchorPoint, anchor, 2);
    DcmItem& graphic = add(annotation, DCM_GraphicObjectSequence);
    put(graphic, DCM_GraphicType, "POLYLINE");
    put(graphic, DCM_GraphicAnnotationUnits, "PIXEL");
    const Float32 line[] = {1, 2, 3, 4};
    graphic.putAndInsertFloat32Array(DCM_GraphicData, line, 4);
    DcmItem& series = add(dataset, DCM_ReferencedSeriesSequence);
    put(series, DCM_SeriesInstanceUID, "1.2.3");
    put(add(series, DCM_ReferencedImageSequence), DCM_ReferencedSOPInstanceUID, "1.2.3.4");
  };
  write_synthetic(folder / "state.dcm", image);
  const ObjectInfo object = only_object(folder.path());
  EXPECT_EQ(object.kind, ObjectKind::presentation_state);
  ASSERT_EQ(object.windows.size(), 1U);
  EXPECT_EQ(object.windows[0], (WindowLevel{400, 40, {}}));
  ASSERT_EQ(object.references.size(), 1U);
  EXPECT_EQ(object.references[0].instance_uids, std::vector<std::string>{"1.2.3.4"});
  const auto text = object_text(object);
  ASSERT_TRUE(text) << text.error().message;
  for (const char* part : {"Label: FINDING", "Window: width 400, level 40", "Layer NOTES",
                           "Text: L\xC3\xA4sion (at 10, 20 px)", "POLYLINE: 1, 2; 3, 4 px"})
    EXPECT_NE(text->find(part), std::string::npos) << part << "\n" << *text;
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

TEST(Objects, RefuseASegmentationOfOneVoxelThatClaimsKilometres) {
  const tests::TemporaryFolder folder;
  SyntheticImage image;
  image.change = [](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_SOPClassUID, UID_SegmentationStorage);
    dataset.putAndInsertString(DCM_SegmentationType, "BINARY");
    dataset.putAndInsertString(DCM_NumberOfFrames, "2");
    dataset.putAndInsertUint16(DCM_BitsAllocated, 1);
    dataset.putAndInsertUint16(DCM_BitsStored, 1);
    dataset.putAndInsertUint16(DCM_HighBit, 0);
    dataset.putAndInsertString(DCM_SpacingBetweenSlices, "0.001");
    for (int i = 0; i < 2; ++i) {
      DcmItem* frame = nullptr;
      dataset.findOrCreateSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, -2);
      DcmItem* plane = nullptr;
      frame->findOrCreateSequenceItem(DCM_PlanePositionSequence, plane, 0);
      plane->putAndInsertString(DCM_ImagePositionPatient, i == 0 ? "0\\0\\0" : "0\\0\\1000000");
    }
  };
  write_synthetic(folder / "far.dcm", image);
  const auto segmentation = read_segmentation(folder / "far.dcm");
  ASSERT_FALSE(segmentation);
  EXPECT_EQ(segmentation.error().kind, ErrorKind::unsupported);
}

} // namespace
} // namespace bloch::imaging
