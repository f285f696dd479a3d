#include "imaging/parallel/large_pages.h"

#include <cstdint>
#include <cstdlib>
#include <new>

#if defined(__GLIBC__)
#include <malloc.h>
#include <sys/mman.h>
#endif

namespace bloch::imaging {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

std::align_val_t alignment_of(std::size_t bytes) {
  return std::align_val_t{bytes < huge_page ? 64 : huge_page};
}

} // namespace

void prepare_heap_for_large_arrays() {
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
  constexpr std::size_t step = std::size_t{256}
                               << 20; // of address space; memory is taken when it is written to
  mallopt(M_MMAP_MAX, 0);             // large arrays from the heap too
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

void* take_large_memory(std::size_t bytes) {
  void* const memory = ::operator new(bytes, alignment_of(bytes));
#if defined(__GLIBC__)
  // Only a wish: what the system does not grant costs time alone.
  if (bytes >= huge_page) (void)madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
}

void return_large_memory(void* memory, std::size_t bytes) { ::operator delete(memory, alignment_of(bytes)); }

std::shared_ptr<void> large_memory(std::size_t bytes) {
  return {take_large_memory(bytes), [bytes](void* memory) { return_large_memory(memory, bytes); }};
}

} // namespace bloch::imaging
