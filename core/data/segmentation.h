#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/data/label_map.h"
#include "core/data/series.h"
#include "core/data/volume.h"

namespace bloch {

/// What one label stands for.
struct Segment {
  int number = 1; ///< the label
  std::string name;
  std::string category;  ///< "Tissue"
  std::string type;      ///< "Liver"
  std::string algorithm; ///< "SEMIAUTOMATIC SlicerEditor"; empty when the file does not say
  std::array<std::uint8_t, 3> colour{255, 255, 255}; ///< sRGB
};

/// Segments of a patient on one grid.
struct Segmentation {
  std::string name;
  std::string frame_of_reference_uid;
  std::vector<Segment> segments; ///< by number
  /// Labels are segment numbers. Segments that overlap lie in different layers; one layer when none do.
  /// Fractional segments are here where they reach one half.
  std::vector<LabelMap> layers;
  std::vector<Volume> fractions; ///< 0 to 1, one a segment; empty unless the file is fractional
  bool drawn_solid = false;      ///< lines and text, such as overlay planes hold: one label a layer
  bool placed = true;            ///< false: it lies nowhere in the patient, the grid is 1 mm at the origin
  std::vector<Warning> warnings;
};

/// A colour for the segment or region number `number` (from 1) when nothing gives one.
std::array<std::uint8_t, 3> default_colour(int number);

/// A segment for each volume of a series, by its label; "Segment 2" where the label only counts.
std::vector<Segment> segments_of_volumes(const SeriesInfo& series);

} // namespace bloch
