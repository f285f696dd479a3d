#pragma once

#include <algorithm>
#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace bloch {

/// Complex samples that nobody changes any more: copies share them. They lie in a vector or wherever else their
/// owner keeps them, as in a mapped file.
class SharedSamples {
 public:
  using value_type = std::complex<float>;

  SharedSamples() = default;
  SharedSamples(std::vector<value_type> samples) // a vector is what nearly everybody has
      : SharedSamples(std::make_shared<const std::vector<value_type>>(std::move(samples))) {}
  /// Contract: the samples stay where they are as long as the owner lives.
  SharedSamples(std::shared_ptr<const void> owner, std::span<const value_type> samples)
      : owner_(std::move(owner))
      , samples_(samples) {}

  const value_type* data() const { return samples_.data(); }
  std::size_t size() const { return samples_.size(); }
  bool empty() const { return samples_.empty(); }
  auto begin() const { return samples_.begin(); }
  auto end() const { return samples_.end(); }
  const value_type& operator[](std::size_t index) const { return samples_[index]; }
  /// Some of them, for as long as anybody needs them. Contract: they are there.
  SharedSamples part(std::size_t begin, std::size_t count) const {
    return {owner_, samples_.subspan(begin, count)};
  }
  operator std::span<const value_type>() const { return samples_; }
  bool operator==(const SharedSamples& other) const {
    return std::equal(begin(), end(), other.begin(), other.end());
  }

 private:
  explicit SharedSamples(std::shared_ptr<const std::vector<value_type>> vector)
      : owner_(vector)
      , samples_(*vector) {}

  std::shared_ptr<const void> owner_;
  std::span<const value_type> samples_;
};

} // namespace bloch
