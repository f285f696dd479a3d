#pragma once

#include <string>
#include <vector>

namespace bloch::imaging::detail {

/// An array of a file before its samples are read.
struct ArrayHead {
  std::string name;         ///< of several in the file; empty: the file holds one
  std::vector<int> extents; ///< slowest first
  bool complex = false;
};

} // namespace bloch::imaging::detail
