// One asymmetric oblique volume, drawn by every mapper that Bloch uses and by vtkImageSliceMapper: the same
// picture. VTK 9.1's mappers disagree about an image's direction matrix, so ours carries none
// (app/bridge/vtk_volume.h).

#include <cmath>
#include <numbers>

#include <QImage>
#include <QTest>

#include <gtest/gtest.h>
#include <vtkCamera.h>
#include <vtkColorTransferFunction.h>
#include <vtkFixedPointVolumeRayCastMapper.h>
#include <vtkGPUVolumeRayCastMapper.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkImageData.h>
#include <vtkImageProperty.h>
#include <vtkImageSlice.h>
#include <vtkImageSliceMapper.h>
#include <vtkMatrix4x4.h>
#include <vtkNew.h>
#include <vtkPiecewiseFunction.h>
#include <vtkRenderer.h>
#include <vtkVolume.h>
#include <vtkVolumeProperty.h>

#include "app/bridge/vtk_volume.h"
#include "app/bridge/vtk_widget.h"
#include "app/viewers/slice_view.h"
#include "tests/support/marker_volume.h"
#include "tests/support/pictures.h"

namespace bloch::app {
namespace {

constexpr double view_mm_per_pixel = 0.5;
constexpr int view_side = 320;

/// Any VTK prop, looked at along the normal of the slices, as the slice view looks at its acquisition plane.
class PropView : public VtkWidget {
 public:
  explicit PropView(vtkProp* prop) {
    resize(view_side, view_side);
    renderer_->AddViewProp(prop);
    renderer_->SetBackgroundAlpha(1);
    render_window()->AddRenderer(renderer_);
  }
  ~PropView() override { render_window()->RemoveRenderer(renderer_); }

  QImage picture() {
    const VolumeGeometry geometry = oblique_geometry();
    const Eigen::Vector3d focus = focus_point().mm;
    const Eigen::Vector3d eye = focus - geometry.direction.col(2) * 300;
    const Eigen::Vector3d up = -geometry.direction.col(1);
    vtkCamera& camera = *renderer_->GetActiveCamera();
    camera.ParallelProjectionOn();
    camera.SetParallelScale(view_side * view_mm_per_pixel / 2);
    camera.SetFocalPoint(focus.data());
    camera.SetPosition(eye.data());
    camera.SetViewUp(up.data());
    renderer_->ResetCameraClippingRange();
    render_later();
    return read_picture();
  }

  /// Centre of the volume, moved to the slice of the markers.
  static WorldPoint focus_point() {
    const VolumeGeometry geometry = oblique_geometry();
    VoxelIndex middle = geometry.to_voxel(geometry.centre());
    middle.index.z() = 7;
    return geometry.to_world(middle);
  }

 private:
  vtkNew<vtkRenderer> renderer_;
};

/// Where the marker must be in the picture, from the geometry alone.
QPointF expected_place(const Marker& marker, double ratio) {
  const VolumeGeometry geometry = oblique_geometry();
  const Eigen::Vector3d offset = marker_point(geometry, marker).mm - PropView::focus_point().mm;
  return QPointF(view_side / 2.0 + offset.dot(geometry.direction.col(0)) / view_mm_per_pixel,
                 view_side / 2.0 + offset.dot(geometry.direction.col(1)) / view_mm_per_pixel) *
         ratio;
}

/// Every marker as a bright disc with its centre where it must be, and no light elsewhere in the middle of the
/// picture.
void expect_markers(const QImage& picture, const char* mapper, double ratio) {
  ASSERT_FALSE(picture.isNull()) << mapper;
  QImage rest = picture;
  for (const Marker& marker : markers) {
    const QPointF expected = expected_place(marker, ratio);
    const double reach = (marker.radius_mm / view_mm_per_pixel + 4) * ratio;
    double weight = 0;
    QPointF sum;
    for (int y = static_cast<int>(expected.y() - reach); y <= expected.y() + reach; ++y)
      for (int x = static_cast<int>(expected.x() - reach); x <= expected.x() + reach; ++x) {
        const double grey = qGray(picture.pixel(x, y));
        weight += grey;
        sum += QPointF(x + 0.5, y + 0.5) * grey;
        rest.setPixel(x, y, qRgb(0, 0, 0));
      }
    ASSERT_GT(weight, 0) << mapper;
    EXPECT_NEAR(sum.x() / weight, expected.x(), 0.75 * ratio) << mapper;
    EXPECT_NEAR(sum.y() / weight, expected.y(), 0.75 * ratio) << mapper;
    const double radius = marker.radius_mm / view_mm_per_pixel * ratio;
    EXPECT_NEAR(std::sqrt(weight / 255 / std::numbers::pi), radius, 0.06 * radius + 0.5) << mapper;
  }
  const QRect middle(qRound(60 * ratio), qRound(60 * ratio), qRound(200 * ratio), qRound(200 * ratio));
  EXPECT_LT(mean_grey(rest, middle), 0.5) << mapper;
}

QImage drawn_by_slice_view(const std::shared_ptr<const Volume>& volume) {
  SliceView view;
  view.resize(view_side, view_side);
  SliceScene scene;
  scene.volume = volume;
  scene.window = {1000, 500, {}};
  scene.plane = Plane::acquisition;
  scene.crosshair = PropView::focus_point();
  scene.crosshair_visible = false;
  view.set_scene(scene);
  view.set_camera({view_mm_per_pixel, Eigen::Vector2d::Zero()});
  view.show();
  EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
  return view.picture();
}

QImage drawn_by_slice_mapper(const std::shared_ptr<const Volume>& volume) {
  vtkNew<vtkImageSliceMapper> mapper;
  mapper->SetInputData(vtk_image(volume));
  mapper->SetOrientationToZ();
  mapper->SetSliceNumber(7);
  vtkNew<vtkImageSlice> slice;
  slice->SetMapper(mapper);
  slice->SetUserMatrix(image_to_patient(volume->geometry()));
  slice->GetProperty()->SetColorWindow(1000);
  slice->GetProperty()->SetColorLevel(500);
  PropView view(slice);
  view.show();
  EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
  return view.picture();
}

QImage drawn_by_volume_mapper(const std::shared_ptr<const Volume>& volume, vtkVolumeMapper* mapper) {
  mapper->SetInputData(vtk_image(volume));
  mapper->SetBlendModeToMaximumIntensity();
  vtkNew<vtkColorTransferFunction> colour;
  colour->AddRGBPoint(0, 0, 0, 0);
  colour->AddRGBPoint(1000, 1, 1, 1);
  vtkNew<vtkPiecewiseFunction> opacity;
  opacity->AddPoint(0, 1);
  opacity->AddPoint(1000, 1);
  vtkNew<vtkVolumeProperty> property;
  property->SetColor(colour);
  property->SetScalarOpacity(opacity);
  property->SetInterpolationTypeToLinear();
  vtkNew<vtkVolume> prop;
  prop->SetMapper(mapper);
  prop->SetProperty(property);
  prop->SetUserMatrix(image_to_patient(volume->geometry()));
  PropView view(prop);
  view.show();
  EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
  return view.picture();
}

TEST(Mappers, AllDrawAnObliqueVolumeInTheSamePlace) {
  const auto volume = marker_volume();
  vtkNew<vtkFixedPointVolumeRayCastMapper> processor;
  processor->AutoAdjustSampleDistancesOff();
  processor->SetImageSampleDistance(1);
  processor->SetSampleDistance(0.5F);
  vtkNew<vtkGPUVolumeRayCastMapper> gpu;
  gpu->AutoAdjustSampleDistancesOff();
  gpu->SetSampleDistance(0.5F);

  const QImage reslice = drawn_by_slice_view(volume);
  const QImage slice = drawn_by_slice_mapper(volume);
  const QImage fixed_point = drawn_by_volume_mapper(volume, processor);
  const QImage ray_cast = drawn_by_volume_mapper(volume, gpu);
  keep_picture(reslice, "mapper_reslice");
  keep_picture(slice, "mapper_slice");
  keep_picture(fixed_point, "mapper_fixed_point");
  keep_picture(ray_cast, "mapper_gpu");
  const double ratio = reslice.devicePixelRatio();
  expect_markers(reslice, "vtkImageReslice in SliceView", ratio);
  expect_markers(slice, "vtkImageSliceMapper", ratio);
  expect_markers(fixed_point, "vtkFixedPointVolumeRayCastMapper", ratio);
  expect_markers(ray_cast, "vtkGPUVolumeRayCastMapper", ratio);
}

} // namespace
} // namespace bloch::app
