#include "app/bridge/image_actor.h"

#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper2D.h>
#include <vtkProperty2D.h>
#include <vtkTexture.h>
#include <vtkTexturedActor2D.h>
#include <vtkUnsignedCharArray.h>

namespace bloch::app {

ImageActor::ImageActor()
    : points_(vtkSmartPointer<vtkPoints>::New())
    , texture_(vtkSmartPointer<vtkTexture>::New())
    , actor_(vtkSmartPointer<vtkTexturedActor2D>::New()) {
  points_->SetNumberOfPoints(4);
  vtkNew<vtkFloatArray> coordinates; // row 0 of a QImage is its top
  coordinates->SetName("coordinates");
  coordinates->SetNumberOfComponents(2);
  for (const auto& [x, y] : {std::pair{0.F, 1.F}, {1.F, 1.F}, {1.F, 0.F}, {0.F, 0.F}})
    coordinates->InsertNextTuple2(x, y);
  vtkNew<vtkCellArray> cells;
  cells->InsertNextCell({0, 1, 2, 3});
  vtkNew<vtkPolyData> quad;
  quad->SetPoints(points_);
  quad->SetPolys(cells);
  quad->GetPointData()->SetTCoords(coordinates);
  vtkNew<vtkPolyDataMapper2D> mapper;
  mapper->SetInputData(quad);
  texture_->InterpolateOff();
  texture_->MipmapOff();
  texture_->RepeatOff();
  texture_->EdgeClampOn();
  texture_->SetColorModeToDirectScalars();
  actor_->SetMapper(mapper);
  actor_->SetTexture(texture_);
  actor_->VisibilityOff();
}

ImageActor::~ImageActor() = default;

vtkActor2D* ImageActor::actor() const { return actor_; }

void ImageActor::set_image(const QImage& image) {
  actor_->SetVisibility(!image.isNull());
  if (image.isNull()) {
    image_ = {};
    return;
  }
  const bool opaque = !image.hasAlphaChannel();
  image_ = image.convertToFormat(opaque ? QImage::Format_RGBX8888 : QImage::Format_RGBA8888);
  // Four bytes a pixel leave no padding at the end of a row, so the pixels are one array; VTK reads them only.
  vtkNew<vtkUnsignedCharArray> pixels;
  pixels->SetNumberOfComponents(4);
  pixels->SetArray(const_cast<unsigned char*>(image_.constBits()), image_.sizeInBytes(), 1);
  vtkNew<vtkImageData> data;
  data->SetDimensions(image_.width(), image_.height(), 1);
  data->GetPointData()->SetScalars(pixels);
  texture_->SetInputData(data);
}

void ImageActor::place(const QPoint& top_left, const QSize& view) {
  const double left = top_left.x();
  const double top = view.height() - top_left.y();
  const double right = left + image_.width();
  const double bottom = top - image_.height();
  points_->SetPoint(0, left, bottom, 0);
  points_->SetPoint(1, right, bottom, 0);
  points_->SetPoint(2, right, top, 0);
  points_->SetPoint(3, left, top, 0);
  points_->Modified();
}

} // namespace bloch::app
