#include "imaging/io/archive_name.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/text.h"
#include "imaging/io/image_file.h"

namespace bloch::imaging {
namespace {

constexpr std::array endings_of_archives = {".zip",    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2",
                                            ".tar.xz", ".txz", ".7z",     ".iso", ".gz"};

} // namespace

bool is_archive_name(const std::filesystem::path& path) {
  const std::string name = lower_case(path.filename().string());
  return !image_format_of(path) && std::any_of(endings_of_archives.begin(), endings_of_archives.end(),
                                               [&](const char* ending) { return name.ends_with(ending); });
}

} // namespace bloch::imaging
