#include "app/viewers/plane_sampler.h"

#include <limits>

#include <vtkImageData.h>
#include <vtkImageReslice.h>
#include <vtkMatrix4x4.h>
#include <vtkNew.h>
#include <vtkSmartPointer.h>

#include "app/bridge/vtk_volume.h"
#include "core/base/contract.h"

namespace bloch::app {
namespace {

/// Device pixel (x right, y down, centre of the first at 0, 0) to the image's millimetres (index times
/// spacing).
Eigen::Matrix4d pixel_to_image(const VolumeGeometry& geometry, const PlaneView& view, const QSize& pixels) {
  const double step = view.camera.mm_per_pixel * view.size.width() / pixels.width();
  const Eigen::Vector3d first = view.middle().mm - view.axes.right * (step * (pixels.width() - 1) / 2.0) -
                                view.axes.down * (step * (pixels.height() - 1) / 2.0);
  const Eigen::Matrix3d to_image = geometry.direction.transpose();
  Eigen::Matrix4d matrix = Eigen::Matrix4d::Identity();
  matrix.block<3, 1>(0, 0) = to_image * view.axes.right * step;
  matrix.block<3, 1>(0, 1) = to_image * view.axes.down * step;
  matrix.block<3, 1>(0, 2) = to_image * view.axes.normal;
  matrix.block<3, 1>(0, 3) = to_image * (first - geometry.origin.mm);
  return matrix;
}

} // namespace

struct PlaneSampler::Parts {
  /// What the samples depend on.
  struct Key {
    vtkImageData* image = nullptr;
    QSize pixels;
    Interpolation interpolation = Interpolation::linear;
    Eigen::Matrix4d axes = Eigen::Matrix4d::Zero(); ///< pixel to millimetres of the image
    bool operator==(const Key&) const = default;
  };

  vtkNew<vtkImageReslice> reslice;
  vtkSmartPointer<vtkImageData> input;
  Key key;
};

PlaneSampler::PlaneSampler()
    : parts_(std::make_unique<Parts>()) {
  vtkImageReslice& reslice = *parts_->reslice;
  reslice.SetOutputDimensionality(2);
  reslice.SetOutputScalarType(VTK_FLOAT);
  reslice.SetOutputOrigin(0, 0, 0);
  reslice.SetOutputSpacing(1, 1, 1);
  reslice.BorderOn();
  reslice.AutoCropOutputOff();
}

PlaneSampler::~PlaneSampler() = default;

bool PlaneSampler::sample(const std::shared_ptr<const Volume>& volume, const PlaneView& view,
                          const QSize& pixels, Interpolation interpolation) {
  parts_->reslice->SetBackgroundLevel(std::numeric_limits<double>::quiet_NaN());
  return update(vtk_image(volume), volume->geometry(), view, pixels, interpolation);
}

bool PlaneSampler::sample(const std::shared_ptr<const LabelMap>& label, const PlaneView& view,
                          const QSize& pixels) {
  parts_->reslice->SetBackgroundLevel(0); // contours close at the edge of the grid
  return update(vtk_mask(label), label->geometry(), view, pixels, Interpolation::linear);
}

bool PlaneSampler::update(vtkImageData* image, const VolumeGeometry& geometry, const PlaneView& view,
                          const QSize& pixels, Interpolation interpolation) {
  Parts::Key key{image, pixels, interpolation, pixel_to_image(geometry, view, pixels)};
  if (key == parts_->key) return false;
  vtkImageReslice& reslice = *parts_->reslice;
  if (image != parts_->input) {
    parts_->input = image; // held, so that its address cannot become another image's
    reslice.SetInputData(image);
  }
  vtkNew<vtkMatrix4x4> axes;
  for (int row = 0; row < 4; ++row)
    for (int column = 0; column < 4; ++column) axes->SetElement(row, column, key.axes(row, column));
  reslice.SetResliceAxes(axes);
  reslice.SetOutputExtent(0, pixels.width() - 1, 0, pixels.height() - 1, 0, 0);
  switch (interpolation) {
  case Interpolation::nearest:
    reslice.SetInterpolationModeToNearestNeighbor();
    break;
  case Interpolation::linear:
    reslice.SetInterpolationModeToLinear();
    break;
  case Interpolation::cubic:
    reslice.SetInterpolationModeToCubic();
    break;
  }
  reslice.Update();
  parts_->key = key;
  return true;
}

std::span<const float> PlaneSampler::samples() const {
  vtkImageData* output = parts_->reslice->GetOutput();
  BLOCH_EXPECTS(output->GetScalarType() == VTK_FLOAT);
  return {static_cast<const float*>(output->GetScalarPointer()),
          static_cast<std::size_t>(output->GetNumberOfPoints())};
}

vtkImageData* PlaneSampler::image() const { return parts_->reslice->GetOutput(); }

} // namespace bloch::app
