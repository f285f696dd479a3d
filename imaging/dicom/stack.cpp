#include "imaging/dicom/detail/stack.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>
#include <string>

#include <Eigen/Geometry>
#include <fmt/format.h>

namespace bloch::imaging {
namespace {

using Axes = Eigen::Matrix<double, 3, 2>;

constexpr double same_position_mm = 1e-3;

class StackMaker {
 public:
  StackMaker(std::span<const Instance> instances, std::vector<ImageRef> images)
      : instances_(instances) {
    stack_.images = std::move(images);
  }

  Stack make() {
    if (!check_kind() || !check_places() || !check_planes()) {
      check_scale();
      return std::move(stack_);
    }
    auto places = places_along_normal();
    Volumes split = split_volumes(instances_, places);
    if (places.size() == 1 && stack_.images.size() > 1 && !is_sequence(split)) {
      warn("not-a-volume",
           fmt::format("all {} images lie at the same position: they are a sequence in time, not a volume, and "
                       "lie one behind the other in order of acquisition",
                       stack_.images.size()));
      return std::move(stack_);
    }
    for (Warning& warning : split.warnings) stack_.warnings.push_back(std::move(warning));
    stack_.images.clear();
    for (const auto& volume : split.volumes)
      stack_.images.insert(stack_.images.end(), volume.begin(), volume.end());
    stack_.volumes = static_cast<int>(split.volumes.size());
    stack_.volume_labels = std::move(split.labels);
    stack_.split_by = std::move(split.split_by);
    stack_.left_out = std::move(split.left_out);
    place(split.volumes.front());
    check_volumes(split.volumes);
    return std::move(stack_);
  }

 private:
  const Instance& instance(const ImageRef& image) const { return instances_[image.instance]; }
  const FrameHeader& frame(const ImageRef& image) const { return instance(image).frames[image.frame]; }
  void warn(std::string kind, std::string message) {
    stack_.warnings.push_back({std::move(kind), std::move(message)});
  }

  /// Images of one place that physics tells apart (phases of a beating heart, echoes) are volumes of one slice;
  /// those that were only taken one after the other (bolus tracking) are not.
  static bool is_sequence(const Volumes& split) {
    return split.volumes.size() > 1 && split.key < VolumeKey::acquisition && split.key != VolumeKey::stack &&
           split.key != VolumeKey::image_type;
  }

  bool check_kind() {
    if (stack_.images.empty()) return false;
    const Instance& first = instance(stack_.images.front());
    for (const ImageRef& image : stack_.images) {
      const Instance& other = instance(image);
      if (other.colour) {
        warn("colour", stack_.images.size() == 1
                           ? "a colour image: it is not placed in the patient"
                           : "colour images: they lie one behind the other in order of acquisition, and not "
                             "where they do in the patient");
        return false;
      }
      if (other.rows != first.rows || other.columns != first.columns) {
        warn("mixed-size", fmt::format("images of different sizes ({} x {} and {} x {}) do not form a volume",
                                       first.columns, first.rows, other.columns, other.rows));
        return false;
      }
    }
    return true;
  }

  bool check_places() {
    for (const ImageRef& image : stack_.images) {
      const FrameHeader& header = frame(image);
      if (header.position && header.axes && header.pixel_spacing_mm) continue;
      const char* missing = !header.position ? "position" : !header.axes ? "orientation" : "pixel spacing";
      if (stack_.images.size() == 1)
        warn("no-geometry", fmt::format("the image has no {}: it cannot be placed in the patient", missing));
      else
        warn("no-geometry",
             fmt::format(
                 "images without {}: they cannot be placed in the patient and lie one behind the other in "
                 "order of acquisition",
                 missing));
      return false;
    }
    return true;
  }

  /// Without it nothing on the images can be measured in millimetres.
  void check_scale() {
    if (stack_.images.empty() || !instance(stack_.images.front()).series.regions.empty()) return;
    if (!frame(stack_.images.front()).pixel_spacing_mm)
      warn("no-spacing", "the file gives no pixel spacing: lengths are in pixels");
  }

  bool check_planes() {
    const Axes& first = *frame(stack_.images.front()).axes;
    const auto& spacing = *frame(stack_.images.front()).pixel_spacing_mm;
    if (std::abs(first.col(0).norm() - 1) > 0.01 || std::abs(first.col(1).norm() - 1) > 0.01 ||
        std::abs(first.col(0).dot(first.col(1))) > 0.01 || !first.allFinite()) {
      warn("bad-orientation", "the image orientation is not two perpendicular unit vectors: the images cannot "
                              "be placed in the patient");
      return false;
    }
    if (!(spacing[0] > 0) || !(spacing[1] > 0)) {
      warn("bad-spacing", "the pixel spacing is zero or negative: the images cannot be placed in the patient");
      return false;
    }
    for (const ImageRef& image : stack_.images) {
      if ((*frame(image).axes - first).norm() > 5e-3) {
        warn("mixed-orientation", "images of different orientations do not form a volume");
        return false;
      }
      const auto& other = *frame(image).pixel_spacing_mm;
      if (std::abs(other[0] - spacing[0]) > 1e-3 * spacing[0] ||
          std::abs(other[1] - spacing[1]) > 1e-3 * spacing[1]) {
        warn("mixed-spacing", "images of different pixel spacing do not form a volume");
        return false;
      }
    }
    check_references();
    x_ = first.col(0).normalized();
    normal_ = x_.cross(first.col(1)).normalized();
    return true;
  }

  /// parts_of keeps them apart unless that would leave single images.
  void check_references() {
    std::set<std::string> references;
    for (const ImageRef& image : stack_.images) {
      const std::string& uid = instance(image).series.frame_of_reference_uid;
      if (!uid.empty()) references.insert(uid);
    }
    if (references.size() > 1)
      warn("mixed-frame-of-reference",
           fmt::format("the images name {} frames of reference: they are stacked by positions that may not "
                       "belong together",
                       references.size()));
  }

  double along(const ImageRef& image) const { return frame(image).position->dot(normal_); }

  /// Images at one place stay in order of acquisition.
  std::vector<std::vector<ImageRef>> places_along_normal() const {
    std::vector<ImageRef> sorted = stack_.images;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [this](const ImageRef& a, const ImageRef& b) { return along(a) < along(b); });
    std::vector<std::vector<ImageRef>> places;
    for (const ImageRef& image : sorted) {
      if (places.empty() || along(image) - along(places.back().front()) > same_position_mm)
        places.emplace_back();
      places.back().push_back(image);
    }
    const auto before = [this](const ImageRef& a, const ImageRef& b) {
      const auto order = [this](const ImageRef& image) {
        return std::pair(instance(image).number, image.frame);
      };
      return order(a) < order(b);
    };
    for (auto& place : places) std::stable_sort(place.begin(), place.end(), before);
    return places;
  }

  void place(const std::vector<ImageRef>& slices) {
    const ImageRef& first = slices.front();
    const auto& spacing = *frame(first).pixel_spacing_mm;
    VolumeGeometry geometry;
    geometry.size = {instance(first).columns, instance(first).rows, static_cast<int>(slices.size())};
    geometry.origin.mm = *frame(first).position;
    geometry.direction.col(0) = x_;
    geometry.direction.col(1) = normal_.cross(x_);
    geometry.direction.col(2) = normal_;
    double step = frame(first).thickness_mm > 0 ? frame(first).thickness_mm : 1;
    if (slices.size() > 1) {
      step = (along(slices.back()) - along(first)) / static_cast<double>(slices.size() - 1);
      check_distances(slices);
      check_tilt(slices);
      check_stated_spacing(slices, step);
    }
    geometry.spacing_mm = {spacing[0], spacing[1], step};
    if (!geometry.is_valid()) return;
    stack_.geometry = geometry;
    if (on_grid_) return;
    for (const ImageRef& slice : slices) stack_.slice_origins.push_back({*frame(slice).position});
  }

  void check_distances(const std::vector<ImageRef>& slices) {
    std::vector<double> gaps;
    for (std::size_t i = 1; i < slices.size(); ++i) gaps.push_back(along(slices[i]) - along(slices[i - 1]));
    std::vector<double> sorted = gaps;
    std::sort(sorted.begin(), sorted.end());
    const double median = sorted[sorted.size() / 2];
    const double smallest = sorted.front();
    const double tolerance = std::max(0.01, 0.02 * median); // positions are often rounded to 0.1 mm
    if (sorted.back() - median <= tolerance && median - smallest <= tolerance) return;
    on_grid_ = false;
    int missing = 0;
    bool whole = true;
    for (const double gap : gaps) {
      const double steps = std::round(gap / smallest);
      whole = whole && std::abs(gap - steps * smallest) <= std::max(0.02, 0.03 * smallest);
      missing += static_cast<int>(std::min(steps, 1e6)) - 1;
    }
    if (whole && missing > 0 && missing <= 4 * static_cast<int>(slices.size()))
      warn("missing-slices",
           fmt::format("{} {} missing: gaps of {:.4g} mm among slices {:.4g} mm apart; stacked with the mean "
                       "spacing, so "
                       "positions are approximate",
                       missing, missing == 1 ? "slice is" : "slices are", sorted.back(), smallest));
    else
      warn("uneven-spacing", fmt::format("slices are {:.4g} to {:.4g} mm apart; stacked with the mean spacing, "
                                         "so positions are approximate",
                                         smallest, sorted.back()));
  }

  void check_tilt(const std::vector<ImageRef>& slices) {
    const auto& spacing = *frame(slices.front()).pixel_spacing_mm;
    const Eigen::Vector3d whole = *frame(slices.back()).position - *frame(slices.front()).position;
    const double depth = whole.dot(normal_);
    const Eigen::Vector3d slope = (whole - depth * normal_) / depth;
    double largest = slope.norm() * depth;
    bool steady = true;
    for (std::size_t i = 1; i < slices.size(); ++i) {
      const Eigen::Vector3d step = *frame(slices[i]).position - *frame(slices[i - 1]).position;
      const double gap = step.dot(normal_);
      const Eigen::Vector3d sideways = step - gap * normal_;
      largest = std::max(largest, sideways.norm());
      steady = steady && (sideways - slope * gap).norm() <= std::max(0.05, 0.05 * sideways.norm());
    }
    if (largest <= std::max(0.1, 0.2 * std::min(spacing[0], spacing[1]))) return;
    on_grid_ = false;
    if (steady)
      warn("gantry-tilt", fmt::format("the stack leans by {:.1f} degrees (gantry tilt); stacked along the "
                                      "normal of the slices, so positions are "
                                      "approximate",
                                      std::atan(slope.norm()) * 180 / std::numbers::pi));
    else
      warn("shifted-slices", fmt::format("slices are shifted sideways by up to {:.3g} mm; stacked along their "
                                         "normal, so positions are approximate",
                                         largest));
  }

  /// SpacingBetweenSlices is from centre to centre; some write the gap between slices, which is no mistake
  /// here.
  void check_stated_spacing(const std::vector<ImageRef>& slices, double step) {
    const FrameHeader& header = frame(slices.front());
    if (!header.stated_step_mm) return;
    const double stated = *header.stated_step_mm;
    if (stated < 0)
      warn(
          "negative-spacing",
          fmt::format("the header says that slices are {:.4g} mm apart; a distance cannot be negative, and the "
                      "positions of the slices are used",
                      stated));
    const double tolerance = std::max(0.02, 0.05 * step);
    const auto agrees = [&](double mm) { return std::abs(mm - step) <= tolerance; };
    const bool gap = std::abs(stated) < header.thickness_mm && agrees(std::abs(stated) + header.thickness_mm);
    if (!on_grid_ || stated == 0 || agrees(std::abs(stated)) || gap) return;
    warn("wrong-spacing",
         fmt::format(
             "the header says that slices are {:.4g} mm apart, their positions say {:.4g} mm; the positions "
             "are used: slices may be missing",
             std::abs(stated), step));
  }

  /// Every other volume lies on the first.
  void check_volumes(const std::vector<std::vector<ImageRef>>& volumes) {
    double farthest = 0;
    for (const auto& volume : volumes)
      for (std::size_t i = 0; i < volume.size(); ++i)
        farthest =
            std::max(farthest, (*frame(volume[i]).position - *frame(volumes.front()[i]).position).norm());
    if (farthest > 0.1)
      warn("shifted-volumes",
           fmt::format("the volumes lie up to {:.3g} mm beside each other; all are shown where "
                       "the first lies",
                       farthest));
  }

  std::span<const Instance> instances_;
  Stack stack_;
  bool on_grid_ = true;
  Eigen::Vector3d x_ = Eigen::Vector3d::UnitX();
  Eigen::Vector3d normal_ = Eigen::Vector3d::UnitZ();
};

} // namespace

Stack make_stack(std::span<const Instance> instances, std::vector<ImageRef> images) {
  return StackMaker(instances, std::move(images)).make();
}

} // namespace bloch::imaging
