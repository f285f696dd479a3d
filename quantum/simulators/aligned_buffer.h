#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace bloch::quantum {

/// Numbers at a 64-byte boundary; large ones ask the system for huge pages (8 to 20 % on plain sweeps). Not
/// initialised.
template <class Number> class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size)
      : size_(size) {
    if (size == 0) return;
    const std::size_t huge_page = std::size_t{1} << 21;
    const std::size_t alignment = size * sizeof(Number) >= huge_page ? huge_page : 64;
    const std::size_t bytes = (size * sizeof(Number) + alignment - 1) / alignment * alignment;
    data_.reset(static_cast<Number*>(std::aligned_alloc(alignment, bytes)));
    if (!data_) throw std::bad_alloc();
#ifdef __linux__
    if (alignment == huge_page) madvise(data_.get(), bytes, MADV_HUGEPAGE);
#endif
  }

  Number* data() { return data_.get(); }
  const Number* data() const { return data_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(Number* pointer) const { std::free(pointer); }
  };
  std::unique_ptr<Number, Free> data_;
  std::size_t size_ = 0;
};

} // namespace bloch::quantum
