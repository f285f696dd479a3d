#pragma once

namespace bloch {

/// Smallest and largest sample.
struct ValueRange {
  double minimum = 0;
  double maximum = 0;

  bool operator==(const ValueRange&) const = default;
};

} // namespace bloch
