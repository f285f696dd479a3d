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
    level.approximation.resize(at(extent[2]) * at(extent[1]) * (at(extent[0]) + halo));
  }
  const std::size_t row = at(padded_[0]) + 2 * longest_filter;
  scratch_.assign(at(workers_), ComplexBuffer(row * (longest_filter + 4)));
  if (deep > 0) slots_.assign(at(workers_), ComplexBuffer(at(padded_[0]) * at(padded_[1]) * at(taps_)));
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
double Wavelet::analyse_rows(Level& level, const Rows& plane, std::array<int, 3> shift, float amount,
                             const Piece& piece) {
  const int width = level.size[0];
  const int height = level.size[1];
  const auto half = at(width / 2);
  const bool last_is_detail = level.split_z && piece.plane >= level.size[2] / 2;
  const WaveletFilters filters{taps_, low_, high_};
  const std::size_t valid = at(plane.valid[0]);
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
      rows[t] = y < plane.valid[1] ? plane.first + at(y) * plane.row : zeros_.data();
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

void Wavelet::synthesise_rows(Level& level, const Rows& plane, std::array<int, 3> shift, const Piece& piece) {
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
      if (y >= plane.valid[1]) continue;
      // Sample j belongs at (j + shift) mod width.
      Complex* row = plane.first + at(y) * plane.row;
      const int stop = std::min(width, plane.valid[0]);
      if (shift[0] < stop) std::copy_n(outcome[part], at(stop - shift[0]), row + shift[0]);
      std::copy_n(outcome[part] + (width - shift[0]), at(std::min(shift[0], stop)), row);
    }
  }
}

/// Splits a slice by rows and a volume by planes or pairs of them; the same pieces, and bits, for the same
/// number of workers.
template <class Body> void Wavelet::in_pieces(const Level& level, Body&& body) {
  const int half_height = level.size[1] / 2;
  const int workers = level.size[2] > 1 ? workers_ : std::min(workers_, std::max(1, half_height / 16));
  const auto run = [&](std::size_t w) {
    const int index = static_cast<int>(w);
    const auto part = [&](int of, int count) { return of * count / workers; };
    if (level.split_z)
      body(Piece{0, part(index, level.size[2] / 2), part(index + 1, level.size[2] / 2), w});
    else if (level.size[2] == 1)
      body(Piece{0, part(index, half_height), part(index + 1, half_height), w});
    else
      for (int plane = part(index, level.size[2]); plane < part(index + 1, level.size[2]); ++plane)
        body(Piece{plane, 0, half_height, w});
  };
  if (workers == 1)
    run(0);
  else
    parallel_for(0, at(workers), run);
}

/// One plane of a worker's own.
Wavelet::Rows Wavelet::slot(std::size_t worker, int index, std::array<int, 3> valid) {
  const std::size_t area = at(padded_[0]) * at(padded_[1]);
  return {slots_[worker].data() + at(index) * area, at(valid[0]), area, valid};
}

/// Along z, and each pair of planes at once along y and x.
double Wavelet::analyse_pairs(Level& level, const Rows& source, std::array<int, 3> shift, float amount,
                              const Piece& pairs) {
  const int depth = level.size[2];
  const WaveletFilters filters{taps_, low_, high_};
  const Rows low = slot(pairs.worker, 0, source.valid), high = slot(pairs.worker, 1, source.valid);
  double sum = 0;
  for (int k = pairs.first; k < pairs.last; ++k) {
    for (std::size_t y = 0; y < at(source.valid[1]); ++y) {
      const Complex* rows[longest_filter];
      for (int t = 0; t < taps_; ++t) {
        const int z = (2 * k + t + shift[2]) % depth;
        rows[t] = z < source.valid[2] ? source.first + at(z) * source.plane + y * source.row : zeros_.data();
      }
      analyse_across(filters, rows, low.first + y * low.row, high.first + y * high.row, at(source.valid[0]));
    }
    const Piece whole{k, 0, level.size[1] / 2, pairs.worker},
        detail{k + depth / 2, 0, whole.last, pairs.worker};
    sum += analyse_rows(level, low, shift, amount, whole);
    sum += analyse_rows(level, high, shift, amount, detail);
  }
  return sum;
}

/// Pairs of planes along x and y, and those of taps / 2 neighbours along z.
void Wavelet::synthesise_pairs(Level& level, const Rows& target, std::array<int, 3> shift, const Piece& pairs) {
  const int depth = level.size[2], half_depth = depth / 2, ring = taps_ / 2;
  const WaveletFilters filters{taps_, low_, high_};
  Complex* const spare = scratch_[pairs.worker].data() + 10 * (at(padded_[0]) + 2 * longest_filter);
  // Counted from `ring`, so that the pairs before the first have a place too.
  const auto low = [&](int k) { return slot(pairs.worker, (k + ring) % ring, target.valid); };
  const auto high = [&](int k) { return slot(pairs.worker, ring + (k + ring) % ring, target.valid); };
  const auto plane_back = [&](int k) {
    const int plane = (k % half_depth + half_depth) % half_depth, rows = level.size[1] / 2;
    synthesise_rows(level, low(k), shift, {plane, 0, rows, pairs.worker});
    synthesise_rows(level, high(k), shift, {plane + half_depth, 0, rows, pairs.worker});
  };
  if (pairs.first == pairs.last) return; // more workers than pairs
  for (int s = ring - 1; s > 0; --s) plane_back(pairs.first - s);
  for (int k = pairs.first; k < pairs.last; ++k) {
    plane_back(k);
    for (std::size_t y = 0; y < at(target.valid[1]); ++y) {
      const Complex* lows[longest_filter / 2];
      const Complex* highs[longest_filter / 2];
      for (int s = 0; s < ring; ++s) {
        lows[s] = low(k - s).first + y * at(target.valid[0]);
        highs[s] = high(k - s).first + y * at(target.valid[0]);
      }
      const auto out = [&](int part) {
        const int z = (2 * k + part + shift[2]) % depth;
        return z < target.valid[2] ? target.first + at(z) * target.plane + y * target.row : spare;
      };
      synthesise_across(filters, lows, highs, out(0), out(1), at(target.valid[0]));
    }
  }
}

double Wavelet::analyse_level(Level& level, const Rows& source, std::array<int, 3> shift, float amount) {
  std::vector<double> sums(at(workers_), 0.0);
  in_pieces(level, [&](const Piece& piece) {
    Rows plane = source;
    plane.first += at(piece.plane) * source.plane;
    sums[piece.worker] += level.split_z ? analyse_pairs(level, source, shift, amount, piece)
                                        : analyse_rows(level, plane, shift, amount, piece);
  });
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

void Wavelet::synthesise_level(Level& level, const Rows& target, std::array<int, 3> shift) {
  in_pieces(level, [&](const Piece& piece) {
    Rows plane = target;
    plane.first += at(piece.plane) * target.plane;
    level.split_z ? synthesise_pairs(level, target, shift, piece) : synthesise_rows(level, plane, shift, piece);
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
