#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/contract.h"
#include "core/geometry/volume_geometry.h"

namespace bloch {

/// Immutable samples on a voxel grid, x fastest, of one of the given types. Copies share the samples.
template <class... Types> class VoxelGrid {
 public:
  using Samples = std::variant<std::shared_ptr<const Types>...>;

  /// Takes the samples; their number must be that of the geometry's voxels.
  template <class T>
  VoxelGrid(VolumeGeometry geometry, std::vector<T> samples)
      : VoxelGrid(std::move(geometry), share(std::make_shared<const std::vector<T>>(std::move(samples)))) {}

  /// Shares samples that somebody else may hold too: `first` points to the first of geometry.voxel_count()
  /// samples.
  template <class T>
  VoxelGrid(VolumeGeometry geometry, std::pair<std::shared_ptr<const T>, std::size_t> first)
      : geometry_(std::move(geometry))
      , samples_(std::move(first.first)) {
    BLOCH_EXPECTS(first.second == geometry_.voxel_count());
  }

  const VolumeGeometry& geometry() const { return geometry_; }
  std::size_t voxel_count() const { return geometry_.voxel_count(); }

  template <class T> bool holds() const { return std::holds_alternative<std::shared_ptr<const T>>(samples_); }

  template <class T> std::span<const T> samples() const {
    BLOCH_EXPECTS(holds<T>());
    return {std::get<std::shared_ptr<const T>>(samples_).get(), voxel_count()};
  }

  /// The samples with their ownership, for wrapping in a toolkit's image without a copy.
  const Samples& shared_samples() const { return samples_; }

  /// Calls with std::span<const T> of the type that is held.
  template <class Function> decltype(auto) visit(Function&& function) const {
    return std::visit(
        [&](const auto& pointer) -> decltype(auto) {
          using T = std::remove_cv_t<std::remove_pointer_t<decltype(pointer.get())>>;
          return std::forward<Function>(function)(std::span<const T>(pointer.get(), voxel_count()));
        },
        samples_);
  }

  std::size_t offset(int x, int y, int z) const {
    return (static_cast<std::size_t>(z) * static_cast<std::size_t>(geometry_.size[1]) +
            static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(geometry_.size[0]) +
           static_cast<std::size_t>(x);
  }

  /// The same samples placed elsewhere; sizes must agree.
  VoxelGrid with_geometry(VolumeGeometry geometry) const {
    BLOCH_EXPECTS(geometry.size == geometry_.size);
    VoxelGrid copy = *this;
    copy.geometry_ = std::move(geometry);
    return copy;
  }

 private:
  template <class T>
  static std::pair<std::shared_ptr<const T>, std::size_t> share(std::shared_ptr<const std::vector<T>> samples) {
    const T* first = samples->data();
    const std::size_t count = samples->size();
    return {std::shared_ptr<const T>(std::move(samples), first), count};
  }

  VolumeGeometry geometry_;
  Samples samples_;
};

} // namespace bloch
