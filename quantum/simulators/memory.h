#pragma once

#include <cstddef>
#include <string>

namespace bloch::quantum {

/// Bytes the system could hand out now without swapping; a huge number where it does not say.
std::size_t available_memory();

/// throws: std::invalid_argument "… needs 4.0 GiB, and 3.1 GiB are free", so that a refusal comes before the
/// allocation
void check_memory(std::size_t bytes, const std::string& what);

} // namespace bloch::quantum
