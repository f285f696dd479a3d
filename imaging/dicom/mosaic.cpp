#include "imaging/dicom/detail/mosaic.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <map>

#include <Eigen/Geometry>

#include "core/base/text.h"

namespace bloch::imaging {
namespace {

using CsaValues = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Siemens CSA header, version 1 and 2, little endian; what is damaged ends the reading.
/// Source: nibabel's description of the format, nipy.org/nibabel/dicom/siemens_csa.html.
class CsaReader {
 public:
  CsaReader(const Uint8* bytes, std::size_t size)
      : bytes_(bytes)
      , size_(size) {}

  CsaValues read() {
    CsaValues values;
    const bool second = size_ > 8 && std::memcmp(bytes_, "SV10", 4) == 0;
    position_ = second ? 8 : 0;
    const std::uint32_t tags = number();
    number(); // 77
    if (tags == 0 || tags > 256) return values;
    std::uint32_t first_item_count = 0;
    for (std::uint32_t tag = 0; tag < tags && position_ + 84 <= size_; ++tag) {
      const std::string name = text(64);
      position_ += 64 + 4 + 4 + 4; // name, value multiplicity, VR, syngo type
      const std::uint32_t items = number();
      number(); // 77 or 205
      if (tag == 0) first_item_count = items;
      if (items > 10000) break;
      auto& kept = values[name];
      for (std::uint32_t item = 0; item < items; ++item)
        if (!read_item(second, first_item_count, kept)) return values;
    }
    return values;
  }

 private:
  bool read_item(bool second, std::uint32_t first_item_count, std::vector<std::string>& kept) {
    if (position_ + 16 > size_) return false;
    const std::uint32_t begin = number();
    const std::uint32_t length_field = number();
    number();
    number();
    const std::uint32_t length = second ? length_field : begin - first_item_count;
    if (length > size_ - position_) return second ? false : true;
    if (length > 0) kept.emplace_back(trimmed(text(length)));
    position_ += (length + 3) / 4 * 4;
    return position_ <= size_;
  }

  std::uint32_t number() {
    if (position_ + 4 > size_) return 0;
    const Uint8* p = bytes_ + position_;
    position_ += 4;
    return static_cast<std::uint32_t>(p[0]) | static_cast<std::uint32_t>(p[1]) << 8 |
           static_cast<std::uint32_t>(p[2]) << 16 | static_cast<std::uint32_t>(p[3]) << 24;
  }

  std::string text(std::size_t length) const {
    const auto* first = reinterpret_cast<const char*>(bytes_ + position_);
    return {first, std::find(first, first + std::min(length, size_ - position_), '\0')};
  }

  const Uint8* bytes_;
  std::size_t size_;
  std::size_t position_ = 0;
};

CsaValues csa_header(DcmItem& dataset) {
  for (Uint16 block = 0x10; block <= 0x13; ++block) {
    if (!raw_value(dataset, DcmTagKey(0x0029, block)).starts_with("SIEMENS CSA HEADER")) continue;
    DcmElement* element = nullptr;
    Uint8* bytes = nullptr;
    const DcmTagKey tag(0x0029, static_cast<Uint16>(block << 8 | 0x10));
    if (dataset.findAndGetElement(tag, element).bad() || !element || element->getLength() > (4U << 20))
      continue;
    if (element->getUint8Array(bytes).good() && bytes) return CsaReader(bytes, element->getLength()).read();
  }
  return {};
}

/// The protocol as text, which the series header (0029,xx20) holds; anonymisers often leave it when they drop
/// the image header.
std::string protocol_text(DcmItem& dataset) {
  for (Uint16 block = 0x10; block <= 0x13; ++block) {
    DcmElement* element = nullptr;
    Uint8* bytes = nullptr;
    const DcmTagKey tag(0x0029, static_cast<Uint16>(block << 8 | 0x20));
    if (dataset.findAndGetElement(tag, element).bad() || !element || element->getLength() > (4U << 20))
      continue;
    if (element->getUint8Array(bytes).bad() || !bytes) continue;
    const std::string text(reinterpret_cast<const char*>(bytes), element->getLength());
    if (text.find("sSliceArray.lSize") != std::string::npos) return text;
  }
  return {};
}

/// Number behind "name =" in the protocol; nothing where it is not written, which there means zero.
std::optional<double> protocol_number(const std::string& protocol, const std::string& name) {
  const auto found = protocol.find(name);
  if (found == std::string::npos) return std::nullopt;
  const auto equals = protocol.find('=', found + name.size());
  if (equals == std::string::npos || equals - found - name.size() > 64) return std::nullopt;
  const auto end = protocol.find_first_of("\r\n", equals);
  const std::string_view value = trimmed(std::string_view(protocol).substr(equals + 1, end - equals - 1));
  if (value.starts_with("0x")) {
    unsigned whole = 0;
    const auto [rest, code] = std::from_chars(value.data() + 2, value.data() + value.size(), whole, 16);
    return code == std::errc() && rest != value.data() + 2 ? std::optional<double>(whole) : std::nullopt;
  }
  return to_number(value);
}

Eigen::Vector3d slice_position(const std::string& protocol, int slice) {
  const std::string name = "sSliceArray.asSlice[" + std::to_string(slice) + "].sPosition.d";
  return {protocol_number(protocol, name + "Sag").value_or(0),
          protocol_number(protocol, name + "Cor").value_or(0),
          protocol_number(protocol, name + "Tra").value_or(0)};
}

bool is_mosaic_type(DcmItem& dataset) {
  const auto types = raw_values(dataset, DCM_ImageType);
  return std::find(types.begin(), types.end(), "MOSAIC") != types.end();
}

int tiles_in(DcmItem& dataset, const CsaValues& csa, const std::string& protocol) {
  if (const auto found = csa.find("NumberOfImagesInMosaic"); found != csa.end() && !found->second.empty())
    return static_cast<int>(std::clamp(to_number(found->second.front()).value_or(0), 0.0, 1e6));
  if (raw_value(dataset, DcmTagKey(0x0019, 0x0010)).starts_with("SIEMENS MR HEADER"))
    return std::clamp(integer_value(dataset, DcmTagKey(0x0019, 0x100A)), 0, 1000000);
  return static_cast<int>(std::clamp(protocol_number(protocol, "sSliceArray.lSize").value_or(0), 0.0, 1e6));
}

/// Centre of the mosaic, which is that of its first tile.
std::optional<Eigen::Vector3d> centre_of(DcmItem& dataset) {
  const auto position = number_values(dataset, DCM_ImagePositionPatient);
  const auto axes = number_values(dataset, DCM_ImageOrientationPatient);
  const auto spacing = number_values(dataset, DCM_PixelSpacing);
  if (position.size() != 3 || axes.size() != 6 || spacing.size() != 2) return std::nullopt;
  const double x_mm = spacing[1] * integer_value(dataset, DCM_Columns) / 2;
  const double y_mm = spacing[0] * integer_value(dataset, DCM_Rows) / 2;
  return Eigen::Vector3d(position[0] + axes[0] * x_mm + axes[3] * y_mm,
                         position[1] + axes[1] * x_mm + axes[4] * y_mm,
                         position[2] + axes[2] * x_mm + axes[5] * y_mm);
}

std::optional<Eigen::Vector3d> normal_in(DcmItem& dataset, const CsaValues& csa, const std::string& protocol,
                                         int tiles) {
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();
  if (const auto found = csa.find("SliceNormalVector"); found != csa.end() && found->second.size() >= 3) {
    for (int axis = 0; axis < 3; ++axis)
      normal[axis] = to_number(found->second[static_cast<std::size_t>(axis)]).value_or(0);
  } else if (const auto centre = centre_of(dataset); centre && !protocol.empty() && tiles > 1) {
    // The protocol lists the slices in one order, the image may number them in the other: the first tile tells.
    const Eigen::Vector3d first = slice_position(protocol, 0);
    const Eigen::Vector3d last = slice_position(protocol, tiles - 1);
    normal = (last - first).normalized() * ((*centre - first).norm() <= (*centre - last).norm() ? 1 : -1);
  }
  if (!(std::abs(normal.norm() - 1) < 0.01)) return std::nullopt;
  return normal.normalized();
}

/// United Imaging: the number of tiles in (0065,1050), one item a tile in (0065,1051) with its position.
/// Source: UIH's answers in dcm2niix's issue 225.
std::optional<Mosaic> read_grid(DcmItem& dataset) {
  if (!raw_value(dataset, DcmTagKey(0x0065, 0x0010)).starts_with("Image Private Header")) return std::nullopt;
  Mosaic grid;
  const double tiles = number_value(dataset, DcmTagKey(0x0065, 0x1050)).value_or(0);
  grid.tiles = static_cast<int>(std::clamp(tiles, 0.0, 1e6));
  if (grid.tiles < 2) return std::nullopt;
  const auto items = items_of(dataset, DcmTagKey(0x0065, 0x1051));
  if (items.size() != static_cast<std::size_t>(grid.tiles)) return grid;
  for (DcmItem* item : items) {
    const auto position = number_values(*item, DCM_ImagePositionPatient);
    if (position.size() == 3) grid.tile_positions.emplace_back(position[0], position[1], position[2]);
  }
  if (grid.tile_positions.size() != items.size()) grid.tile_positions.clear();
  return grid;
}

Result<Mosaic> with_tile_size(DcmItem& dataset, Mosaic mosaic, const std::string& name) {
  mosaic.tiles_across = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(mosaic.tiles))));
  const int rows = integer_value(dataset, DCM_Rows);
  const int columns = integer_value(dataset, DCM_Columns);
  if (rows % mosaic.tiles_across != 0 || columns % mosaic.tiles_across != 0 || rows < mosaic.tiles_across ||
      columns < mosaic.tiles_across)
    return failure(ErrorKind::malformed, name + " whose size does not fit its number of tiles");
  mosaic.tile_rows = rows / mosaic.tiles_across;
  mosaic.tile_columns = columns / mosaic.tiles_across;
  return mosaic;
}

} // namespace

Result<std::optional<Mosaic>> read_mosaic(DcmItem& dataset) {
  if (const auto grid = read_grid(dataset)) {
    BLOCH_TRY(sized, with_tile_size(dataset, *grid, "a United Imaging grid"));
    return std::optional<Mosaic>(sized);
  }
  if (!is_mosaic_type(dataset)) return std::optional<Mosaic>();
  const CsaValues csa = csa_header(dataset);
  Mosaic mosaic;
  const std::string protocol = csa.empty() ? protocol_text(dataset) : std::string();
  mosaic.tiles = tiles_in(dataset, csa, protocol);
  if (mosaic.tiles <= 0)
    return failure(ErrorKind::unsupported,
                   "a Siemens mosaic whose private header is missing, so that its tiles cannot be told apart; "
                   "export it again without anonymising group 0029");
  BLOCH_TRY(sized, with_tile_size(dataset, std::move(mosaic), "a Siemens mosaic"));
  sized.slice_normal = normal_in(dataset, csa, protocol, sized.tiles);
  return std::optional<Mosaic>(sized);
}

std::vector<FrameHeader> tile_headers(DcmItem& dataset, const Mosaic& mosaic, const FrameHeader& whole) {
  std::vector<FrameHeader> tiles(static_cast<std::size_t>(mosaic.tiles), whole);
  double step = number_value(dataset, DCM_SpacingBetweenSlices).value_or(0);
  if (!(step > 0)) step = whole.thickness_mm;
  for (int tile = 0; tile < mosaic.tiles; ++tile) {
    FrameHeader& header = tiles[static_cast<std::size_t>(tile)];
    header.number = tile;
    if (!mosaic.tile_positions.empty()) {
      header.position = mosaic.tile_positions[static_cast<std::size_t>(tile)];
      continue;
    }
    if (!whole.position || !whole.axes || !whole.pixel_spacing_mm || !(step > 0)) {
      header.position.reset();
      continue;
    }
    // The position in the header is the corner of an image as large as the mosaic around the centre of the
    // slice.
    const auto& axes = *whole.axes;
    const double x_mm = (mosaic.tiles_across - 1) * mosaic.tile_columns / 2.0 * (*whole.pixel_spacing_mm)[0];
    const double y_mm = (mosaic.tiles_across - 1) * mosaic.tile_rows / 2.0 * (*whole.pixel_spacing_mm)[1];
    const Eigen::Vector3d normal =
        mosaic.slice_normal.value_or(Eigen::Vector3d(axes.col(0).cross(axes.col(1))));
    header.position = *whole.position + axes.col(0) * x_mm + axes.col(1) * y_mm + normal * (tile * step);
  }
  return tiles;
}

} // namespace bloch::imaging
