#include "quantum/qasm/detail/lexer.h"

#include <charconv>
#include <cmath>
#include <string>

#include "quantum/qasm/qasm.h"

namespace bloch::quantum {
namespace {

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  explicit Lexer(std::string_view program)
      : program_(program) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    while (skip_space()) {
      tokens.push_back(next());
      const Token& last = tokens.back();
      statement_begins_ =
          last.kind == TokenKind::symbol && (last.text == ";" || last.text == "{" || last.text == "}");
    }
    tokens.push_back({TokenKind::end, {}, line_, column_});
    return tokens;
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < program_.size() ? program_[at_ + ahead] : '\0';
  }

  void step(std::size_t count) {
    for (; count > 0 && at_ < program_.size(); --count, ++at_) {
      if (program_[at_] == '\n') {
        ++line_;
        column_ = 1;
      } else if ((static_cast<unsigned char>(program_[at_]) & 0xc0) != 0x80)
        ++column_; // one a character, not a byte
    }
  }

  /// False at the end of the program.
  bool skip_space() {
    while (at_ < program_.size()) {
      const char c = peek();
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        step(1);
      else if (c == '/' && peek(1) == '/')
        step_line();
      else if (c == '/' && peek(1) == '*') {
        const int line = line_, column = column_;
        const std::size_t close = program_.find("*/", at_ + 2);
        if (close == std::string_view::npos)
          throw QasmError(line, column, "this comment is not closed; expected '*/'");
        step(close + 2 - at_);
      } else if (c == '#' || (statement_begins_ && (c == '@' || at_pragma())))
        step_line(); // pragmas and annotations
      else
        return true;
    }
    return false;
  }

  bool at_pragma() const { return program_.substr(at_, 6) == "pragma" && (peek(6) == ' ' || peek(6) == '\t'); }

  void step_line() {
    while (at_ < program_.size() && program_[at_] != '\n') step(1);
  }

  Token next() {
    Token token{TokenKind::symbol, {}, line_, column_};
    std::size_t length = 1;
    const char c = peek();
    if (starts_name(c) || (c == '$' && is_digit(peek(1)))) { // $0: a hardware qubit
      token.kind = TokenKind::identifier;
      while (starts_name(peek(length)) || is_digit(peek(length))) ++length;
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1))))
      length = read_number(token);
    else if (c == '"' || c == '\'') {
      token.kind = TokenKind::text;
      while (at_ + length < program_.size() && peek(length) != c && peek(length) != '\n') ++length;
      if (peek(length) != c)
        throw QasmError(line_, column_, "this text is not closed; expected " + std::string(1, c));
      token.text = program_.substr(at_ + 1, length - 1);
      step(length + 1);
      return token;
    } else {
      static constexpr std::string_view pairs[] = {"->", "==", "!=", "<=", ">=", "&&", "||", "**", "++", "+=",
                                                   "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<", ">>"};
      for (const std::string_view pair : pairs)
        if (program_.substr(at_, 2) == pair) length = 2;
      if (length == 2 && peek(2) == '=' && (c == '<' || c == '>' || c == '*') && peek(1) == c)
        length = 3; // "<<="
      if (length == 1 && std::string_view("()[]{};,+-*/^=<>!~@:&|%.").find(c) == std::string_view::npos) {
        const bool printable = c > ' ' && c < '\x7f';
        throw QasmError(line_, column_,
                        printable ? "unexpected character '" + std::string(1, c) + "'"
                                  : "unexpected character");
      }
    }
    token.text = program_.substr(at_, length);
    step(length);
    return token;
  }

  std::size_t read_number(Token& token) {
    if (peek() == '0' &&
        (peek(1) == 'x' || peek(1) == 'X' || peek(1) == 'b' || peek(1) == 'B' || peek(1) == 'o'))
      return read_based(token);
    std::string digits;
    std::size_t length = 0;
    bool real = false;
    for (; is_digit(peek(length)) || peek(length) == '_'; ++length)
      if (peek(length) != '_') digits += peek(length);
    if (peek(length) == '.' && (is_digit(peek(length + 1)) || !starts_name(peek(length + 1)))) {
      real = true;
      digits += '.';
      for (++length; is_digit(peek(length)); ++length) digits += peek(length);
    }
    const std::size_t sign = peek(length + 1) == '+' || peek(length + 1) == '-' ? 1 : 0;
    if ((peek(length) == 'e' || peek(length) == 'E') && is_digit(peek(length + 1 + sign))) {
      real = true;
      digits += 'e';
      if (sign == 1) digits += peek(length + 1);
      for (length += 1 + sign; is_digit(peek(length)); ++length) digits += peek(length);
    }
    const char *first = digits.data(), *last = first + digits.size();
    token.kind = real ? TokenKind::real : TokenKind::integer;
    if (std::from_chars(first, last, token.number).ec != std::errc{} || !std::isfinite(token.number))
      throw QasmError(line_, column_, "this number does not fit a double");
    if (!real && std::from_chars(first, last, token.integer).ec != std::errc{})
      throw QasmError(line_, column_, "this whole number does not fit 64 bits");
    return length;
  }

  std::size_t read_based(Token& token) {
    const int base = peek(1) == 'x' || peek(1) == 'X' ? 16 : peek(1) == 'o' ? 8 : 2;
    std::string digits;
    std::size_t length = 2;
    for (; is_digit(peek(length)) || starts_name(peek(length)); ++length)
      if (peek(length) != '_') digits += peek(length);
    const char* last = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), last, token.integer, base);
    if (digits.empty() || read.ec != std::errc{} || read.ptr != last)
      throw QasmError(line_, column_,
                      "this is not a whole number of base " + std::to_string(base) + " within 64 bits");
    token.kind = TokenKind::integer;
    token.number = static_cast<double>(token.integer);
    return length;
  }

  std::string_view program_;
  std::size_t at_ = 0;
  bool statement_begins_ = true;
  int line_ = 1;
  int column_ = 1;
};

} // namespace

std::vector<Token> tokens_of(std::string_view program) { return Lexer(program).run(); }

} // namespace bloch::quantum
