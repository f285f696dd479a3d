#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "imaging/dicom/detail/object_info.h"
#include "imaging/dicom/objects.h"
#include "tests/imaging/dicom/only_object.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

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
