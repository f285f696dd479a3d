#include "imaging/dicom/objects.h"
#include "tests/imaging/dicom/made_object.h"
#include "tests/imaging/dicom/programs.h"

namespace bloch::imaging {
namespace {

TEST_F(WriteObjects, KeepProbabilitiesToOneStepIn255) {
  ASSERT_TRUE(write("fractional", source()));
  const auto read = read_segmentation(file());
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->fractions.size(), 1U);
  ASSERT_EQ(read->segments.size(), 1U);
  EXPECT_EQ(read->segments[0].name, "Läsion");
  EXPECT_TRUE(read->fractions[0].geometry().matches(odd_grid(), 1e-6));
  const auto got = to_float(read->fractions[0]);
  const auto wanted = to_float(odd_chances());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 0.5 / 255 + 1e-6) << i;
}

TEST_F(WriteObjects, StoreProbabilitiesAsPydicomReadsThem) {
  BLOCH_NEEDS_PYDICOM();
  ASSERT_TRUE(write("fractional", source()));
  // Slices 0, 1, 2 and 4 (the last); slice 1 is a ramp of 462 voxels, slice 2 has 93 of round(0.25 x 255).
  EXPECT_EQ(python_says(R"(
import sys, numpy, pydicom
d = pydicom.dcmread(sys.argv[1])
a = d.pixel_array
assert (d.SegmentationType, d.SegmentationFractionalType, d.MaximumFractionalValue) == ('FRACTIONAL', 'PROBABILITY', 255)
assert (d.BitsAllocated, d.BitsStored, d.HighBit) == (8, 8, 7)
ramp = numpy.arange(462) / 461 * 255
print(a.shape[0], a[0].sum(), abs(a[1].flatten() - ramp).max() <= 0.5 + 1e-4, a[2].sum(), a[3].sum())
)",
                        file()),
            "4 0 True " + std::to_string(93 * 64) + " 0\n");
}

TEST_F(WriteObjects, RefuseWhatIsNoProbability) {
  const Segment one_segment[] = {{}};
  const auto refused = [&](float value) {
    const VolumeGeometry geometry = odd_grid();
    std::vector<float> samples(geometry.voxel_count(), 0.5F);
    samples[7] = value;
    const Volume volumes[] = {Volume(geometry, samples)};
    const auto written = write_fractional_segmentation(folder_ / "none.dcm", volumes, one_segment,
                                                       FractionKind::probability, source(), {});
    EXPECT_FALSE(std::filesystem::exists(folder_ / "none.dcm"));
    return written ? std::string() : written.error().message;
  };
  EXPECT_NE(refused(3.25F).find("0.5 to 3.25"), std::string::npos) << refused(3.25F);
  EXPECT_NE(refused(-0.1F).find("-0.1 to 0.5"), std::string::npos) << refused(-0.1F);
  EXPECT_NE(refused(NAN).find("no numbers"), std::string::npos);
  const Volume nothing[] = {Volume(odd_grid(), std::vector<float>(odd_grid().voxel_count()))};
  EXPECT_FALSE(write_fractional_segmentation(folder_ / "none.dcm", nothing, one_segment,
                                             FractionKind::probability, source(), {}));
}

/// Two tissues that share each voxel.
std::vector<Volume> shared_voxels() {
  std::vector<float> grey = to_float(odd_chances());
  std::vector<float> white(grey.size());
  for (std::size_t i = 0; i < grey.size(); ++i) white[i] = grey[i] > 0 ? 1 - grey[i] : 0;
  return {Volume(odd_grid(), std::move(grey)), Volume(odd_grid(), std::move(white))};
}

TEST_F(WriteObjects, KeepHowMuchOfAVoxelEachOfSeveralSegmentsOccupies) {
  std::filesystem::create_directories(folder_ / "made");
  Segment segments[2];
  segments[0].name = "Grey matter";
  segments[1].name = "White matter";
  const auto volumes = shared_voxels();
  ASSERT_TRUE(write_fractional_segmentation(file(), volumes, segments, FractionKind::occupancy, source(), {}));
  const auto read = read_segmentation(file());
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->fractions.size(), 2U);
  EXPECT_EQ(read->segments[1].name, "White matter");
  for (std::size_t s = 0; s < 2; ++s) {
    EXPECT_TRUE(read->fractions[s].geometry().matches(odd_grid(), 1e-6));
    const auto got = to_float(read->fractions[s]);
    const auto wanted = to_float(volumes[s]);
    for (std::size_t i = 0; i < got.size(); ++i)
      ASSERT_NEAR(got[i], wanted[i], 0.5 / 255 + 1e-6) << s << " " << i;
  }
  if (tests::has_program("dciodvfy")) {
    const std::string report = output_of("dciodvfy '" + file().string() + "'");
    EXPECT_EQ(report.find("Error"), std::string::npos) << report;
  }
  if (!has_pydicom()) return;
  // Grey in slices 0, 1, 2, 4; white in 1 and 2.
  EXPECT_EQ(python_says(R"(
import sys, pydicom
d = pydicom.dcmread(sys.argv[1])
frames = [f.SegmentIdentificationSequence[0].ReferencedSegmentNumber for f in d.PerFrameFunctionalGroupsSequence]
a = d.pixel_array.astype(int)
print(d.SegmentationFractionalType, frames, [s.SegmentLabel for s in d.SegmentSequence], (abs(a[1] + a[4] - 255) <= 1).mean() > 0.99)
)",
                        file()),
            "OCCUPANCY [1, 1, 1, 1, 2, 2] ['Grey matter', 'White matter'] True\n");
}

TEST_F(WriteObjects, RefuseSegmentsOnDifferentGrids) {
  std::vector<Volume> volumes = shared_voxels();
  VolumeGeometry moved = odd_grid();
  moved.origin.mm.x() += 1;
  volumes[1] = volumes[1].with_geometry(moved);
  const Segment segments[2];
  const auto written = write_fractional_segmentation(folder_ / "none.dcm", volumes, segments,
                                                     FractionKind::occupancy, source(), {});
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("volume 2 lies on another grid"), std::string::npos);
}

TEST_F(WriteObjects, NameTheVolumeThatHoldsNoFractions) {
  std::vector<Volume> volumes = shared_voxels();
  std::vector<float> samples = to_float(volumes[1]);
  samples[7] = 2;
  volumes[1] = Volume(odd_grid(), std::move(samples));
  Segment segments[2];
  segments[1].name = "White matter";
  const auto written = write_fractional_segmentation(folder_ / "none.dcm", volumes, segments,
                                                     FractionKind::probability, source(), {});
  ASSERT_FALSE(written);
  EXPECT_TRUE(written.error().message.starts_with("volume 2 (White matter): ")) << written.error().message;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none.dcm"));
}

} // namespace
} // namespace bloch::imaging
