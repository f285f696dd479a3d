#include "imaging/operators/complex_math.h"

#include <algorithm>
#include <cmath>

#include "imaging/operators/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "imaging/operators/complex_math_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "imaging/operators/complex_product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace bloch::imaging {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void multiply_all(const Complex* a, const Complex* b, Complex* out, std::size_t count) {
  const Lanes d;
  const auto signs = even_signs(d);
  const auto* fa = reinterpret_cast<const float*>(a);
  const auto* fb = reinterpret_cast<const float*>(b);
  auto* fo = reinterpret_cast<float*>(out);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= 2 * count; i += hn::Lanes(d))
    hn::StoreU(product(d, hn::LoadU(d, fa + i), hn::LoadU(d, fb + i), signs), d, fo + i);
  for (std::size_t k = i / 2; k < count; ++k) {
    const float re = a[k].real() * b[k].real() - a[k].imag() * b[k].imag();
    out[k] = {re, a[k].real() * b[k].imag() + a[k].imag() * b[k].real()};
  }
}

void add_conjugate_product_all(const Complex* a, const Complex* b, Complex* sum, std::size_t count) {
  const Lanes d;
  const auto signs = even_signs(d);
  const auto* fa = reinterpret_cast<const float*>(a);
  const auto* fb = reinterpret_cast<const float*>(b);
  auto* fs = reinterpret_cast<float*>(sum);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= 2 * count; i += hn::Lanes(d)) {
    const auto sum_of_both =
        add_conjugate(d, hn::LoadU(d, fa + i), hn::LoadU(d, fb + i), hn::LoadU(d, fs + i), signs);
    hn::StoreU(sum_of_both, d, fs + i);
  }
  for (std::size_t k = i / 2; k < count; ++k) {
    const float re = a[k].real() * b[k].real() + a[k].imag() * b[k].imag();
    const float im = a[k].real() * b[k].imag() - a[k].imag() * b[k].real();
    sum[k] += Complex(re, im);
  }
}

void add_product_all(const Complex* a, const Complex* b, Complex* sum, std::size_t count) {
  const Lanes d;
  const auto signs = even_signs(d);
  const auto* fa = reinterpret_cast<const float*>(a);
  const auto* fb = reinterpret_cast<const float*>(b);
  auto* fs = reinterpret_cast<float*>(sum);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= 2 * count; i += hn::Lanes(d))
    hn::StoreU(hn::Add(hn::LoadU(d, fs + i), product(d, hn::LoadU(d, fa + i), hn::LoadU(d, fb + i), signs)), d,
               fs + i);
  for (std::size_t k = i / 2; k < count; ++k)
    sum[k] += Complex(a[k].real() * b[k].real() - a[k].imag() * b[k].imag(),
                      a[k].real() * b[k].imag() + a[k].imag() * b[k].real());
}

void keep_flagged_all(Complex* samples, const std::int8_t* flags, std::size_t count) {
  const Lanes d;
  const hn::RebindToSigned<Lanes> di;
  const hn::Rebind<std::int8_t, Lanes> db;
  auto* values = reinterpret_cast<float*>(samples);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= 2 * count; i += hn::Lanes(d)) {
    const auto mask = hn::PromoteTo(di, hn::LoadU(db, flags + i));
    hn::StoreU(hn::BitCast(d, hn::And(hn::BitCast(di, hn::LoadU(d, values + i)), mask)), d, values + i);
  }
  for (; i < 2 * count; ++i)
    if (flags[i] == 0) values[i] = 0;
}

void add_scaled_complex_all(Complex* y, const Complex* x, Complex factor, std::size_t count) {
  const Lanes d;
  const auto re = hn::Set(d, factor.real());
  const auto im = hn::Xor(hn::Set(d, factor.imag()), even_signs(d));
  const auto* fx = reinterpret_cast<const float*>(x);
  auto* fy = reinterpret_cast<float*>(y);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= 2 * count; i += hn::Lanes(d)) {
    const auto v = hn::LoadU(d, fx + i);
    hn::StoreU(hn::MulAdd(hn::Reverse2(d, v), im, hn::MulAdd(v, re, hn::LoadU(d, fy + i))), d, fy + i);
  }
  for (std::size_t k = i / 2; k < count; ++k)
    y[k] += Complex(x[k].real() * factor.real() - x[k].imag() * factor.imag(),
                    x[k].real() * factor.imag() + x[k].imag() * factor.real());
}

void combine_all(Complex* out, float a, const Complex* x, float b, const Complex* y, std::size_t count) {
  const Lanes d;
  const auto va = hn::Set(d, a);
  const auto vb = hn::Set(d, b);
  const auto* fx = reinterpret_cast<const float*>(x);
  const auto* fy = reinterpret_cast<const float*>(y);
  auto* fo = reinterpret_cast<float*>(out);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= 2 * count; i += hn::Lanes(d))
    hn::StoreU(hn::MulAdd(va, hn::LoadU(d, fx + i), hn::Mul(vb, hn::LoadU(d, fy + i))), d, fo + i);
  for (; i < 2 * count; ++i) fo[i] = a * fx[i] + b * fy[i];
}

double real_dot_piece(const float* a, const float* b, std::size_t count) {
  const Lanes d;
  auto sum = hn::Zero(d);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d))
    sum = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), sum);
  float total = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; i < count; ++i) total += a[i] * b[i];
  return total;
}

void add_squared_magnitudes_all(const float* values, float* sum, std::size_t count) {
  const Lanes d;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    hn::Vec<Lanes> re, im;
    hn::LoadInterleaved2(d, values + 2 * i, re, im);
    hn::StoreU(hn::MulAdd(re, re, hn::MulAdd(im, im, hn::LoadU(d, sum + i))), d, sum + i);
  }
  for (; i < count; ++i) sum[i] += values[2 * i] * values[2 * i] + values[2 * i + 1] * values[2 * i + 1];
}

double squared_distance_piece(const float* a, const float* b, std::size_t count) {
  const Lanes d;
  auto sum = hn::Zero(d);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto difference = hn::Sub(hn::LoadU(d, a + i), hn::LoadU(d, b + i));
    sum = hn::MulAdd(difference, difference, sum);
  }
  float total = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; i < count; ++i) total += (a[i] - b[i]) * (a[i] - b[i]);
  return total;
}

double soft_threshold_piece(float* values, float threshold, std::size_t count) {
  const Lanes d;
  const auto limit = hn::Set(d, threshold);
  const auto tiny = hn::Set(d, 1e-30F);
  auto sum = hn::Zero(d);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto z = hn::LoadU(d, values + i);
    const auto square = hn::Mul(z, z);
    const auto size = hn::Sqrt(hn::Add(square, hn::Reverse2(d, square)));
    const auto left = hn::Max(hn::Zero(d), hn::Sub(size, limit));
    sum = hn::Add(sum, left);
    hn::StoreU(hn::Mul(z, hn::Div(left, hn::Max(size, tiny))), d, values + i);
  }
  double total = 0.5 * static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum)));
  for (; i < count; i += 2) {
    const float size = std::sqrt(values[i] * values[i] + values[i + 1] * values[i + 1]);
    const float left = std::max(0.0F, size - threshold);
    const float factor = left / std::max(size, 1e-30F);
    values[i] *= factor;
    values[i + 1] *= factor;
    total += left;
  }
  return total;
}

double gradient_step_piece(const float* image, const float* right, float step, float* product,
                           std::size_t count) {
  const Lanes d;
  const auto vs = hn::Set(d, step);
  auto sum = hn::Zero(d);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto x = hn::LoadU(d, image + i);
    const auto b = hn::LoadU(d, right + i);
    const auto gradient = hn::Sub(hn::LoadU(d, product + i), b);
    sum = hn::MulAdd(x, hn::Sub(gradient, b), sum);
    hn::StoreU(hn::NegMulAdd(vs, gradient, x), d, product + i);
  }
  float total = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; i < count; ++i) {
    const float gradient = product[i] - right[i];
    total += image[i] * (gradient - right[i]);
    product[i] = image[i] - step * gradient;
  }
  return total;
}

void compare_step_piece(const float* image, const float* last, const float* next, float beta, std::size_t count,
                        double* sums) {
  const Lanes d;
  const auto vb = hn::Set(d, beta);
  auto against = hn::Zero(d);
  auto change = hn::Zero(d);
  auto size = hn::Zero(d);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto x = hn::LoadU(d, image + i);
    const auto n = hn::LoadU(d, next + i);
    const auto z = hn::MulAdd(vb, hn::Sub(x, hn::LoadU(d, last + i)), x);
    const auto move = hn::Sub(n, x);
    against = hn::MulAdd(hn::Sub(z, n), move, against);
    change = hn::MulAdd(move, move, change);
    size = hn::MulAdd(n, n, size);
  }
  float rest[3] = {0, 0, 0};
  for (; i < count; ++i) {
    const float z = image[i] + beta * (image[i] - last[i]);
    const float move = next[i] - image[i];
    rest[0] += (z - next[i]) * move;
    rest[1] += move * move;
    rest[2] += next[i] * next[i];
  }
  sums[0] += hn::GetLane(hn::SumOfLanes(d, against)) + rest[0];
  sums[1] += hn::GetLane(hn::SumOfLanes(d, change)) + rest[1];
  sums[2] += hn::GetLane(hn::SumOfLanes(d, size)) + rest[2];
}

} // namespace HWY_NAMESPACE
} // namespace bloch::imaging
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::imaging {
HWY_EXPORT(multiply_all);
HWY_EXPORT(add_conjugate_product_all);
HWY_EXPORT(add_product_all);
HWY_EXPORT(keep_flagged_all);
HWY_EXPORT(add_scaled_complex_all);
HWY_EXPORT(combine_all);
HWY_EXPORT(real_dot_piece);
HWY_EXPORT(add_squared_magnitudes_all);
HWY_EXPORT(squared_distance_piece);
HWY_EXPORT(soft_threshold_piece);
HWY_EXPORT(gradient_step_piece);
HWY_EXPORT(compare_step_piece);

namespace {
constexpr std::size_t sum_piece = 2048; ///< floats

template <class Piece> double sum_of_pieces(std::size_t floats, Piece&& sum_piece_at) {
  double total = 0;
  for (std::size_t begin = 0; begin < floats; begin += sum_piece)
    total += sum_piece_at(begin, std::min(sum_piece, floats - begin));
  return total;
}
} // namespace

void multiply(const Complex* a, const Complex* b, Complex* out, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(multiply_all)(a, b, out, count);
}

void add_conjugate_product(const Complex* a, const Complex* b, Complex* sum, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(add_conjugate_product_all)(a, b, sum, count);
}

void add_product(const Complex* a, const Complex* b, Complex* sum, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(add_product_all)(a, b, sum, count);
}

void keep_flagged(Complex* samples, const std::int8_t* flags, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(keep_flagged_all)(samples, flags, count);
}

void add_scaled(Complex* y, const Complex* x, float factor, std::size_t count) {
  combine(y, 1, y, factor, x, count);
}

void add_scaled_complex(Complex* y, const Complex* x, Complex factor, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(add_scaled_complex_all)(y, x, factor, count);
}

void combine(Complex* out, float a, const Complex* x, float b, const Complex* y, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(combine_all)(out, a, x, b, y, count);
}

double real_dot(const Complex* a, const Complex* b, std::size_t count) {
  const auto* fa = reinterpret_cast<const float*>(a);
  const auto* fb = reinterpret_cast<const float*>(b);
  return sum_of_pieces(2 * count, [&](std::size_t i, std::size_t n) {
    return HWY_DYNAMIC_DISPATCH(real_dot_piece)(fa + i, fb + i, n);
  });
}

void add_squared_magnitudes(const Complex* samples, float* sum, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(add_squared_magnitudes_all)(reinterpret_cast<const float*>(samples), sum, count);
}

double squared_distance(const Complex* a, const Complex* b, std::size_t count) {
  const auto* fa = reinterpret_cast<const float*>(a);
  const auto* fb = reinterpret_cast<const float*>(b);
  return sum_of_pieces(2 * count, [&](std::size_t i, std::size_t n) {
    return HWY_DYNAMIC_DISPATCH(squared_distance_piece)(fa + i, fb + i, n);
  });
}

double soft_threshold(Complex* samples, float threshold, std::size_t count) {
  auto* values = reinterpret_cast<float*>(samples);
  return sum_of_pieces(2 * count, [&](std::size_t i, std::size_t n) {
    return HWY_DYNAMIC_DISPATCH(soft_threshold_piece)(values + i, threshold, n);
  });
}

double gradient_step(const Complex* image, const Complex* right, float step, Complex* product,
                     std::size_t count) {
  const auto* x = reinterpret_cast<const float*>(image);
  const auto* b = reinterpret_cast<const float*>(right);
  auto* p = reinterpret_cast<float*>(product);
  return sum_of_pieces(2 * count, [&](std::size_t i, std::size_t n) {
    return HWY_DYNAMIC_DISPATCH(gradient_step_piece)(x + i, b + i, step, p + i, n);
  });
}

StepSums compare_step(const Complex* image, const Complex* last_image, const Complex* next, float beta,
                      std::size_t count) {
  double sums[3] = {0, 0, 0};
  for (std::size_t i = 0; i < 2 * count; i += sum_piece) HWY_DYNAMIC_DISPATCH(compare_step_piece)
  (reinterpret_cast<const float*>(image) + i, reinterpret_cast<const float*>(last_image) + i,
   reinterpret_cast<const float*>(next) + i, beta, std::min(sum_piece, 2 * count - i), sums);
  return {sums[0], sums[1], sums[2]};
}

} // namespace bloch::imaging
#endif
