#pragma once

namespace bloch::imaging {

/// Lets the heap grow in large steps of huge pages and keeps what is freed for the next array: on arrays of
/// megabytes page faults cost more than the work. Call once at the start of a program; does nothing where the
/// system or the C library cannot.
void prepare_heap_for_large_arrays();

} // namespace bloch::imaging
