#pragma once

#include <complex>
#include <cstddef>
#include <vector>

#include "imaging/parallel/large_pages.h"

namespace bloch::imaging {

using Complex = std::complex<float>;

/// Gives memory as take_large_memory does, so that vector loads and FFTW's aligned plans apply.
template <class T> struct AlignedAllocator {
  using value_type = T;

  AlignedAllocator() = default;
  template <class U> AlignedAllocator(const AlignedAllocator<U>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(take_large_memory(count * sizeof(T))); }
  void deallocate(T* pointer, std::size_t count) { return_large_memory(pointer, count * sizeof(T)); }
  template <class U> bool operator==(const AlignedAllocator<U>&) const { return true; }
};

template <class T> using AlignedVector = std::vector<T, AlignedAllocator<T>>;
using ComplexBuffer = AlignedVector<Complex>;

} // namespace bloch::imaging
