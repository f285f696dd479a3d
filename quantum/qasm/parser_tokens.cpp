#include <algorithm>

#include "quantum/qasm/detail/parser.h"

namespace bloch::quantum {

// The tokens of a program, and what is said about them.

const Token& QasmParser::peek(std::size_t ahead) const {
  const std::vector<Token>& tokens = sources_[source_];
  return tokens[std::min(position_ + ahead, tokens.size() - 1)];
}

bool QasmParser::at(std::string_view text) const {
  return peek().kind != TokenKind::text && peek().text == text && !text.empty();
}

const Token& QasmParser::take() {
  const Token& token = peek();
  if (token.kind != TokenKind::end) ++position_;
  return token;
}

bool QasmParser::take_if(std::string_view text) {
  if (!at(text)) return false;
  take();
  return true;
}

void QasmParser::expect(std::string_view text, std::string_view where) {
  if (take_if(text)) return;
  fail_expected("'" + std::string(text) + "'" + (where.empty() ? "" : " " + std::string(where)));
}

std::string_view QasmParser::expect_name(std::string_view what) {
  if (peek().kind != TokenKind::identifier || peek().text[0] == '$') fail_expected(std::string(what));
  return take().text;
}

void QasmParser::fail(const Token& token, const std::string& what) const {
  throw QasmError(token.line, token.column, what);
}

void QasmParser::fail_expected(const std::string& what) const {
  const Token& token = peek();
  const std::string_view shown = token.text.substr(0, 40);
  fail(token, "expected " + what + ", found " +
                  (token.kind == TokenKind::end ? std::string("the end of the program")
                                                : "'" + std::string(shown) + "'"));
}

void QasmParser::count_step(std::size_t count) {
  steps_ += count;
  if (steps_ > options_.most_steps)
    fail(peek(), "the program has more than " + std::to_string(options_.most_steps) +
                     " steps when its gates and loops are written out");
}

/// Past a block or a single statement, without doing it.
void QasmParser::skip_statement() {
  if (++depth_ > 200) fail(peek(), "this is nested too deeply");
  if (at("{"))
    skip_group();
  else if (take_if("if")) {
    skip_group();
    skip_statement();
    if (take_if("else")) skip_statement();
  } else if (at("for")) {
    while (!at("in") && peek().kind != TokenKind::end) take();
    take();
    skip_group();
    skip_statement();
  } else if (take_if("box")) {
    if (at("[")) skip_group();
    skip_statement();
  } else if (take_if("while") || take_if("switch")) {
    skip_group();
    skip_statement();
  } else {
    while (!at(";")) {
      if (peek().kind == TokenKind::end || at("}")) fail_expected("';'");
      at("(") || at("[") || at("{") ? skip_group() : static_cast<void>(take());
    }
    take();
  }
  --depth_;
}

/// Past '(', '[' or '{' and what closes it.
void QasmParser::skip_group() {
  if (!at("(") && !at("[") && !at("{")) fail_expected("'(', '[' or '{'");
  int open = 0;
  do {
    if (peek().kind == TokenKind::end) fail_expected("what closes this");
    if (at("(") || at("[") || at("{")) ++open;
    if (at(")") || at("]") || at("}")) --open;
    take();
  } while (open > 0);
}

} // namespace bloch::quantum
