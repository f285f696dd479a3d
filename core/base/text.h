#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bloch {

/// The candidate with the smallest edit distance, when it is near enough to be what was meant.
std::optional<std::string> nearest_name(std::string_view wanted, std::span<const std::string> candidates);

/// ", did you mean 'x'?" or "; known: a, b, c" for error messages about a name that is not known.
std::string suggestion(std::string_view wanted, std::span<const std::string> candidates);

std::string join(std::span<const std::string> parts, std::string_view separator);
std::vector<std::string> split(std::string_view text, char separator);
std::string_view trimmed(std::string_view text);
std::string lower_case(std::string_view text);

/// The whole text as a finite number, or nothing: no locale, no trailing characters.
std::optional<double> to_number(std::string_view text);
std::optional<long long> to_integer(std::string_view text);

/// Shortest text that reads back as the same number ("0.008", "4").
std::string to_text(double number);

} // namespace bloch
