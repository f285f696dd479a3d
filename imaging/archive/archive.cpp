#include "imaging/archive/archive.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>
#include <utility>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = 256 << 10;

struct CloseArchive {
  void operator()(struct archive* opened) const { archive_read_free(opened); }
};
using ArchiveReader = std::unique_ptr<struct archive, CloseArchive>;

/// A file packed alone, as "one.dcm.gz": it is called as the whole is, without the ending.
bool is_packed_file(const fs::path& path) {
  const std::string name = lower_case(path.filename().string());
  return name.ends_with(".gz") && !name.ends_with(".tar.gz");
}

/// Only what is listed: no filter of libarchive that starts another program.
ArchiveReader make_reader() {
  ArchiveReader reader(archive_read_new());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_format_zip(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_7zip(reader.get());
  archive_read_support_format_iso9660(reader.get());
  return reader;
}

std::string reason_of(struct archive* opened) {
  const char* text = archive_error_string(opened);
  return text ? lower_case(text) : "no reason given";
}

/// "../../etc/x" and "/etc/x" become "etc/x"; what leaves nothing becomes "unnamed".
fs::path clean_name(const char* name) {
  fs::path clean;
  std::string component;
  std::string text = name ? name : "";
  std::replace(text.begin(), text.end(), '\\', '/');
  for (const std::string& part : split(text, '/')) {
    std::string kept;
    for (const char c : part)
      if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) kept += c;
    if (kept.empty() || kept == "." || kept == "..") continue;
    if (kept.size() > 200) kept.resize(200);
    clean /= kept;
  }
  if (clean.native().size() > 1000) clean = clean.filename();
  return clean.empty() ? fs::path("unnamed") : clean;
}

/// How a walk over an archive differs from that over one in memory.
struct ArchivePlace {
  std::uint64_t bytes = 0;            ///< of the archive
  fs::path only;                      ///< what the file is called of a .gz that is no archive of several
  std::function<void()> drop_damaged; ///< takes back the file that was opened last; may be empty
};

/// Goes over the entries of an open archive.
class ArchiveWalk {
 public:
  ArchiveWalk(struct archive* opened, const ArchiveLimits& limits, const ArchiveFile& open,
              const Progress& progress, ArchivePlace place)
      : archive_(opened)
      , limits_(limits)
      , open_(open)
      , progress_(progress)
      , place_(std::move(place))
      , piece_(piece_bytes) {}

  Result<std::vector<RejectedFile>> walk() {
    for (;;) {
      if (progress_.cancelled()) return failure(ErrorKind::cancelled, "stopped while unpacking");
      struct archive_entry* entry = nullptr;
      const int state = archive_read_next_header(archive_, &entry);
      if (state == ARCHIVE_EOF) break;
      if (state == ARCHIVE_RETRY) continue;
      if (state != ARCHIVE_OK && state != ARCHIVE_WARN) {
        BLOCH_CHECK(note_end(reason_of(archive_)));
        break;
      }
      if (++entries_ > limits_.entries)
        return failure(
            ErrorKind::unsupported,
            fmt::format("it holds more than {} entries; unpack it by hand if you trust it", limits_.entries));
      BLOCH_CHECK(take(entry));
    }
    return std::move(rejected_);
  }

 private:
  /// The archive breaks off here.
  Result<void> note_end(const std::string& reason) {
    if (files_ == 0 && !damaged_)
      return failure(ErrorKind::malformed, "it is no archive, or a damaged one: " + reason);
    rejected_.push_back(
        {{},
         files_ == 0 ? fmt::format("it is damaged ({}): no file in it is whole", reason)
         : files_ == 1
             ? fmt::format("it is damaged behind its first file ({}); that is used", reason)
             : fmt::format("it is damaged behind its first {} files ({}); those are used", files_, reason)});
    return {};
  }

  Result<void> take(struct archive_entry* entry) {
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFDIR) return {};
    const bool packed_alone = archive_format(archive_) == ARCHIVE_FORMAT_RAW;
    const fs::path name = packed_alone ? place_.only : clean_name(archive_entry_pathname(entry));
    if (type != AE_IFREG || archive_entry_hardlink(entry) || archive_entry_symlink(entry)) {
      rejected_.push_back({name, "a link or a device in an archive is not followed"});
      return {};
    }
    if (archive_entry_is_encrypted(entry)) {
      rejected_.push_back({name, "it is encrypted; unpack the archive with its password first"});
      return {};
    }
    BLOCH_TRY(write, open_(name));
    ++files_;
    for (;;) {
      const la_ssize_t count = archive_read_data(archive_, piece_.data(), piece_.size());
      if (count == 0) break;
      if (count == ARCHIVE_RETRY) continue;
      if (count < 0) {
        rejected_.push_back({name, "damaged in the archive: " + reason_of(archive_)});
        damaged_ = true;
        --files_; // what there is of it is no file
        if (place_.drop_damaged) place_.drop_damaged();
        break;
      }
      bytes_ += static_cast<std::uint64_t>(count);
      BLOCH_CHECK(check_growth());
      BLOCH_CHECK(write(std::span(piece_).first(static_cast<std::size_t>(count))));
      if (progress_.cancelled()) return failure(ErrorKind::cancelled, "stopped while unpacking");
    }
    if (place_.bytes > 0)
      progress_.report(std::min(1.0, static_cast<double>(archive_filter_bytes(archive_, -1)) /
                                         static_cast<double>(place_.bytes)));
    return {};
  }

  Result<void> check_growth() const {
    if (bytes_ > limits_.bytes)
      return failure(ErrorKind::unsupported,
                     fmt::format("it unpacks to more than {:.3g} GB; unpack it by hand if you trust it",
                                 static_cast<double>(limits_.bytes) / 1e9));
    if (bytes_ > limits_.free_bytes &&
        static_cast<double>(bytes_) >
            limits_.growth * static_cast<double>(std::max<std::uint64_t>(place_.bytes, 1)))
      return failure(ErrorKind::unsupported,
                     fmt::format("it unpacks to more than {:.0f} times its size, as no study "
                                 "does; unpack it by hand if you trust it",
                                 limits_.growth));
    return {};
  }

  struct archive* archive_;
  const ArchiveLimits& limits_;
  const ArchiveFile& open_;
  const Progress& progress_;
  ArchivePlace place_;
  std::vector<std::uint8_t> piece_;
  std::vector<RejectedFile> rejected_;
  std::size_t entries_ = 0, files_ = 0;
  std::uint64_t bytes_ = 0;
  bool damaged_ = false;
};

/// Folders of this process, removed when it ends; those of processes that died are removed by the next.
class PrivateFolders {
 public:
  ~PrivateFolders() {
    std::error_code ignored;
    for (const fs::path& folder : folders_) fs::remove_all(folder, ignored);
  }

  Result<fs::path> make() {
    std::error_code code;
    const fs::path parent = fs::temp_directory_path(code);
    if (code)
      return failure(ErrorKind::not_writable, "there is no folder for temporary files; set TMPDIR to one");
    if (folders_.empty()) remove_orphans(parent);
    std::string pattern = (parent / fmt::format("bloch-archive-{}-XXXXXX", ::getpid())).string();
    if (!::mkdtemp(pattern.data())) return failure(file_error(parent, errno, true)); // mode 0700
    folders_.emplace_back(pattern);
    return folders_.back();
  }

  void remove(const fs::path& folder) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    std::erase(folders_, folder);
  }

 private:
  static void remove_orphans(const fs::path& parent) {
    std::error_code code;
    std::vector<fs::path> orphans;
    for (fs::directory_iterator entry(parent, code); !code && entry != fs::directory_iterator();
         entry.increment(code)) {
      int process = 0;
      const std::string name = entry->path().filename().string();
      if (std::sscanf(name.c_str(), "bloch-archive-%d-", &process) != 1 || process <= 1) continue;
      if (::kill(process, 0) != 0 && errno == ESRCH) orphans.push_back(entry->path());
    }
    for (const fs::path& orphan : orphans) fs::remove_all(orphan, code);
  }

  std::vector<fs::path> folders_;
};

/// Archives that were unpacked, by what they were then.
struct Unpacked {
  std::mutex mutex;
  PrivateFolders folders;
  std::map<std::tuple<std::string, std::uintmax_t, fs::file_time_type>, UnpackedArchive> known;
};

Unpacked& unpacked() {
  static Unpacked all;
  return all;
}

/// Writes files below a folder; a name that is taken gets a number.
class FolderWriter {
 public:
  explicit FolderWriter(fs::path folder)
      : folder_(std::move(folder)) {}

  Result<ArchiveWriter> open(const fs::path& name) {
    std::error_code code;
    fs::path path = folder_ / name;
    fs::create_directories(path.parent_path(), code);
    if (code || fs::exists(path, code)) path = folder_ / fmt::format("entry-{}", ++number_) / name.filename();
    fs::create_directories(path.parent_path(), code);
    auto file = std::shared_ptr<std::FILE>(std::fopen(path.c_str(), "wbx"), [](std::FILE* f) {
      if (f) std::fclose(f);
    });
    if (!file) return failure(file_error(path, errno, true));
    last_ = path;
    std::setvbuf(file.get(), nullptr, _IONBF, 0); // a full disk is noticed at once
    return ArchiveWriter([this, file, path](std::span<const std::uint8_t> bytes) -> Result<void> {
      BLOCH_CHECK(check_room(bytes.size()));
      if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size())
        return failure(file_error(path, errno, true));
      return {};
    });
  }

  /// Takes the file back that was opened last.
  void drop_last() {
    std::error_code ignored;
    fs::remove(last_, ignored);
  }

 private:
  /// Leaves room for others: a full disk for temporary files hurts every program.
  Result<void> check_room(std::size_t bytes) {
    written_ += bytes;
    if (written_ < look_again_) return {};
    look_again_ = written_ + (64U << 20);
    std::error_code code;
    const fs::space_info space = fs::space(folder_, code);
    if (code || space.available > (256U << 20)) return {};
    return failure(ErrorKind::not_writable,
                   "there is not enough room for its files in the folder for temporary "
                   "files; make room or set TMPDIR to another");
  }

  fs::path folder_, last_;
  int number_ = 0;
  std::uint64_t written_ = 0, look_again_ = 0;
};

} // namespace

Result<std::vector<RejectedFile>> read_archive(std::span<const std::uint8_t> bytes, const ArchiveLimits& limits,
                                               const ArchiveFile& open) {
  const ArchiveReader reader = make_reader();
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    return failure(ErrorKind::malformed, "it is no archive, or a damaged one: " + reason_of(reader.get()));
  return ArchiveWalk(reader.get(), limits, open, {}, {bytes.size(), {}, {}}).walk();
}

Result<UnpackedArchive> unpack_archive(const fs::path& path, const ArchiveLimits& limits,
                                       const Progress& progress) {
  std::error_code code;
  const auto size = fs::file_size(path, code);
  if (code) return failure(file_error(path, code.value(), false));
  const std::tuple key(fs::absolute(path, code).string(), size, fs::last_write_time(path, code));
  Unpacked& all = unpacked();
  const std::lock_guard lock(all.mutex);
  if (const auto known = all.known.find(key); known != all.known.end()) return known->second;
  const ArchiveReader reader = make_reader();
  if (is_packed_file(path)) archive_read_support_format_raw(reader.get());
  const std::string quoted = "'" + path.string() + "'";
  if (archive_read_open_filename(reader.get(), path.c_str(), piece_bytes) != ARCHIVE_OK)
    return failure(ErrorKind::malformed,
                   quoted + ": it is no archive, or a damaged one: " + reason_of(reader.get()));
  BLOCH_TRY(folder, all.folders.make());
  FolderWriter writer(folder);
  const ArchiveFile open = [&](const fs::path& name) { return writer.open(name); };
  const ArchivePlace place{size, clean_name(path.stem().c_str()), [&] { writer.drop_last(); }};
  auto rejected = ArchiveWalk(reader.get(), limits, open, progress, place).walk();
  if (!rejected) {
    all.folders.remove(folder);
    return failure(rejected.error().in(quoted));
  }
  UnpackedArchive result{folder, std::move(*rejected)};
  for (RejectedFile& file : result.rejected) file.path = file.path.empty() ? path : path / file.path;
  all.known.emplace(key, result);
  return result;
}

} // namespace bloch::imaging
