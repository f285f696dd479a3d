#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace bloch {

/// What the program remembers, in one versioned JSON file: default < file < environment (BLOCH_…) < command
/// line.
class Settings {
 public:
  int threads = 0; ///< 0: all processors
  std::string theme = "dark";
  std::string workspace = "read";
  std::string last_folder;
  std::vector<std::string> recent; ///< newest first, at most 12
  /// State that the window alone understands (geometry, collapsed sections), base64 or plain text by key.
  std::map<std::string, std::string> window;

  /// The file when it is there, else defaults; then the environment. Errors: malformed (the file is kept and
  /// named).
  static Result<Settings> load(const std::filesystem::path& path);
  Result<void> save(const std::filesystem::path& path) const;
  static std::filesystem::path default_path();

  void remember(const std::string& path);
};

std::string to_json(const Settings& settings);
Result<Settings> settings_from_json(std::string_view json);

} // namespace bloch
