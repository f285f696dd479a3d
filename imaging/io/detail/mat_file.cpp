#include "imaging/io/detail/mat_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "imaging/io/detail/byte_source.h"
#include "imaging/io/detail/file_name.h"
#include "imaging/io/detail/mat_variable.h"

namespace bloch::imaging::detail {
namespace {

constexpr std::size_t most_shown = 8;
constexpr const char* advice =
    "structs, cells, sparse matrices and tables are not read; save the array as a variable of its own";

enum class MatLevel { five, seven_three };

Result<MatLevel> level_of(const std::filesystem::path& path) {
  std::ifstream file(file_of(path), std::ios::binary);
  std::array<char, 520> head{};
  file.read(head.data(), head.size());
  const std::string_view front(head.data(), static_cast<std::size_t>(file.gcount()));
  constexpr std::string_view hdf5("\x89HDF\r\n\x1a\n", 8);
  if (front.starts_with(hdf5) || (front.size() == head.size() && front.ends_with(hdf5)))
    return MatLevel::seven_three;
  constexpr std::size_t version_at = 124;
  if (front.size() >= 128) {
    const std::string_view end = front.substr(version_at, 4);
    if (end == std::string_view("\0\1IM", 4) || end == std::string_view("\1\0MI", 4)) return MatLevel::five;
  }
  // Level 4 begins with a number below 5000 and three extents, in either byte order.
  if (front.size() >= 20 && front.substr(0, 4).find('\0') != std::string_view::npos)
    return refused(path, "is a MATLAB file of level 4, which is not read; load it in MATLAB and save it with "
                         "save(…, '-v7')");
  return failure(ErrorKind::malformed, quoted(path) + " is not a MATLAB file; check what it is");
}

Result<std::vector<MatVariable>> list_mat(const std::filesystem::path& path) {
  BLOCH_CHECK(check_readable(path));
  BLOCH_TRY(level, level_of(path));
  return level == MatLevel::five ? list_mat5(path) : list_mat73(path);
}

std::string described(const MatVariable& variable) {
  std::string size;
  for (const long long extent : variable.extents) size += (size.empty() ? "" : " x ") + std::to_string(extent);
  return fmt::format("{}: {}{}{}", printable(variable.name), printable(variable.type), size.empty() ? "" : " ",
                     size);
}

std::string listed(const std::vector<MatVariable>& variables) {
  std::vector<std::string> shown;
  for (const MatVariable& variable : variables)
    if (shown.size() < most_shown) shown.push_back(described(variable));
  if (variables.size() > most_shown) shown.push_back(fmt::format("and {} more", variables.size() - most_shown));
  return join(shown, "; ");
}

bool is_array(const MatVariable& variable) { return variable.sample && !variable.is_empty(); }

bool is_grid(const MatVariable& variable) {
  return is_array(variable) && variable.extents[0] > 1 && variable.extents[1] > 1;
}

Result<const MatVariable*> named_variable(const std::filesystem::path& path, const std::string& name,
                                          const std::vector<MatVariable>& variables) {
  const auto found = std::find_if(variables.begin(), variables.end(),
                                  [&](const MatVariable& variable) { return variable.name == name; });
  if (found == variables.end())
    return failure(ErrorKind::not_found, fmt::format("{} holds no variable '{}'; it holds {}",
                                                     quoted(file_of(path)), name, listed(variables)));
  if (found->sample && found->is_empty()) return refused(path, "is empty");
  if (!found->sample)
    return refused(path, fmt::format("is no array of numbers ({}): {}", described(*found), advice));
  return &*found;
}

Result<const MatVariable*> choose_variable(const std::filesystem::path& path, const MatWanted& wanted,
                                           const std::vector<MatVariable>& variables) {
  if (const std::string name = part_of(path); !name.empty()) return named_variable(path, name, variables);
  const auto fits = [&](const MatVariable& variable) { return variable.complex || !wanted.complex; };
  for (const std::string_view name : wanted.names)
    for (const MatVariable& variable : variables)
      if (variable.name == name && is_array(variable) && fits(variable)) return &variable;
  const auto only = [&](auto&& holds) -> const MatVariable* {
    const auto first = std::find_if(variables.begin(), variables.end(), holds);
    if (first == variables.end() || std::any_of(first + 1, variables.end(), holds)) return nullptr;
    return &*first;
  };
  if (const auto* one = only([&](const MatVariable& v) { return is_grid(v) && fits(v); })) return one;
  // A single array that does not fit is taken all the same: whoever asked can say better what is wrong with it.
  if (const auto* one = only(is_array)) return one;
  if (variables.empty()) return refused(path, "holds no variable at all");
  if (std::none_of(variables.begin(), variables.end(), is_array))
    return refused(path, fmt::format("holds no array of numbers ({}): {}", listed(variables), advice));
  const auto example = std::find_if(variables.begin(), variables.end(),
                                    [&](const MatVariable& v) { return is_array(v) && fits(v); });
  if (example == variables.end())
    return refused(path, fmt::format("holds no complex array ({}); k-space is complex", listed(variables)));
  const std::vector<std::string> known(wanted.names.begin(), wanted.names.end());
  return refused(path,
                 fmt::format("holds several variables ({}) and none that fits is called {}; say which one is "
                             "meant, as in '{}#{}'",
                             listed(variables), join(known, ", "), path.filename().string(),
                             printable(example->name)));
}

} // namespace

bool MatVariable::is_empty() const {
  return extents.empty() || std::any_of(extents.begin(), extents.end(), [](long long n) { return n < 1; });
}

std::string printable(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c < 32 || c > 126; }, '?');
  return name;
}

Result<NpyArray> read_mat(const std::filesystem::path& path, const MatWanted& wanted) {
  BLOCH_TRY(variables, list_mat(path));
  BLOCH_TRY(variable, choose_variable(path, wanted, variables));
  BLOCH_TRY(level, level_of(path));
  return level == MatLevel::five ? read_mat5(path, *variable) : read_mat73(path, *variable);
}

Result<ArrayHead> read_mat_head(const std::filesystem::path& path, const MatWanted& wanted) {
  BLOCH_TRY(variables, list_mat(path));
  BLOCH_TRY(variable, choose_variable(path, wanted, variables));
  std::error_code code;
  const std::uint64_t file = std::filesystem::file_size(file_of(path), code);
  BLOCH_CHECK(checked_count(path, variable->extents, code ? 0 : file * best_deflate));
  ArrayHead head{variables.size() > 1 ? variable->name : std::string(), {}, variable->complex};
  head.extents.assign(variable->extents.rbegin(), variable->extents.rend());
  return head;
}

bool mat_is_real(const std::filesystem::path& path) {
  const auto variables = list_mat(path);
  if (!variables) return false;
  const std::string name = part_of(path);
  const auto meant = [&](const MatVariable& variable) {
    return is_array(variable) && (name.empty() || variable.name == name);
  };
  return std::any_of(variables->begin(), variables->end(), meant) &&
         std::none_of(variables->begin(), variables->end(),
                      [&](const MatVariable& variable) { return meant(variable) && variable.complex; });
}

std::string mat_size(const NpyArray& array) {
  std::vector<std::string> sides;
  for (auto extent = array.extents.rbegin(); extent != array.extents.rend(); ++extent)
    sides.push_back(std::to_string(*extent));
  return join(sides, " x ");
}

} // namespace bloch::imaging::detail
