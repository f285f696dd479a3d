#include "imaging/parallel/large_pages.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
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

#if defined(__GLIBC__)

/// The time a huge page may take. Memory that the system has at hand takes a fifth of it; what it must first
/// make by moving other pages, or a guest get from its host, 5 to 20 times as long as in ordinary pages.
constexpr double huge_page_ms = 1;

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

/// Whether the page was had in good time. Only a wish: what the system does not grant costs time alone.
bool take_huge_page(std::byte* page) {
  const double start = thread_ms();
  (void)madvise(page, huge_page, MADV_HUGEPAGE);
  (void)madvise(page, huge_page, MADV_POPULATE_WRITE);
  return thread_ms() - start < huge_page_ms;
}

std::atomic<bool> dear = false;
/// Huge pages while they are quickly had, ordinary ones from the first that was not.
void take_huge_pages(std::byte* memory, std::size_t bytes) {
  const std::size_t end = bytes / huge_page * huge_page;
  for (std::size_t place = 0; place < end; place += huge_page)
    if (dear || !take_huge_page(memory + place)) {
      dear = true;
      (void)madvise(memory + place, end - place, MADV_NOHUGEPAGE);
      (void)madvise(memory + place, end - place, MADV_POPULATE_WRITE);
      return;
    }
}

#endif

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
  auto* const pages = reinterpret_cast<std::byte*>(begin);
  dear = !take_huge_page(pages);
  constexpr std::size_t small_arrays = std::size_t{32} << 20;
  if (!dear) (void)madvise(pages, small_arrays, MADV_HUGEPAGE);
  std::free(taken);
#endif
}

void* take_large_memory(std::size_t bytes) {
  void* const memory = ::operator new(bytes, alignment_of(bytes));
#if defined(__GLIBC__)
  if (bytes >= huge_page) take_huge_pages(static_cast<std::byte*>(memory), bytes);
#endif
  return memory;
}

void return_large_memory(void* memory, std::size_t bytes) { ::operator delete(memory, alignment_of(bytes)); }

std::shared_ptr<void> large_memory(std::size_t bytes) {
  return {take_large_memory(bytes), [bytes](void* memory) { return_large_memory(memory, bytes); }};
}

} // namespace bloch::imaging
