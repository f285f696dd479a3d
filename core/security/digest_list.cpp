#include "core/security/digest_list.h"

#include <algorithm>
#include <mutex>
#include <sstream>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/file_identity.h"
#include "core/security/sha256.h"

namespace bloch {
namespace {

constexpr std::size_t most_lines = 256;
constexpr std::size_t digest_length = 64;

/// The words of a line that say which file, and in which state.
std::string file_word(const FileIdentity& file) { return fmt::format("{}:{}", file.device, file.inode); }

std::string state_word(const FileIdentity& file) {
  return fmt::format("{}:{}:{}", file.size, file.modified_ns, file.changed_ns);
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
void keep(const std::filesystem::path& path, const FileIdentity& of, const std::string& digest) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::vector<Entry> entries = read_entries(path);
  std::erase_if(entries, [&](const Entry& entry) { return entry.file == file_word(of); });
  entries.push_back({file_word(of), state_word(of), digest});
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
  const auto before = identity_of(path);
  if (!before || before->size < settings_.smallest) return sha256_of_file(path);
  for (const Entry& entry : read_entries(settings_.file))
    if (entry.file == file_word(*before) && entry.state == state_word(*before)) return entry.digest;
  const std::int64_t now =
      std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
  BLOCH_TRY(digest, sha256_of_file(path));
  const std::int64_t settled = std::chrono::nanoseconds(settings_.settled).count();
  if (std::max(before->modified_ns, before->changed_ns) + settled <= now && identity_of(path) == before)
    keep(settings_.file, *before, digest);
  return digest;
}

} // namespace bloch
