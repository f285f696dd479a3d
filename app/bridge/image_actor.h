#pragma once

#include <QImage>
#include <QPoint>
#include <QSize>

#include <vtkSmartPointer.h>

class vtkActor2D;
class vtkTexture;
class vtkTexturedActor2D;
class vtkPoints;

namespace bloch::app {

/// A QImage as a 2D actor, pixel for pixel: text that VTK's FreeType cannot draw, lines of QPainter, a sampled
/// slice.
class ImageActor {
 public:
  ImageActor();
  ~ImageActor();
  ImageActor(const ImageActor&) = delete;
  ImageActor& operator=(const ImageActor&) = delete;

  vtkActor2D* actor() const;
  /// The image's pixels are device pixels; its device pixel ratio is not looked at. A null image hides the
  /// actor.
  void set_image(const QImage& image);
  /// Top left corner in a view of this size, device pixels.
  void place(const QPoint& top_left, const QSize& view);
  QSize size() const { return image_.size(); }

 private:
  QImage image_; ///< keeps the texture's pixels
  vtkSmartPointer<vtkPoints> points_;
  vtkSmartPointer<vtkTexture> texture_;
  vtkSmartPointer<vtkTexturedActor2D> actor_;
};

} // namespace bloch::app
