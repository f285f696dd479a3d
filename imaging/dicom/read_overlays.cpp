#include "imaging/dicom/read_overlays.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "core/base/contract.h"
#include "imaging/adapters/dcmtk_dataset.h"
#include "imaging/dicom/detail/overlay_plane.h"
#include "imaging/dicom/detail/pixel_source.h"
#include "imaging/dicom/read_series.h"

namespace bloch::imaging {
namespace {

constexpr std::array<std::uint8_t, 3> overlay_colour{255, 214, 80};

/// One image of the volume: where its samples begin in a layer.
struct Slice {
  ImagePlace place;
  int z = 0;
};

/// Draws the planes of files into one layer a plane.
class OverlayReader {
 public:
  explicit OverlayReader(const VolumeGeometry& geometry)
      : geometry_(geometry) {}

  Result<void> add_file(const std::filesystem::path& path, const std::vector<Slice>& slices) {
    BLOCH_TRY(file, open_dicom_file(path));
    if (integer_value(file.dataset(), DCM_Columns) != geometry_.size[0] ||
        integer_value(file.dataset(), DCM_Rows) != geometry_.size[1])
      return failure(ErrorKind::unsupported, "overlay planes over a mosaic have no place in its volume");
    const int frames = std::max(1, integer_value(file.dataset(), DCM_NumberOfFrames, 1));
    auto planes = overlay_planes(file.dataset(), frames);
    if (!planes) {
      if (result_.warnings.empty()) result_.warnings.push_back({"bad-overlay", planes.error().message});
      return {};
    }
    for (const OverlayPlane& plane : *planes)
      for (const Slice& slice : slices) BLOCH_CHECK(draw(path, plane, slice));
    return {};
  }

  Result<Segmentation> take() {
    if (layers_.empty())
      return failure(ErrorKind::not_found, result_.warnings.empty() ? "the series has no overlay planes"
                                                                    : result_.warnings.front().message);
    for (auto& [number, samples] : layers_) {
      result_.segments.push_back({number, names_[number], "", "", "", overlay_colour});
      result_.layers.emplace_back(geometry_, std::move(samples));
    }
    result_.name = "Overlay planes";
    result_.drawn_solid = true;
    return std::move(result_);
  }

 private:
  Result<void> draw(const std::filesystem::path& path, const OverlayPlane& plane, const Slice& slice) {
    const int frame = slice.place.frame - plane.first_frame;
    if (frame < 0 || frame >= plane.frames) return {};
    std::optional<DecodedFrame> pixels;
    if (plane.bits.empty()) {
      if (!source_ || source_->path != path) {
        BLOCH_TRY(source, open_pixels(path));
        source_ = std::move(source);
      }
      BLOCH_TRY(decoded, decode_frame(*source_, slice.place.frame));
      pixels = std::move(decoded);
    }
    std::vector<std::uint8_t>& layer = layers_[plane.number];
    layer.resize(geometry_.voxel_count());
    names_[plane.number] = plane.name;
    for (int row = 0; row < plane.rows; ++row) {
      const int y = row + plane.first_row;
      if (y < 0 || y >= geometry_.size[1]) continue;
      for (int column = 0; column < plane.columns; ++column) {
        const int x = column + plane.first_column;
        if (x < 0 || x >= geometry_.size[0]) continue;
        const std::size_t pixel = static_cast<std::size_t>(y) * static_cast<std::size_t>(geometry_.size[0]) +
                                  static_cast<std::size_t>(x);
        if (!(pixels ? bit_of(*pixels, pixel, plane.bit) : plane.at(frame, row, column))) continue;
        const std::size_t begin = static_cast<std::size_t>(slice.z) *
                                  static_cast<std::size_t>(geometry_.size[0]) *
                                  static_cast<std::size_t>(geometry_.size[1]);
        layer[begin + pixel] = static_cast<std::uint8_t>(plane.number);
      }
    }
    return {};
  }

  static bool bit_of(const DecodedFrame& frame, std::size_t pixel, int bit) {
    const std::size_t bytes = static_cast<std::size_t>(frame.bits_allocated) / 8;
    const std::size_t place = pixel * bytes + static_cast<std::size_t>(bit) / 8; // little endian
    if (bit < 0 || bit >= frame.bits_allocated || place >= frame.bytes.size()) return false;
    return (frame.bytes[place] >> (bit % 8) & 1) != 0;
  }

  VolumeGeometry geometry_;
  std::map<int, std::vector<std::uint8_t>> layers_;
  std::map<int, std::string> names_;
  std::optional<PixelSource> source_; ///< of the file whose pixels hold a plane
  Segmentation result_;
};

} // namespace

Result<Segmentation> read_overlays(const SeriesInfo& series, int volume, const Progress& progress) {
  if (series.images.empty()) return failure(ErrorKind::not_found, "the series has no images");
  VolumeGeometry geometry;
  std::size_t begin = 0, count = 1;
  if (series.geometry) {
    geometry = *series.geometry;
    count = static_cast<std::size_t>(geometry.size[2]);
    begin = count * static_cast<std::size_t>(volume);
  } else {
    BLOCH_TRY(found, image_geometry(series, 0));
    geometry = found;
  }
  BLOCH_EXPECTS(volume >= 0 && begin + count <= series.images.size());
  std::map<int, std::vector<Slice>> by_file;
  for (std::size_t i = 0; i < count; ++i)
    by_file[series.images[begin + i].file].push_back({series.images[begin + i], static_cast<int>(i)});
  OverlayReader reader(geometry);
  double done = 0;
  for (const auto& [file, slices] : by_file) {
    if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped while reading overlay planes");
    const auto& path = series.files[static_cast<std::size_t>(file)];
    if (auto added = reader.add_file(path, slices); !added)
      return failure(added.error().in("'" + path.string() + "'"));
    progress.report(++done / static_cast<double>(by_file.size()));
  }
  return reader.take();
}

} // namespace bloch::imaging
