#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

/// Daubechies' orthonormal wavelets by name.
enum class WaveletFamily { haar, db2, db4 };

/// Separable periodic orthonormal wavelet transform of one slice or volume [z][y][x], to about 16 samples an
/// axis.
///
/// Sizes that do not halve often enough are padded with zeros: then the transform is a tight frame (inverse *
/// forward = 1) and `threshold` is that of the padded image, cut back. source: Daubechies 1992,
/// doi:10.1137/1.9781611970104
class Wavelet {
 public:
  explicit Wavelet(std::array<int, 3> size, WaveletFamily family = WaveletFamily::db2, int workers = 1);

  /// Coefficients of the padded image.
  std::size_t coefficient_count() const;
  std::array<int, 3> padded_size() const { return padded_; }
  int levels() const { return static_cast<int>(levels_.size()); }

  /// coefficients: coefficient_count() samples, approximation first, then level by level from coarse to fine.
  void forward(const Complex* image, Complex* coefficients);
  void inverse(const Complex* coefficients, Complex* image);

  /// Soft-thresholds the detail coefficients of the image shifted cyclically (x, y, z), in place; returns their
  /// l1 norm afterwards. One pass: shift and threshold happen while the rows, of a volume the planes, are in
  /// the cache. The approximation is left as it is. Proximal operator of threshold * |details|_1. No
  /// allocation.
  double threshold(Complex* image, float amount, std::array<int, 3> shift);

 private:
  struct Rows {
    Complex* first = nullptr;
    std::size_t row = 0, plane = 0; ///< strides
    std::array<int, 3> valid{};     ///< extents that exist; the rest is zero
  };
  /// What one worker does at a time: rows of half the height of a plane, or, where z is split too, pairs of its
  /// planes, the low and the high one.
  struct Piece {
    int plane = 0, first = 0, last = 0;
    std::size_t worker = 0;
  };
  struct Level {
    std::array<int, 3> size{}; ///< of its input
    bool split_z = false;
    ComplexBuffer bands;         ///< [plane][low-low, high-low, low-high, high-high][y][halo + x]
    ComplexBuffer approximation; ///< input of the next level, rows with a halo in front
  };

  double analyse(const Rows& source, std::array<int, 3> shift, float amount);
  void synthesise(const Rows& target, std::array<int, 3> shift);
  double analyse_level(Level& level, const Rows& source, std::array<int, 3> shift, float amount);
  void synthesise_level(Level& level, const Rows& target, std::array<int, 3> shift);
  double analyse_rows(Level& level, const Rows& plane, std::array<int, 3> shift, float amount,
                      const Piece& piece);
  void synthesise_rows(Level& level, const Rows& plane, std::array<int, 3> shift, const Piece& piece);
  double analyse_pairs(Level& level, const Rows& source, std::array<int, 3> shift, float amount,
                       const Piece& pairs);
  void synthesise_pairs(Level& level, const Rows& target, std::array<int, 3> shift, const Piece& pairs);
  template <class Body> void in_pieces(const Level& level, Body&& body);
  Rows slot(std::size_t worker, int index, std::array<int, 3> valid);
  Complex* band_row(Level& level, int plane, int band, int y) const;
  Rows input_rows(std::size_t level, Complex* image) const;
  template <class Visit> void visit_coefficients(Visit&& visit);

  std::array<int, 3> size_, padded_;
  int taps_;
  const float* low_;
  const float* high_;
  int workers_;
  std::vector<Level> levels_;
  std::vector<ComplexBuffer> scratch_; ///< rows of each worker
  std::vector<ComplexBuffer> slots_;   ///< planes of each worker on their way along z, where they are split
  ComplexBuffer zeros_;
};

} // namespace bloch::imaging
