#include "imaging/parallel/large_pages.h"

#include <cstdint>
#include <cstdlib>
#include <new>

#if defined(__GLIBC__)
#include <malloc.h>
#include <sys/mman.h>
#endif

namespace bloch::imaging {

void prepare_heap_for_large_arrays() {
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
  constexpr std::size_t step = std::size_t{256}
                               << 20; // of address space; memory is taken when it is written to
  constexpr std::size_t huge_page = std::size_t{2} << 20;
  mallopt(M_MMAP_MAX, 0); // large arrays from the heap too
  mallopt(M_TRIM_THRESHOLD, static_cast<int>(step));
  mallopt(M_TOP_PAD, static_cast<int>(step));
  // Larger than what is free at the start, so that the heap takes its first step now.
  constexpr std::size_t first = std::size_t{1} << 20;
  void* const taken = std::malloc(first);
  if (!taken) return;
  const auto begin = (reinterpret_cast<std::uintptr_t>(taken) + huge_page - 1) / huge_page * huge_page;
  (void)madvise(reinterpret_cast<void*>(begin), step - huge_page, MADV_HUGEPAGE);
  std::free(taken);
#endif
}

std::shared_ptr<void> large_memory(std::size_t bytes) {
  constexpr std::size_t huge_page = std::size_t{2} << 20;
  const std::size_t alignment = bytes >= 2 * huge_page ? huge_page : alignof(std::max_align_t);
  void* const memory = ::operator new(bytes, std::align_val_t(alignment));
#if defined(__GLIBC__)
  if (alignment == huge_page) (void)madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE);
#endif
  return {memory, [alignment](void* taken) { ::operator delete(taken, std::align_val_t(alignment)); }};
}

} // namespace bloch::imaging
