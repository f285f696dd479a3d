#include "app/cli/pauli_text.h"

#include <charconv>
#include <stdexcept>
#include <string_view>

namespace bloch::app {
namespace {

std::string_view past_spaces(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

} // namespace

Result<quantum::PauliSum> parse_pauli_sum(const std::string& text) {
  const auto wrong = [&](std::string_view rest) {
    const std::string found = rest.empty() ? "its end" : "'" + std::string(rest.substr(0, 20)) + "'";
    return failure(ErrorKind::invalid_parameter,
                   "an observable is written 0.5 XXI - ZIZ, qubit 0 rightmost; this is not understood at " +
                       found);
  };
  quantum::PauliSum sum;
  std::string_view rest = past_spaces(text);
  if (rest.empty()) return wrong(rest);
  for (bool first = true; !rest.empty(); first = false) {
    double coefficient = 1;
    if (rest[0] == '+' || rest[0] == '-') {
      coefficient = rest[0] == '-' ? -1 : 1;
      rest = past_spaces(rest.substr(1));
    } else if (!first)
      return wrong(rest);
    double factor = 1;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), factor);
    if (read.ec == std::errc{}) {
      coefficient *= factor;
      rest = past_spaces(rest.substr(static_cast<std::size_t>(read.ptr - rest.data())));
      if (!rest.empty() && rest[0] == '*') rest = past_spaces(rest.substr(1));
    }
    const std::size_t letters = std::min(rest.find_first_not_of("IXYZ"), rest.size());
    if (letters == 0) return wrong(rest);
    try {
      sum.add(coefficient, rest.substr(0, letters));
    } catch (const std::invalid_argument& error) {
      return failure(ErrorKind::invalid_parameter, error.what());
    }
    rest = past_spaces(rest.substr(letters));
  }
  return sum;
}

} // namespace bloch::app
