#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/file.h"
#include "imaging/io/detail/nifti_header.h"
#include "imaging/io/volumes_file.h"

namespace bloch::imaging {

NiftiSlices::NiftiSlices(std::filesystem::path path, std::filesystem::path shown)
    : path_(std::move(path))
    , shown_(std::move(shown)) {}

NiftiSlices::~NiftiSlices() {
  if (file_ >= 0) ::close(file_);
}

Result<void> NiftiSlices::begin(const VolumeGeometry& geometry, bool int16) {
  BLOCH_CHECK(detail::check_nifti_size(geometry));
  if (file_ < 0) file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (file_ < 0 || ::ftruncate(file_, 0) != 0) return failure(file_error(shown_, errno, true));
  return write_at(
      0, detail::nifti_header(geometry, int16 ? detail::SampleType::int16 : detail::SampleType::float32));
}

Result<void> NiftiSlices::put(std::size_t slice, std::span<const std::uint8_t> bytes) {
  return write_at(detail::nifti_header_bytes + static_cast<std::uint64_t>(slice) * bytes.size(), bytes);
}

Result<void> NiftiSlices::close() {
  if (::close(std::exchange(file_, -1)) != 0) return failure(file_error(shown_, errno, true));
  return {};
}

Result<void> NiftiSlices::write_at(std::uint64_t place, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ::ssize_t written = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<::off_t>(place));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure(file_error(shown_, errno, true));
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    place += static_cast<std::uint64_t>(written);
  }
  return {};
}

} // namespace bloch::imaging
