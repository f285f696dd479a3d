#include "imaging/dicom/read_colour.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <stdexcept>

#include <Eigen/Geometry>
#include <fmt/format.h>

#include "imaging/dicom/detail/colour_values.h"
#include "imaging/dicom/detail/instance.h"
#include "imaging/dicom/detail/ultrasound_regions.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;
using Colour = std::array<std::uint8_t, 3>;

Error naming_file(const Error& error, const fs::path& path) { return error.in("'" + path.string() + "'"); }

/// Decodes images one behind the other.
class ColourReader {
 public:
  ColourReader(const SeriesInfo& series, std::vector<ImagePlace> images, const Progress& progress)
      : series_(series)
      , images_(std::move(images))
      , progress_(progress) {}

  Result<RgbVolume> read() {
    sources_.resize(series_.files.size());
    for (const ImagePlace& image : images_) BLOCH_CHECK(open(static_cast<std::size_t>(image.file)));
    BLOCH_CHECK(check_sizes());
    const PixelFormat& format = first().format;
    pixels_ = static_cast<std::size_t>(format.rows) * static_cast<std::size_t>(format.columns);
    if (first()
            .layout.encapsulated) { // a header may claim any size: one image proves it before all are allotted
      std::vector<Colour> trial(pixels_);
      BLOCH_CHECK(decode(0, trial));
    }
    std::vector<Colour> samples(pixels_ * images_.size());
    BLOCH_CHECK(decode_all(samples));
    BLOCH_TRY(geometry, grid());
    return RgbVolume(geometry, std::move(samples));
  }

 private:
  const PixelSource& first() const { return *sources_[static_cast<std::size_t>(images_.front().file)]; }

  Result<void> open(std::size_t file) {
    if (sources_[file]) return {};
    auto source = open_pixels(series_.files[file]);
    if (!source) return failure(naming_file(source.error(), series_.files[file]));
    sources_[file] = std::move(*source);
    return {};
  }

  Result<void> check_sizes() const {
    for (const ImagePlace& image : images_) {
      const PixelFormat& format = sources_[static_cast<std::size_t>(image.file)]->format;
      if (format.rows != first().format.rows || format.columns != first().format.columns)
        return failure(ErrorKind::unsupported, "colour images of different sizes are opened one at a time");
    }
    return {};
  }

  Result<void> decode(std::size_t image, std::span<Colour> out) const {
    const auto file = static_cast<std::size_t>(images_[image].file);
    if (auto done = read_image_colours(*sources_[file], images_[image].frame, out); !done)
      return failure(naming_file(done.error(), series_.files[file]));
    return {};
  }

  Result<void> decode_all(std::span<Colour> samples) const {
    std::atomic<std::size_t> done{0};
    std::atomic<bool> failed{false};
    std::mutex mutex;
    std::optional<Error> error;
    parallel_for(0, images_.size(), [&](std::size_t i) {
      if (failed || progress_.cancelled()) return;
      if (auto decoded = decode(i, samples.subspan(i * pixels_, pixels_)); !decoded) {
        const std::lock_guard lock(mutex);
        if (!failed.exchange(true)) error = decoded.error();
        return;
      }
      progress_.report(static_cast<double>(++done) / static_cast<double>(images_.size()));
    });
    if (progress_.cancelled()) return failure(ErrorKind::cancelled, "stopped while reading images");
    if (error) return failure(*error);
    return {};
  }

  Result<VolumeGeometry> grid() const {
    VolumeGeometry geometry;
    geometry.size = {first().format.columns, first().format.rows, static_cast<int>(images_.size())};
    auto instance = read_instance(series_.files[static_cast<std::size_t>(images_.front().file)]);
    if (!instance) return geometry;
    const auto frame = static_cast<std::size_t>(images_.front().frame);
    if (frame >= instance->frames.size()) return geometry;
    const FrameHeader& header = instance->frames[frame];
    const auto spacing =
        grid_spacing_mm(header, images_.size() > 1 ? series_.regions : instance->series.regions);
    if (spacing && (*spacing)[0] > 0 && (*spacing)[1] > 0) {
      geometry.spacing_mm[0] = (*spacing)[0];
      geometry.spacing_mm[1] = (*spacing)[1];
    }
    if (images_.size() > 1 || !header.position || !header.axes) return geometry;
    VolumeGeometry placed = geometry;
    placed.origin.mm = *header.position;
    placed.direction.leftCols<2>() = *header.axes;
    placed.direction.col(2) = header.axes->col(0).cross(header.axes->col(1));
    return placed.is_valid() ? placed : geometry;
  }

  const SeriesInfo& series_;
  std::vector<ImagePlace> images_;
  const Progress& progress_;
  std::vector<std::optional<PixelSource>> sources_;
  std::size_t pixels_ = 0;
};

Result<RgbVolume> read(const SeriesInfo& series, std::vector<ImagePlace> images, const Progress& progress) {
  const Error memory{ErrorKind::out_of_memory,
                     "there is not enough memory for this series; close other images first"};
  try {
    return ColourReader(series, std::move(images), progress).read();
  } catch (const std::bad_alloc&) {
    return failure(memory);
  } catch (const std::length_error&) {
    return failure(memory);
  }
}

} // namespace

Result<RgbVolume> read_colour_volume(const SeriesInfo& series, const Progress& progress) {
  if (series.images.empty()) return failure(ErrorKind::not_found, "the series has no images");
  return read(series, series.images, progress);
}

Result<RgbVolume> read_colour_image(const SeriesInfo& series, int image, const Progress& progress) {
  if (image < 0 || static_cast<std::size_t>(image) >= series.images.size())
    return failure(ErrorKind::invalid_parameter, fmt::format("the series has {} images; there is no number {}",
                                                             series.images.size(), image + 1));
  return read(series, {series.images[static_cast<std::size_t>(image)]}, progress);
}

} // namespace bloch::imaging
