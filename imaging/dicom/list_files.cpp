#include "imaging/dicom/list_files.h"

#include <system_error>
#include <utility>

#include "core/base/file.h"

namespace bloch::imaging {

namespace fs = std::filesystem;

void list_files(const fs::path& folder, std::vector<fs::path>& files, std::vector<RejectedFile>& rejected) {
  std::vector<fs::path> folders{folder};
  while (!folders.empty()) {
    const fs::path next = std::move(folders.back());
    folders.pop_back();
    std::error_code code;
    fs::directory_iterator entry(next, code);
    for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
      std::error_code ignored;
      if (!entry->is_directory(ignored))
        files.push_back(entry->path());
      else if (!entry->is_symlink(ignored))
        folders.push_back(entry->path());
    }
    if (code) rejected.push_back({next, without_path(file_error(next, code.value(), false).message, next)});
  }
}

std::string without_path(const std::string& message, const fs::path& path) {
  const std::string quoted = "'" + path.string() + "' ";
  return message.starts_with(quoted) ? message.substr(quoted.size()) : message;
}

} // namespace bloch::imaging
