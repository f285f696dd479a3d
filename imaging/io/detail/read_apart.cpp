#include "imaging/io/detail/read_apart.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "imaging/io/detail/file_name.h"

namespace bloch::imaging::detail {
namespace {

constexpr std::uint64_t bytes_a_second = 20'000'000;
constexpr rlim_t seconds_at_least = 2;
constexpr std::uint64_t spare_memory = 1u << 30;
constexpr std::size_t longest_message = 4096;
constexpr int pipe_bytes = 1 << 20;
constexpr std::size_t gathered_bytes = 1u << 16;
constexpr int seconds_asleep = 4; ///< of a process that has nothing to wait for
constexpr int attempts = 3;

enum class Frame : std::uint8_t { data, done, error };

struct FrameHead {
  Frame frame = Frame::data;
  ErrorKind kind = ErrorKind::failed;
  std::uint64_t length = 0;
};

/// Private memory of this process that may be written, in bytes.
std::uint64_t own_memory() {
  unsigned long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*u %*u %*u %*u %*u %lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void limit(__rlimit_resource resource, std::uint64_t most) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return;
  now.rlim_cur = std::min<rlim_t>(now.rlim_cur, most);
  now.rlim_max = std::min<rlim_t>(now.rlim_max, most);
  ::setrlimit(resource, &now);
}

/// What the process may use up; its failures are silent and leave no core.
void restrict_process(std::uint64_t bytes, std::uint64_t file_bytes) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGXCPU, SIGPIPE, SIGTERM, SIGINT})
    std::signal(number, SIG_DFL);
  if (const int nowhere = ::open("/dev/null", O_WRONLY); nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, seconds_at_least + (bytes / bytes_a_second) + file_bytes / bytes_a_second);
  limit(RLIMIT_DATA, own_memory() + spare_memory + 2 * std::min<std::uint64_t>(bytes, 1ULL << 50));
}

[[noreturn]] void run_apart(int pipe, const std::function<Result<void>(ApartSink&)>& read) {
  ApartSink sink(pipe);
  try {
    sink.finish(read(sink));
  } catch (const std::bad_alloc&) {
    sink.finish(failure(ErrorKind::out_of_memory, "there is not enough memory to read it"));
  } catch (const std::exception&) {
    ::_exit(EXIT_FAILURE);
  }
  ::_exit(EXIT_SUCCESS);
}

/// How it ended, as waitpid says it.
int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// Watches whether a process does anything.
class IdleWatch {
 public:
  explicit IdleWatch(pid_t process)
      : process_(process) {}

  /// Asked once a second: whether it has slept and used no processor time for too long. It reads a local file
  /// and has one thread, so it then waits for a lock that another thread held when the process was doubled.
  bool is_stuck() {
    std::FILE* file = std::fopen(("/proc/" + std::to_string(process_) + "/stat").c_str(), "r");
    if (!file) return false;
    char state = 0;
    unsigned long user = 0, system = 0;
    const int found = std::fscanf(file, "%*d (%*[^)]) %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                                  &state, &user, &system);
    std::fclose(file);
    const bool idle = found == 3 && state == 'S' && user + system == ticks_;
    ticks_ = user + system;
    asleep_ = idle ? asleep_ + 1 : 0;
    return asleep_ >= seconds_asleep;
  }

 private:
  pid_t process_;
  unsigned long ticks_ = 0;
  int asleep_ = 0;
};

/// Until something comes out of the pipe or the process has ended; false: it is stuck.
bool wait_for_bytes(int pipe, pid_t process) {
  IdleWatch watch(process);
  for (;;) {
    pollfd asked{pipe, POLLIN, 0};
    const int ready = ::poll(&asked, 1, 1000);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
    if (ready == 0 && watch.is_stuck()) return false;
  }
}

/// A process that reads, and the pipe that it writes to.
struct ApartReader {
  pid_t process = -1;
  int pipe = -1;
};

Result<ApartReader> start_apart(const std::filesystem::path& path, std::uint64_t bytes,
                                const std::function<Result<void>(ApartSink&)>& read) {
  std::error_code code;
  const std::uint64_t size = std::filesystem::file_size(path, code);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return failure(ErrorKind::failed, "no pipe can be opened to read " + quoted(path) + "; close some files");
  ::fcntl(ends[1], F_SETPIPE_SZ, pipe_bytes);
  const pid_t process = ::fork();
  if (process == 0) {
    ::close(ends[0]);
    restrict_process(bytes, code ? 0 : size);
    run_apart(ends[1], read);
  }
  ::close(ends[1]);
  if (process < 0) {
    ::close(ends[0]);
    return failure(ErrorKind::failed,
                   "no process can be started to read " + quoted(path) + "; close programs to free memory");
  }
  return ApartReader{process, ends[0]};
}

void stop(const ApartReader& reader) {
  ::close(reader.pipe);
  ::kill(reader.process, SIGKILL);
  wait_for(reader.process);
}

/// Why a process ended before it was done.
std::string reason_of(int status) {
  if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
    return "reading it does not come to an end";
  return "the library that reads it fails on it";
}

} // namespace

/// Small pieces are gathered.
void ApartSink::write_all(const void* bytes, std::size_t count) {
  const char* at = static_cast<const char*>(bytes);
  if (gathered_.size() + count <= gathered_bytes) {
    gathered_.insert(gathered_.end(), at, at + count);
    return;
  }
  flush();
  write_out(at, count);
}

void ApartSink::flush() {
  write_out(gathered_.data(), gathered_.size());
  gathered_.clear();
}

void ApartSink::write_out(const char* at, std::size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(pipe_, at, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) ::_exit(EXIT_FAILURE);
    at += written;
    count -= static_cast<std::size_t>(written);
  }
}

void ApartSink::put(const void* bytes, std::size_t count) {
  const FrameHead head{Frame::data, ErrorKind::failed, count};
  write_all(&head, sizeof head);
  write_all(bytes, count);
}

void ApartSink::put(std::string_view text) {
  put(std::uint64_t{text.size()});
  put(text.data(), text.size());
}

void ApartSink::finish(const Result<void>& outcome) {
  if (outcome) {
    const FrameHead head{Frame::done, ErrorKind::failed, 0};
    write_all(&head, sizeof head);
    return flush();
  }
  const std::string_view message = std::string_view(outcome.error().message).substr(0, longest_message);
  const FrameHead head{Frame::error, outcome.error().kind, message.size()};
  write_all(&head, sizeof head);
  write_all(message.data(), message.size());
  flush();
}

bool ApartSource::read_all(void* bytes, std::size_t count) {
  char* at = static_cast<char*>(bytes);
  while (count > 0) {
    if (at_ == gathered_.size() && count < gathered_bytes) { // small pieces together
      gathered_.resize(gathered_bytes);
      at_ = 0;
      const ssize_t got = read_some(gathered_.data(), gathered_.size());
      gathered_.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      if (gathered_.empty()) return false;
    }
    std::size_t part = std::min(count, gathered_.size() - at_);
    if (part > 0) {
      std::copy_n(gathered_.data() + at_, part, at);
      at_ += part;
    } else {
      const ssize_t got = read_some(at, count);
      if (got <= 0) return false;
      part = static_cast<std::size_t>(got);
    }
    at += part;
    count -= part;
  }
  return true;
}

ssize_t ApartSource::read_some(char* at, std::size_t count) const {
  ssize_t got = 0;
  if (!wait_for_bytes(pipe_, process_)) {
    ::kill(process_, SIGKILL);
    return 0;
  }
  do got = ::read(pipe_, at, count);
  while (got < 0 && errno == EINTR);
  return got;
}

Result<void> ApartSource::cut_off() {
  cut_off_ = true;
  return broken(path_, "it could not be read to its end");
}

/// On to the next bytes.
Result<void> ApartSource::next_frame() {
  FrameHead head;
  if (!read_all(&head, sizeof head)) return cut_off();
  left_ = head.frame == Frame::data ? head.length : 0;
  finished_ = head.frame == Frame::done;
  if (head.frame != Frame::error) return {};
  std::string message(std::min<std::uint64_t>(head.length, longest_message), '\0');
  if (!read_all(message.data(), message.size())) return cut_off();
  return failure(std::clamp(head.kind, ErrorKind::invalid_parameter, ErrorKind::failed), std::move(message));
}

Result<void> ApartSource::wait() {
  while (left_ == 0) {
    if (finished_) return cut_off();
    BLOCH_CHECK(next_frame());
  }
  return {};
}

Result<void> ApartSource::get(void* bytes, std::size_t count) {
  char* at = static_cast<char*>(bytes);
  while (count > 0) {
    BLOCH_CHECK(wait());
    const std::size_t part = std::min<std::uint64_t>(left_, count);
    if (!read_all(at, part)) return cut_off();
    at += part;
    left_ -= part;
    count -= part;
  }
  return {};
}

Result<void> ApartSource::check_count(std::uint64_t count, std::uint64_t most) const {
  if (count > most) return broken(path_, "it claims more than it can hold");
  return {};
}

Result<std::string> ApartSource::get_text(std::size_t most) {
  BLOCH_TRY(length, get<std::uint64_t>());
  BLOCH_CHECK(check_count(length, most));
  std::string text(length, '\0');
  BLOCH_CHECK(get(text.data(), text.size()));
  return text;
}

Result<void> ApartSource::finish() {
  while (!finished_) {
    if (left_ > 0) return broken(path_, "it holds more than it says");
    BLOCH_CHECK(next_frame());
  }
  return {};
}

Result<void> read_apart(const std::filesystem::path& path, std::uint64_t bytes,
                        const std::function<Result<void>(ApartSink&)>& read,
                        const std::function<Result<void>(ApartSource&)>& take) {
  BLOCH_TRY(reader, start_apart(path, bytes, read));
  for (int attempt = 1; attempt < attempts && !wait_for_bytes(reader.pipe, reader.process); ++attempt) {
    stop(reader);
    BLOCH_TRY(another, start_apart(path, bytes, read));
    reader = another;
  }
  ApartSource source(reader.pipe, reader.process, path);
  Result<void> outcome;
  try {
    outcome = take(source);
    if (outcome) outcome = source.finish();
  } catch (...) {
    stop(reader);
    throw;
  }
  ::close(reader.pipe);
  if (!outcome && !source.ended_early()) ::kill(reader.process, SIGKILL);
  const int status = wait_for(reader.process);
  if (source.ended_early()) return broken(path, reason_of(status));
  return outcome;
}

} // namespace bloch::imaging::detail
