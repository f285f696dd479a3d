#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bloch::quantum {

enum class TokenKind { identifier, integer, real, text, symbol, end };

/// A piece of a program. Views into the program's text, which outlives it.
struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  int line = 1;
  int column = 1;
  double number = 0;         ///< of integer and real
  std::uint64_t integer = 0; ///< of integer, exact
};

/// The tokens of a program, with one of kind end last. throws: QasmError
std::vector<Token> tokens_of(std::string_view program);

} // namespace bloch::quantum
