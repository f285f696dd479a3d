#include "app/cli/convert_volumes.h"

#include <optional>

#include <fmt/format.h>

#include "app/cli/write_dicom.h"
#include "core/base/text.h"
#include "imaging/io/volumes_file.h"

namespace bloch::app {
namespace {

/// 0 for "auto"; nothing when nothing is to be resampled.
Result<std::optional<double>> resampling_mm(const std::string& resample) {
  if (resample.empty()) return std::optional<double>();
  if (resample == "auto") return std::optional<double>(0);
  const auto spacing = to_number(resample);
  if (!spacing || !(*spacing > 0))
    return failure(ErrorKind::invalid_parameter,
                   "--resample needs 'auto' or a distance in mm above 0, not '" + resample + "'");
  return std::optional<double>(*spacing);
}

} // namespace

std::string named_volume(const ConvertOptions& options) {
  return options.volume.empty() ? "1" : options.volume;
}

Result<void> check_several(const ConvertOptions& options, bool dicom) {
  const DicomTarget& target = options.target;
  if (target.keeps_fractions()) return {};
  if (dicom && is_single_file(target.kind) && !target.kind.starts_with("enhanced-"))
    return failure(
        ErrorKind::invalid_parameter,
        fmt::format("--as {} holds one volume: write all of them as an enhanced MR or CT (--as), as one series "
                    "(--out a new folder that "
                    "ends in /, without --as) or as one NIfTI file (--out FILE.nii.gz), or choose one "
                    "with --volume N",
                    target.kind));
  if (!dicom && !options.like.empty())
    return failure(
        ErrorKind::invalid_parameter,
        "--volume all with --like writes a DICOM series: give --out a new folder that ends in /, leave "
        "--like out for one NIfTI file of four dimensions, or choose one volume with --volume N");
  return {};
}

void tell_names(const Invocation& invocation, const std::vector<imaging::OpenedImage>& images,
                const imaging::OpenedImage& like) {
  const imaging::OpenedImage& image = images.front();
  if (image.series.volumes < 2 || !image.series.images.empty() || like.series.volumes < 2) return;
  const bool as_many = like.series.volumes == image.series.volumes;
  if (as_many && like.volume.geometry().matches(image.volume.geometry()))
    invocation.say(fmt::format("volumes told apart as those of --like are: by {}", like.series.split_by));
  else if (images.size() > 1)
    invocation.warn(fmt::format("--like has {} volumes{}: those of the input are written as temporal positions",
                                like.series.volumes, as_many ? " on another grid" : ""));
}

Result<WantedVolumes> choose_wanted(const Invocation& invocation, const ConvertOptions& options) {
  BLOCH_TRY(chosen, imaging::choose_series(options.input, options.series, invocation.progress.child(0, 0.2)));
  if (options.split == "none") {
    if (chosen.series.images.empty() && chosen.series.volumes > 1)
      return failure(ErrorKind::invalid_parameter,
                     "--split none needs a DICOM series; --volume all takes every volume of an image file");
    chosen.series = imaging::unsplit(chosen.series);
  }
  BLOCH_TRY(numbers, imaging::volumes_named(chosen.series, named_volume(options)));
  return WantedVolumes{std::move(chosen), std::move(numbers)};
}

Result<std::vector<imaging::OpenedImage>>
read_wanted(const Invocation& invocation, const ConvertOptions& options, const WantedVolumes& wanted) {
  BLOCH_TRY(resample, resampling_mm(options.resample));
  const auto& [chosen, numbers] = wanted;
  std::vector<imaging::OpenedImage> images;
  const Progress reading = invocation.progress.child(0.2, 0.5);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const Progress one = reading.child(static_cast<double>(i) / static_cast<double>(numbers.size()),
                                       static_cast<double>(i + 1) / static_cast<double>(numbers.size()));
    BLOCH_TRY(image, imaging::open_series(chosen.place(), one, numbers[i]));
    if (resample) {
      BLOCH_TRY(straight, imaging::to_true_grid(image, *resample, one));
      image = straight;
    }
    if (options.suv) {
      BLOCH_TRY(suv, imaging::to_suv(image));
      image = suv;
    }
    images.push_back(std::move(image));
  }
  return images;
}

Result<void> write_several(const Invocation& invocation, const ConvertOptions& options,
                           const std::vector<imaging::OpenedImage>& images) {
  std::vector<Volume> volumes;
  for (const imaging::OpenedImage& image : images) volumes.push_back(image.volume);
  BLOCH_CHECK(imaging::write_volumes(options.out, volumes));
  const auto& size = volumes.front().geometry().size;
  invocation.say(fmt::format("{} x {} x {} voxels, {} volumes to {}", size[0], size[1], size[2], volumes.size(),
                             options.out));
  return {};
}

} // namespace bloch::app
