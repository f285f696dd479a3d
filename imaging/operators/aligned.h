#pragma once

#include <complex>
#include <cstddef>
#include <new>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace bloch::imaging {

using Complex = std::complex<float>;

/// Gives memory at 64-byte borders, so that vector loads and FFTW's aligned plans apply; large arrays at the
/// borders of huge pages, which the system is asked for: 512 times fewer page faults.
template <class T> struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};
  static constexpr std::size_t huge_page = std::size_t{2} << 20;

  AlignedAllocator() = default;
  template <class U> AlignedAllocator(const AlignedAllocator<U>&) {}
  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < huge_page) return static_cast<T*>(::operator new(bytes, alignment));
    void* const memory = ::operator new (bytes, std::align_val_t{huge_page});
#if defined(__linux__)
    // Only a wish: what the system does not grant costs time alone.
    (void)madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return static_cast<T*>(memory);
  }
  void deallocate(T* pointer, std::size_t count) {
    if (count * sizeof(T) < huge_page)
      ::operator delete(pointer, alignment);
    else
      ::operator delete (pointer, std::align_val_t{huge_page});
  }
  template <class U> bool operator==(const AlignedAllocator<U>&) const { return true; }
};

template <class T> using AlignedVector = std::vector<T, AlignedAllocator<T>>;
using ComplexBuffer = AlignedVector<Complex>;

} // namespace bloch::imaging
