#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "imaging/parallel/parallel_for.h"

namespace bloch::imaging {

/// Cuts an array into one piece a worker, at multiples of 1024 samples: the same cuts, and so the same sums,
/// for the same number of workers. Arrays that are too short for it stay whole.
class Pieces {
 public:
  Pieces(std::size_t count, int workers)
      : count_(count)
      , pieces_(std::clamp<std::size_t>(count / shortest, 1, static_cast<std::size_t>(std::max(1, workers)))) {}

  /// body(begin, length) of each piece, side by side.
  template <class Body> void run(Body&& body) const {
    if (pieces_ == 1)
      body(std::size_t{0}, count_);
    else
      parallel_for(0, pieces_,
                   [&](std::size_t piece) { body(begin_of(piece), begin_of(piece + 1) - begin_of(piece)); });
  }

  /// The values of body(begin, length), added up in the order of the pieces; Value{} is zero.
  template <class Value, class Body> Value sum(Body&& body) const {
    std::vector<Value> parts(pieces_);
    run([&](std::size_t begin, std::size_t length) { parts[piece_of(begin)] = body(begin, length); });
    Value total{};
    for (const Value& part : parts) total += part;
    return total;
  }

 private:
  static constexpr std::size_t grain = 1024;
  static constexpr std::size_t shortest = 16 * grain;

  std::size_t begin_of(std::size_t piece) const {
    return piece == pieces_ ? count_ : piece * (count_ / grain) / pieces_ * grain;
  }
  std::size_t piece_of(std::size_t begin) const {
    std::size_t piece = 0;
    while (begin_of(piece) < begin) ++piece;
    return piece;
  }

  std::size_t count_, pieces_;
};

} // namespace bloch::imaging
