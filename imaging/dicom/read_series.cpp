#include "imaging/dicom/read_series.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <vector>

#include <Eigen/Geometry>
#include <fmt/format.h>
#include <unistd.h>

#include "core/base/contract.h"
#include "imaging/dicom/detail/instance.h"
#include "imaging/dicom/detail/modality_values.h"
#include "imaging/dicom/detail/series_maker.h"
#include "imaging/dicom/detail/ultrasound_regions.h"
#include "imaging/parallel/large_pages.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

Error in_file(const Error& error, const fs::path& path) {
  const std::string name = "'" + path.string() + "'";
  return error.message.starts_with(name) ? error : error.in(name);
}

/// Keeps the first error of parallel work.
class FirstError {
 public:
  void set(Error error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
    failed_ = true;
  }
  bool failed() const { return failed_; }
  const std::optional<Error>& error() const { return error_; }

 private:
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::optional<Error> error_;
};

Result<void> check_memory(std::size_t voxels) {
  const double physical =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGE_SIZE));
  if (static_cast<double>(voxels) * sizeof(std::int16_t) < physical) return {};
  return failure(ErrorKind::out_of_memory,
                 fmt::format("the volume would need {:.1f} GB of memory, more than there is",
                             static_cast<double>(voxels) * sizeof(std::int16_t) / 1e9));
}

/// Opens and decodes the images of one volume of a series.
class VolumeReader {
 public:
  VolumeReader(const SeriesInfo& series, VolumeGeometry geometry, std::vector<ImagePlace> images,
               const Progress& progress)
      : series_(series)
      , geometry_(std::move(geometry))
      , images_(std::move(images))
      , progress_(progress) {}

  Result<Volume> read() {
    BLOCH_CHECK(open_files());
    BLOCH_CHECK(check_memory(geometry_.voxel_count()));
    if (may_be_int16(sources_)) {
      BLOCH_TRY(volume, decode<std::int16_t>());
      if (volume) return std::move(*volume);
    }
    BLOCH_TRY(volume, decode<float>());
    return std::move(*volume);
  }

  Result<void> stream(const SliceSink& sink) {
    BLOCH_CHECK(open_files());
    if (may_be_int16(sources_)) {
      BLOCH_TRY(fits, stream_as<std::int16_t>(sink));
      if (fits) return {};
    }
    return stream_as<float>(sink).map([](bool) {});
  }

  void add_warnings(std::vector<Warning>* warnings) const {
    if (!warnings) return;
    if (lost_.largest_error > 0)
      warnings->push_back(
          {"rounded-values",
           fmt::format("the values have more digits than 32-bit floats hold: they are up to {:.4g} off",
                       lost_.largest_error)});
    if (lost_.out_of_range > 0 || lost_.vanished)
      warnings->push_back(
          {"values-out-of-range",
           "some values are out of the range of 32-bit floats: " +
               (lost_.out_of_range > 0 ? fmt::format("those beyond 3.4e38 (up to {:.4g}) are taken as infinite",
                                                     lost_.out_of_range)
                                       : std::string()) +
               (lost_.out_of_range > 0 && lost_.vanished ? ", " : "") +
               (lost_.vanished ? "those below 1.4e-45 as 0" : "")});
  }

 private:
  Result<void> open_files() {
    std::vector<int> files;
    for (const ImagePlace& image : images_) files.push_back(image.file);
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    source_of_.assign(series_.files.size(), 0);
    for (std::size_t i = 0; i < files.size(); ++i) source_of_[static_cast<std::size_t>(files[i])] = i;
    sources_.resize(files.size());
    return run(
        files.size(),
        [&](std::size_t i) -> Result<void> {
          const fs::path& path = series_.files[static_cast<std::size_t>(files[i])];
          auto source = open_pixels(path);
          if (!source) return failure(in_file(source.error(), path));
          if (image_columns(*source) != geometry_.size[0] || image_rows(*source) != geometry_.size[1])
            return failure(in_file({ErrorKind::malformed,
                                    "its size is not that of the other images, or it has changed since it was "
                                    "listed; open the folder again"},
                                   path));
          sources_[i] = std::move(*source);
          return {};
        },
        0, 0.3);
  }

  std::size_t voxels_of_slice() const { return geometry_.voxel_count() / images_.size(); }

  /// Every image in turn: body(i) says whether its values fit the type. False when one did not.
  template <class Body> Result<bool> each_image(const Body& body) {
    std::atomic<bool> fits{true};
    BLOCH_CHECK(run(
        images_.size(),
        [&](std::size_t i) -> Result<void> {
          if (!fits) return {};
          BLOCH_TRY(good, body(i));
          if (!good) fits = false;
          return {};
        },
        0.3, 1));
    return fits.load();
  }

  /// False when the values do not fit the type.
  template <class T> Result<bool> stream_as(const SliceSink& sink) {
    BLOCH_CHECK(sink.begin(geometry_, std::is_same_v<T, std::int16_t>));
    return each_image([&](std::size_t i) -> Result<bool> {
      thread_local std::vector<T> slice;
      slice.resize(voxels_of_slice());
      BLOCH_TRY(good, decode_into(i, std::span<T>(slice)));
      if (good)
        BLOCH_CHECK(
            sink.put(i, {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size() * sizeof(T)}));
      return good;
    });
  }

  /// Nothing when the values do not fit the type.
  template <class T> Result<std::optional<Volume>> decode() {
    const std::size_t slice = voxels_of_slice();
    if (sources_.front().layout.encapsulated) { // a header may claim any size: let one image prove it before
                                                // all are allotted
      std::vector<T> trial(slice);
      BLOCH_CHECK(decode_into(0, std::span<T>(trial)));
    }
    const std::size_t count = geometry_.voxel_count();
    // Not cleared first: every slice is written, and its pages are taken by the thread that does.
    const auto buffer = make_large_array<T>(count);
    const std::span<T> samples(buffer.get(), count);
    BLOCH_TRY(fits,
              each_image([&](std::size_t i) { return decode_into(i, samples.subspan(i * slice, slice)); }));
    if (!fits) return std::optional<Volume>();
    return std::optional<Volume>(
        Volume(geometry_, std::pair(std::shared_ptr<const T>(buffer, buffer.get()), count)));
  }

  template <class T> Result<bool> decode_into(std::size_t image, std::span<T> out) const {
    const PixelSource& source = sources_[source_of_[static_cast<std::size_t>(images_[image].file)]];
    Result<bool> good = false;
    if constexpr (std::is_same_v<T, float>) {
      Rounding lost;
      good = read_image_values(source, images_[image].frame, out, &lost);
      const std::lock_guard lock(mutex_);
      lost_.add(lost);
    } else {
      good = read_image_values(source, images_[image].frame, out);
    }
    if (!good) return failure(in_file(good.error(), source.path));
    return good;
  }

  /// body(i) in parallel; the first error, cancelling, and progress from `begin` to `end`.
  template <class Body> Result<void> run(std::size_t count, Body&& body, double begin, double end) {
    FirstError first;
    std::atomic<std::size_t> done{0};
    parallel_for(0, count, [&](std::size_t i) {
      if (first.failed() || progress_.cancelled()) return;
      if (auto result = body(i); !result) return first.set(std::move(result.error()));
      progress_.report(begin + (end - begin) * static_cast<double>(++done) / static_cast<double>(count));
    });
    if (progress_.cancelled()) return failure(ErrorKind::cancelled, "stopped while reading images");
    if (first.error()) return failure(*first.error());
    return {};
  }

  const SeriesInfo& series_;
  VolumeGeometry geometry_;
  std::vector<ImagePlace> images_;
  const Progress& progress_;
  std::vector<PixelSource> sources_;
  std::vector<std::size_t> source_of_;
  mutable std::mutex mutex_;
  mutable Rounding lost_; ///< of all images so far
};

/// The images of one volume and their grid.
struct VolumeImages {
  VolumeGeometry geometry;
  std::vector<ImagePlace> images;
};

/// work(reader), where memory that runs out is an error.
template <class Work>
auto with_reader(const SeriesInfo& series, VolumeImages wanted, const Progress& progress, const Work& work)
    -> decltype(work(std::declval<VolumeReader&>())) {
  const Error error{ErrorKind::out_of_memory,
                    "there is not enough memory for this series; close other images first"};
  try {
    VolumeReader reader(series, std::move(wanted.geometry), std::move(wanted.images), progress);
    return work(reader);
  } catch (const std::bad_alloc&) {
    return failure(error);
  } catch (const std::length_error&) {
    return failure(error);
  }
}

Result<Volume> read_images(const SeriesInfo& series, VolumeImages wanted, const Progress& progress,
                           std::vector<Warning>* warnings = nullptr) {
  return with_reader(series, std::move(wanted), progress, [&](VolumeReader& reader) {
    auto volume = reader.read();
    reader.add_warnings(warnings);
    return volume;
  });
}

/// A series that came without its images (made by hand, or from an older index) is looked at again.
Result<SeriesInfo> with_images(const SeriesInfo& series) {
  if (series.files.empty()) return failure(ErrorKind::not_found, "the series has no files");
  if (!series.images.empty()) return series;
  std::vector<Instance> instances;
  for (const fs::path& path : series.files) {
    auto instance = read_instance(path);
    if (!instance) return failure(in_file(instance.error(), path));
    instances.push_back(std::move(*instance));
  }
  return make_series(instances).front();
}

std::string why_no_volume(const SeriesInfo& series) {
  for (const Warning& warning : series.warnings)
    if (warning.kind == "colour" || warning.kind == "not-a-volume" || warning.kind == "no-geometry" ||
        warning.kind.starts_with("mixed-") || warning.kind.starts_with("bad-"))
      return "the series cannot be opened as a volume: " + warning.message;
  return "the images of the series do not form a volume";
}

/// alone: with the scale of its own regions, else with one that holds for the whole series
Result<VolumeGeometry> geometry_of_image(const SeriesInfo& series, const ImagePlace& image, bool alone = true) {
  const fs::path& path = series.files[static_cast<std::size_t>(image.file)];
  auto instance = read_instance(path);
  if (!instance) return failure(in_file(instance.error(), path));
  VolumeGeometry geometry;
  geometry.size = {instance->columns, instance->rows, 1};
  const auto frame = static_cast<std::size_t>(image.frame);
  if (frame >= instance->frames.size())
    return failure(in_file({ErrorKind::malformed, "there is no such frame in it"}, path));
  const FrameHeader& header = instance->frames[frame];
  const auto spacing = grid_spacing_mm(header, alone ? instance->series.regions : series.regions);
  if (spacing && (*spacing)[0] > 0 && (*spacing)[1] > 0)
    geometry.spacing_mm = {(*spacing)[0], (*spacing)[1], header.thickness_mm > 0 ? header.thickness_mm : 1};
  if (!header.position || !header.axes) return geometry;
  VolumeGeometry placed = geometry;
  placed.origin.mm = *header.position;
  placed.direction.leftCols<2>() = *header.axes;
  placed.direction.col(2) = header.axes->col(0).cross(header.axes->col(1));
  return placed.is_valid() ? placed : geometry;
}

Result<VolumeImages> images_of_volume(const SeriesInfo& whole, int volume) {
  BLOCH_EXPECTS(volume >= 0 && whole.volumes >= 1);
  if (volume >= whole.volumes)
    return failure(ErrorKind::invalid_parameter,
                   fmt::format("the series has {} volumes; there is no number {}", whole.volumes, volume + 1));
  if (whole.geometry) {
    const auto slices = static_cast<std::size_t>(whole.geometry->size[2]);
    BLOCH_EXPECTS(whole.images.size() == slices * static_cast<std::size_t>(whole.volumes));
    const auto begin =
        whole.images.begin() + static_cast<std::ptrdiff_t>(slices * static_cast<std::size_t>(volume));
    return VolumeImages{*whole.geometry, {begin, begin + static_cast<std::ptrdiff_t>(slices)}};
  }
  if (whole.images.empty() || whole.colour) return failure(ErrorKind::unsupported, why_no_volume(whole));
  // A sequence: its images one behind the other.
  BLOCH_TRY(geometry, geometry_of_image(whole, whole.images.front(), false));
  geometry.size[2] = static_cast<int>(whole.images.size());
  return VolumeImages{geometry, whole.images};
}

} // namespace

Result<Volume> read_volume(const SeriesInfo& series, const Progress& progress, int volume,
                           std::vector<Warning>* warnings) {
  BLOCH_TRY(whole, with_images(series));
  BLOCH_TRY(wanted, images_of_volume(whole, volume));
  return read_images(whole, wanted, progress, warnings);
}

Result<void> stream_volume(const SeriesInfo& series, const SliceSink& sink, const Progress& progress,
                           int volume, std::vector<Warning>* warnings) {
  BLOCH_TRY(whole, with_images(series));
  BLOCH_TRY(wanted, images_of_volume(whole, volume));
  return with_reader(whole, wanted, progress, [&](VolumeReader& reader) {
    auto done = reader.stream(sink);
    reader.add_warnings(warnings);
    return done;
  });
}

Result<Volume> read_single_image(const SeriesInfo& series, int image, const Progress& progress) {
  BLOCH_TRY(whole, with_images(series));
  if (image < 0 || static_cast<std::size_t>(image) >= whole.images.size())
    return failure(ErrorKind::invalid_parameter, fmt::format("the series has {} images; there is no number {}",
                                                             whole.images.size(), image + 1));
  const ImagePlace place = whole.images[static_cast<std::size_t>(image)];
  BLOCH_TRY(geometry, geometry_of_image(whole, place));
  return read_images(whole, {geometry, {place}}, progress);
}

Result<VolumeGeometry> image_geometry(const SeriesInfo& series, int image) {
  BLOCH_TRY(whole, with_images(series));
  BLOCH_EXPECTS(image >= 0 && static_cast<std::size_t>(image) < whole.images.size());
  return geometry_of_image(whole, whole.images[static_cast<std::size_t>(image)]);
}

Result<Volume> read_middle_image(const SeriesInfo& series) {
  BLOCH_TRY(whole, with_images(series));
  const std::size_t count =
      whole.geometry ? static_cast<std::size_t>(whole.geometry->size[2]) : whole.images.size();
  return read_single_image(whole, static_cast<int>(count / 2), {});
}

} // namespace bloch::imaging
