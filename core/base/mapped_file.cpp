#include "core/base/mapped_file.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file_identity.h"

namespace bloch {
namespace {

constexpr std::size_t worth_mapping = std::size_t{16} << 20;
volatile std::sig_atomic_t status_when_cut_short = 0;
std::atomic<bool> allowed{false};

/// The mappings that somebody looks at: a reader's serves the digest of the same file.
class OpenMappings {
 public:
  std::shared_ptr<const void> find(const FileIdentity& file) {
    const std::lock_guard lock(mutex_);
    std::erase_if(entries_, [](const Entry& entry) { return entry.owner.expired(); });
    for (const Entry& entry : entries_)
      if (entry.file == file) return entry.owner.lock();
    return nullptr;
  }
  void add(const FileIdentity& file, const std::shared_ptr<const void>& owner) {
    const std::lock_guard lock(mutex_);
    entries_.push_back({file, owner});
  }

 private:
  struct Entry {
    FileIdentity file;
    std::weak_ptr<const void> owner;
  };
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

/// What a signal handler may do is little: say it and end.
void end_at_once(int) {
  constexpr std::string_view message =
      "bloch: a file that was being read was cut short by another program; run the command again when it is "
      "complete\n";
  const auto written = ::write(STDERR_FILENO, message.data(), message.size());
  (void)written;
  ::_exit(status_when_cut_short);
}

} // namespace

void allow_mapped_files(int exit_status) {
  status_when_cut_short = exit_status;
  struct sigaction action {};
  action.sa_handler = end_at_once;
  allowed = ::sigaction(SIGBUS, &action, nullptr) == 0;
}

MappedFile map_file(const std::filesystem::path& path) {
  if (!allowed) return {};
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  struct stat status {};
  const bool known = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  const auto size = known ? static_cast<std::size_t>(status.st_size) : 0;
  static OpenMappings open_mappings;
  std::shared_ptr<const void> owner = size < worth_mapping ? nullptr : open_mappings.find(identity_of(status));
  if (size >= worth_mapping && !owner) {
    void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (memory != MAP_FAILED) {
      (void)::madvise(memory, size, MADV_SEQUENTIAL);
      owner = {memory, [size](void* begin) { ::munmap(begin, size); }};
      open_mappings.add(identity_of(status), owner);
    }
  }
  ::close(file);
  if (!owner) return {};
  return {owner, {static_cast<const std::byte*>(owner.get()), size}};
}

} // namespace bloch
