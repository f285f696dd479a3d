#include <cmath>
#include <iostream>

#include <gtest/gtest.h>

#include "imaging/io/image_file.h"
#include "imaging/open/open.h"
#include "tests/imaging/dicom/synthetic_dicom.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

/// Every voxel of `ours` lies within the tolerance on a voxel of `theirs` and has its value.
void expect_same_up_to_flips(const Volume& ours, const Volume& theirs, double tolerance_mm = 1e-3) {
  const VolumeGeometry& a = ours.geometry();
  const VolumeGeometry& b = theirs.geometry();
  ASSERT_EQ(a.voxel_count(), b.voxel_count());
  double farthest = 0;
  std::size_t different = 0;
  const float tolerance = ours.holds<std::int16_t>() ? 0 : 1e-6F; // both scale stored values in float32
  const auto first = to_float(ours);
  const auto second = to_float(theirs);
  for (int z = 0; z < a.size[2]; ++z)
    for (int y = 0; y < a.size[1]; ++y)
      for (int x = 0; x < a.size[0]; ++x) {
        const WorldPoint point = a.to_world({Eigen::Vector3d(x, y, z)});
        const Eigen::Vector3d place = b.to_voxel(point).index;
        const Eigen::Vector3d whole = place.array().round();
        farthest = std::max(farthest, (place - whole).cwiseProduct(b.spacing_mm).norm());
        if (!b.contains({whole})) {
          ++different;
          continue;
        }
        const std::size_t other =
            theirs.offset(static_cast<int>(whole[0]), static_cast<int>(whole[1]), static_cast<int>(whole[2]));
        const float mine = first[ours.offset(x, y, z)];
        different += std::abs(mine - second[other]) > tolerance * std::abs(mine) ? 1 : 0;
      }
  EXPECT_EQ(different, 0U);
  EXPECT_LE(farthest, tolerance_mm);
  std::cout << "    " << first.size() << " voxels, positions differ by at most " << farthest << " mm\n";
}

/// Runs dcm2niix on a folder and compares with what we read.
void compare_with_dcm2niix(const fs::path& dicom) {
  const tests::TemporaryFolder folder;
  ASSERT_TRUE(tests::run_program("dcm2niix -z n -b n -p n -f peer -o '" + folder.path().string() + "' '" +
                                 dicom.string() + "'"));
  const auto theirs = read_image(folder / "peer.nii");
  ASSERT_TRUE(theirs) << theirs.error().message;
  const auto ours = open_image(dicom);
  ASSERT_TRUE(ours) << ours.error().message;
  ASSERT_TRUE(write_image(folder / "ours.nii.gz", ours->volume));
  const auto written = read_image(folder / "ours.nii.gz");
  ASSERT_TRUE(written);
  expect_same_up_to_flips(*written, *theirs);
}

TEST(Dcm2niix, AgreesAboutAnObliqueHead) {
  BLOCH_NEEDS_TEST_DATA();
  BLOCH_NEEDS_PROGRAM("dcm2niix");
  compare_with_dcm2niix(tests::test_data() / "dicom" / "sag_anon");
}

TEST(Dcm2niix, AgreesAboutOtherSeries) {
  BLOCH_NEEDS_TEST_DATA();
  BLOCH_NEEDS_PROGRAM("dcm2niix");
  for (const char* folder :
       {"dicom2nifti/siemens/anatomical/001", "dicom2nifti/philips_enhanced/anatomical/001",
        "dicom2nifti/failing/slicecount/001", "dcmqi/segmentations/ct-3slice"}) {
    SCOPED_TRACE(folder);
    compare_with_dcm2niix(tests::test_data() / "dicom" / folder);
  }
}

/// The image header of this mosaic was removed, so dcm2niix cannot read it; the protocol in its series header
/// says where the centres of the first and last slice lie.
TEST(Dcm2niix, IsNotNeededToPlaceAMosaicWithoutImageHeader) {
  BLOCH_NEEDS_TEST_DATA();
  const auto opened = open_image(tests::test_data() / "dicom" / "dicom2nifti" / "siemens" / "fmri" / "001");
  ASSERT_TRUE(opened) << opened.error().message;
  const VolumeGeometry& geometry = opened->volume.geometry();
  EXPECT_EQ(geometry.size, (std::array<int, 3>{80, 80, 50}));
  EXPECT_EQ(opened->series.volumes, 2);
  const Eigen::Vector3d lowest = geometry.to_world({Eigen::Vector3d(40, 40, 0)}).mm;
  const Eigen::Vector3d highest = geometry.to_world({Eigen::Vector3d(40, 40, 49)}).mm;
  EXPECT_LE((lowest - Eigen::Vector3d(-1.513475754, -20.56062043, -59.85445753)).norm(), 0.01);
  EXPECT_LE((highest - Eigen::Vector3d(-1.446935604, 7.71821632, 88.39246272)).norm(), 0.01);
}

} // namespace
} // namespace bloch::imaging
