#include "imaging/recon/espirit_rows.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "imaging/operators/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "imaging/recon/espirit_rows_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bloch::imaging {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using PixelLanes = hn::ScalableTag<float>;

/// w = G v for the lanes from `pixel` on; v and w are [order][lanes].
HWY_INLINE void apply_matrix(const HermitianRow& g, std::size_t pixel, const float* vr, const float* vi,
                             float* wr, float* wi) {
  const PixelLanes d;
  const std::size_t lanes = hn::Lanes(d);
  for (int c = 0; c < g.order; ++c) {
    const std::size_t row = static_cast<std::size_t>(c) * lanes;
    const std::size_t triangle = static_cast<std::size_t>(c * (c + 1) / 2);
    const auto vcr = hn::Load(d, vr + row);
    const auto vci = hn::Load(d, vi + row);
    const auto diagonal = hn::LoadU(d, g.real + (triangle + static_cast<std::size_t>(c)) * g.stride + pixel);
    auto sr = hn::Mul(diagonal, vcr);
    auto si = hn::Mul(diagonal, vci);
    for (int e = 0; e < c; ++e) {
      const std::size_t entry = (triangle + static_cast<std::size_t>(e)) * g.stride + pixel;
      const std::size_t other = static_cast<std::size_t>(e) * lanes;
      const auto gr = hn::LoadU(d, g.real + entry);
      const auto gi = hn::LoadU(d, g.imaginary + entry);
      const auto ver = hn::Load(d, vr + other);
      const auto vei = hn::Load(d, vi + other);
      sr = hn::NegMulAdd(gi, vei, hn::MulAdd(gr, ver, sr));
      si = hn::MulAdd(gi, ver, hn::MulAdd(gr, vei, si));
      // The upper triangle is the conjugate.
      hn::Store(hn::MulAdd(gi, vci, hn::MulAdd(gr, vcr, hn::Load(d, wr + other))), d, wr + other);
      hn::Store(hn::NegMulAdd(gi, vcr, hn::MulAdd(gr, vci, hn::Load(d, wi + other))), d, wi + other);
    }
    hn::Store(sr, d, wr + row);
    hn::Store(si, d, wi + row);
  }
}

void dominant_eigenvectors_all(const HermitianRow& g, float* real, float* imaginary, float* value,
                               std::size_t count, int steps, float tolerance) {
  const PixelLanes d;
  const std::size_t lanes = hn::Lanes(d);
  const auto order = static_cast<std::size_t>(g.order);
  std::vector<float> storage(4 * order * lanes + lanes);
  float* base = storage.data() +
                (lanes - reinterpret_cast<std::uintptr_t>(storage.data()) / sizeof(float) % lanes) % lanes;
  float* vr = base;
  float* vi = vr + order * lanes;
  float* wr = vi + order * lanes;
  float* wi = wr + order * lanes;
  const auto tiny = hn::Set(d, 1e-30F);
  for (std::size_t pixel = 0; pixel < count; pixel += lanes) {
    for (std::size_t c = 0; c < order; ++c) {
      hn::Store(hn::LoadU(d, real + c * g.stride + pixel), d, vr + c * lanes);
      hn::Store(hn::LoadU(d, imaginary + c * g.stride + pixel), d, vi + c * lanes);
    }
    auto eigenvalue = hn::Zero(d);
    for (int step = 0; step < steps; ++step) {
      apply_matrix(g, pixel, vr, vi, wr, wi);
      auto square = hn::Zero(d);
      for (std::size_t i = 0; i < order * lanes; i += lanes) {
        const auto r = hn::Load(d, wr + i);
        const auto m = hn::Load(d, wi + i);
        square = hn::MulAdd(r, r, hn::MulAdd(m, m, square));
      }
      eigenvalue = hn::Sqrt(square);
      const auto inverse = hn::Div(hn::Set(d, 1.0F), hn::Max(eigenvalue, tiny));
      auto change = hn::Zero(d);
      for (std::size_t i = 0; i < order * lanes; i += lanes) {
        const auto r = hn::Mul(hn::Load(d, wr + i), inverse);
        const auto m = hn::Mul(hn::Load(d, wi + i), inverse);
        const auto dr = hn::Sub(r, hn::Load(d, vr + i));
        const auto dm = hn::Sub(m, hn::Load(d, vi + i));
        change = hn::MulAdd(dr, dr, hn::MulAdd(dm, dm, change));
        hn::Store(r, d, vr + i);
        hn::Store(m, d, vi + i);
      }
      // Lanes without signal never settle and do not matter.
      const auto counted = hn::IfThenElseZero(hn::Gt(eigenvalue, hn::Set(d, 0.3F)), change);
      if (hn::GetLane(hn::MaxOfLanes(d, counted)) < tolerance * tolerance) break;
    }
    for (std::size_t c = 0; c < order; ++c) {
      hn::StoreU(hn::Load(d, vr + c * lanes), d, real + c * g.stride + pixel);
      hn::StoreU(hn::Load(d, vi + c * lanes), d, imaginary + c * g.stride + pixel);
    }
    hn::StoreU(eigenvalue, d, value + pixel);
  }
}

} // namespace HWY_NAMESPACE
} // namespace bloch::imaging
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::imaging {
HWY_EXPORT(dominant_eigenvectors_all);

void dominant_eigenvectors(const HermitianRow& matrices, float* real, float* imaginary, float* value,
                           std::size_t count, int steps, float tolerance) {
  HWY_DYNAMIC_DISPATCH(dominant_eigenvectors_all)(matrices, real, imaginary, value, count, steps, tolerance);
}

} // namespace bloch::imaging
#endif
