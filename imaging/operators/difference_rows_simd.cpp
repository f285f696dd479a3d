#include "imaging/operators/difference_rows.h"

#include <algorithm>
#include <cmath>

#include "imaging/operators/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "imaging/operators/difference_rows_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bloch::imaging {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using RowLanes = hn::ScalableTag<float>;

HWY_INLINE const float* floats(const Complex* samples) { return reinterpret_cast<const float*>(samples); }
HWY_INLINE float* floats(Complex* samples) { return reinterpret_cast<float*>(samples); }

template <bool volume>
void subtract_divergence_row(const Complex* image, const DivergenceRows& rows, float weight, Complex* out,
                             std::size_t count) {
  const RowLanes d;
  const auto w = hn::Set(d, weight);
  const auto one = [&](std::size_t k, std::size_t before) {
    Complex sum = rows.x[before] - rows.x[k] + rows.y_before[k] - rows.y[k];
    if (volume) sum += rows.z_before[k] - rows.z[k];
    out[k] = image[k] - weight * sum;
  };
  one(0, count - 1);
  std::size_t i = 2;
  for (; i + hn::Lanes(d) <= 2 * count; i += hn::Lanes(d)) {
    auto sum = hn::Sub(hn::LoadU(d, floats(rows.x) + i - 2), hn::LoadU(d, floats(rows.x) + i));
    sum = hn::Add(sum, hn::Sub(hn::LoadU(d, floats(rows.y_before) + i), hn::LoadU(d, floats(rows.y) + i)));
    if (volume)
      sum = hn::Add(sum, hn::Sub(hn::LoadU(d, floats(rows.z_before) + i), hn::LoadU(d, floats(rows.z) + i)));
    hn::StoreU(hn::NegMulAdd(w, sum, hn::LoadU(d, floats(image) + i)), d, floats(out) + i);
  }
  for (std::size_t k = i / 2; k < count; ++k) one(k, k - 1);
}

template <bool volume> void step_dual_row(const DualRows& rows, float size, float beta, std::size_t count) {
  const RowLanes d;
  const auto vs = hn::Set(d, size);
  const auto vb = hn::Set(d, beta);
  constexpr std::size_t axes = volume ? 3 : 2;
  const auto one = [&](std::size_t k, std::size_t after) {
    Complex p[3] = {rows.ahead[0][k] + size * (rows.image[after] - rows.image[k]),
                    rows.ahead[1][k] + size * (rows.after_y[k] - rows.image[k]), Complex()};
    if (volume) p[2] = rows.ahead[2][k] + size * (rows.after_z[k] - rows.image[k]);
    const float length = std::sqrt(std::norm(p[0]) + std::norm(p[1]) + std::norm(p[2]));
    for (std::size_t axis = 0; axis < axes; ++axis) {
      p[axis] /= std::max(1.0F, length);
      rows.ahead[axis][k] = p[axis] + beta * (p[axis] - rows.dual[axis][k]);
      rows.dual[axis][k] = p[axis];
    }
  };
  std::size_t i = 0;
  for (; i + hn::Lanes(d) + 2 <= 2 * count; i += hn::Lanes(d)) {
    const auto here = hn::LoadU(d, floats(rows.image) + i);
    hn::Vec<RowLanes> p[3];
    p[0] = hn::MulAdd(vs, hn::Sub(hn::LoadU(d, floats(rows.image) + i + 2), here),
                      hn::LoadU(d, floats(rows.ahead[0]) + i));
    p[1] = hn::MulAdd(vs, hn::Sub(hn::LoadU(d, floats(rows.after_y) + i), here),
                      hn::LoadU(d, floats(rows.ahead[1]) + i));
    auto square = hn::MulAdd(p[0], p[0], hn::Mul(p[1], p[1]));
    if (volume) {
      p[2] = hn::MulAdd(vs, hn::Sub(hn::LoadU(d, floats(rows.after_z) + i), here),
                        hn::LoadU(d, floats(rows.ahead[2]) + i));
      square = hn::MulAdd(p[2], p[2], square);
    }
    square = hn::Add(square, hn::Reverse2(d, square));
    const auto factor = hn::Div(hn::Set(d, 1.0F), hn::Max(hn::Set(d, 1.0F), hn::Sqrt(square)));
    for (std::size_t axis = 0; axis < axes; ++axis) {
      const auto next = hn::Mul(p[axis], factor);
      const auto old = hn::LoadU(d, floats(rows.dual[axis]) + i);
      hn::StoreU(next, d, floats(rows.dual[axis]) + i);
      hn::StoreU(hn::MulAdd(vb, hn::Sub(next, old), next), d, floats(rows.ahead[axis]) + i);
    }
  }
  for (std::size_t k = i / 2; k < count; ++k) one(k, k + 1 == count ? 0 : k + 1);
}

template <bool volume>
double variation_of_row(const Complex* image, const Complex* after_y, const Complex* after_z,
                        std::size_t count) {
  const RowLanes d;
  auto total = hn::Zero(d);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) + 2 <= 2 * count; i += hn::Lanes(d)) {
    const auto here = hn::LoadU(d, floats(image) + i);
    const auto x = hn::Sub(hn::LoadU(d, floats(image) + i + 2), here);
    const auto y = hn::Sub(hn::LoadU(d, floats(after_y) + i), here);
    auto square = hn::MulAdd(x, x, hn::Mul(y, y));
    if (volume) {
      const auto z = hn::Sub(hn::LoadU(d, floats(after_z) + i), here);
      square = hn::MulAdd(z, z, square);
    }
    total = hn::Add(total, hn::Sqrt(hn::Add(square, hn::Reverse2(d, square))));
  }
  double sum = 0.5 * static_cast<double>(hn::GetLane(hn::SumOfLanes(d, total)));
  for (std::size_t k = i / 2; k < count; ++k) {
    float square = std::norm(image[k + 1 == count ? 0 : k + 1] - image[k]) + std::norm(after_y[k] - image[k]);
    if (volume) square += std::norm(after_z[k] - image[k]);
    sum += std::sqrt(square);
  }
  return sum;
}

void subtract_divergence_any(const Complex* image, const DivergenceRows& rows, float weight, Complex* out,
                             std::size_t count) {
  if (rows.z)
    subtract_divergence_row<true>(image, rows, weight, out, count);
  else
    subtract_divergence_row<false>(image, rows, weight, out, count);
}

void step_dual_any(const DualRows& rows, float size, float beta, std::size_t count) {
  if (rows.after_z)
    step_dual_row<true>(rows, size, beta, count);
  else
    step_dual_row<false>(rows, size, beta, count);
}

double row_variation_any(const Complex* image, const Complex* after_y, const Complex* after_z,
                         std::size_t count) {
  return after_z ? variation_of_row<true>(image, after_y, after_z, count)
                 : variation_of_row<false>(image, after_y, after_z, count);
}

} // namespace HWY_NAMESPACE
} // namespace bloch::imaging
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::imaging {
HWY_EXPORT(subtract_divergence_any);
HWY_EXPORT(step_dual_any);
HWY_EXPORT(row_variation_any);

void subtract_divergence(const Complex* image, const DivergenceRows& rows, float weight, Complex* out,
                         std::size_t count) {
  HWY_DYNAMIC_DISPATCH(subtract_divergence_any)(image, rows, weight, out, count);
}
void step_dual(const DualRows& rows, float size, float beta, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(step_dual_any)(rows, size, beta, count);
}
double row_variation(const Complex* image, const Complex* after_y, const Complex* after_z, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(row_variation_any)(image, after_y, after_z, count);
}

} // namespace bloch::imaging
#endif
