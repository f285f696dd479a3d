#include "imaging/parallel/large_pages.h"

#include <algorithm>
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

#include "imaging/parallel/parallel_for.h"

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
/// How much memory one that took longer speaks for.
constexpr std::ptrdiff_t stays_dear = std::ptrdiff_t{128} << 20;

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

/// Huge pages as long as they are had in good time.
class HugePages {
 public:
  /// Only a wish: what the system does not grant costs time alone. Whether it was quick; never while one that
  /// was not speaks for others.
  bool take(std::byte* page) {
    if (dear_for_ > 0) return false;
    const double start = thread_ms();
    (void)madvise(page, huge_page, MADV_HUGEPAGE);
    (void)madvise(page, huge_page, MADV_POPULATE_WRITE);
    const bool quick = thread_ms() - start < huge_page_ms;
    if (!quick) dear_for_ = stays_dear;
    return quick;
  }
  void had_ordinary(std::size_t bytes) { dear_for_ -= static_cast<std::ptrdiff_t>(bytes); }

 private:
  std::atomic<std::ptrdiff_t> dear_for_{0};
};

HugePages& huge_pages() {
  static HugePages pages;
  return pages;
}

/// Who writes to the memory first: one thread at once, or several after a while, each its part of it.
enum class FirstWriters { one, several };

/// Huge pages while they are quickly had, ordinary ones from the first that was not. For one writer all pages
/// at once, which costs less than one by one; for several every sixteenth is asked for, and the others follow
/// it.
void ask_for_pages(std::byte* memory, std::size_t bytes, FirstWriters writers) {
  const std::size_t end = bytes / huge_page * huge_page;
  const std::size_t step = writers == FirstWriters::one ? huge_page : 16 * huge_page;
  std::size_t place = 0;
  for (; place < end && huge_pages().take(memory + place); place += step)
    if (step > huge_page) (void)madvise(memory + place, std::min(step, end - place), MADV_HUGEPAGE);
  if (place >= end) return;
  huge_pages().had_ordinary(end - place);
  (void)madvise(memory + place, end - place, MADV_NOHUGEPAGE);
  if (writers == FirstWriters::one) (void)madvise(memory + place, end - place, MADV_POPULATE_WRITE);
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
  constexpr std::size_t first = std::size_t{1} << 20, small_arrays = std::size_t{32} << 20;
  void* const taken = std::malloc(first);
  if (!taken) return;
  const auto begin = (reinterpret_cast<std::uintptr_t>(taken) + huge_page - 1) / huge_page * huge_page;
  auto* const pages = reinterpret_cast<std::byte*>(begin);
  if (huge_pages().take(pages)) (void)madvise(pages, small_arrays, MADV_HUGEPAGE);
  std::free(taken);
#endif
}

void* take_large_memory(std::size_t bytes) {
  void* const memory = ::operator new(bytes, alignment_of(bytes));
#if defined(__GLIBC__)
  if (bytes >= huge_page) ask_for_pages(static_cast<std::byte*>(memory), bytes, FirstWriters::one);
#endif
  return memory;
}

void return_large_memory(void* memory, std::size_t bytes) { ::operator delete(memory, alignment_of(bytes)); }

std::shared_ptr<void> large_memory(std::size_t bytes) {
  void* const memory = ::operator new(bytes, alignment_of(bytes));
#if defined(__GLIBC__)
  const auto writers = thread_count() > 1 ? FirstWriters::several : FirstWriters::one;
  if (bytes >= huge_page) ask_for_pages(static_cast<std::byte*>(memory), bytes, writers);
#endif
  return {memory, [bytes](void* taken) { return_large_memory(taken, bytes); }};
}

} // namespace bloch::imaging
