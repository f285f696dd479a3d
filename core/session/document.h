#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/data/image_scale.h"
#include "core/data/kspace.h"
#include "core/data/label_map.h"
#include "core/data/presentation_state.h"
#include "core/data/segmentation.h"
#include "core/data/structure_set.h"
#include "core/data/study.h"
#include "core/data/volume.h"
#include "core/parameters/recipe.h"

namespace bloch {

using ItemId = int;

/// What an image of the document is.
enum class ItemKind {
  series,         ///< loaded from files
  resampled,      ///< a series whose slices were put on a true grid
  reconstruction, ///< made from k-space
  error_map,      ///< |reconstruction - reference|
  anomaly_map,    ///< 0 to 1
  truth,          ///< a mask of known findings
  annotation      ///< segments or contours that lie over the images of a patient
};

/// One image of the session. Immutable; the volume is shared by every state of the document.
struct Item {
  ItemId id = 0;
  ItemKind kind = ItemKind::series;
  std::string name;   ///< in lists and on the image: "T1 MPRAGE", "l1-wavelet"
  std::string method; ///< list name of what made it: "cg-sense", "quantum", "rbf"; empty for loaded series
  std::shared_ptr<const Volume> volume;
  /// Red, green and blue of a colour image; the volume is then its brightness. Else empty.
  std::array<std::shared_ptr<const Volume>, 3> colour;
  std::shared_ptr<const LabelMap> label;                     ///< truth masks
  std::shared_ptr<const Segmentation> segmentation;          ///< annotations
  std::vector<std::shared_ptr<const Volume>> segment_layers; ///< its layers, to be drawn
  std::shared_ptr<const StructureSet> structures;            ///< annotations
  std::shared_ptr<const PresentationState> presentation;     ///< annotations
  std::vector<std::string> over_series;                      ///< UIDs of the series that an annotation names
  int volume_number = 0; ///< which volume of the series, from 0; -1: all its images in one stack
  SeriesInfo series;     ///< empty fields where the source had none
  std::shared_ptr<const Item> in_file_units; ///< of a PET image in SUVbw: itself with the values of its files
  PatientInfo patient;                       ///< without studies
  StudyInfo study;                           ///< without series
  std::optional<ItemId> source; ///< what it was made from; of an annotation: the one image it lies over
  std::optional<Recipe> recipe;
  std::vector<std::string> tags; ///< "RECON", "SIMULATED", "MAP", "RESAMPLED", "LOSSY"
  std::vector<Warning> warnings;
  std::map<std::string, double> numbers;              ///< "nrmse", "psnr_db", "ssim", "seconds", "auc"
  std::vector<std::pair<double, double>> convergence; ///< metric or objective by iteration
};

/// A rectangular region in voxels of an item, both corners inside: where normal tissue is learnt.
struct VoxelBox {
  ItemId item = 0;
  std::array<int, 3> first{0, 0, 0};
  std::array<int, 3> last{0, 0, 0};
};

enum class MeasurementKind { distance, angle, region, probe };

/// A measurement in patient mm, drawn on every view that cuts it.
struct Measurement {
  int id = 0;
  MeasurementKind kind = MeasurementKind::distance;
  ItemId item = 0;
  std::string name;
  std::vector<WorldPoint> points;
  Eigen::Vector3d normal = Eigen::Vector3d::UnitZ(); ///< of the plane it was drawn on
};

/// How an anomaly map lies over its image.
struct Overlay {
  std::optional<ItemId> map;
  double opacity = 0.78;
  double threshold = 0.99;
  bool visible = true;
  bool truth_visible = true;
};

/// Everything that a session shows, as a value; an edit makes a new one.
struct Document {
  std::vector<std::shared_ptr<const Item>> items;
  std::optional<ItemId> active;          ///< in the viewers
  std::map<ItemId, WindowLevel> windows; ///< chosen by the user; else from the file or the percentiles
  std::map<ItemId, bool> inverse;        ///< asked for by a presentation state; else the item's own
  WorldPoint crosshair;
  Overlay overlay;
  std::optional<VoxelBox> normal_box;
  std::vector<Measurement> measurements;
  /// Parts of annotations that are not drawn: segments by number, regions and layers by place.
  std::set<std::pair<ItemId, int>> hidden_parts;
  ItemId next_id = 1;

  const Item* find(ItemId id) const;
  std::shared_ptr<const Item> share(ItemId id) const;
  const Item* active_item() const;
  WindowLevel window_of(ItemId id) const;
  /// Whether the item is shown with small values bright.
  bool inverse_of(ItemId id) const;
};

/// Whether small values of the item are bright by themselves (SeriesInfo::inverse): so are those of what was
/// reconstructed from such values, but not of maps.
bool is_inverse(const Item& item);

/// Whether an annotation lies over an image: it names its series, or both lie in one frame of reference.
bool lies_over(const Item& annotation, const Item& image);

/// The window that a volume opens with: the file's first, else the 1st to 99th percentile, without padding.
WindowLevel default_window(const Item& item);

/// A copy with one more item; the new item gets its id.
Document with_item(Document document, Item item, ItemId* id = nullptr);

/// Name, mean, standard deviation, minimum, maximum, millimetres, degrees… of a measurement on its item, ready
/// to show.
struct MeasurementValues {
  bool in_pixels = false; ///< length and area are pixels: how large one is there is not known
  double length = 0;      ///< mm or pixels
  double angle_deg = 0;
  double area = 0; ///< mm2 or pixels
  double mean = 0, deviation = 0, minimum = 0, maximum = 0;
  std::size_t samples = 0;
  /// On a Doppler spectrum, in M-mode, on a trace: how far apart the ends of a distance are (with its slope),
  /// and where a probe is, in the region's own units; empty elsewhere.
  std::vector<PhysicalValue> physical;
};
MeasurementValues measure(const Measurement& measurement, const Volume& volume, const ImageScale& scale = {});

} // namespace bloch
