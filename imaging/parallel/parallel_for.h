#pragma once

#include <cstddef>
#include <functional>

namespace bloch::imaging {

/// Sizes the one oneTBB arena that all work runs in; 0 means all processors. Call once at start, before any
/// work.
void set_thread_count(int threads);
int thread_count();

/// Keeps OpenBLAS on the thread that calls it. Called before each use of it: its OpenMP build asks every
/// calling thread anew how many it may have, and would start as many in each worker of the arena.
void one_blas_thread();

/// Calls body(i) for begin <= i < end inside the arena, in any order. Exceptions reach the caller.
void parallel_for(std::size_t begin, std::size_t end, const std::function<void(std::size_t)>& body);

} // namespace bloch::imaging
