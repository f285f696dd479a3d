#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <sys/types.h>

#include "core/base/result.h"

namespace bloch::imaging::detail {

/// The end of a pipe where a process of its own puts what it reads. Without a reader the process ends.
class ApartSink {
 public:
  explicit ApartSink(int pipe)
      : pipe_(pipe) {}
  void put(const void* bytes, std::size_t count);
  void put(std::string_view text);
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void put(const T& value) { put(&value, sizeof value); }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void put(const std::vector<T>& values) {
    put(std::uint64_t{values.size()});
    put(values.data(), values.size() * sizeof(T));
  }
  /// The last word: done, or why not.
  void finish(const Result<void>& outcome);

 private:
  void write_all(const void* bytes, std::size_t count);
  void write_out(const char* at, std::size_t count);
  void flush();
  int pipe_;
  std::vector<char> gathered_;
};

/// The other end. What comes out of it is as doubtful as the file: every count is checked.
class ApartSource {
 public:
  ApartSource(int pipe, pid_t process, const std::filesystem::path& path)
      : pipe_(pipe)
      , process_(process)
      , path_(path) {}
  /// errors: what the process refused; malformed (it ended before it was done)
  Result<void> get(void* bytes, std::size_t count);
  Result<std::string> get_text(std::size_t most);
  /// Until something comes: worth doing before memory for it is taken.
  Result<void> wait();
  template <class T> Result<T> get() {
    T value{};
    BLOCH_CHECK(get(&value, sizeof value));
    return value;
  }
  template <class T> Result<std::vector<T>> get_values(std::uint64_t most) {
    BLOCH_TRY(count, get<std::uint64_t>());
    BLOCH_CHECK(check_count(count, most));
    std::vector<T> values(count);
    BLOCH_CHECK(get(values.data(), count * sizeof(T)));
    return values;
  }
  /// That nothing is left, and that the process was done.
  Result<void> finish();
  /// Whether the process ended before it was done.
  bool ended_early() const { return cut_off_; }

 private:
  Result<void> cut_off();
  Result<void> next_frame();
  Result<void> check_count(std::uint64_t count, std::uint64_t most) const;
  bool read_all(void* bytes, std::size_t count);
  ssize_t read_some(char* at, std::size_t count) const;
  int pipe_;
  pid_t process_;
  std::vector<char> gathered_;
  std::size_t at_ = 0; ///< of `gathered_`
  const std::filesystem::path& path_;
  std::uint64_t left_ = 0; ///< of the frame at hand
  bool finished_ = false;
  bool cut_off_ = false;
};

/// Reads a file in a process of its own: whatever a damaged file does to the library that reads it (an endless
/// loop, a wild pointer, all memory), only that process suffers. It is a fork of this one, so `read` sees all
/// that its closure holds; it must start no thread and take no lock that another thread may hold. A process
/// that sleeps all the same, as where an allocator's lock was held, is ended after 4 s and started again, twice
/// at most, as long as nothing came from it.
///
/// bytes:  that are to come at most; the process gets 2 s of processor time, and 1 s more for every 20 MB of
///         them and of the file; 1 GiB of memory beyond twice as many
/// read:   runs there; its error becomes the answer
/// take:   runs here, and gets in the same order; when it fails the process is ended
/// errors: of both; malformed (it crashed, or did not come to an end in that time), failed (no process)
/// cost:   a fork, 1 ms and more where this process holds much memory; each byte is copied twice
Result<void> read_apart(const std::filesystem::path& path, std::uint64_t bytes,
                        const std::function<Result<void>(ApartSink&)>& read,
                        const std::function<Result<void>(ApartSource&)>& take);

} // namespace bloch::imaging::detail
