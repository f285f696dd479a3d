#include "app/cli/problem_files.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/text.h"

namespace bloch::app {
namespace {

using ProblemJson = nlohmann::json;

constexpr std::uintmax_t largest_problem = std::uintmax_t{64} << 20;

/// An object with no other keys than these, so that a slip of the pen is not left out in silence.
Result<ProblemJson> parse_object(std::string_view text, const std::string& name,
                                 const std::vector<std::string>& keys) {
  ProblemJson parsed = ProblemJson::parse(text, nullptr, false);
  if (!parsed.is_object()) return failure(ErrorKind::malformed, name + " is not a JSON object");
  for (const auto& [key, value] : parsed.items())
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      return failure(ErrorKind::malformed, name + " has a key '" + key + "' that means nothing here" +
                                               suggestion(key, keys) + "; known are " + join(keys, ", "));
  if (!parsed.contains("terms") || !parsed["terms"].is_array())
    return failure(ErrorKind::malformed, name + " needs a list \"terms\"");
  return parsed;
}

Result<double> coefficient_of(const ProblemJson& term, const std::string& where) {
  if (!term.is_object() || !term.contains("coefficient") || !term["coefficient"].is_number())
    return failure(ErrorKind::malformed, where + " needs a number \"coefficient\"");
  return term["coefficient"].get<double>();
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!trimmed(line).empty()) lines.push_back(trimmed(line));
  }
  return lines;
}

Result<quantum::BinaryPolynomial> products_of(const std::vector<std::string_view>& lines,
                                              const std::string& name) {
  std::vector<std::pair<std::vector<int>, double>> products;
  int variables = 1;
  for (std::size_t k = 1; k < lines.size(); ++k) {
    const auto cells = split(std::string(lines[k]), ',');
    const std::string where = name + ", row " + std::to_string(k);
    if (cells.size() != 3) return failure(ErrorKind::malformed, where + " needs three values: i,j,value");
    const auto i = to_integer(trimmed(cells[0])), j = to_integer(trimmed(cells[1]));
    const auto value = to_number(trimmed(cells[2]));
    if (!i || !j || *i < 0 || *j < 0 || *i > 62 || *j > 62)
      return failure(ErrorKind::malformed, where + " needs two variables from 0 to 62");
    if (!value) return failure(ErrorKind::malformed, where + ": '" + cells[2] + "' is not a number");
    products.push_back({{static_cast<int>(*i), static_cast<int>(*j)}, *value});
    variables = std::max({variables, static_cast<int>(*i) + 1, static_cast<int>(*j) + 1});
  }
  if (products.empty()) return failure(ErrorKind::malformed, name + " has a header and no rows");
  quantum::BinaryPolynomial problem(variables);
  for (const auto& [product, value] : products) problem.add(value, product);
  return problem;
}

Result<quantum::BinaryPolynomial> matrix_of(const std::vector<std::string_view>& lines,
                                            const std::string& name) {
  if (lines.size() > 63)
    return failure(ErrorKind::malformed, name + " has more than 63 rows; a problem has at most 63 variables");
  quantum::BinaryPolynomial problem(static_cast<int>(lines.size()));
  for (std::size_t row = 0; row < lines.size(); ++row) {
    const auto cells = split(std::string(lines[row]), ',');
    const std::string where = name + ", row " + std::to_string(row + 1);
    if (cells.size() != lines.size())
      return failure(ErrorKind::malformed, where + " has " + std::to_string(cells.size()) +
                                               " values; a matrix Q is square, here " +
                                               std::to_string(lines.size()));
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const auto value = to_number(trimmed(cells[column]));
      if (!value)
        return failure(ErrorKind::malformed, where + ": '" + cells[column].substr(0, 40) + "' is not a number");
      problem.add(*value, std::vector{static_cast<int>(row), static_cast<int>(column)});
    }
  }
  return problem;
}

} // namespace

Result<quantum::BinaryPolynomial> parse_binary_problem_json(std::string_view text, const std::string& name) {
  BLOCH_TRY(object, parse_object(text, name, {"variables", "constant", "terms"}));
  if (!object.contains("variables") || !object["variables"].is_number_integer())
    return failure(ErrorKind::malformed, name + " needs \"variables\", how many there are");
  try {
    quantum::BinaryPolynomial problem(
        static_cast<int>(std::clamp<std::int64_t>(object["variables"].get<std::int64_t>(), -1, 1000)));
    if (object.contains("constant")) {
      if (!object["constant"].is_number())
        return failure(ErrorKind::malformed, name + ": \"constant\" is a number");
      problem.add(object["constant"].get<double>(), {});
    }
    std::size_t place = 0;
    for (const ProblemJson& term : object["terms"]) {
      const std::string where = name + ", term " + std::to_string(++place);
      BLOCH_TRY(coefficient, coefficient_of(term, where));
      if (!term.contains("variables") || !term["variables"].is_array())
        return failure(ErrorKind::malformed, where + " needs a list \"variables\"");
      std::vector<int> product;
      for (const ProblemJson& variable : term["variables"]) {
        if (!variable.is_number_integer())
          return failure(ErrorKind::malformed, where + ": variables are whole numbers");
        product.push_back(static_cast<int>(std::clamp<std::int64_t>(variable.get<std::int64_t>(), -1, 1000)));
      }
      problem.add(coefficient, product);
    }
    return problem;
  } catch (const std::invalid_argument& error) {
    return failure(ErrorKind::malformed, name + ": " + error.what());
  }
}

Result<quantum::BinaryPolynomial> parse_binary_problem_csv(std::string_view text, const std::string& name) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto lines = lines_of(text);
  if (lines.empty()) return failure(ErrorKind::malformed, name + " is empty");
  try {
    std::string header;
    for (const char c : lines[0])
      if (c != ' ') header += c;
    return header == "i,j,value" ? products_of(lines, name) : matrix_of(lines, name);
  } catch (const std::invalid_argument& error) {
    return failure(ErrorKind::malformed, name + ": " + error.what());
  }
}

Result<quantum::BinaryPolynomial> read_binary_problem(const std::filesystem::path& path) {
  BLOCH_TRY(bytes, read_file(path, largest_problem));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string name = path.filename().string();
  return path.extension() == ".csv" ? parse_binary_problem_csv(text, name)
                                    : parse_binary_problem_json(text, name);
}

Result<quantum::PauliSum> parse_hamiltonian(std::string_view text, const std::string& name) {
  BLOCH_TRY(object, parse_object(text, name, {"terms"}));
  quantum::PauliSum sum;
  std::size_t place = 0;
  for (const ProblemJson& term : object["terms"]) {
    const std::string where = name + ", term " + std::to_string(++place);
    BLOCH_TRY(coefficient, coefficient_of(term, where));
    if (!term.contains("pauli") || !term["pauli"].is_string())
      return failure(ErrorKind::malformed, where + " needs \"pauli\", a word such as \"XIZ\"");
    try {
      sum.add(coefficient, term["pauli"].get<std::string>());
    } catch (const std::invalid_argument& error) {
      return failure(ErrorKind::malformed, where + ": " + error.what());
    }
  }
  if (sum.terms().empty()) return failure(ErrorKind::malformed, name + " has no terms");
  return sum;
}

Result<quantum::PauliSum> read_hamiltonian(const std::filesystem::path& path) {
  BLOCH_TRY(bytes, read_file(path, largest_problem));
  return parse_hamiltonian({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                           path.filename().string());
}

std::string bit_text(std::uint64_t bits, int count) {
  std::string text;
  for (int k = count; k-- > 0;) text += (bits >> k & 1) != 0 ? '1' : '0';
  return text;
}

} // namespace bloch::app
