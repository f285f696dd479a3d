#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include <hdf5.h>

#include "core/base/result.h"
#include "imaging/io/detail/read_apart.h"

namespace bloch::imaging::detail {

/// An HDF5 identifier that closes itself.
class Hdf5 {
 public:
  Hdf5(hid_t id, herr_t (*close)(hid_t))
      : id_(id)
      , close_(close) {}
  ~Hdf5() {
    if (id_ >= 0) close_(id_);
  }
  Hdf5(Hdf5&& other) noexcept
      : id_(std::exchange(other.id_, -1))
      , close_(other.close_) {}
  Hdf5& operator=(Hdf5&&) = delete;
  operator hid_t() const { return id_; }
  bool good() const { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// Debian's HDF5 is not thread-safe: held around every call.
std::recursive_mutex& hdf5_mutex();

/// read_apart for HDF5, which loops for ever on some damaged files and crashes on others (the README says
/// where): no file is opened in this process. Within `read` the calls of HDF5 need no lock.
Result<void> read_hdf5_apart(const std::filesystem::path& path, std::uint64_t bytes,
                             const std::function<Result<void>(ApartSink&)>& read,
                             const std::function<Result<void>(ApartSource&)>& take);

/// A file opened for reading, its own error messages silenced; within read_hdf5_apart only. errors: malformed
/// (not HDF5, cut off)
Result<Hdf5> open_hdf5(const std::filesystem::path& path);

/// Whether the file is HDF5 and has a link of this name at its root. False where that cannot be found out.
bool hdf5_has(const std::filesystem::path& path, const char* name);

inline constexpr std::size_t most_hdf5_text_bytes = 16u << 20;

/// A data set of one text, of fixed or variable length. errors: malformed
Result<std::string> read_hdf5_text(hid_t file, const char* name, const std::filesystem::path& path);

} // namespace bloch::imaging::detail
