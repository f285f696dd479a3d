#pragma once

#include <filesystem>
#include <string>

#include "core/base/text.h"

namespace bloch::imaging {

/// "IM0001.;1" of an ISO 9660 file system, "im0001" of another, both as "im0001".
inline std::string medium_name(std::string name) {
  if (const auto version = name.rfind(';'); version != std::string::npos) name.resize(version);
  while (!name.empty() && name.back() == '.') name.pop_back();
  return lower_case(name);
}

/// Whether a file is called as a directory is: DICOMDIR in any case, as ISO 9660 may have changed it.
inline bool is_dicomdir_name(const std::filesystem::path& path) {
  return medium_name(path.filename().string()) == "dicomdir";
}

} // namespace bloch::imaging
