#include "core/base/file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace bloch {
namespace fs = std::filesystem;
namespace {

/// Hidden name in the same folder (so that rename is atomic), keeping the ending that libraries choose a format
/// by.
fs::path name_beside(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  return path.parent_path() /
         ("." + std::to_string(::getpid()) + "-" + std::to_string(counter++) + "-" + path.filename().string());
}

Result<void> prepare_parent(const fs::path& path) {
  if (path.filename().empty())
    return failure(ErrorKind::invalid_parameter, "no file name to write to; give one");
  const fs::path parent = path.parent_path();
  if (parent.empty()) return {};
  std::error_code code;
  fs::create_directories(parent, code);
  if (code) return failure(file_error(parent, code.value(), true));
  return {};
}

Result<void> rename_into_place(const fs::path& beside, const fs::path& path) {
  std::error_code code;
  fs::rename(beside, path, code);
  if (!code) return {};
  std::error_code ignored;
  fs::remove_all(beside, ignored);
  return failure(file_error(path, code.value(), true));
}

fs::path home_folder(const char* variable, const char* fallback) {
  if (const char* folder = std::getenv(variable); folder && *folder) return fs::path(folder) / "bloch";
  if (const char* home = std::getenv("HOME"); home && *home) return fs::path(home) / fallback / "bloch";
  return fs::temp_directory_path() / "bloch";
}

/// A terminal, pipe or device cannot be replaced by a rename; it is written to as it is.
bool is_device(const fs::path& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

/// Errors name `target`, whatever the file is called while it is written.
using Pieces = std::span<const std::span<const std::uint8_t>>;

/// 0, or the number of the error. In pieces that the system finds small places for in its memory: for large
/// ones it takes pages that nobody has used yet, which a guest must first get from its host.
int write_all(int descriptor, std::span<const std::uint8_t> bytes) {
  constexpr std::size_t piece = std::size_t{256} << 10;
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), std::min(piece, bytes.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return 0;
}

Result<void> write_pieces(const fs::path& path, const fs::path& target, Pieces pieces) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return failure(file_error(target, errno, true));
  int error_number = 0;
  for (const auto& piece : pieces)
    if (error_number == 0) error_number = write_all(descriptor, piece);
  if (::close(descriptor) != 0 && error_number == 0) error_number = errno;
  if (error_number != 0) return failure(file_error(target, error_number, true));
  return {};
}

} // namespace

Error file_error(const fs::path& path, int error_number, bool writing) {
  const std::string name = "'" + path.string() + "'";
  switch (error_number) {
  case ENOENT:
    return {writing ? ErrorKind::not_writable : ErrorKind::not_found, name + " does not exist; check the path"};
  case EACCES:
  case EPERM:
  case EROFS:
    return writing ? Error{ErrorKind::not_writable,
                           name + " is write-protected; choose another place or change its permissions"}
                   : Error{ErrorKind::not_found, name + " may not be read; change its permissions"};
  case ENOSPC:
  case EDQUOT:
    return {ErrorKind::not_writable,
            "the disk is full while writing " + name + "; free some space and try again"};
  case EFBIG:
    return {
        ErrorKind::not_writable,
        name +
            " would be larger than files may be here (ulimit -f, or the kind of disk); choose another place"};
  case ENOTDIR:
    return {ErrorKind::not_writable, "a part of " + name + " is a file, not a folder; choose another place"};
  case EISDIR:
    return {writing ? ErrorKind::not_writable : ErrorKind::not_found, name + " is a folder; name a file"};
  case ENOTEMPTY:
  case EEXIST:
    return {ErrorKind::not_writable, name + " exists and is not empty; choose another place"};
  default:
    return {writing ? ErrorKind::not_writable : ErrorKind::failed, name + ": " + std::strerror(error_number)};
  }
}

Result<std::vector<std::uint8_t>> read_file(const fs::path& path, std::uintmax_t limit) {
  std::error_code code;
  if (fs::is_directory(path, code)) return failure(file_error(path, EISDIR, false));
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) return failure(file_error(path, errno, false));
  const std::uintmax_t size = fs::file_size(path, code);
  if (code) return failure(file_error(path, code.value(), false));
  if (size > limit)
    return failure(ErrorKind::malformed, "'" + path.string() + "' has " + std::to_string(size) +
                                             " bytes, more than the " + std::to_string(limit) + " expected");
  std::vector<std::uint8_t> bytes(size);
  if (size > 0 && std::fread(bytes.data(), 1, size, file.get()) != size)
    return failure(ErrorKind::failed, "'" + path.string() + "' could not be read to its end");
  return bytes;
}

Result<void> write_beside(const fs::path& path, const std::function<Result<void>(const fs::path&)>& write) {
  BLOCH_CHECK(prepare_parent(path));
  std::error_code code;
  if (fs::is_directory(path, code)) return failure(file_error(path, EISDIR, true));
  if (is_device(path))
    return failure(ErrorKind::not_writable, "'" + path.string() + "' is a device, not a file; name a file");
  const fs::path beside = name_beside(path);
  Result<void> written = failure(ErrorKind::failed, "nothing written");
  try {
    written = write(beside);
  } catch (...) {
    fs::remove(beside, code);
    throw;
  }
  if (!written) {
    fs::remove(beside, code);
    return written;
  }
  return rename_into_place(beside, path);
}

Result<void> write_file(const fs::path& path, Pieces pieces) {
  if (is_device(path)) return write_pieces(path, path, pieces);
  return write_beside(path, [&](const fs::path& beside) { return write_pieces(beside, path, pieces); });
}

Result<void> write_file(const fs::path& path, std::span<const std::uint8_t> bytes) {
  return write_file(path, Pieces(&bytes, 1));
}

Result<void> write_file(const fs::path& path, std::string_view text) {
  return write_file(path, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Result<void> write_folder(const fs::path& folder_path,
                          const std::function<Result<void>(const fs::path&)>& fill) {
  const fs::path folder = folder_path.filename().empty() ? folder_path.parent_path() : folder_path;
  BLOCH_CHECK(prepare_parent(folder));
  std::error_code code;
  if (fs::exists(folder, code) && (!fs::is_directory(folder, code) || !fs::is_empty(folder, code)))
    return failure(file_error(folder, EEXIST, true));
  const fs::path beside = name_beside(folder);
  if (!fs::create_directory(beside, code)) return failure(file_error(folder, code.value(), true));
  Result<void> filled = failure(ErrorKind::failed, "nothing written");
  try {
    filled = fill(beside);
  } catch (...) {
    fs::remove_all(beside, code);
    throw;
  }
  if (!filled) {
    fs::remove_all(beside, code);
    return filled;
  }
  return rename_into_place(beside, folder);
}

fs::path file_of(const fs::path& path) {
  const std::string text = path.string();
  const auto hash = text.rfind('#');
  std::error_code code;
  if (hash == std::string::npos || fs::exists(path, code)) return path;
  fs::path file = text.substr(0, hash);
  return fs::is_regular_file(file, code) ? file : path;
}

std::string part_of(const fs::path& path) {
  const std::size_t length = file_of(path).string().size();
  const std::string text = path.string();
  return length < text.size() ? text.substr(length + 1) : std::string();
}

fs::path cache_folder() { return home_folder("XDG_CACHE_HOME", ".cache"); }
fs::path configuration_folder() { return home_folder("XDG_CONFIG_HOME", ".config"); }

} // namespace bloch
