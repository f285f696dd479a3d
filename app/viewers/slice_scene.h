#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QString>
#include <QStringList>

#include "core/data/label_map.h"
#include "core/data/presentation_state.h"
#include "core/data/structure_set.h"
#include "core/data/value_range.h"
#include "core/data/volume.h"
#include "core/session/document.h"

namespace bloch::app {

/// Planes of the patient (DICOM LPS), or the slices as they were acquired.
enum class Plane { axial, coronal, sagittal, acquisition };

/// A tag on the image: RECON, SIMULATED, MAP, RESAMPLED, LOSSY…
struct Tag {
  QString text;
  bool warning = false; ///< warn outline; else accent
};

/// Segments that lie over an image, filled in their colours.
struct SceneSegments {
  std::shared_ptr<const Volume> labels;               ///< whole numbers
  std::map<int, std::array<std::uint8_t, 3>> colours; ///< of the labels that are shown
  bool lines = false;                                 ///< one label, of lines and text: smooth and opaque
};

/// Regions drawn as contours, and which of them are shown (by their place in the set).
struct SceneContours {
  std::shared_ptr<const StructureSet> set;
  std::vector<bool> shown;
};

/// What a presentation state draws over the slices of a volume, and which of its layers are shown.
struct ScenePresentation {
  std::shared_ptr<const PresentationState> state;
  std::vector<bool> shown;
  std::string series_uid;
  VolumeGeometry geometry; ///< of the volume: column, row and slice are those of the images
  int first_image = 0;     ///< of slice 0, as a place in SeriesInfo::images
  /// Of a resampled volume: where the first voxel of each image lies, and the grid that is shown. Drawings are
  /// on those slices of the grid that lie in the plane of their image. Empty: on the images themselves.
  std::vector<WorldPoint> image_origins{};
  VolumeGeometry shown_grid{};
};

/// Everything that one slice view shows, as a value: the view draws it and reports what the hand does; it
/// decides nothing.
struct SliceScene {
  std::shared_ptr<const Volume> volume;
  std::array<std::shared_ptr<const Volume>, 3> colour; ///< drawn in place of the volume, without its window
  WindowLevel window;
  bool inverse = false;  ///< small values are bright: the window's output, or the colours, turned around
  bool inverted = false; ///< that is not how the image is by itself; said beside the window
  std::optional<ValueRange> padding; ///< values that are no data; black where small values are bright
  std::string colour_map = "grey";   ///< a name of core/presets/colour_map.h, or "grey"
  bool colour_bar = false;
  double colour_bar_maximum = 0; ///< number at its top; 0: the window's top
  QString colour_bar_title;      ///< "error x 5"
  bool interpolate = true;
  ImageScale scale;   ///< what lengths and the scale bar are in; no bar where it is not known or not one
  bool placed = true; ///< false: it lies nowhere in the patient; images are counted and no side has a letter

  std::shared_ptr<const Volume> overlay; ///< anomaly map, 0 to 1
  std::string overlay_colour_map = "bloch-anomaly";
  double overlay_opacity = 0.78; ///< 0 at the threshold, full 0.28 above it, times this
  double overlay_threshold = 0.95;
  bool overlay_visible = true;

  std::shared_ptr<const LabelMap> truth; ///< outlines, dashed
  bool truth_visible = true;

  std::vector<SceneSegments> segments; ///< segmentations of this patient, later ones on top
  std::vector<SceneContours> contours;
  std::vector<ScenePresentation> presentations;

  Plane plane = Plane::axial;
  WorldPoint crosshair; ///< the plane goes through it
  bool crosshair_visible = true;

  std::optional<std::array<WorldPoint, 8>> box; ///< corners of the region of normal tissue
  std::vector<Measurement> measurements;        ///< of this item
  int selected_measurement = 0;

  QString title;        ///< "Axial", "l1-wavelet"
  QString title_colour; ///< token name: "axial", "series-1"…
  QStringList top_left; ///< lines below the title: patient, identifier…
  QStringList top_right;
  std::vector<Tag> tags;    ///< below top right
  QStringList bottom_right; ///< the view appends plane position and thickness
  bool active = false;      ///< accent frame
};

/// Zoom and pan, so that views can be linked.
struct SliceCamera {
  double mm_per_pixel = 0; ///< device-independent pixels; 0: fit
  Eigen::Vector2d centre_mm =
      Eigen::Vector2d::Zero(); ///< offset of the view's centre from the volume's, in plane, mm
};

} // namespace bloch::app
