#include "imaging/dicom/true_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <numeric>
#include <type_traits>
#include <vector>

#include <Eigen/Geometry>
#include <fmt/format.h>

#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

constexpr double most_slices = 4096;
constexpr double pixel_tolerance = 1e-4; ///< of a pixel: what rounded positions may miss the edge by
constexpr double rounding = 2e-3;        ///< shares of a neighbour that come from rounded positions alone

/// A slice as the new grid sees it: x and y in new voxels, depth in mm above the lowest.
struct PlacedSlice {
  int number = 0; ///< in the stacked volume
  double x = 0, y = 0, depth_mm = 0;
};

struct Plan {
  VolumeGeometry geometry;
  std::vector<PlacedSlice> slices; ///< by depth
};

Result<void> check_input(const VolumeGeometry& stacked, std::span<const WorldPoint> origins,
                         double spacing_mm) {
  if (stacked.size[2] < 2 || origins.size() != static_cast<std::size_t>(stacked.size[2]))
    return failure(
        ErrorKind::invalid_parameter,
        fmt::format("{} slices with {} positions cannot be resampled; two slices and a position for each "
                    "are needed",
                    stacked.size[2], origins.size()));
  const bool finite =
      std::all_of(origins.begin(), origins.end(), [](const WorldPoint& p) { return p.mm.allFinite(); });
  if (!finite || !(spacing_mm >= 0) || !std::isfinite(spacing_mm))
    return failure(ErrorKind::invalid_parameter,
                   "positions and spacing must be numbers, and the spacing not negative");
  return {};
}

/// Shifts that are nothing but rounding are none: then the slices' own samples come out again.
double snapped(double pixels) {
  const double whole = std::round(pixels);
  return std::abs(pixels - whole) < rounding ? whole : pixels;
}

/// The smallest distance of two slices. Where all others are whole multiples of it (missing slices), the step
/// that runs through every slice although positions are rounded.
double natural_step(const std::vector<PlacedSlice>& slices) {
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < slices.size(); ++i)
    smallest = std::min(smallest, slices[i].depth_mm - slices[i - 1].depth_mm);
  if (!(smallest > 1e-3)) return 0;
  double steps = 0;
  for (std::size_t i = 1; i < slices.size(); ++i) {
    const double gap = (slices[i].depth_mm - slices[i - 1].depth_mm) / smallest;
    if (std::abs(gap - std::round(gap)) > 0.03) return smallest;
    steps += std::round(gap);
  }
  return (slices.back().depth_mm - slices.front().depth_mm) / steps;
}

Result<Plan> make_plan(const VolumeGeometry& stacked, std::span<const WorldPoint> origins, double spacing_mm) {
  const Eigen::Vector3d x_axis = stacked.direction.col(0);
  const Eigen::Vector3d y_axis = stacked.direction.col(1);
  const Eigen::Vector3d normal = stacked.direction.col(2);
  Plan plan;
  for (std::size_t i = 0; i < origins.size(); ++i) {
    const Eigen::Vector3d from_first = origins[i].mm - origins.front().mm;
    plan.slices.push_back({static_cast<int>(i), snapped(from_first.dot(x_axis) / stacked.spacing_mm[0]),
                           snapped(from_first.dot(y_axis) / stacked.spacing_mm[1]), from_first.dot(normal)});
  }
  std::stable_sort(plan.slices.begin(), plan.slices.end(),
                   [](const PlacedSlice& a, const PlacedSlice& b) { return a.depth_mm < b.depth_mm; });
  const double natural = natural_step(plan.slices);
  if (!(natural > 1e-3))
    return failure(ErrorKind::invalid_parameter, "two slices lie at one place: there is no grid between them");
  const double step = spacing_mm > 0 ? spacing_mm : natural;
  const double depth = plan.slices.back().depth_mm - plan.slices.front().depth_mm;
  if (depth / step > most_slices)
    return failure(
        ErrorKind::invalid_parameter,
        fmt::format("slices {:.4g} mm apart over {:.4g} mm are more than {:.0f}; give a larger spacing", step,
                    depth, most_slices));
  double low_x = 0, low_y = 0, high_x = 0, high_y = 0;
  for (const PlacedSlice& slice : plan.slices) {
    low_x = std::min(low_x, slice.x);
    low_y = std::min(low_y, slice.y);
    high_x = std::max(high_x, slice.x);
    high_y = std::max(high_y, slice.y);
  }
  low_x = std::floor(low_x);
  low_y = std::floor(low_y);
  if (high_x - low_x > 4.0 * stacked.size[0] || high_y - low_y > 4.0 * stacked.size[1])
    return failure(ErrorKind::invalid_parameter, "the slices lie too far beside each other to be one volume");
  const double lowest = plan.slices.front().depth_mm;
  for (PlacedSlice& slice : plan.slices) {
    slice.x -= low_x;
    slice.y -= low_y;
    slice.depth_mm -= lowest;
  }
  plan.geometry = stacked;
  plan.geometry.size = {stacked.size[0] + static_cast<int>(std::ceil(high_x - low_x)),
                        stacked.size[1] + static_cast<int>(std::ceil(high_y - low_y)),
                        1 + static_cast<int>(std::lround(depth / step))};
  plan.geometry.spacing_mm[2] = step;
  plan.geometry.origin.mm = origins.front().mm + x_axis * (low_x * stacked.spacing_mm[0]) +
                            y_axis * (low_y * stacked.spacing_mm[1]) + normal * lowest;
  return plan;
}

/// One line of a slice, shifted by a fraction of a pixel in both directions: bilinear, with the four weights
/// the same along the line.
template <class T> class SliceLine {
 public:
  SliceLine(std::span<const T> samples, const VolumeGeometry& stacked, const PlacedSlice& slice, int y)
      : columns_(stacked.size[0]) {
    const double row = std::clamp(y - slice.y, -pixel_tolerance, stacked.size[1] - 1 + pixel_tolerance);
    inside_ = row == y - slice.y;
    const double clamped = std::clamp(row, 0.0, stacked.size[1] - 1.0);
    const int first = static_cast<int>(clamped);
    const int second = std::min(first + 1, stacked.size[1] - 1);
    const std::size_t begin =
        static_cast<std::size_t>(slice.number) * static_cast<std::size_t>(stacked.size[1]);
    const auto line = [&](int number) {
      return samples.data() + (begin + static_cast<std::size_t>(number)) * static_cast<std::size_t>(columns_);
    };
    first_ = line(first);
    second_ = line(second);
    share_ = clamped - first;
    shift_ = slice.x;
  }

  /// False where the slice has no sample.
  bool at(int x, double& value) const {
    const double column = x - shift_;
    if (!inside_ || column < -pixel_tolerance || column > columns_ - 1 + pixel_tolerance) return false;
    const double clamped = std::clamp(column, 0.0, columns_ - 1.0);
    const int left = static_cast<int>(clamped);
    const int right = std::min(left + 1, columns_ - 1);
    const double share = clamped - left;
    value =
        mixed(mixed(first_[left], first_[right], share), mixed(second_[left], second_[right], share), share_);
    return true;
  }

 private:
  static double mixed(double a, double b, double share) { return share > 0 ? a + (b - a) * share : a; }

  int columns_;
  bool inside_ = false;
  const T* first_ = nullptr;
  const T* second_ = nullptr;
  double share_ = 0, shift_ = 0;
};

template <class T> T to_sample(double value) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(std::lround(value));
  else
    return static_cast<T>(value);
}

template <class T>
void fill_slice(const VolumeGeometry& stacked, std::span<const T> samples, const Plan& plan, int z,
                double outside, T* out) {
  const double last = plan.slices.back().depth_mm;
  const double depth = std::min(z * plan.geometry.spacing_mm[2], last);
  const auto above = std::upper_bound(plan.slices.begin(), plan.slices.end(), depth,
                                      [](double mm, const PlacedSlice& slice) { return mm < slice.depth_mm; });
  const PlacedSlice& lower = *(above - 1);
  const PlacedSlice& upper = above == plan.slices.end() ? lower : *above;
  const double between = upper.depth_mm - lower.depth_mm;
  double share = between > 0 ? (depth - lower.depth_mm) / between : 0;
  if (share < rounding) share = 0;
  if (1 - share < rounding) share = 1;
  for (int y = 0; y < plan.geometry.size[1]; ++y) {
    const SliceLine<T> below(samples, stacked, lower, y);
    const SliceLine<T> over(samples, stacked, upper, y);
    for (int x = 0; x < plan.geometry.size[0]; ++x) {
      double a = 0, b = 0;
      const bool known = (share == 1 || below.at(x, a)) && (share == 0 || over.at(x, b));
      *out++ = to_sample<T>(!known ? outside : share == 0 ? a : share == 1 ? b : a + (b - a) * share);
    }
  }
}

template <class T>
Result<Volume> resampled(const VolumeGeometry& stacked, std::span<const T> samples, const Plan& plan,
                         double outside, const Progress& progress) {
  try {
    std::vector<T> values(plan.geometry.voxel_count());
    const std::size_t slice = values.size() / static_cast<std::size_t>(plan.geometry.size[2]);
    parallel_for(0, static_cast<std::size_t>(plan.geometry.size[2]), [&](std::size_t z) {
      if (progress.cancelled()) return;
      fill_slice<T>(stacked, samples, plan, static_cast<int>(z), outside, values.data() + z * slice);
    });
    if (progress.cancelled()) return failure(ErrorKind::cancelled, "stopped while resampling");
    progress.report(1);
    return Volume(plan.geometry, std::move(values));
  } catch (const std::bad_alloc&) {
    return failure(ErrorKind::out_of_memory,
                   "there is not enough memory for the resampled volume; give a larger spacing");
  }
}

} // namespace

Result<Volume> resample_to_true_grid(const Volume& stacked, std::span<const WorldPoint> slice_origins,
                                     double spacing_mm, const Progress& progress) {
  BLOCH_CHECK(check_input(stacked.geometry(), slice_origins, spacing_mm));
  BLOCH_TRY(plan, make_plan(stacked.geometry(), slice_origins, spacing_mm));
  const double outside = value_range(stacked).minimum;
  return stacked.visit(
      [&](auto samples) { return resampled(stacked.geometry(), samples, plan, outside, progress); });
}

} // namespace bloch::imaging
