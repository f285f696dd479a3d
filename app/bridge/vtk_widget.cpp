#include "app/bridge/vtk_widget.h"

#include <algorithm>
#include <array>

#include <QCoreApplication>
#include <QImage>
#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <QScopedValueRollback>
#include <QSurfaceFormat>

#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>
#include <vtkSmartPointer.h>

namespace bloch::app {
namespace {

bool is_software_renderer(const QByteArray& name) {
  constexpr std::array names = {"llvmpipe", "softpipe", "swiftshader", "software rasterizer", "swrast"};
  const QByteArray lower = name.toLower();
  return std::any_of(names.begin(), names.end(),
                     [&](const char* software) { return lower.contains(software); });
}

} // namespace

/// What VTK asks the window it is drawn in. Not in the anonymous namespace: Parts has linkage.
class VtkWindowAnswers : public vtkCommand {
 public:
  static VtkWindowAnswers* New() { return new VtkWindowAnswers; }

  void Execute(vtkObject*, unsigned long event, void* data) override {
    if (!widget) return;
    QOpenGLContext* context = widget->context();
    if (event == vtkCommand::WindowMakeCurrentEvent) {
      if (context && QOpenGLContext::currentContext() != context) widget->makeCurrent();
    } else if (event == vtkCommand::WindowIsCurrentEvent) {
      *static_cast<bool*>(data) = context && QOpenGLContext::currentContext() == context;
    } else if (event == vtkCommand::WindowSupportsOpenGLEvent) {
      *static_cast<int*>(data) = context && context->isValid() ? 1 : 0;
    } else if (event == vtkCommand::WindowIsDirectEvent) {
      *static_cast<int*>(data) = 1;
    } else if (event == vtkCommand::WindowFrameEvent) {
      if (!in_paint) widget->render_later();
    }
    // Cursor events need no answer: the widget's cursor is the tool's.
  }

  VtkWidget* widget = nullptr;
  bool in_paint = false;
};

struct VtkWidget::Parts {
  vtkSmartPointer<vtkGenericOpenGLRenderWindow> window;
  vtkNew<VtkWindowAnswers> answers;
  QMetaObject::Connection context_end;
  bool dirty = true;
  bool software = true;
  int renders = 0;
};

VtkWidget::VtkWidget(QWidget* parent)
    : QOpenGLWidget(parent)
    , parts_(std::make_unique<Parts>()) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setUpdateBehavior(QOpenGLWidget::PartialUpdate);
  parts_->answers->widget = this;
  parts_->window = vtkSmartPointer<vtkGenericOpenGLRenderWindow>::New();
  vtkGenericOpenGLRenderWindow& window = *parts_->window;
  window.SetMultiSamples(0);
  window.SetReadyForRendering(false);
  window.SetFrameBlitModeToNoBlit();
  for (const unsigned long event :
       {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent, vtkCommand::WindowFrameEvent,
        vtkCommand::WindowSupportsOpenGLEvent, vtkCommand::WindowIsDirectEvent})
    window.AddObserver(event, parts_->answers);
}

VtkWidget::~VtkWidget() {
  release_context();
  parts_->answers->widget = nullptr;
}

void VtkWidget::prepare_application() {
  QSurfaceFormat format;
  format.setRenderableType(QSurfaceFormat::OpenGL);
  format.setVersion(3, 2);
  format.setProfile(QSurfaceFormat::CoreProfile);
  format.setSamples(0);
  format.setAlphaBufferSize(0);
  format.setDepthBufferSize(24);
  format.setSwapInterval(0);
  QSurfaceFormat::setDefaultFormat(format);
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
  // VTK 9.1's GLEW finds no functions on native Wayland; XWayland is there wherever Wayland is.
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "xcb");
}

void VtkWidget::render_later() {
  parts_->dirty = true;
  update();
}

bool VtkWidget::software_opengl() const { return parts_->software; }
int VtkWidget::render_count() const { return parts_->renders; }
vtkGenericOpenGLRenderWindow* VtkWidget::render_window() const { return parts_->window; }

QSize VtkWidget::device_size() const {
  const double ratio = devicePixelRatioF();
  return {std::max(1, qRound(width() * ratio)), std::max(1, qRound(height() * ratio))};
}

QImage VtkWidget::read_picture() {
  QImage picture = grabFramebuffer();
  if (picture.isNull()) return picture;
  picture = picture.convertToFormat(QImage::Format_RGB32);
  picture.setDevicePixelRatio(devicePixelRatioF());
  return picture;
}

void VtkWidget::initializeGL() {
  release_context();
  vtkGenericOpenGLRenderWindow& window = *parts_->window;
  disconnect(parts_->context_end);
  parts_->context_end = connect(
      context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] { release_context(); },
      Qt::DirectConnection);
  window.SetOwnContext(0);
  window.SetReadyForRendering(true);
  window.SetForceMaximumHardwareLineWidth(1);
  window.OpenGLInitContext();
  window.OpenGLInitState();
  window.OpenGLInit();
  window.SetMapped(true);
  const auto* name = reinterpret_cast<const char*>(context()->functions()->glGetString(GL_RENDERER));
  parts_->software = !name || is_software_renderer(name);
  parts_->dirty = true;
  context_ready();
}

void VtkWidget::resizeGL(int, int) {
  const QSize size = device_size();
  parts_->window->SetSize(size.width(), size.height());
  parts_->dirty = true;
}

void VtkWidget::paintGL() {
  if (parts_->answers->in_paint || !parts_->window->GetReadyForRendering()) return;
  const QScopedValueRollback guard(parts_->answers->in_paint, true);
  if (parts_->dirty) {
    parts_->dirty = false;
    ++parts_->renders;
    const QSize size = device_size();
    parts_->window->SetSize(size.width(), size.height());
    before_render();
    makeCurrent();
    vtkOpenGLState& state = *parts_->window->GetState();
    state.Reset();
    state.vtkglDepthFunc(GL_LEQUAL); // Qt leaves GL_LESS, VTK draws coincident things with LEQUAL
    parts_->window->Render();
  }
  makeCurrent();
  blit_to_widget();
}

void VtkWidget::blit_to_widget() {
  vtkOpenGLFramebufferObject* frame = parts_->window->GetDisplayFramebuffer();
  if (!frame || frame->GetFBOIndex() == 0) return;
  const QSize size = device_size();
  QOpenGLExtraFunctions& gl = *context()->extraFunctions();
  gl.glBindFramebuffer(GL_READ_FRAMEBUFFER, frame->GetFBOIndex());
  gl.glReadBuffer(GL_COLOR_ATTACHMENT0);
  gl.glBindFramebuffer(GL_DRAW_FRAMEBUFFER, defaultFramebufferObject());
  gl.glDisable(GL_SCISSOR_TEST);
  gl.glBlitFramebuffer(0, 0, size.width(), size.height(), 0, 0, size.width(), size.height(),
                       GL_COLOR_BUFFER_BIT, GL_NEAREST);
  gl.glBindFramebuffer(GL_FRAMEBUFFER, defaultFramebufferObject());
}

void VtkWidget::release_context() {
  disconnect(parts_->context_end);
  if (!parts_->window->GetReadyForRendering()) return;
  makeCurrent();
  parts_->window->Finalize();
  parts_->window->SetReadyForRendering(false);
  doneCurrent();
}

} // namespace bloch::app
