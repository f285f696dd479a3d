#pragma once

#include <stdexcept>
#include <string>

namespace bloch::detail {
[[noreturn]] inline void broken_contract(const char* condition, const char* file, int line) {
  throw std::logic_error(std::string("contract broken: ") + condition + " at " + file + ":" +
                         std::to_string(line));
}
} // namespace bloch::detail

/// A condition that only a bug can break; throws std::logic_error with its place.
#define BLOCH_EXPECTS(condition)                                                                               \
  do {                                                                                                         \
    if (!(condition)) ::bloch::detail::broken_contract(#condition, __FILE__, __LINE__);                        \
  } while (false)
