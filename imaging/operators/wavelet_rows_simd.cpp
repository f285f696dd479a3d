#include "imaging/operators/wavelet_rows.h"

#include "core/base/contract.h"

#include "imaging/operators/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "imaging/operators/wavelet_rows_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bloch::imaging {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using FloatLanes = hn::ScalableTag<float>;
using PairLanes = hn::ScalableTag<double>; ///< one complex sample a lane, moved as bits

template <int taps>
void across(const float* h, const float* g, const Complex* const* rows, Complex* low, Complex* high,
            std::size_t count) {
  const FloatLanes d;
  auto* fl = reinterpret_cast<float*>(low);
  auto* fh = reinterpret_cast<float*>(high);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= 2 * count; i += hn::Lanes(d)) {
    auto l = hn::Zero(d);
    auto u = hn::Zero(d);
    for (int t = 0; t < taps; ++t) {
      const auto v = hn::LoadU(d, reinterpret_cast<const float*>(rows[t]) + i);
      l = hn::MulAdd(hn::Set(d, h[t]), v, l);
      u = hn::MulAdd(hn::Set(d, g[t]), v, u);
    }
    hn::StoreU(l, d, fl + i);
    hn::StoreU(u, d, fh + i);
  }
  for (std::size_t k = i / 2; k < count; ++k) {
    low[k] = high[k] = {};
    for (int t = 0; t < taps; ++t) {
      low[k] += h[t] * rows[t][k];
      high[k] += g[t] * rows[t][k];
    }
  }
}

template <int taps>
void along(const float* h, const float* g, const Complex* row, Complex* low, Complex* high, std::size_t half) {
  const FloatLanes d;
  const PairLanes dp;
  std::size_t k = 0;
  for (; k + hn::Lanes(dp) <= half; k += hn::Lanes(dp)) {
    auto l = hn::Zero(d);
    auto u = hn::Zero(d);
    for (int s = 0; s < taps / 2; ++s) {
      hn::Vec<PairLanes> even, odd;
      hn::LoadInterleaved2(dp, reinterpret_cast<const double*>(row + 2 * k) + 2 * s, even, odd);
      const auto fe = hn::BitCast(d, even);
      const auto fo = hn::BitCast(d, odd);
      l = hn::MulAdd(hn::Set(d, h[2 * s]), fe, hn::MulAdd(hn::Set(d, h[2 * s + 1]), fo, l));
      u = hn::MulAdd(hn::Set(d, g[2 * s]), fe, hn::MulAdd(hn::Set(d, g[2 * s + 1]), fo, u));
    }
    hn::StoreU(l, d, reinterpret_cast<float*>(low + k));
    hn::StoreU(u, d, reinterpret_cast<float*>(high + k));
  }
  for (; k < half; ++k) {
    low[k] = high[k] = {};
    for (int t = 0; t < taps; ++t) {
      low[k] += h[t] * row[2 * k + static_cast<std::size_t>(t)];
      high[k] += g[t] * row[2 * k + static_cast<std::size_t>(t)];
    }
  }
}

template <int taps>
void back_across(const float* h, const float* g, const Complex* const* low, const Complex* const* high,
                 Complex* even, Complex* odd, std::size_t count) {
  const FloatLanes d;
  auto* fe = reinterpret_cast<float*>(even);
  auto* fo = reinterpret_cast<float*>(odd);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= 2 * count; i += hn::Lanes(d)) {
    auto e = hn::Zero(d);
    auto o = hn::Zero(d);
    for (int s = 0; s < taps / 2; ++s) {
      const auto l = hn::LoadU(d, reinterpret_cast<const float*>(low[s]) + i);
      const auto u = hn::LoadU(d, reinterpret_cast<const float*>(high[s]) + i);
      e = hn::MulAdd(hn::Set(d, h[2 * s]), l, hn::MulAdd(hn::Set(d, g[2 * s]), u, e));
      o = hn::MulAdd(hn::Set(d, h[2 * s + 1]), l, hn::MulAdd(hn::Set(d, g[2 * s + 1]), u, o));
    }
    hn::StoreU(e, d, fe + i);
    hn::StoreU(o, d, fo + i);
  }
  for (std::size_t k = i / 2; k < count; ++k) {
    even[k] = odd[k] = {};
    for (int s = 0; s < taps / 2; ++s) {
      even[k] += h[2 * s] * low[s][k] + g[2 * s] * high[s][k];
      odd[k] += h[2 * s + 1] * low[s][k] + g[2 * s + 1] * high[s][k];
    }
  }
}

template <int taps>
void back_along(const float* h, const float* g, const Complex* low, const Complex* high, Complex* row,
                std::size_t half) {
  const FloatLanes d;
  const PairLanes dp;
  std::size_t k = 0;
  for (; k + hn::Lanes(dp) <= half; k += hn::Lanes(dp)) {
    auto e = hn::Zero(d);
    auto o = hn::Zero(d);
    for (int s = 0; s < taps / 2; ++s) {
      const auto l = hn::LoadU(d, reinterpret_cast<const float*>(low + k) - 2 * s);
      const auto u = hn::LoadU(d, reinterpret_cast<const float*>(high + k) - 2 * s);
      e = hn::MulAdd(hn::Set(d, h[2 * s]), l, hn::MulAdd(hn::Set(d, g[2 * s]), u, e));
      o = hn::MulAdd(hn::Set(d, h[2 * s + 1]), l, hn::MulAdd(hn::Set(d, g[2 * s + 1]), u, o));
    }
    hn::StoreInterleaved2(hn::BitCast(dp, e), hn::BitCast(dp, o), dp, reinterpret_cast<double*>(row + 2 * k));
  }
  for (; k < half; ++k) {
    Complex e{}, o{};
    for (std::size_t s = 0; s < taps / 2; ++s) {
      const Complex l = *(low + k - s);
      const Complex u = *(high + k - s);
      e += h[2 * s] * l + g[2 * s] * u;
      o += h[2 * s + 1] * l + g[2 * s + 1] * u;
    }
    row[2 * k] = e;
    row[2 * k + 1] = o;
  }
}

#define BLOCH_BY_TAPS(function, ...)                                                                           \
  switch (filters.taps) {                                                                                      \
  case 2:                                                                                                      \
    return function<2>(filters.low, filters.high, __VA_ARGS__);                                                \
  case 4:                                                                                                      \
    return function<4>(filters.low, filters.high, __VA_ARGS__);                                                \
  default:                                                                                                     \
    return function<8>(filters.low, filters.high, __VA_ARGS__);                                                \
  }

void analyse_across_any(const WaveletFilters& filters, const Complex* const* rows, Complex* low, Complex* high,
                        std::size_t count) {
  BLOCH_BY_TAPS(across, rows, low, high, count)
}
void analyse_along_any(const WaveletFilters& filters, const Complex* row, Complex* low, Complex* high,
                       std::size_t half) {
  BLOCH_BY_TAPS(along, row, low, high, half)
}
void synthesise_across_any(const WaveletFilters& filters, const Complex* const* low, const Complex* const* high,
                           Complex* even, Complex* odd, std::size_t count) {
  BLOCH_BY_TAPS(back_across, low, high, even, odd, count)
}
void synthesise_along_any(const WaveletFilters& filters, const Complex* low, const Complex* high, Complex* row,
                          std::size_t half) {
  BLOCH_BY_TAPS(back_along, low, high, row, half)
}
#undef BLOCH_BY_TAPS

} // namespace HWY_NAMESPACE
} // namespace bloch::imaging
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::imaging {
HWY_EXPORT(analyse_across_any);
HWY_EXPORT(analyse_along_any);
HWY_EXPORT(synthesise_across_any);
HWY_EXPORT(synthesise_along_any);

void analyse_across(const WaveletFilters& filters, const Complex* const* rows, Complex* low, Complex* high,
                    std::size_t count) {
  HWY_DYNAMIC_DISPATCH(analyse_across_any)(filters, rows, low, high, count);
}
void analyse_along(const WaveletFilters& filters, const Complex* row, Complex* low, Complex* high,
                   std::size_t half) {
  HWY_DYNAMIC_DISPATCH(analyse_along_any)(filters, row, low, high, half);
}
void synthesise_across(const WaveletFilters& filters, const Complex* const* low, const Complex* const* high,
                       Complex* even, Complex* odd, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(synthesise_across_any)(filters, low, high, even, odd, count);
}
void synthesise_along(const WaveletFilters& filters, const Complex* low, const Complex* high, Complex* row,
                      std::size_t half) {
  HWY_DYNAMIC_DISPATCH(synthesise_along_any)(filters, low, high, row, half);
}

} // namespace bloch::imaging
#endif
