#include "app/bridge/vtk_volume.h"

#include <vector>

#include <gtest/gtest.h>
#include <vtkImageData.h>
#include <vtkMatrix3x3.h>
#include <vtkMatrix4x4.h>

#include "tests/support/marker_volume.h"

namespace bloch::app {
namespace {

TEST(VtkVolume, SharesTheSamplesWithoutACopyAndItselfBetweenViewers) {
  const auto volume = marker_volume();
  const auto image = vtk_image(volume);
  EXPECT_EQ(image->GetScalarPointer(), volume->samples<std::int16_t>().data());
  EXPECT_EQ(image, vtk_image(volume));
  EXPECT_NE(image, vtk_image(marker_volume()));
}

TEST(VtkVolume, CarriesSpacingOnly) {
  const auto image = vtk_image(marker_volume());
  EXPECT_EQ(image->GetSpacing()[2], 3);
  EXPECT_EQ(image->GetOrigin()[0], 0);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) EXPECT_EQ(image->GetDirectionMatrix()->GetElement(i, j), i == j ? 1 : 0);
}

TEST(VtkVolume, KeepsTheSamplesWhileTheImageLivesAndNoLonger) {
  auto volume = marker_volume();
  const std::weak_ptr<const std::int16_t> samples =
      std::get<std::shared_ptr<const std::int16_t>>(volume->shared_samples());
  auto image = vtk_image(volume);
  volume.reset();
  EXPECT_FALSE(samples.expired());
  image = nullptr;
  EXPECT_TRUE(samples.expired());
}

TEST(VtkVolume, MatrixTakesTheImagesMillimetresToThePatient) {
  const VolumeGeometry geometry = oblique_geometry();
  const auto matrix = image_to_patient(geometry);
  const Eigen::Vector3d voxel(5, 9, 3);
  const Eigen::Vector3d mm = voxel.cwiseProduct(geometry.spacing_mm);
  const double in[4] = {mm.x(), mm.y(), mm.z(), 1};
  double out[4];
  matrix->MultiplyPoint(in, out);
  EXPECT_LT((Eigen::Vector3d(out) - geometry.to_world({voxel}).mm).norm(), 1e-9);
}

TEST(VtkVolume, MasksOfOnesAreWrappedAndOtherLabelsBecomeOnes) {
  VolumeGeometry geometry;
  geometry.size = {3, 1, 1};
  const auto ones = std::make_shared<const LabelMap>(geometry, std::vector<std::uint8_t>{0, 1, 1});
  EXPECT_EQ(vtk_mask(ones)->GetScalarPointer(), ones->samples<std::uint8_t>().data());
  const auto labels = std::make_shared<const LabelMap>(geometry, std::vector<std::uint16_t>{0, 7, 300});
  const auto mask = vtk_mask(labels);
  EXPECT_EQ(mask->GetScalarComponentAsDouble(0, 0, 0, 0), 0);
  EXPECT_EQ(mask->GetScalarComponentAsDouble(1, 0, 0, 0), 1);
  EXPECT_EQ(mask->GetScalarComponentAsDouble(2, 0, 0, 0), 1);
}

} // namespace
} // namespace bloch::app
