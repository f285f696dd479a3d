#include "imaging/operators/block_fft_stages.h"

#include <cstring>

#include "imaging/operators/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "imaging/operators/block_fft_stages_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bloch::imaging {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// 32 floats are a row of a block: a whole number of vectors for every target.
using BlockLanes = hn::CappedTag<float, 32>;
using BlockPairs = hn::Repartition<double, BlockLanes>; ///< one complex sample a lane, moved as bits
using BlockVec = hn::Vec<BlockLanes>;
constexpr std::size_t row_floats = 32;

HWY_INLINE BlockVec pair_everywhere(const float* pair) {
  double bits;
  std::memcpy(&bits, pair, sizeof bits);
  return hn::BitCast(BlockLanes(), hn::Set(BlockPairs(), bits));
}

/// z times a factor, or times its conjugate.
template <bool conjugate> HWY_INLINE BlockVec turned(BlockVec z, BlockVec cosine, BlockVec sine) {
  const auto swapped = hn::Reverse2(BlockLanes(), z);
  if (conjugate) return hn::NegMulAdd(swapped, sine, hn::Mul(z, cosine));
  return hn::MulAdd(swapped, sine, hn::Mul(z, cosine));
}

/// The discrete Fourier transform of `radix` samples in place. quarter: (1, -1), which times a sample with its
/// parts exchanged is -i times the sample; (-1, 1) for the inverse.
template <int radix> HWY_INLINE void butterfly(BlockVec* x, BlockVec quarter, const Twiddle* roots) {
  const BlockLanes d;
  if constexpr (radix == 2) {
    const auto sum = hn::Add(x[0], x[1]);
    x[1] = hn::Sub(x[0], x[1]);
    x[0] = sum;
  } else if constexpr (radix == 4) {
    const auto a = hn::Add(x[0], x[2]);
    const auto b = hn::Sub(x[0], x[2]);
    const auto c = hn::Add(x[1], x[3]);
    const auto e = hn::Reverse2(d, hn::Sub(x[1], x[3]));
    x[0] = hn::Add(a, c);
    x[1] = hn::MulAdd(e, quarter, b);
    x[2] = hn::Sub(a, c);
    x[3] = hn::NegMulAdd(e, quarter, b);
  } else if constexpr (radix == 8) {
    // Two transforms of 4: of the sums, and of the differences turned by eighths.
    const auto minus_i = [&](BlockVec z) HWY_ATTR { return hn::Mul(hn::Reverse2(d, z), quarter); };
    const auto half_root = hn::Set(d, 0.70710678F);
    BlockVec even[4], odd[4];
    for (int p = 0; p < 4; ++p) {
      even[p] = hn::Add(x[p], x[p + 4]);
      odd[p] = hn::Sub(x[p], x[p + 4]);
    }
    odd[1] = hn::Mul(half_root, hn::MulAdd(hn::Reverse2(d, odd[1]), quarter, odd[1]));
    odd[2] = minus_i(odd[2]);
    odd[3] = hn::Mul(half_root, hn::Sub(minus_i(odd[3]), odd[3]));
    butterfly<4>(even, quarter, roots);
    butterfly<4>(odd, quarter, roots);
    for (int p = 0; p < 4; ++p) {
      x[2 * p] = even[p];
      x[2 * p + 1] = odd[p];
    }
  } else {
    // Odd: outputs k and radix - k share their sums.
    constexpr int half = radix / 2;
    BlockVec sum[half], difference[half], out[radix];
    out[0] = x[0];
    for (int j = 1; j <= half; ++j) {
      sum[j - 1] = hn::Add(x[j], x[radix - j]);
      difference[j - 1] = hn::Sub(x[j], x[radix - j]);
      out[0] = hn::Add(out[0], sum[j - 1]);
    }
    for (int k = 1; k <= half; ++k) {
      auto even = x[0];
      auto odd = hn::Zero(d);
      for (int j = 1; j <= half; ++j) {
        const Twiddle& root = roots[j * k % radix];
        even = hn::MulAdd(hn::Set(d, root.cosine[0]), sum[j - 1], even);
        odd = hn::MulAdd(hn::Set(d, root.sine[0]), difference[j - 1], odd);
      }
      const auto swapped = hn::Reverse2(d, odd);
      out[k] = hn::MulAdd(swapped, quarter, even);
      out[radix - k] = hn::NegMulAdd(swapped, quarter, even);
    }
    for (int k = 0; k < radix; ++k) x[k] = out[k];
  }
}

template <int radix, bool inverse, bool last>
void run_stage(const FftStage& stage, float* data, std::size_t length) {
  const BlockLanes d;
  constexpr std::size_t others = radix - 1;
  const float plus_minus[2] = {inverse ? -1.0F : 1.0F, inverse ? 1.0F : -1.0F};
  const auto quarter = pair_everywhere(plus_minus);
  const std::size_t step = stage.stride * row_floats;
  for (std::size_t begin = 0; begin < length; begin += radix * stage.stride)
    for (std::size_t k = 0; k < stage.stride; ++k) {
      float* first = data + (begin + k) * row_floats;
      BlockVec cosine[others], sine[others];
      if constexpr (!last)
        for (std::size_t p = 0; p < others; ++p) {
          cosine[p] = pair_everywhere(stage.twiddles[k * others + p].cosine);
          sine[p] = pair_everywhere(stage.twiddles[k * others + p].sine);
        }
      for (std::size_t lane = 0; lane < row_floats; lane += hn::Lanes(d)) {
        BlockVec x[radix];
        for (std::size_t p = 0; p < radix; ++p) x[p] = hn::Load(d, first + p * step + lane);
        if constexpr (inverse && !last)
          for (std::size_t p = 1; p < radix; ++p) x[p] = turned<true>(x[p], cosine[p - 1], sine[p - 1]);
        butterfly<radix>(x, quarter, stage.roots);
        if constexpr (!inverse && !last)
          for (std::size_t p = 1; p < radix; ++p) x[p] = turned<false>(x[p], cosine[p - 1], sine[p - 1]);
        for (std::size_t p = 0; p < radix; ++p) hn::Store(x[p], d, first + p * step + lane);
      }
    }
}

/// Any odd radix, term by term: for the rare prime factors.
template <bool inverse> void run_odd_stage(const FftStage& stage, float* data, std::size_t length) {
  const BlockLanes d;
  const auto radix = static_cast<std::size_t>(stage.radix);
  const std::size_t half = radix / 2;
  const float plus_minus[2] = {inverse ? -1.0F : 1.0F, inverse ? 1.0F : -1.0F};
  const auto quarter = pair_everywhere(plus_minus);
  const std::size_t step = stage.stride * row_floats;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN float sum[largest_radix / 2 * row_floats];
  HWY_ALIGN float difference[largest_radix / 2 * row_floats];
  for (std::size_t begin = 0; begin < length; begin += radix * stage.stride)
    for (std::size_t k = 0; k < stage.stride; ++k)
      for (std::size_t lane = 0; lane < row_floats; lane += lanes) {
        float* first = data + (begin + k) * row_floats + lane;
        const Twiddle* factors = stage.twiddles + k * (radix - 1);
        const auto load = [&](std::size_t p) {
          const auto x = hn::Load(d, first + p * step);
          if (!inverse) return x;
          return turned<true>(x, pair_everywhere(factors[p - 1].cosine), pair_everywhere(factors[p - 1].sine));
        };
        const auto store = [&](BlockVec x, std::size_t p) {
          if (!inverse)
            x = turned<false>(x, pair_everywhere(factors[p - 1].cosine), pair_everywhere(factors[p - 1].sine));
          hn::Store(x, d, first + p * step);
        };
        const auto start = hn::Load(d, first);
        auto total = start;
        for (std::size_t j = 1; j <= half; ++j) {
          const auto a = load(j);
          const auto b = load(radix - j);
          total = hn::Add(total, hn::Add(a, b));
          hn::Store(hn::Add(a, b), d, sum + (j - 1) * lanes);
          hn::Store(hn::Sub(a, b), d, difference + (j - 1) * lanes);
        }
        hn::Store(total, d, first);
        for (std::size_t p = 1; p <= half; ++p) {
          auto even = start;
          auto odd = hn::Zero(d);
          for (std::size_t j = 1; j <= half; ++j) {
            const Twiddle& root = stage.roots[j * p % radix];
            even = hn::MulAdd(hn::Set(d, root.cosine[0]), hn::Load(d, sum + (j - 1) * lanes), even);
            odd = hn::MulAdd(hn::Set(d, root.sine[0]), hn::Load(d, difference + (j - 1) * lanes), odd);
          }
          const auto swapped = hn::Reverse2(d, odd);
          store(hn::MulAdd(swapped, quarter, even), p);
          store(hn::NegMulAdd(swapped, quarter, even), radix - p);
        }
      }
}

template <bool inverse, bool last> void run_radix(const FftStage& stage, float* data, std::size_t length) {
  switch (stage.radix) {
  case 2:
    return run_stage<2, inverse, last>(stage, data, length);
  case 3:
    return run_stage<3, inverse, last>(stage, data, length);
  case 4:
    return run_stage<4, inverse, last>(stage, data, length);
  case 5:
    return run_stage<5, inverse, last>(stage, data, length);
  case 8:
    return run_stage<8, inverse, last>(stage, data, length);
  default:
    return run_odd_stage<inverse>(stage, data, length);
  }
}

/// The last stage has no factors: its groups are neighbours.
template <bool inverse> void run_any(const FftStage& stage, float* data, std::size_t length) {
  if (stage.stride == 1)
    run_radix<inverse, true>(stage, data, length);
  else
    run_radix<inverse, false>(stage, data, length);
}

void run_forward_all(const FftStage* stages, std::size_t count, float* data, std::size_t length) {
  for (std::size_t i = 0; i < count; ++i) run_any<false>(stages[i], data, length);
}

void run_inverse_all(const FftStage* stages, std::size_t count, float* data, std::size_t length) {
  for (std::size_t i = count; i-- > 0;) run_any<true>(stages[i], data, length);
}

template <std::size_t count> HWY_INLINE bool any_flagged(const std::int8_t* flags) {
  const hn::CappedTag<std::int8_t, row_floats> d;
  auto any = hn::Zero(d);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) any = hn::Or(any, hn::LoadU(d, flags + i));
  return !hn::AllFalse(d, hn::Ne(any, hn::Zero(d)));
}

/// The last stage there, the mask, and the first back: on the same neighbouring rows.
template <int radix> void filter_last_stage(float* data, std::size_t length, const std::int8_t* flags) {
  const BlockLanes d;
  const hn::RebindToSigned<BlockLanes> whole;
  const hn::Rebind<std::int8_t, BlockLanes> bytes;
  const float there[2] = {1.0F, -1.0F}, back[2] = {-1.0F, 1.0F};
  const auto quarter = pair_everywhere(there), other_quarter = pair_everywhere(back);
  constexpr std::size_t group = radix * row_floats;
  for (std::size_t begin = 0; begin < length * row_floats; begin += group) {
    float* first = data + begin;
    if (!any_flagged<group>(flags + begin)) {
      std::memset(first, 0, group * sizeof(float));
      continue;
    }
    for (std::size_t lane = 0; lane < row_floats; lane += hn::Lanes(d)) {
      BlockVec x[radix];
      for (std::size_t p = 0; p < radix; ++p) x[p] = hn::Load(d, first + p * row_floats + lane);
      butterfly<radix>(x, quarter, nullptr);
      for (std::size_t p = 0; p < radix; ++p) {
        const auto kept = hn::PromoteTo(whole, hn::LoadU(bytes, flags + begin + p * row_floats + lane));
        x[p] = hn::And(x[p], hn::BitCast(d, kept));
      }
      butterfly<radix>(x, other_quarter, nullptr);
      for (std::size_t p = 0; p < radix; ++p) hn::Store(x[p], d, first + p * row_floats + lane);
    }
  }
}

void run_filter_all(const FftStage* stages, std::size_t count, float* data, std::size_t length,
                    const std::int8_t* flags) {
  const FftStage& last = stages[count - 1];
  const auto around = [&](auto&& middle) {
    run_forward_all(stages, count - 1, data, length);
    middle();
    run_inverse_all(stages, count - 1, data, length);
  };
  switch (last.radix) {
  case 2:
    return around([&] { filter_last_stage<2>(data, length, flags); });
  case 4:
    return around([&] { filter_last_stage<4>(data, length, flags); });
  case 8:
    return around([&] { filter_last_stage<8>(data, length, flags); });
  default:
    return around([&] {
      run_any<false>(last, data, length);
      for (std::size_t i = 0; i < length * row_floats; ++i)
        if (flags[i] == 0) data[i] = 0;
      run_any<true>(last, data, length);
    });
  }
}

void transpose_tile_all(const double* from, double* to) {
  constexpr std::size_t side = 16;
  const hn::FixedTag<double, 2> d;
  for (std::size_t i = 0; i < side; i += 2)
    for (std::size_t j = 0; j < side; j += 2) {
      const auto a = hn::Load(d, from + j * side + i);
      const auto b = hn::Load(d, from + (j + 1) * side + i);
      hn::Store(hn::InterleaveLower(d, a, b), d, to + i * side + j);
      hn::Store(hn::InterleaveUpper(d, a, b), d, to + (i + 1) * side + j);
    }
}

} // namespace HWY_NAMESPACE
} // namespace bloch::imaging
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bloch::imaging {
HWY_EXPORT(run_forward_all);
HWY_EXPORT(run_inverse_all);
HWY_EXPORT(run_filter_all);
HWY_EXPORT(transpose_tile_all);

void run_forward(std::span<const FftStage> stages, Complex* block, std::size_t length) {
  HWY_DYNAMIC_DISPATCH(run_forward_all)(stages.data(), stages.size(), reinterpret_cast<float*>(block), length);
}
void run_inverse(std::span<const FftStage> stages, Complex* block, std::size_t length) {
  HWY_DYNAMIC_DISPATCH(run_inverse_all)(stages.data(), stages.size(), reinterpret_cast<float*>(block), length);
}
void run_filter(std::span<const FftStage> stages, Complex* block, std::size_t length,
                const std::int8_t* flags) {
  HWY_DYNAMIC_DISPATCH(run_filter_all)
  (stages.data(), stages.size(), reinterpret_cast<float*>(block), length, flags);
}
void transpose_tile(const Complex* from, Complex* to) {
  HWY_DYNAMIC_DISPATCH(transpose_tile_all)
  (reinterpret_cast<const double*>(from), reinterpret_cast<double*>(to));
}

} // namespace bloch::imaging
#endif
