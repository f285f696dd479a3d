#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "core/base/text.h"
#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/image_references.h"
#include "imaging/dicom/detail/instance.h"
#include "imaging/dicom/detail/object_info.h"
#include "imaging/dicom/objects.h"

namespace bloch::imaging {
namespace {

using Point = std::array<double, 2>;

constexpr std::size_t most_points = 1'000'000; ///< of one state

/// The part of an image that the whole display shows: pixels, 0 at the outer corner.
struct Area {
  Point first{0, 0}, last{0, 0};

  auto operator<=>(const Area&) const = default;
};

/// A series that the state may draw on.
struct Images {
  const SeriesInfo* series = nullptr;
  std::vector<std::string> uids; ///< of its files
  std::vector<Area> areas;       ///< displayed, of each image
  Area whole;                    ///< of an image
};

/// How an image is turned (clockwise, in degrees), and then mirrored from side to side.
struct Turn {
  int degrees = 0;
  bool mirrored = false;
};

/// From a fraction of the display to one of the area (PS3.3 C.10.6).
Point to_area(Point fraction, const Turn& turn) {
  auto [u, v] = fraction;
  if (turn.mirrored) u = 1 - u;
  switch (turn.degrees) {
  case 90:
    return {v, 1 - u};
  case 180:
    return {1 - u, 1 - v};
  case 270:
    return {1 - v, u};
  default:
    return {u, v};
  }
}

/// The images that an item names; without names, those of the whole state.
std::vector<int> images_of_item(DcmItem& item, const Images& of, const ReferencedFrames& whole) {
  ReferencedFrames frames;
  add_frames(item, DCM_ReferencedImageSequence, frames);
  return images_of(*of.series, of.uids, frames.empty() ? whole : frames);
}

bool is_usable(const Point& point) { return std::abs(point[0]) < 1e6 && std::abs(point[1]) < 1e6; }

struct Reader {
  DcmItem& dataset;
  Turn turn;
  ReferencedFrames whole; ///< what the state is about
  std::vector<Images> images;
  std::size_t points = 0;

  /// units: PIXEL, MATRIX or DISPLAY
  Point to_pixels(const Point& point, const std::string& units, const Area& area) const {
    if (units != "DISPLAY") return point;
    const Point fraction = to_area(point, turn);
    return {area.first[0] + fraction[0] * (area.last[0] - area.first[0]),
            area.first[1] + fraction[1] * (area.last[1] - area.first[1])};
  }

  std::vector<Point> points_of(DcmItem& item, const DcmTagKey& tag) const {
    const auto numbers = number_values(item, tag);
    std::vector<Point> found;
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) found.push_back({numbers[i], numbers[i + 1]});
    return found;
  }

  std::optional<PresentationGraphic> graphic(DcmItem& item, const Area& area) const {
    static const std::map<std::string, std::pair<GraphicKind, std::size_t>> kinds = {
        {"POINT", {GraphicKind::point, 1}},
        {"POLYLINE", {GraphicKind::polyline, 2}},
        {"INTERPOLATED", {GraphicKind::interpolated, 2}},
        {"CIRCLE", {GraphicKind::circle, 2}},
        {"ELLIPSE", {GraphicKind::ellipse, 4}}};
    const auto kind = kinds.find(raw_value(item, DCM_GraphicType));
    if (kind == kinds.end()) return {};
    PresentationGraphic graphic;
    graphic.kind = kind->second.first;
    graphic.filled = raw_value(item, DCM_GraphicFilled) == "Y";
    const std::string units = raw_value(item, DCM_GraphicAnnotationUnits);
    for (const Point& point : points_of(item, DCM_GraphicData))
      graphic.points.push_back(to_pixels(point, units, area));
    if (graphic.points.size() < kind->second.second) return {};
    return graphic;
  }

  std::optional<PresentationGraphic> text(DcmItem& item, const Area& area) const {
    PresentationGraphic graphic;
    graphic.kind = GraphicKind::text;
    graphic.text = DicomText(item, dataset)(DCM_UnformattedTextValue);
    std::erase(graphic.text, '\r');
    const std::string box_units = raw_value(item, DCM_BoundingBoxAnnotationUnits);
    for (const DcmTagKey& tag : {DCM_BoundingBoxTopLeftHandCorner, DCM_BoundingBoxBottomRightHandCorner})
      for (const Point& corner : points_of(item, tag))
        graphic.points.push_back(to_pixels(corner, box_units, area));
    if (graphic.points.size() != 2) graphic.points.clear();
    const std::string side = raw_value(item, DCM_BoundingBoxTextHorizontalJustification);
    graphic.alignment = side == "LEFT" ? -1 : side == "RIGHT" ? 1 : 0;
    if (const auto anchor = points_of(item, DCM_AnchorPoint); anchor.size() == 1)
      graphic.anchor = to_pixels(anchor.front(), raw_value(item, DCM_AnchorPointAnnotationUnits), area);
    graphic.anchor_line = raw_value(item, DCM_AnchorPointVisibility) == "Y";
    if (graphic.text.empty() || (graphic.points.empty() && !graphic.anchor)) return {};
    return graphic;
  }

  /// For the images of one series that are shown in the same area.
  void add(DcmItem& annotation, const Images& of, const Area& area, const std::vector<int>& chosen,
           GraphicLayer& layer) {
    const auto keep = [&](std::optional<PresentationGraphic> drawn) {
      if (!drawn || points > most_points || (drawn->anchor && !is_usable(*drawn->anchor)) ||
          !std::all_of(drawn->points.begin(), drawn->points.end(), is_usable))
        return;
      points += drawn->points.size() + 1;
      drawn->series_uid = of.series->uid;
      drawn->images = chosen;
      layer.graphics.push_back(std::move(*drawn));
    };
    for (DcmItem* item : items_of(annotation, DCM_GraphicObjectSequence)) keep(graphic(*item, area));
    for (DcmItem* item : items_of(annotation, DCM_TextObjectSequence)) keep(text(*item, area));
  }

  void add(DcmItem& annotation, GraphicLayer& layer) {
    for (const Images& of : images) {
      std::map<Area, std::vector<int>> chosen;
      for (const int image : images_of_item(annotation, of, whole))
        chosen[of.areas[static_cast<std::size_t>(image)]].push_back(image);
      for (const auto& [area, same] : chosen) add(annotation, of, area, same, layer);
    }
  }
};

/// The displayed area of every image, all of it where none is given. size: columns, rows
void read_areas(DcmItem& dataset, const Point& size, const ReferencedFrames& whole, Images& of) {
  of.whole = {{0, 0}, size};
  of.areas.assign(of.series->images.size(), of.whole);
  for (DcmItem* item : items_of(dataset, DCM_DisplayedAreaSelectionSequence)) {
    const auto first = number_values(*item, DCM_DisplayedAreaTopLeftHandCorner);
    const auto last = number_values(*item, DCM_DisplayedAreaBottomRightHandCorner);
    if (first.size() != 2 || last.size() != 2) continue;
    // Corners are those on the display; they count pixels from 1, both inside.
    Area area;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      area.first[axis] = std::min(first[axis], last[axis]) - 1;
      area.last[axis] = std::max(first[axis], last[axis]);
    }
    for (const int image : images_of_item(*item, of, whole)) of.areas[static_cast<std::size_t>(image)] = area;
  }
}

/// Those of the series that can be drawn on; the grid of a mosaic is not that of its file.
std::vector<Images> images_here(DcmItem& dataset, std::span<const SeriesInfo> series,
                                const ReferencedFrames& whole) {
  std::vector<Images> found;
  for (const SeriesInfo& one : series) {
    if (one.files.empty() || one.images.empty()) continue;
    const auto first = read_instance(one.files[static_cast<std::size_t>(one.images.front().file)]);
    if (!first || first->mosaic) continue;
    Images& of = found.emplace_back(Images{&one, uids_of_files(one), {}, {}});
    read_areas(dataset, {static_cast<double>(first->columns), static_cast<double>(first->rows)}, whole, of);
  }
  return found;
}

/// The colour of a layer (PS3.3 C.10.7): CIELab, else its grey.
std::array<std::uint8_t, 3> colour_of(DcmItem& layer, int number) {
  const auto lab = number_values(layer, DCM_GraphicLayerRecommendedDisplayCIELabValue);
  if (lab.size() == 3)
    return to_srgb({static_cast<std::uint16_t>(lab[0]), static_cast<std::uint16_t>(lab[1]),
                    static_cast<std::uint16_t>(lab[2])});
  if (const auto grey = number_value(layer, DCM_GraphicLayerRecommendedDisplayGrayscaleValue)) {
    const auto level = static_cast<std::uint8_t>(std::clamp(*grey / 65535 * 255, 0.0, 255.0));
    return {level, level, level};
  }
  return default_colour(number);
}

/// Every layer in its order; drawings on a layer that is not described come last.
std::vector<GraphicLayer> empty_layers(DcmItem& dataset) {
  std::multimap<int, GraphicLayer> ordered;
  int number = 0;
  for (DcmItem* item : items_of(dataset, DCM_GraphicLayerSequence)) {
    GraphicLayer layer{DicomText(*item, dataset)(DCM_GraphicLayer), colour_of(*item, ++number), {}};
    ordered.emplace(integer_value(*item, DCM_GraphicLayerOrder), std::move(layer));
  }
  std::vector<GraphicLayer> layers;
  for (auto& [order, layer] : ordered) layers.push_back(std::move(layer));
  return layers;
}

GraphicLayer& layer_named(std::vector<GraphicLayer>& layers, const std::string& name) {
  const auto known =
      std::find_if(layers.begin(), layers.end(), [&](const GraphicLayer& layer) { return layer.name == name; });
  if (known != layers.end()) return *known;
  return layers.emplace_back(GraphicLayer{name, default_colour(static_cast<int>(layers.size()) + 1), {}});
}

/// Not the whole image fitted into the view, which is how an image is shown anyway.
bool asks_for_an_area(DcmItem& dataset, const std::vector<Images>& images) {
  for (DcmItem* item : items_of(dataset, DCM_DisplayedAreaSelectionSequence))
    if (images.empty() || raw_value(*item, DCM_PresentationSizeMode) != "SCALE TO FIT") return true;
  return std::any_of(images.begin(), images.end(), [](const Images& of) {
    return std::any_of(of.areas.begin(), of.areas.end(), [&](const Area& area) { return area != of.whole; });
  });
}

std::vector<std::string> not_applied(DcmItem& dataset, const Turn& turn, const std::vector<Images>& images,
                                     std::size_t windows) {
  std::vector<std::string> left;
  if (asks_for_an_area(dataset, images)) left.emplace_back("the displayed area");
  if (turn.degrees != 0) left.push_back(fmt::format("the rotation by {}°", turn.degrees));
  if (turn.mirrored) left.emplace_back("the mirroring");
  if (!raw_value(dataset, DCM_ShutterShape).empty()) left.emplace_back("the shutter");
  if (first_item(dataset, DCM_PresentationLUTSequence)) left.emplace_back("the presentation look-up table");
  if (windows > 1) left.emplace_back("windows other than the first");
  for (DcmItem* annotation : items_of(dataset, DCM_GraphicAnnotationSequence))
    if (first_item(*annotation, DCM_CompoundGraphicSequence)) {
      left.emplace_back("compound graphics");
      break;
    }
  return left;
}

} // namespace

Result<PresentationState> read_presentation_state(const ObjectInfo& object,
                                                  std::span<const SeriesInfo> series) {
  BLOCH_TRY(file, open_dicom_file(object.path));
  DcmItem& dataset = file.dataset();
  const int degrees = integer_value(dataset, DCM_ImageRotation);
  const Turn turn{((degrees % 360) + 360) % 360, raw_value(dataset, DCM_ImageHorizontalFlip) == "Y"};
  ReferencedFrames whole;
  for (DcmItem* item : items_of(dataset, DCM_ReferencedSeriesSequence))
    add_frames(*item, DCM_ReferencedImageSequence, whole);
  Reader reader{dataset, turn, whole, images_here(dataset, series, whole)};
  PresentationState state;
  state.layers = empty_layers(dataset);
  for (DcmItem* annotation : items_of(dataset, DCM_GraphicAnnotationSequence))
    reader.add(*annotation, layer_named(state.layers, DicomText(*annotation, dataset)(DCM_GraphicLayer)));
  std::erase_if(state.layers, [](const GraphicLayer& layer) { return layer.graphics.empty(); });
  state.not_applied = not_applied(dataset, turn, reader.images, object.windows.size());
  if (reader.points > most_points) state.not_applied.emplace_back("drawings beyond the first million points");
  return state;
}

} // namespace bloch::imaging
