#include "app/viewers/volume_renderer.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkColorTransferFunction.h>
#include <vtkFixedPointVolumeRayCastMapper.h>
#include <vtkFlyingEdges3D.h>
#include <vtkGPUVolumeRayCastMapper.h>
#include <vtkImageData.h>
#include <vtkLight.h>
#include <vtkMatrix4x4.h>
#include <vtkNew.h>
#include <vtkPiecewiseFunction.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkVolume.h>
#include <vtkVolumeProperty.h>

#include "app/bridge/vtk_volume.h"
#include "app/viewers/slice_colour.h"
#include "app/viewers/transfer_function.h"
#include "core/presets/colour_map.h"

namespace bloch::app {
namespace {

constexpr double view_angle_deg = 30;
/// Opacity that is left to the tissue while a map is shown inside it; edges keep more of it than what is even.
constexpr double tissue_share = 0.05;
/// Of the volume's bounding ball, what fills the view: heads do not reach its corners.
constexpr double filling = 0.8;

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

double bounding_radius(const VolumeGeometry& geometry) {
  Eigen::Vector3d extent;
  for (int axis = 0; axis < 3; ++axis)
    extent[axis] = geometry.size[static_cast<std::size_t>(axis)] * geometry.spacing_mm[axis];
  return extent.norm() / 2;
}

bool shows_map(const VolumeScene& scene) { return scene.overlay && scene.overlay_visible; }

} // namespace

Eigen::Vector3d VolumeCamera::direction() const {
  const double azimuth = radians(azimuth_deg);
  const double elevation = radians(elevation_deg);
  return {std::sin(azimuth) * std::cos(elevation), -std::cos(azimuth) * std::cos(elevation),
          std::sin(elevation)};
}

Eigen::Vector3d VolumeCamera::up() const {
  const double azimuth = radians(azimuth_deg);
  const double elevation = radians(elevation_deg);
  return {-std::sin(azimuth) * std::sin(elevation), std::cos(azimuth) * std::sin(elevation),
          std::cos(elevation)};
}

struct VolumeRenderer::Parts {
  vtkRenderer* renderer = nullptr;
  vtkNew<vtkVolume> volume;
  vtkNew<vtkVolumeProperty> property;
  vtkNew<vtkColorTransferFunction> colour;
  vtkNew<vtkPiecewiseFunction> opacity;
  vtkSmartPointer<vtkFixedPointVolumeRayCastMapper> processor_mapper;
  vtkSmartPointer<vtkGPUVolumeRayCastMapper> gpu_mapper;
  vtkNew<vtkLight> light;
  vtkNew<vtkActor> surface;

  std::shared_ptr<const Volume> shown;
  std::shared_ptr<const Volume> shown_overlay;
  double shown_threshold = -1;
  std::string shown_preset;
  WindowLevel shown_window;
  bool shown_inverse = false;
  bool shown_through = false;
  bool shown_gradients = false;
};

VolumeRenderer::VolumeRenderer(vtkRenderer* renderer)
    : parts_(std::make_unique<Parts>()) {
  parts_->renderer = renderer;
  parts_->property->SetColor(parts_->colour);
  parts_->property->SetScalarOpacity(parts_->opacity);
  parts_->property->SetInterpolationTypeToLinear();
  parts_->property->SetScalarOpacityUnitDistance(1);
  parts_->volume->SetProperty(parts_->property);
  parts_->volume->VisibilityOff();
  parts_->surface->VisibilityOff();
  parts_->surface->SetMapper(vtkSmartPointer<vtkPolyDataMapper>::New());
  parts_->light->SetLightTypeToCameraLight();
  parts_->light->SetPosition(0.35, 0.5, 1);
  renderer->AutomaticLightCreationOff();
  renderer->AddLight(parts_->light);
  renderer->AddViewProp(parts_->surface);
  renderer->AddViewProp(parts_->volume);
}

VolumeRenderer::~VolumeRenderer() = default;

bool has_gradients(const Volume& volume) {
  const auto& size = volume.geometry().size;
  return std::min({size[0], size[1], size[2]}) >= 6;
}

namespace {

void set_transfer(vtkColorTransferFunction& colour, vtkPiecewiseFunction& opacity, vtkVolumeProperty& property,
                  const TransferFunction& preset, const VolumeScene& scene, bool through, bool gradients) {
  const auto value_of = [&](double place) { return preset.value_of(place, scene.window, scene.inverse); };
  colour.RemoveAllPoints();
  opacity.RemoveAllPoints();
  for (const auto& [place, value] : preset.colour)
    colour.AddRGBPoint(value_of(place), value.redF(), value.greenF(), value.blueF());
  for (const auto& [place, value] : preset.opacity)
    opacity.AddPoint(value_of(place), value * (through ? tissue_share : 1));
  vtkNew<vtkPiecewiseFunction> edges;
  const double range = std::abs(value_of(preset.colour.back().first) - value_of(preset.colour.front().first));
  edges->AddPoint(0, 0.02);
  edges->AddPoint(range * 0.03, 0.05);
  edges->AddPoint(range * 0.2, 1);
  property.SetGradientOpacity(edges);
  property.SetDisableGradientOpacity(through && gradients ? 0 : 1);
  property.SetShade(preset.shade && gradients);
  property.SetAmbient(preset.ambient);
  property.SetDiffuse(preset.diffuse);
  property.SetSpecular(preset.specular);
  property.SetSpecularPower(preset.specular_power);
}

void set_camera_of(vtkCamera& vtk, const VolumeCamera& camera, double radius) {
  const double distance = filling * radius / std::sin(radians(view_angle_deg / 2)) / camera.zoom;
  const Eigen::Vector3d eye = camera.focus.mm + camera.direction() * distance;
  const Eigen::Vector3d up = camera.up();
  vtk.SetViewAngle(view_angle_deg);
  vtk.SetFocalPoint(camera.focus.mm.data());
  vtk.SetPosition(eye.data());
  vtk.SetViewUp(up.data());
}

/// The region of a map at and above a threshold; flat colour, since its value there is the threshold
/// everywhere.
void set_surface(vtkActor& actor, const std::shared_ptr<const Volume>& map, double threshold) {
  vtkNew<vtkFlyingEdges3D> edges;
  edges->SetInputData(vtk_image(map));
  edges->SetValue(0, threshold);
  edges->ComputeScalarsOff();
  edges->ComputeGradientsOff();
  edges->ComputeNormalsOn();
  edges->Update();
  auto* mapper = vtkPolyDataMapper::SafeDownCast(actor.GetMapper());
  mapper->SetInputData(edges->GetOutput());
  mapper->ScalarVisibilityOff();
  actor.SetUserMatrix(image_to_patient(map->geometry()));
}

} // namespace

void VolumeRenderer::update(const VolumeScene& scene, const VolumeCamera& camera, bool software, bool fast) {
  Parts& parts = *parts_;
  parts.volume->SetVisibility(scene.volume != nullptr);
  parts.surface->SetVisibility(scene.volume && shows_map(scene));
  if (!scene.volume) return;

  if (software && !parts.processor_mapper) {
    parts.processor_mapper = vtkSmartPointer<vtkFixedPointVolumeRayCastMapper>::New();
    parts.processor_mapper->AutoAdjustSampleDistancesOff();
    parts.processor_mapper->IntermixIntersectingGeometryOn();
    parts.shown.reset();
  } else if (!software && !parts.gpu_mapper) {
    parts.gpu_mapper = vtkSmartPointer<vtkGPUVolumeRayCastMapper>::New();
    parts.gpu_mapper->AutoAdjustSampleDistancesOff();
    parts.gpu_mapper->UseJitteringOn();
    parts.shown.reset();
  }
  vtkVolumeMapper* mapper = software ? static_cast<vtkVolumeMapper*>(parts.processor_mapper)
                                     : static_cast<vtkVolumeMapper*>(parts.gpu_mapper);
  if (parts.shown != scene.volume) {
    mapper->SetInputData(vtk_image(scene.volume));
    parts.volume->SetMapper(mapper);
    parts.volume->SetUserMatrix(image_to_patient(scene.volume->geometry()));
    parts.shown = scene.volume;
  }
  const double sample_mm = std::max(0.4, scene.volume->geometry().spacing_mm.minCoeff());
  if (software) {
    // Through the whole head no ray ends early: fewer rays with fewer samples.
    const float rays = shows_map(scene) ? 1.5F : 1;
    parts.processor_mapper->SetImageSampleDistance(fast ? 2 * rays : rays);
    parts.processor_mapper->SetSampleDistance(static_cast<float>(sample_mm * (fast ? 1 : 0.6)) * rays);
  } else {
    parts.gpu_mapper->SetImageSampleDistance(1);
    parts.gpu_mapper->SetSampleDistance(static_cast<float>(sample_mm * (fast ? 1 : 0.5)));
  }

  const bool through = shows_map(scene), gradients = has_gradients(*scene.volume);
  if (parts.shown_preset != scene.preset || !(parts.shown_window == scene.window) ||
      parts.shown_inverse != scene.inverse || parts.shown_through != through ||
      parts.shown_gradients != gradients) {
    set_transfer(*parts.colour, *parts.opacity, *parts.property, transfer_function(scene.preset), scene,
                 through, gradients);
    parts.shown_preset = scene.preset;
    parts.shown_window = scene.window;
    parts.shown_inverse = scene.inverse;
    parts.shown_through = through;
    parts.shown_gradients = gradients;
  }
  if (through) {
    if (parts.shown_overlay != scene.overlay || parts.shown_threshold != scene.overlay_threshold) {
      set_surface(*parts.surface, scene.overlay, scene.overlay_threshold);
      parts.shown_overlay = scene.overlay;
      parts.shown_threshold = scene.overlay_threshold;
    }
    const Rgb colour = colour_of(colour_map("bloch-anomaly"), 0.62);
    parts.surface->GetProperty()->SetColor(colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0);
    parts.surface->GetProperty()->SetOpacity(1);
  }
  set_camera_of(*parts.renderer->GetActiveCamera(), camera, bounding_radius(scene.volume->geometry()));
  parts.renderer->ResetCameraClippingRange();
}

} // namespace bloch::app
