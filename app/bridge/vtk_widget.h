#pragma once

#include <memory>

#include <QOpenGLWidget>

class vtkGenericOpenGLRenderWindow;

namespace bloch::app {

/// VTK in Qt 6: a QOpenGLWidget around vtkGenericOpenGLRenderWindow (Debian's VTK has a widget for Qt 5 only).
///
/// Renders only when something asked for it; VTK's own key and mouse bindings never run. Never reparent one.
class VtkWidget : public QOpenGLWidget {
  Q_OBJECT

 public:
  explicit VtkWidget(QWidget* parent = nullptr);
  ~VtkWidget() override;

  /// Call before QApplication is made: desktop OpenGL 3.2 core, shared contexts, xcb platform.
  static void prepare_application();

  /// Asks for one render at the next paint.
  void render_later();

  /// The OpenGL that draws here runs on the processor (llvmpipe, softpipe, SwiftShader); true before there is a
  /// context.
  bool software_opengl() const;

  /// Renders so far; a repaint that shows the last one again is not counted.
  int render_count() const;

 protected:
  vtkGenericOpenGLRenderWindow* render_window() const;
  /// Size in device pixels.
  QSize device_size() const;
  /// Renders if asked for, and reads what is on screen; null when there is no OpenGL.
  QImage read_picture();

  /// Called once the context is there, again after it was lost: make or reset what lives on the GPU.
  virtual void context_ready() {}
  /// Called before each render with the context current; device_size() and devicePixelRatioF() are valid.
  virtual void before_render() {}

  void initializeGL() override;
  void resizeGL(int width, int height) override;
  void paintGL() override;

 private:
  void release_context();
  void blit_to_widget();

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace bloch::app
