#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "imaging/operators/aligned.h"

namespace bloch::imaging {

/// Uncentred, unscaled FFTs of 16 lines side by side, [length][16], in place on 64-byte aligned blocks.
///
/// forward() leaves the frequencies in the order in which its butterflies make them, and inverse() takes them
/// in that order: what lies between (a mask) is put into that order once, so that nothing is ever re-ordered.
/// Lengths whose prime factors are at most 127 need no planning and give the same bits on every run; others go
/// to FFTW. source: Cooley and Tukey 1965, doi:10.1090/S0025-5718-1965-0178586-1; decimation in frequency:
/// Gentleman and Sande 1966, doi:10.1145/1464291.1464352
class BlockFft {
 public:
  /// Lines side by side in a block.
  static constexpr int width = 16;

  /// Made once a process and length; cheap afterwards.
  static const BlockFft& of_length(int length);
  ~BlockFft();
  BlockFft(const BlockFft&) = delete;
  BlockFft& operator=(const BlockFft&) = delete;

  int length() const { return static_cast<int>(frequencies_.size()); }
  /// The frequency, 0 to length - 1, of each row of a transformed block.
  std::span<const int> frequencies() const { return frequencies_; }

  void forward(Complex* block) const;
  void inverse(Complex* block) const;
  /// There and back; only frequencies whose flags are set remain, [length][16] with two bytes a sample, 0 or
  /// -1. The last butterflies there, the mask and the first ones back are one pass over the block.
  void filter(Complex* block, const std::int8_t* flags) const;

 private:
  struct Stages;
  struct Plans;
  explicit BlockFft(int length);

  std::vector<int> frequencies_;
  std::unique_ptr<Stages> stages_; ///< butterflies, or null
  std::unique_ptr<Plans> plans_;   ///< FFTW's, when there are no butterflies
};

} // namespace bloch::imaging
