#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace bloch::imaging {

// On arrays of megabytes page faults cost more than the work. Huge pages are 512 times fewer, where the system
// has them at hand; where it must first make them, they cost more than ordinary ones, and those are taken.

/// Lets the heap grow in large steps and keeps what is freed for the next array. Call once at the start of a
/// program; does nothing where the system or the C library cannot.
void prepare_heap_for_large_arrays();

/// Memory at 64-byte borders; of 2 MB and more at the borders of huge pages, and fetched at once: for one
/// thread to write to. Goes back with the same size. Throws std::bad_alloc.
void* take_large_memory(std::size_t bytes);
void return_large_memory(void* memory, std::size_t bytes);

/// The same for several threads, each of which fetches what it writes to; goes back by itself.
std::shared_ptr<void> large_memory(std::size_t bytes);

/// An array that is not cleared first. Throws std::bad_alloc.
template <class T> std::shared_ptr<T[]> make_large_array(std::size_t count) {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  if (count > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_alloc();
  const std::shared_ptr<void> memory = large_memory(count * sizeof(T));
  return {memory, static_cast<T*>(memory.get())};
}

} // namespace bloch::imaging
