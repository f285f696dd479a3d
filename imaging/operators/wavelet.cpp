#include "imaging/operators/wavelet.h"

#include <algorithm>
#include <cmath>

#include "core/base/contract.h"
#include "imaging/operators/complex_math.h"
#include "imaging/operators/wavelet_rows.h"
#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {
namespace {

constexpr std::size_t halo = 4; ///< samples kept free in front of every stored row
constexpr int longest_filter = 8;

// Daubechies 1992, table 6.1; the high-pass is the alternating flip of the low-pass.
constexpr float haar_low[] = {0.70710678F, 0.70710678F};
constexpr float db2_low[] = {0.48296291F, 0.83651630F, 0.22414387F, -0.12940952F};
constexpr float db4_low[] = {0.23037781F,  0.71484657F, 0.63088077F, -0.02798377F,
                             -0.18703481F, 0.03084138F, 0.03288301F, -0.01059740F};
constexpr float haar_high[] = {0.70710678F, -0.70710678F};
constexpr float db2_high[] = {-0.12940952F, -0.22414387F, 0.83651630F, -0.48296291F};
constexpr float db4_high[] = {-0.01059740F, -0.03288301F, 0.03084138F, 0.18703481F,
                              -0.02798377F, -0.63088077F, 0.71484657F, -0.23037781F};

struct Filter {
  int taps;
  const float* low;
  const float* high;
};

Filter filter_of(WaveletFamily family) {
  switch (family) {
  case WaveletFamily::haar:
    return {2, haar_low, haar_high};
  case WaveletFamily::db4:
    return {8, db4_low, db4_high};
  case WaveletFamily::db2:
    break;
  }
  return {4, db2_low, db2_high};
}

/// How often an axis is halved: to 16 samples or little more.
int halvings(int length, int shortest) {
  int count = 0;
  while ((length >> (count + 1)) >= shortest) ++count;
  return count;
}

int padded(int length, int count) { return ((length + (1 << count) - 1) >> count) << count; }

std::size_t at(int value) { return static_cast<std::size_t>(value); }

} // namespace

Wavelet::Wavelet(std::array<int, 3> size, WaveletFamily family, int workers)
    : size_(size)
    , workers_(std::max(1, workers)) {
  const Filter filter = filter_of(family);
  taps_ = filter.taps;
  low_ = filter.low;
  high_ = filter.high;
  const int flat = halvings(std::min(size[0], size[1]), 16);
  const int deep = std::min(flat, halvings(size[2], 8));
  padded_ = {padded(size[0], flat), padded(size[1], flat), padded(size[2], deep)};
  std::array<int, 3> extent = padded_;
  for (int i = 0; i < flat; ++i) {
    Level& level = levels_.emplace_back();
    level.size = extent;
    level.split_z = i < deep;
    level.bands.resize(at(extent[2]) * 4 * at(extent[1] / 2) * (at(extent[0] / 2) + halo));
    extent = {extent[0] / 2, extent[1] / 2, level.split_z ? extent[2] / 2 : extent[2]};
    if (level.split_z) level.planes.resize(at(level.size[2]) * at(level.size[1]) * at(level.size[0]));
    level.approximation.resize(at(extent[2]) * at(extent[1]) * (at(extent[0]) + halo));
  }
  const std::size_t row = at(padded_[0]) + 2 * longest_filter;
  scratch_.assign(at(workers_), ComplexBuffer(row * (longest_filter + 4)));
  zeros_.assign(row, Complex());
}

Complex* Wavelet::band_row(Level& level, int plane, int band, int y) const {
  const std::size_t stride = at(level.size[0] / 2) + halo;
  return level.bands.data() + (at(plane * 4 + band) * at(level.size[1] / 2) + at(y)) * stride + halo;
}

namespace {

void fill_halo(Complex* row, std::size_t length) {
  for (std::size_t s = 1; s <= halo && s <= length; ++s) *(row - s) = row[length - s];
}

} // namespace

/// Rows first..last of half the height of one plane.
double Wavelet::analyse_rows(Level& level, const Rows& source, std::array<int, 3> shift, float amount,
                             const Piece& piece) {
  const int width = level.size[0];
  const int height = level.size[1];
  const auto half = at(width / 2);
  const bool last_is_detail = level.split_z && piece.plane >= level.size[2] / 2;
  const WaveletFilters filters{taps_, low_, high_};
  const std::size_t valid = at(source.valid[0]);
  const Complex* plane = source.first + at(piece.plane) * source.plane;
  Complex* approximation = level.approximation.data() + at(piece.plane) * at(height / 2) * (half + halo) + halo;
  const std::size_t row_length = at(padded_[0]) + 2 * longest_filter;
  Complex* const scratch = scratch_[piece.worker].data();
  Complex* const flat[2] = {scratch, scratch + row_length};
  Complex* const turned = scratch + 2 * row_length;
  double sum = 0;
  for (int k = piece.first; k < piece.last; ++k) {
    const Complex* rows[longest_filter];
    for (int t = 0; t < taps_; ++t) {
      const int y = (2 * k + t + shift[1]) % height;
      rows[t] = y < source.valid[1] ? plane + at(y) * source.row : zeros_.data();
    }
    analyse_across(filters, rows, flat[0], flat[1], valid);
    for (int part = 0; part < 2; ++part) {
      std::fill(flat[part] + valid, flat[part] + width, Complex());
      std::rotate_copy(flat[part], flat[part] + shift[0], flat[part] + width, turned);
      for (int t = 0; t < taps_ - 2; ++t) turned[width + t] = turned[t % width];
      const bool keep_low = part == 0 && !last_is_detail;
      Complex* low =
          keep_low ? approximation + at(k) * (half + halo) : band_row(level, piece.plane, part * 2, k);
      Complex* high = band_row(level, piece.plane, part * 2 + 1, k);
      analyse_along(filters, turned, low, high, half);
      sum += soft_threshold(high, amount, half);
      fill_halo(high, half);
      if (keep_low) continue;
      sum += soft_threshold(low, amount, half);
      fill_halo(low, half);
    }
  }
  return sum;
}

void Wavelet::synthesise_rows(Level& level, const Rows& target, std::array<int, 3> shift, const Piece& piece) {
  const int width = level.size[0];
  const int height = level.size[1];
  const int half_height = height / 2;
  const auto half = at(width / 2);
  const int depth = taps_ / 2;
  const bool last_is_detail = level.split_z && piece.plane >= level.size[2] / 2;
  const WaveletFilters filters{taps_, low_, high_};
  const Complex* approximation =
      level.approximation.data() + at(piece.plane) * at(half_height) * (half + halo) + halo;
  const std::size_t row_length = at(padded_[0]) + 2 * longest_filter;
  Complex* const scratch = scratch_[piece.worker].data();
  const auto ring = [&](int part, int slot) { return scratch + at(part * 4 + slot % 4) * row_length; };
  Complex* const outcome[2] = {scratch + 8 * row_length, scratch + 9 * row_length};
  const auto row_back = [&](int k, int slot) {
    const Complex* low =
        last_is_detail ? band_row(level, piece.plane, 0, k) : approximation + at(k) * (half + halo);
    synthesise_along(filters, low, band_row(level, piece.plane, 1, k), ring(0, slot), half);
    synthesise_along(filters, band_row(level, piece.plane, 2, k), band_row(level, piece.plane, 3, k),
                     ring(1, slot), half);
  };
  // Slots count from 4 so that the rows before the first have one too.
  for (int s = depth - 1; s > 0; --s)
    row_back(((piece.first - s) % half_height + half_height) % half_height, piece.first - s + 4);
  for (int k = piece.first; k < piece.last; ++k) {
    row_back(k, k + 4);
    const Complex* lows[longest_filter / 2];
    const Complex* highs[longest_filter / 2];
    for (int s = 0; s < depth; ++s) {
      lows[s] = ring(0, k + 4 - s);
      highs[s] = ring(1, k + 4 - s);
    }
    synthesise_across(filters, lows, highs, outcome[0], outcome[1], at(width));
    for (int part = 0; part < 2; ++part) {
      const int y = (2 * k + part + shift[1]) % height;
      if (y >= target.valid[1]) continue;
      // Sample j belongs at (j + shift) mod width.
      Complex* row = target.first + at(piece.plane) * target.plane + at(y) * target.row;
      const int stop = std::min(width, target.valid[0]);
      if (shift[0] < stop) std::copy_n(outcome[part], at(stop - shift[0]), row + shift[0]);
      std::copy_n(outcome[part] + (width - shift[0]), at(std::min(shift[0], stop)), row);
    }
  }
}

/// Splits a slice by rows and a volume by planes; the same pieces, and bits, for the same number of workers.
template <class Body> void Wavelet::in_pieces(const Level& level, Body&& body) {
  const int half_height = level.size[1] / 2;
  const int workers = level.size[2] > 1 ? workers_ : std::min(workers_, std::max(1, half_height / 16));
  const auto run = [&](std::size_t w) {
    const int index = static_cast<int>(w);
    if (level.size[2] == 1) {
      body(Piece{0, index * half_height / workers, (index + 1) * half_height / workers, w});
      return;
    }
    for (int plane = index * level.size[2] / workers; plane < (index + 1) * level.size[2] / workers; ++plane)
      body(Piece{plane, 0, half_height, w});
  };
  if (workers == 1)
    run(0);
  else
    parallel_for(0, at(workers), run);
}

double Wavelet::analyse_level(Level& level, const Rows& source, std::array<int, 3> shift, float amount) {
  const int depth = level.size[2];
  Rows planes = source;
  if (level.split_z) {
    planes = {level.planes.data(), at(source.valid[0]), at(source.valid[0]) * at(source.valid[1]),
              source.valid};
    planes.valid[2] = depth;
    const WaveletFilters filters{taps_, low_, high_};
    parallel_for(0, at(depth / 2), [&](std::size_t k) {
      for (int y = 0; y < source.valid[1]; ++y) {
        const Complex* rows[longest_filter];
        for (int t = 0; t < taps_; ++t) {
          const int z = (2 * static_cast<int>(k) + t + shift[2]) % depth;
          rows[t] =
              z < source.valid[2] ? source.first + at(z) * source.plane + at(y) * source.row : zeros_.data();
        }
        Complex* low = planes.first + k * planes.plane + at(y) * planes.row;
        analyse_across(filters, rows, low, low + at(depth / 2) * planes.plane, at(source.valid[0]));
      }
    });
  }
  std::vector<double> sums(at(workers_), 0.0);
  in_pieces(level, [&](const Piece& piece) {
    sums[piece.worker] += analyse_rows(level, planes, shift, amount, piece);
  });
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

void Wavelet::synthesise_level(Level& level, const Rows& target, std::array<int, 3> shift) {
  const int depth = level.size[2];
  Rows planes = target;
  if (level.split_z) {
    planes = {level.planes.data(), at(target.valid[0]), at(target.valid[0]) * at(target.valid[1]),
              target.valid};
    planes.valid[2] = depth;
  }
  in_pieces(level, [&](const Piece& piece) { synthesise_rows(level, planes, shift, piece); });
  if (!level.split_z) return;
  const WaveletFilters filters{taps_, low_, high_};
  const int half_depth = depth / 2;
  parallel_for(0, at(half_depth), [&](std::size_t index) {
    const int k = static_cast<int>(index);
    ComplexBuffer spare(at(target.valid[0]));
    for (int y = 0; y < target.valid[1]; ++y) {
      const Complex* lows[longest_filter / 2];
      const Complex* highs[longest_filter / 2];
      for (int s = 0; s < taps_ / 2; ++s) {
        const int z = ((k - s) % half_depth + half_depth) % half_depth;
        lows[s] = planes.first + at(z) * planes.plane + at(y) * planes.row;
        highs[s] = lows[s] + at(half_depth) * planes.plane;
      }
      const auto out = [&](int part) {
        const int z = (2 * k + part + shift[2]) % depth;
        return z < target.valid[2] ? target.first + at(z) * target.plane + at(y) * target.row : spare.data();
      };
      synthesise_across(filters, lows, highs, out(0), out(1), at(target.valid[0]));
    }
  });
}

Wavelet::Rows Wavelet::input_rows(std::size_t level, Complex* image) const {
  if (level == 0) return {image, at(size_[0]), at(size_[0]) * at(size_[1]), size_};
  const auto& buffer = levels_[level - 1].approximation;
  const std::array<int, 3> size = level < levels_.size() ? levels_[level].size : std::array<int, 3>{};
  const std::size_t row = at(size[0]) + halo;
  return {const_cast<Complex*>(buffer.data()) + halo, row, row * at(size[1]), size};
}

double Wavelet::analyse(const Rows& source, std::array<int, 3> shift, float amount) {
  double sum = 0;
  for (std::size_t i = 0; i < levels_.size(); ++i)
    sum += analyse_level(levels_[i], i == 0 ? source : input_rows(i, nullptr),
                         i == 0 ? shift : std::array<int, 3>{}, amount);
  return sum;
}

void Wavelet::synthesise(const Rows& target, std::array<int, 3> shift) {
  for (std::size_t i = levels_.size(); i-- > 0;) {
    // The halo in front of the approximation's rows is only needed here, when they are read.
    Level& level = levels_[i];
    const std::size_t half = at(level.size[0] / 2);
    for (std::size_t begin = halo; begin + half <= level.approximation.size(); begin += half + halo)
      fill_halo(level.approximation.data() + begin, half);
    synthesise_level(level, i == 0 ? target : input_rows(i, nullptr), i == 0 ? shift : std::array<int, 3>{});
  }
}

double Wavelet::threshold(Complex* image, float amount, std::array<int, 3> shift) {
  for (std::size_t axis = 0; axis < 3; ++axis)
    shift[axis] = ((shift[axis] % padded_[axis]) + padded_[axis]) % padded_[axis];
  if (levels_.empty()) return soft_threshold(image, amount, at(size_[0]) * at(size_[1]) * at(size_[2]));
  const Rows rows = input_rows(0, image);
  const double sum = analyse(rows, shift, amount);
  synthesise(rows, shift);
  return sum;
}

std::size_t Wavelet::coefficient_count() const { return at(padded_[0]) * at(padded_[1]) * at(padded_[2]); }

template <class Visit> void Wavelet::visit_coefficients(Visit&& visit) {
  Level& coarsest = levels_.back();
  const std::size_t half = at(coarsest.size[0] / 2);
  for (std::size_t begin = halo; begin + half <= coarsest.approximation.size(); begin += half + halo)
    visit(coarsest.approximation.data() + begin, half);
  for (std::size_t i = levels_.size(); i-- > 0;) {
    Level& level = levels_[i];
    for (int plane = 0; plane < level.size[2]; ++plane) {
      const bool all = level.split_z && plane >= level.size[2] / 2;
      for (int band = all ? 0 : 1; band < 4; ++band)
        for (int y = 0; y < level.size[1] / 2; ++y)
          visit(band_row(level, plane, band, y), at(level.size[0] / 2));
    }
  }
}

void Wavelet::forward(const Complex* image, Complex* coefficients) {
  if (levels_.empty()) {
    std::copy_n(image, coefficient_count(), coefficients);
    return;
  }
  analyse(input_rows(0, const_cast<Complex*>(image)), {}, 0);
  visit_coefficients(
      [&](Complex* row, std::size_t count) { coefficients = std::copy_n(row, count, coefficients); });
}

void Wavelet::inverse(const Complex* coefficients, Complex* image) {
  if (levels_.empty()) {
    std::copy_n(coefficients, coefficient_count(), image);
    return;
  }
  visit_coefficients([&](Complex* row, std::size_t count) {
    std::copy_n(coefficients, count, row);
    fill_halo(row, count);
    coefficients += count;
  });
  synthesise(input_rows(0, image), {});
}

} // namespace bloch::imaging
