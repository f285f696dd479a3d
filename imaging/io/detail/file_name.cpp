#include "imaging/io/detail/file_name.h"

#include <cerrno>

#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"

namespace bloch::imaging::detail {

bool has_ending(const std::filesystem::path& path, std::string_view ending) {
  std::string name = lower_case(path.filename().string());
  // FILE#NAME: one array of a file that holds several.
  if ((ending == ".mat" || ending == ".npz") && name.find('#') != std::string::npos)
    name = lower_case(file_of(path).filename().string());
  return name.size() > ending.size() && name.ends_with(ending);
}

std::filesystem::path with_ending(const std::filesystem::path& path, std::string_view ending) {
  return path.parent_path() / (path.stem().string() + std::string(ending));
}

Result<void> check_readable(const std::filesystem::path& path) {
  std::error_code code;
  const std::filesystem::path file = file_of(path);
  if (std::filesystem::is_directory(file, code)) return failure(file_error(file, EISDIR, false));
  if (::access(file.c_str(), R_OK) != 0) return failure(file_error(file, errno, false));
  return {};
}

std::string quoted(const std::filesystem::path& path) { return "'" + path.filename().string() + "'"; }

tl::unexpected<Error> broken(const std::filesystem::path& path, const std::string& reason) {
  return failure(ErrorKind::malformed,
                 quoted(path) + " is broken: " + reason + "; get the file again from its source");
}

tl::unexpected<Error> refused(const std::filesystem::path& path, const std::string& reason) {
  return failure(ErrorKind::unsupported, quoted(path) + " " + reason);
}

Result<std::size_t> checked_count(const std::filesystem::path& path, std::span<const long long> extents,
                                  unsigned long long limit) {
  unsigned long long count = 1;
  for (const long long extent : extents) {
    if (extent < 1) return broken(path, "it claims an extent of " + std::to_string(extent));
    if (extent > 2147483647 || static_cast<unsigned long long>(extent) > limit / count)
      return broken(path, "it claims more samples than the file holds");
    count *= static_cast<unsigned long long>(extent);
  }
  return static_cast<std::size_t>(count);
}

} // namespace bloch::imaging::detail
