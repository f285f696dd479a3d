#include <algorithm>
#include <array>

#include "quantum/kernels/detail/overlaps.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quantum/kernels/overlaps_simd.cpp"
#include "quantum/simulators/simd_targets.h"
// Highway comes last: foreach_target.h includes this file once for each instruction set.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bloch::quantum {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// to: 2 * count floats, not among those that are read
HWY_ATTR void interleave_here(const float* real, const float* imaginary, float* to, std::size_t count) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t k = 0;
  for (; k + lanes <= count; k += lanes)
    hn::StoreInterleaved2(hn::LoadU(d, real + k), hn::LoadU(d, imaginary + k), d, to + 2 * k);
  for (; k < count; ++k) {
    to[2 * k] = real[k];
    to[2 * k + 1] = imaginary[k];
  }
}

HWY_ATTR void interleave_rows_here(const float* real, const float* imaginary, std::size_t rows,
                                   std::size_t count, float* out, std::size_t stride) {
  for (std::size_t row = 0; row < rows; ++row)
    interleave_here(real + row * count, imaginary + row * count, out + 2 * row * stride, count);
}

HWY_ATTR void interleave_lanes_here(float* data, std::size_t lanes, std::size_t vectors) {
  std::array<float, 128> copy;
  for (std::size_t k = 0; k < vectors; ++k, data += 2 * lanes) {
    std::copy_n(data, 2 * lanes, copy.data());
    interleave_here(copy.data(), copy.data() + lanes, data, lanes);
  }
}

HWY_ATTR void squared_moduli_here(const float* overlaps, double* out, std::size_t count) {
  const hn::ScalableTag<double> wide;
  const hn::Rebind<float, hn::ScalableTag<double>> narrow;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    hn::Vec<decltype(narrow)> a, b;
    hn::LoadInterleaved2(narrow, overlaps + 2 * k, a, b);
    const auto sum =
        hn::Min(hn::MulAdd(a, a, hn::Mul(b, b)), hn::Set(narrow, 1.0f)); // rounding may leave 1 by 1e-7
    hn::StoreU(hn::PromoteTo(wide, sum), wide, out + k);
  }
  for (; k < count; ++k) {
    const float a = overlaps[2 * k], b = overlaps[2 * k + 1];
    out[k] = static_cast<double>(std::min(a * a + b * b, 1.0f));
  }
}

} // namespace HWY_NAMESPACE
} // namespace bloch::quantum
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::quantum {
HWY_EXPORT(interleave_rows_here);
HWY_EXPORT(interleave_lanes_here);
HWY_EXPORT(squared_moduli_here);

void interleave_rows(const float* real, const float* imaginary, std::size_t rows, std::size_t count,
                     std::complex<float>* out, std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(interleave_rows_here)
  (real, imaginary, rows, count, reinterpret_cast<float*>(out), stride);
}

void interleave_lanes(float* data, std::size_t lanes, std::size_t vectors) {
  HWY_DYNAMIC_DISPATCH(interleave_lanes_here)(data, lanes, vectors);
}

void squared_moduli(const std::complex<float>* overlaps, double* out, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(squared_moduli_here)(reinterpret_cast<const float*>(overlaps), out, count);
}
} // namespace bloch::quantum
#endif
