#include "imaging/recon/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/data/finite.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

constexpr int ssim_window = 7;

/// Sums over all 7 x 7 windows of a slice, by running sums: [y][x] of the windows' corners.
std::vector<double> window_sums(const std::vector<double>& values, int nx, int ny) {
  const int wx = nx - ssim_window + 1;
  const int wy = ny - ssim_window + 1;
  std::vector<double> along(static_cast<std::size_t>(wx) * static_cast<std::size_t>(ny));
  for (int y = 0; y < ny; ++y)
    for (int x = 0; x < wx; ++x) {
      double sum = 0;
      for (int i = 0; i < ssim_window; ++i) sum += values[static_cast<std::size_t>(y * nx + x + i)];
      along[static_cast<std::size_t>(y * wx + x)] = sum;
    }
  std::vector<double> sums(static_cast<std::size_t>(wx) * static_cast<std::size_t>(wy));
  for (int y = 0; y < wy; ++y)
    for (int x = 0; x < wx; ++x) {
      double sum = 0;
      for (int i = 0; i < ssim_window; ++i) sum += along[static_cast<std::size_t>((y + i) * wx + x)];
      sums[static_cast<std::size_t>(y * wx + x)] = sum;
    }
  return sums;
}

/// Structural similarity of every 7 x 7 window of one slice, as skimage with a uniform window: [y - 6][x - 6].
/// Empty for slices smaller than the window.
std::vector<double> window_ssim(const float* reference, const float* image, int nx, int ny, double range) {
  if (nx < ssim_window || ny < ssim_window) return {};
  const auto count = static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
  std::vector<double> a(reference, reference + count), b(image, image + count), aa(count), bb(count), ab(count);
  for (std::size_t i = 0; i < count; ++i) {
    aa[i] = a[i] * a[i];
    bb[i] = b[i] * b[i];
    ab[i] = a[i] * b[i];
  }
  auto sa = window_sums(a, nx, ny);
  const auto sb = window_sums(b, nx, ny), saa = window_sums(aa, nx, ny), sbb = window_sums(bb, nx, ny),
             sab = window_sums(ab, nx, ny);
  constexpr double samples = ssim_window * ssim_window;
  constexpr double unbiased = samples / (samples - 1);
  const double c1 = std::pow(0.01 * range, 2);
  const double c2 = std::pow(0.03 * range, 2);
  for (std::size_t i = 0; i < sa.size(); ++i) {
    const double ma = sa[i] / samples;
    const double mb = sb[i] / samples;
    const double va = unbiased * (saa[i] / samples - ma * ma);
    const double vb = unbiased * (sbb[i] / samples - mb * mb);
    const double vab = unbiased * (sab[i] / samples - ma * mb);
    sa[i] = (2 * ma * mb + c1) * (2 * vab + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
  }
  return sa;
}

/// What is summed over a slice.
struct SliceSums {
  double error = 0, energy = 0, ssim = 0;
  std::size_t voxels = 0, windows = 0;
};

SliceSums sum_slice(const float* reference, const float* image, const std::uint8_t* inside, int nx, int ny,
                    double range) {
  SliceSums sums;
  const auto count = static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
  for (std::size_t i = 0; i < count; ++i) {
    if (inside && !inside[i]) continue;
    const double difference = static_cast<double>(image[i]) - static_cast<double>(reference[i]);
    sums.error += difference * difference;
    sums.energy += static_cast<double>(reference[i]) * static_cast<double>(reference[i]);
    ++sums.voxels;
  }
  if (sums.voxels == 0) return sums;
  const auto windows = window_ssim(reference, image, nx, ny, range);
  const auto wx = static_cast<std::size_t>(nx - ssim_window + 1);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const std::size_t centre =
        (i / wx + ssim_window / 2) * static_cast<std::size_t>(nx) + i % wx + ssim_window / 2;
    if (inside && !inside[centre]) continue;
    sums.ssim += windows[i];
    ++sums.windows;
  }
  return sums;
}

/// Slices smaller than the window, or a region without a window's centre, have no SSIM of their own.
std::optional<double> mean_ssim(const SliceSums& sums) {
  if (sums.windows == 0) return std::nullopt;
  return sums.ssim / static_cast<double>(sums.windows);
}

QualityNumbers numbers_of(double error, double energy, std::size_t voxels, std::optional<double> ssim,
                          double maximum) {
  QualityNumbers numbers;
  numbers.nmse = energy > 0 ? error / energy : 0;
  numbers.nrmse = std::sqrt(numbers.nmse);
  numbers.mse = error / static_cast<double>(voxels);
  numbers.psnr_db = numbers.mse > 0 ? 10 * std::log10(maximum * maximum / numbers.mse)
                                    : std::numeric_limits<double>::infinity();
  numbers.ssim = ssim;
  return numbers;
}

/// Both images and what counts of them.
struct Comparison {
  const std::vector<float>& reference;
  const std::vector<float>& image;
  const std::uint8_t* inside; ///< null: everything
  std::array<int, 3> size;
};

QualityNumbers quality(const Comparison& given, std::vector<SliceQuality>* by_slice) {
  const double maximum = *std::max_element(given.reference.begin(), given.reference.end());
  const std::size_t slice = static_cast<std::size_t>(given.size[0]) * static_cast<std::size_t>(given.size[1]);
  std::vector<SliceSums> slices(static_cast<std::size_t>(given.size[2]));
  parallel_for(0, slices.size(), [&](std::size_t z) {
    slices[z] =
        sum_slice(given.reference.data() + z * slice, given.image.data() + z * slice,
                  given.inside ? given.inside + z * slice : nullptr, given.size[0], given.size[1], maximum);
  });
  SliceSums whole;
  std::size_t used = 0;
  for (std::size_t z = 0; z < slices.size(); ++z) {
    const SliceSums& one = slices[z];
    if (one.voxels == 0) continue;
    whole.error += one.error;
    whole.energy += one.energy;
    whole.voxels += one.voxels;
    if (const auto ssim = mean_ssim(one)) {
      whole.ssim += *ssim;
      ++used;
    }
    if (by_slice)
      by_slice->push_back(
          {static_cast<int>(z), numbers_of(one.error, one.energy, one.voxels, mean_ssim(one), maximum)});
  }
  std::optional<double> ssim;
  if (used > 0) ssim = whole.ssim / static_cast<double>(used);
  return numbers_of(whole.error, whole.energy, whole.voxels, ssim, maximum);
}

std::string size_text(const VolumeGeometry& geometry) {
  return std::to_string(geometry.size[0]) + " x " + std::to_string(geometry.size[1]) + " x " +
         std::to_string(geometry.size[2]);
}

Result<void> check_sizes(const Volume& reference, const Volume& image) {
  if (reference.geometry().size == image.geometry().size) return {};
  return failure(ErrorKind::invalid_parameter, "the image is " + size_text(image.geometry()) +
                                                   " but the reference is " + size_text(reference.geometry()) +
                                                   "; they must be of one size");
}

nlohmann::ordered_json numbers_json(const QualityNumbers& numbers) {
  nlohmann::ordered_json json{{"nrmse", numbers.nrmse},
                              {"psnr_db", numbers.psnr_db},
                              {"ssim", nullptr},
                              {"nmse", numbers.nmse},
                              {"mse", numbers.mse}};
  // JSON knows no infinity: identical images have no PSNR.
  if (!std::isfinite(numbers.psnr_db)) json["psnr_db"] = nullptr;
  if (numbers.ssim) json["ssim"] = *numbers.ssim;
  return json;
}

Result<void> check_region(const MetricsRegion& region, std::size_t voxels) {
  if (region.size() != voxels)
    return failure(ErrorKind::invalid_parameter, "the region is not of the reference's size");
  if (std::all_of(region.begin(), region.end(), [](std::uint8_t inside) { return inside == 0; }))
    return failure(ErrorKind::invalid_parameter, "the region holds no voxel, so nothing can be compared in it");
  return {};
}

} // namespace

Result<void> check_finite(const Volume& volume, const std::string& what) {
  if (all_finite(to_float(volume))) return {};
  return failure(ErrorKind::invalid_parameter, what + " holds values that are not numbers (NaN or infinite)");
}

Result<MetricsRegion> box_region(const VolumeGeometry& geometry, const std::array<int, 3>& first,
                                 const std::array<int, 3>& last) {
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (first[axis] < 0 || last[axis] < first[axis] || last[axis] >= geometry.size[axis])
      return failure(ErrorKind::invalid_parameter,
                     "the box does not lie inside the " + size_text(geometry) +
                         " voxels of the reference; corners are counted from 0 and both included");
  MetricsRegion region(geometry.voxel_count(), 0);
  for (int z = first[2]; z <= last[2]; ++z)
    for (int y = first[1]; y <= last[1]; ++y)
      for (int x = first[0]; x <= last[0]; ++x)
        region[(static_cast<std::size_t>(z) * static_cast<std::size_t>(geometry.size[1]) +
                static_cast<std::size_t>(y)) *
                   static_cast<std::size_t>(geometry.size[0]) +
               static_cast<std::size_t>(x)] = 1;
  return region;
}

Result<ImageMetrics> image_metrics(const Volume& reference, const Volume& image,
                                   const std::optional<MetricsRegion>& region) {
  BLOCH_CHECK(check_sizes(reference, image));
  BLOCH_CHECK(check_finite(reference, "the reference"));
  BLOCH_CHECK(check_finite(image, "the image"));
  if (region) BLOCH_CHECK(check_region(*region, reference.voxel_count()));
  const std::vector<float> truth = to_float(reference);
  std::vector<float> found = to_float(image);
  double across = 0;
  double own = 0;
  double energy = 0;
  ImageMetrics metrics;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (region && !(*region)[i]) continue;
    across += static_cast<double>(truth[i]) * static_cast<double>(found[i]);
    own += static_cast<double>(found[i]) * static_cast<double>(found[i]);
    energy += static_cast<double>(truth[i]) * static_cast<double>(truth[i]);
    ++metrics.voxels;
  }
  if (!(energy > 0))
    return failure(ErrorKind::invalid_parameter,
                   "the reference is zero everywhere, so nothing can be compared with it");
  const Comparison comparison{truth, found, region ? region->data() : nullptr, reference.geometry().size};
  metrics.plain = quality(comparison, &metrics.slices);
  metrics.scale = own > 0 ? across / own : 1;
  for (float& value : found) value = static_cast<float>(metrics.scale * static_cast<double>(value));
  metrics.scaled = quality(comparison, nullptr);
  return metrics;
}

Result<Volume> ssim_map(const Volume& reference, const Volume& image) {
  BLOCH_CHECK(check_sizes(reference, image));
  const std::vector<float> truth = to_float(reference);
  const std::vector<float> found = to_float(image);
  const auto [nx, ny, nz] = reference.geometry().size;
  const double maximum = *std::max_element(truth.begin(), truth.end());
  const std::size_t slice = static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
  std::vector<float> map(truth.size(), 0.0F);
  for (std::size_t z = 0; z < static_cast<std::size_t>(nz); ++z) {
    const auto windows = window_ssim(truth.data() + z * slice, found.data() + z * slice, nx, ny, maximum);
    const auto wx = static_cast<std::size_t>(nx - ssim_window + 1);
    for (std::size_t i = 0; i < windows.size(); ++i)
      map[z * slice + (i / wx + ssim_window / 2) * static_cast<std::size_t>(nx) + i % wx + ssim_window / 2] =
          static_cast<float>(windows[i]);
  }
  return Volume(reference.geometry(), std::move(map));
}

Result<Volume> error_map(const Volume& reference, const Volume& image) {
  BLOCH_CHECK(check_sizes(reference, image));
  const std::vector<float> truth = to_float(reference);
  std::vector<float> error = to_float(image);
  for (std::size_t i = 0; i < error.size(); ++i) error[i] = std::abs(error[i] - truth[i]);
  return Volume(reference.geometry(), std::move(error));
}

std::string ssim_text(const std::optional<double>& ssim, int digits) {
  if (!ssim) return "–";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, *ssim);
  return text.data();
}

std::string to_json(const ImageMetrics& metrics) {
  nlohmann::ordered_json json = numbers_json(metrics.plain);
  json["scaled"] = numbers_json(metrics.scaled);
  json["scale"] = metrics.scale;
  json["voxels"] = metrics.voxels;
  json["slices"] = nlohmann::ordered_json::array();
  for (const SliceQuality& one : metrics.slices) {
    nlohmann::ordered_json slice{{"slice", one.slice}};
    slice.update(numbers_json(one.numbers));
    json["slices"].push_back(std::move(slice));
  }
  return json.dump(2);
}

} // namespace bloch::imaging
