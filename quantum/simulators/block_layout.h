#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bloch::quantum {

/// Where the qubits of a pass lie in its blocks.
class BlockLayout {
 public:
  BlockLayout(std::uint64_t active, int qubits)
      : active_(active) {
    for (int qubit = 0; qubit < qubits; ++qubit) {
      if (active >> qubit & 1)
        local_.push_back(qubit);
      else
        outer_.push_back(qubit);
    }
    while (contiguous_ < width() && local_[contiguous_] == contiguous_) ++contiguous_;
    for (std::size_t run = 0; run < std::size_t{1} << (width() - contiguous_); ++run) {
      std::size_t offset = 0;
      for (int k = contiguous_; k < width(); ++k) offset |= (run >> (k - contiguous_) & 1) << local_[k];
      run_offsets_.push_back(offset);
    }
  }

  int qubits() const { return static_cast<int>(local_.size() + outer_.size()); }
  int width() const { return static_cast<int>(local_.size()); }
  const std::vector<int>& local_qubits() const { return local_; }
  bool is_outer(int qubit) const { return (active_ >> qubit & 1) == 0; }
  int local(int qubit) const {
    return static_cast<int>(std::lower_bound(local_.begin(), local_.end(), qubit) - local_.begin());
  }
  /// The qubits outside.
  std::uint64_t outer_mask() const { return (std::uint64_t{1} << qubits()) - 1 - active_; }
  bool in_place() const { return contiguous_ == width(); }
  std::size_t blocks() const { return std::size_t{1} << outer_.size(); }
  std::size_t run_length() const { return std::size_t{1} << contiguous_; }
  const std::vector<std::size_t>& run_offsets() const { return run_offsets_; }
  /// Index of a block's first amplitude.
  std::size_t base(std::size_t block) const {
    std::size_t index = 0;
    for (std::size_t k = 0; k < outer_.size(); ++k) index |= (block >> k & 1) << outer_[k];
    return index;
  }

 private:
  std::uint64_t active_;
  std::vector<int> local_, outer_;
  int contiguous_ = 0;
  std::vector<std::size_t> run_offsets_;
};

} // namespace bloch::quantum
