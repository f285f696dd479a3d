#include "imaging/operators/finite_difference.h"

#include <algorithm>
#include <cmath>

#include "imaging/operators/difference_rows.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

/// Step to the next sample along an axis, and how many samples that axis has.
struct Axis {
  std::size_t stride = 1, length = 1;
};

std::vector<Axis> axes_of(std::array<int, 3> size) {
  std::vector<Axis> axes;
  std::size_t stride = 1;
  for (const int extent : size) {
    if (extent > 1) axes.push_back({stride, static_cast<std::size_t>(extent)});
    stride *= static_cast<std::size_t>(extent);
  }
  return axes;
}

std::size_t pixels_of(std::array<int, 3> size) {
  return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
         static_cast<std::size_t>(size[2]);
}

} // namespace

int difference_axes(std::array<int, 3> size) { return static_cast<int>(axes_of(size).size()); }

void finite_difference(const Complex* image, std::array<int, 3> size, Complex* differences) {
  const std::size_t pixels = pixels_of(size);
  for (const Axis& axis : axes_of(size)) {
    for (std::size_t i = 0; i < pixels; ++i) {
      const bool last = i / axis.stride % axis.length == axis.length - 1;
      differences[i] = image[last ? i - axis.stride * (axis.length - 1) : i + axis.stride] - image[i];
    }
    differences += pixels;
  }
}

void finite_difference_adjoint(const Complex* differences, std::array<int, 3> size, Complex* image) {
  const std::size_t pixels = pixels_of(size);
  std::fill_n(image, pixels, Complex());
  for (const Axis& axis : axes_of(size)) {
    for (std::size_t i = 0; i < pixels; ++i) {
      const bool first = i / axis.stride % axis.length == 0;
      image[i] += differences[first ? i + axis.stride * (axis.length - 1) : i - axis.stride] - differences[i];
    }
    differences += pixels;
  }
}

TotalVariation::TotalVariation(std::array<int, 3> size, int workers)
    : size_(size)
    , workers_(std::max(1, workers))
    , pixels_(pixels_of(size))
    , axes_(size[2] > 1 ? 3 : 2)
    , dual_(static_cast<std::size_t>(axes_), ComplexBuffer(pixels_))
    , ahead_(dual_)
    , primal_(pixels_) {}

/// Rows (y, z) in pieces, one a worker.
template <class Body> void TotalVariation::in_pieces(Body&& body) const {
  const std::size_t rows = static_cast<std::size_t>(size_[1]) * static_cast<std::size_t>(size_[2]);
  const auto workers = static_cast<std::size_t>(workers_);
  const auto run = [&](std::size_t w) {
    for (std::size_t row = w * rows / workers; row < (w + 1) * rows / workers; ++row) body(row, w);
  };
  if (workers == 1)
    run(0);
  else
    parallel_for(0, workers, run);
}

namespace {

/// Starts of a row and of its neighbours before or after it, periodic.
struct Neighbours {
  std::size_t here, beside_y, beside_z;
};

Neighbours neighbours(std::size_t row, std::array<int, 3> size, bool after) {
  const auto nx = static_cast<std::size_t>(size[0]);
  const auto ny = static_cast<std::size_t>(size[1]);
  const auto nz = static_cast<std::size_t>(size[2]);
  const std::size_t y = row % ny;
  const std::size_t z = row / ny;
  const std::size_t other_y = after ? (y + 1) % ny : (y + ny - 1) % ny;
  const std::size_t other_z = after ? (z + 1) % nz : (z + nz - 1) % nz;
  return {row * nx, (z * ny + other_y) * nx, (other_z * ny + y) * nx};
}

} // namespace

void TotalVariation::primal_from_dual(const Complex* image, float weight) {
  in_pieces([&](std::size_t row, std::size_t) {
    const Neighbours n = neighbours(row, size_, false);
    const DivergenceRows rows{ahead_[0].data() + n.here, ahead_[1].data() + n.here,
                              ahead_[1].data() + n.beside_y, axes_ == 3 ? ahead_[2].data() + n.here : nullptr,
                              axes_ == 3 ? ahead_[2].data() + n.beside_z : nullptr};
    subtract_divergence(image + n.here, rows, weight, primal_.data() + n.here,
                        static_cast<std::size_t>(size_[0]));
  });
}

void TotalVariation::dual_step(float size, float beta) {
  in_pieces([&](std::size_t row, std::size_t) {
    const Neighbours n = neighbours(row, size_, true);
    DualRows rows{primal_.data() + n.here,
                  primal_.data() + n.beside_y,
                  axes_ == 3 ? primal_.data() + n.beside_z : nullptr,
                  {},
                  {}};
    for (std::size_t axis = 0; axis < dual_.size(); ++axis) {
      rows.dual[axis] = dual_[axis].data() + n.here;
      rows.ahead[axis] = ahead_[axis].data() + n.here;
    }
    step_dual(rows, size, beta, static_cast<std::size_t>(size_[0]));
  });
}

double TotalVariation::variation() const {
  std::vector<double> sums(static_cast<std::size_t>(workers_), 0.0);
  in_pieces([&](std::size_t row, std::size_t worker) {
    const Neighbours n = neighbours(row, size_, true);
    sums[worker] +=
        row_variation(primal_.data() + n.here, primal_.data() + n.beside_y,
                      axes_ == 3 ? primal_.data() + n.beside_z : nullptr, static_cast<std::size_t>(size_[0]));
  });
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

double TotalVariation::proximal(Complex* image, float weight, int steps) {
  // |D|^2 is at most 4 an axis.
  const float size = weight > 0 ? 1 / (4 * static_cast<float>(axes_) * weight) : 0;
  float momentum = 1;
  for (int step = 0; step < steps && weight > 0; ++step) {
    primal_from_dual(image, weight);
    const float next = (1 + std::sqrt(1 + 4 * momentum * momentum)) / 2;
    // The last step leaves no momentum behind: the kept dual is a true one.
    dual_step(size, step + 1 < steps ? (momentum - 1) / next : 0);
    momentum = next;
  }
  if (weight > 0)
    primal_from_dual(image, weight); // from `ahead_`, which equals the dual now
  else
    std::copy_n(image, pixels_, primal_.data());
  std::copy_n(primal_.data(), pixels_, image);
  return variation();
}

} // namespace bloch::imaging
