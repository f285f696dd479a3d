#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bloch {

/// A part of an ultrasound image that has a scale of its own (PS3.3 C.8.5.5); outside of all of them an image
/// has none. Codes are those of the file.
struct UltrasoundRegion {
  int first_file = 0, last_file = 0;          ///< which of SeriesInfo::files it is on
  std::array<int, 2> first{0, 0}, last{0, 0}; ///< pixels x, y, both inside
  int format = 0;                             ///< 1 2D, 2 M-mode, 3 spectral, 4 wave form, 5 graphics
  int content = 0;                            ///< RegionDataType: 1 tissue, 2 colour flow, …
  std::array<int, 2> units{0, 0};             ///< of x, y: 3 cm, 4 s, 7 cm/s, …
  std::array<double, 2> delta{0, 0};          ///< of one pixel, in those units; negative: runs backwards
  /// What the middle of pixel `first` stands for, x, y in those units; nothing where the file does not say.
  std::array<std::optional<double>, 2> at_first{};

  bool operator==(const UltrasoundRegion&) const = default;
};

/// Size of a pixel of a 2D region of tissue or flow in cm, x and y; nothing for any other region.
std::optional<std::array<double, 2>> pixel_size_mm(const UltrasoundRegion& region);

/// The size of a pixel where all 2D regions agree to 0.1 %; nothing when they do not or there is none.
std::optional<std::array<double, 2>> common_pixel_size_mm(std::span<const UltrasoundRegion> regions);

/// The same to 0.1 %.
bool same_pixel_size(const std::array<double, 2>& a, const std::array<double, 2>& b);

/// "2D, tissue", "spectral, PW Doppler".
std::string region_kind(const UltrasoundRegion& region);
/// "cm", "cm/s", "none"; "code 99" where the standard knows none.
std::string region_unit(int code);

/// A number of a measurement in a region's own units.
struct PhysicalValue {
  double value = 0;
  std::string unit; ///< "s", "cm/s", "cm/s2"
};

/// How far two points (pixels x, y) are apart in the units of a region, without a sign: across, down, and down
/// by across where across is time (a velocity in M-mode, an acceleration in a spectrum). Directions without a
/// unit are left out.
std::vector<PhysicalValue> physical_extent(const UltrasoundRegion& region, const std::array<double, 2>& from,
                                           const std::array<double, 2>& to);

/// What a point stands for, across and down, as far as the region says where its scale begins.
std::vector<PhysicalValue> physical_place(const UltrasoundRegion& region, const std::array<double, 2>& point);

/// How lengths on an image are told: in millimetres of its grid, in those of a region of it, or in pixels.
struct ImageScale {
  bool known = true;                          ///< false: the size of a pixel is not known
  std::vector<UltrasoundRegion> regions = {}; ///< where there are any, millimetres hold inside of them alone
  std::vector<int> files = {};                ///< with regions: the file of each slice

  /// Those on a slice; none where the slice has no file.
  std::vector<UltrasoundRegion> regions_of(int slice) const;

  /// Size of a pixel that holds for points (pixels x, y of a slice) together, by the regions: one 2D region
  /// holds all of them, and no region of another scale or kind holds any.
  std::optional<std::array<double, 2>> pixel_size_mm(int slice,
                                                     std::span<const std::array<double, 2>> points) const;

  /// The region whose own units hold for points together (a spectrum, M-mode, a trace): it holds all of them,
  /// is no 2D image, and no other region holds any.
  std::optional<UltrasoundRegion> own_units(int slice, std::span<const std::array<double, 2>> points) const;
};

} // namespace bloch
