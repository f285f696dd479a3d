#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace bloch {

/// What kind of refusal; decides the exit code of the command line and the icon of a message in the window.
enum class ErrorKind {
  invalid_parameter, ///< the caller asked for something that cannot be: exit 2 on the command line
  not_found,         ///< a path, series or name that is not there
  malformed,         ///< a file that does not hold what it claims
  unsupported,       ///< understood, but not handled
  not_writable,      ///< target cannot be written: permissions, full disk
  out_of_memory,     ///< would not fit; refused before allocating
  cancelled,         ///< the user stopped it
  failed             ///< anything else that the world refused
};

/// What the world refused: one sentence that says what happened and what to do. Never holds patient data.
struct [[nodiscard]] Error {
  ErrorKind kind = ErrorKind::failed;
  std::string message;

  /// The same error seen from one level out: "context: message".
  Error in(std::string_view context) const { return {kind, std::string(context) + ": " + message}; }
};

/// A value, or the reason why there is none.
template <class T> using Result = tl::expected<T, Error>;

/// `return failure(ErrorKind::malformed, "…");`
inline tl::unexpected<Error> failure(ErrorKind kind, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(message)});
}

/// `return failure(result.error());`
inline tl::unexpected<Error> failure(Error error) { return tl::unexpected<Error>(std::move(error)); }

} // namespace bloch

/// Takes the value of a Result into a new variable, or returns its error from the enclosing function.
#define BLOCH_TRY(variable, expression)                                                                        \
  auto variable##_result = (expression);                                                                       \
  if (!variable##_result) return ::bloch::failure(std::move(variable##_result.error()));                       \
  auto& variable = *variable##_result

/// Runs something that returns Result<void>, or returns its error from the enclosing function.
#define BLOCH_CHECK(expression)                                                                                \
  do {                                                                                                         \
    auto bloch_check_result = (expression);                                                                    \
    if (!bloch_check_result) return ::bloch::failure(std::move(bloch_check_result.error()));                   \
  } while (false)
