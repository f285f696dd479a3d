#include "core/security/digest_list.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <sstream>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "core/base/file.h"
#include "core/security/sha256.h"

namespace bloch {
namespace {

constexpr std::size_t most_lines = 256;
constexpr std::size_t digest_length = 64;

/// Which file, and in which state.
struct FileState {
  std::string file, state; ///< "device:number", "size:modified:changed"
  std::uintmax_t size = 0;
  timespec latest{};

  bool operator==(const FileState& other) const { return file == other.file && state == other.state; }
};

std::optional<FileState> state_of(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  const auto& modified = status.st_mtim;
  const auto& changed = status.st_ctim;
  const bool modified_later =
      modified.tv_sec != changed.tv_sec ? modified.tv_sec > changed.tv_sec : modified.tv_nsec > changed.tv_nsec;
  return FileState{fmt::format("{}:{}", status.st_dev, status.st_ino),
                   fmt::format("{}:{}.{:09}:{}.{:09}", status.st_size, modified.tv_sec, modified.tv_nsec,
                               changed.tv_sec, changed.tv_nsec),
                   static_cast<std::uintmax_t>(status.st_size), modified_later ? modified : changed};
}

/// A line of the list: file, state and digest, a space between.
struct Entry {
  std::string file, state, digest;
};

bool is_digest(std::string_view text) {
  return text.size() == digest_length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// What is no entry is left out.
std::vector<Entry> read_entries(const std::filesystem::path& path) {
  constexpr std::size_t longest_list = most_lines * 256;
  std::vector<Entry> entries;
  const auto bytes = read_file(path, longest_list);
  if (!bytes) return entries;
  std::istringstream lines(std::string(bytes->begin(), bytes->end()));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Entry entry;
    std::string more;
    if (words >> entry.file >> entry.state >> entry.digest && !(words >> more) && is_digest(entry.digest))
      entries.push_back(std::move(entry));
  }
  return entries;
}

/// Of two programs that keep digests at the same moment one keeps its own alone; the other makes it again.
void keep(const std::filesystem::path& path, const FileState& state, const std::string& digest) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::vector<Entry> entries = read_entries(path);
  std::erase_if(entries, [&](const Entry& entry) { return entry.file == state.file; });
  entries.push_back({state.file, state.state, digest});
  std::string text;
  for (std::size_t i = entries.size() - std::min(entries.size(), most_lines); i < entries.size(); ++i)
    text += fmt::format("{} {} {}\n", entries[i].file, entries[i].state, entries[i].digest);
  (void)write_file(path, text);
}

} // namespace

DigestList::DigestList(Settings settings)
    : settings_(std::move(settings)) {}

DigestList DigestList::of_user() { return DigestList(Settings{cache_folder() / "digests.txt"}); }

Result<std::string> DigestList::sha256_of(const std::filesystem::path& path) const {
  const auto before = state_of(path);
  if (!before || before->size < settings_.smallest) return sha256_of_file(path);
  for (const Entry& entry : read_entries(settings_.file))
    if (entry.file == before->file && entry.state == before->state) return entry.digest;
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  BLOCH_TRY(digest, sha256_of_file(path));
  if (before->latest.tv_sec + settings_.settled.count() <= now && state_of(path) == before)
    keep(settings_.file, *before, digest);
  return digest;
}

} // namespace bloch
