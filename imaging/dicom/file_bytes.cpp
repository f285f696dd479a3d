#include "imaging/dicom/detail/file_bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/contract.h"
#include "core/base/file.h"

namespace bloch::imaging {
struct FileBytes::Descriptor {
  explicit Descriptor(int value)
      : number(value) {}
  ~Descriptor() { ::close(number); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number;
};

FileBytes::FileBytes(std::vector<std::uint8_t> bytes)
    : memory_(std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes)))
    , size_(memory_->size()) {}

Result<FileBytes> FileBytes::open(const std::filesystem::path& path) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (number < 0) return failure(file_error(path, errno, false));
  FileBytes bytes;
  bytes.descriptor_ = std::make_shared<const Descriptor>(number);
  struct stat status {};
  if (::fstat(number, &status) != 0) return failure(file_error(path, errno, false));
  if (S_ISDIR(status.st_mode)) return failure(file_error(path, EISDIR, false));
  if (!S_ISREG(status.st_mode)) return failure(ErrorKind::unsupported, "not a regular file");
  bytes.size_ = static_cast<std::uint64_t>(status.st_size);
  bytes.identity_ = identity_of(status);
  return bytes;
}

bool FileBytes::read(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (offset > size_ || into.size() > size_ - offset) return false;
  if (memory_) {
    if (!into.empty()) std::memcpy(into.data(), memory_->data() + offset, into.size());
    return true;
  }
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t count =
        ::pread(descriptor_->number, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

const std::uint8_t* ByteCursor::at(std::uint64_t offset, std::size_t count) {
  constexpr std::uint64_t block = 16384; // most headers whole
  BLOCH_EXPECTS(count <= 256);
  if (offset > bytes_.size() || count > bytes_.size() - offset) return nullptr;
  if (offset < begin_ || offset + count > begin_ + buffer_.size()) {
    buffer_.resize(static_cast<std::size_t>(std::min(block, bytes_.size() - offset)));
    begin_ = offset;
    if (!bytes_.read(offset, buffer_)) {
      buffer_.clear();
      return nullptr;
    }
  }
  return buffer_.data() + (offset - begin_);
}

bool ByteCursor::copy(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (offset < begin_ || offset + into.size() > begin_ + buffer_.size()) return bytes_.read(offset, into);
  std::memcpy(into.data(), buffer_.data() + (offset - begin_), into.size());
  return true;
}

} // namespace bloch::imaging
