#include "imaging/operators/complex_rows.h"

#include <algorithm>
#include <cstring>

#include "imaging/operators/block_fft.h"
#include "imaging/operators/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "imaging/operators/complex_rows_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "imaging/operators/complex_product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace bloch::imaging {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t block_width = BlockFft::width;
constexpr std::size_t block_floats = 2 * block_width;

HWY_INLINE hn::Vec<Lanes> one_complex(Lanes d, Complex value) {
  return hn::OddEven(hn::Set(d, value.imag()), hn::Set(d, value.real()));
}

/// A whole row is moved by a few instructions, not by a call.
HWY_INLINE void copy_row(const Complex* from, Complex* to, std::size_t width) {
  if (width == block_width)
    std::memcpy(static_cast<void*>(to), from, block_width * sizeof(Complex));
  else
    std::copy_n(from, width, to);
}

void scale_rows_all(const SourceRows& rows, const Complex* factors, Complex* block, std::size_t count) {
  const Lanes d;
  const auto signs = even_signs(d);
  alignas(64) Complex row[block_width]{};
  const auto* samples = reinterpret_cast<const float*>(row);
  auto* out = reinterpret_cast<float*>(block);
  for (std::size_t r = 0; r < count; ++r, out += block_floats) {
    copy_row(rows.first + r * rows.stride, row, rows.width);
    const auto factor = one_complex(d, factors[r]);
    for (std::size_t i = 0; i < block_floats; i += hn::Lanes(d))
      hn::Store(product(d, hn::Load(d, samples + i), factor, signs), d, out + i);
  }
}

using Halves = hn::Rebind<hwy::float16_t, Lanes>;

HWY_INLINE hn::Vec<Lanes> load_halves(Lanes d, const hwy::float16_t* halves) {
  return hn::PromoteTo(d, hn::LoadU(Halves(), halves));
}

const hwy::float16_t* as_halves(const Half* halves) { return reinterpret_cast<const hwy::float16_t*>(halves); }

void to_halves_all(const Complex* samples, float factor, Half* halves, std::size_t count) {
  const Lanes d;
  const auto times = hn::Set(d, factor);
  const auto* from = reinterpret_cast<const float*>(samples);
  auto* to = reinterpret_cast<hwy::float16_t*>(halves);
  for (std::size_t i = 0; i < 2 * count; i += hn::Lanes(d))
    hn::StoreU(hn::DemoteTo(Halves(), hn::Mul(times, hn::LoadU(d, from + i))), Halves(), to + i);
}

/// to = body(map, block, to), vector by vector.
template <class Body>
HWY_ATTR HWY_INLINE void over_halves(const Half* map, const Complex* block, Complex* to, std::size_t count,
                                     const Body& body) {
  const Lanes d;
  const auto* halves = as_halves(map);
  const auto* in = reinterpret_cast<const float*>(block);
  auto* out = reinterpret_cast<float*>(to);
  for (std::size_t i = 0; i < 2 * count; i += hn::Lanes(d))
    hn::StoreU(body(load_halves(d, halves + i), hn::LoadU(d, in + i), out + i), d, out + i);
}

void multiply_halves_all(const Half* map, const Complex* block, Complex* out, std::size_t count) {
  const Lanes d;
  const auto signs = even_signs(d);
  over_halves(map, block, out, count, [&](hn::Vec<Lanes> a, hn::Vec<Lanes> b, const float*) HWY_ATTR {
    return product(d, a, b, signs);
  });
}

void add_product_halves_all(const Half* map, const Complex* block, Complex* sum, std::size_t count) {
  const Lanes d;
  const auto signs = even_signs(d);
  over_halves(map, block, sum, count, [&](hn::Vec<Lanes> a, hn::Vec<Lanes> b, const float* so_far) HWY_ATTR {
    return hn::Add(hn::LoadU(d, so_far), product(d, a, b, signs));
  });
}

void add_conjugate_halves_all(const Half* map, const Complex* block, Complex* sum, std::size_t count) {
  const Lanes d;
  const auto signs = even_signs(d);
  over_halves(map, block, sum, count, [&](hn::Vec<Lanes> a, hn::Vec<Lanes> b, const float* so_far) HWY_ATTR {
    return add_conjugate(d, a, b, hn::LoadU(d, so_far), signs);
  });
}

/// Row by row from one block of rows to another.
void move_rows_all(const Complex* from, std::size_t from_stride, Complex* to, std::size_t to_stride,
                   std::size_t count) {
  const Lanes d;
  const auto* in = reinterpret_cast<const float*>(from);
  auto* out = reinterpret_cast<float*>(to);
  for (std::size_t r = 0; r < count; ++r, in += 2 * from_stride, out += 2 * to_stride)
    for (std::size_t i = 0; i < block_floats; i += hn::Lanes(d)) hn::Store(hn::Load(d, in + i), d, out + i);
}

void store_scaled_rows_all(const Complex* block, const Complex* factors, const TargetRows& rows,
                           std::size_t count) {
  const Lanes d;
  const auto signs = even_signs(d);
  const auto* in = reinterpret_cast<const float*>(block);
  alignas(64) Complex row[block_width];
  auto* scaled = reinterpret_cast<float*>(row);
  for (std::size_t r = 0; r < count; ++r) {
    const auto factor = one_complex(d, std::conj(factors[r]));
    for (std::size_t i = 0; i < block_floats; i += hn::Lanes(d))
      hn::Store(product(d, hn::LoadU(d, in + r * block_floats + i), factor, signs), d, scaled + i);
    Complex* const to = rows.first + r * rows.stride;
    if (rows.add)
      for (std::size_t i = 0; i < rows.width; ++i) to[i] += row[i];
    else
      copy_row(row, to, rows.width);
  }
}

} // namespace HWY_NAMESPACE
} // namespace bloch::imaging
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::imaging {
HWY_EXPORT(scale_rows_all);
HWY_EXPORT(store_scaled_rows_all);
HWY_EXPORT(move_rows_all);
HWY_EXPORT(to_halves_all);
HWY_EXPORT(multiply_halves_all);
HWY_EXPORT(add_product_halves_all);
HWY_EXPORT(add_conjugate_halves_all);

void to_halves(const Complex* samples, float factor, Half* halves, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(to_halves_all)(samples, factor, halves, count);
}

void multiply(const Half* map, const Complex* block, Complex* out, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(multiply_halves_all)(map, block, out, count);
}

void add_product(const Half* map, const Complex* block, Complex* sum, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(add_product_halves_all)(map, block, sum, count);
}

void add_conjugate_product(const Half* map, const Complex* block, Complex* sum, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(add_conjugate_halves_all)(map, block, sum, count);
}

void move_rows(const Complex* from, std::size_t from_stride, Complex* to, std::size_t to_stride,
               std::size_t count) {
  HWY_DYNAMIC_DISPATCH(move_rows_all)(from, from_stride, to, to_stride, count);
}

void scale_rows(const SourceRows& rows, const Complex* factors, Complex* block, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(scale_rows_all)(rows, factors, block, count);
}

void store_scaled_rows(const Complex* block, const Complex* factors, const TargetRows& rows,
                       std::size_t count) {
  HWY_DYNAMIC_DISPATCH(store_scaled_rows_all)(block, factors, rows, count);
}

} // namespace bloch::imaging
#endif
