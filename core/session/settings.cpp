#include "core/session/settings.h"

#include <algorithm>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/text.h"

namespace bloch {

std::string to_json(const Settings& settings) {
  nlohmann::ordered_json json;
  json["bloch"] = "settings";
  json["format"] = 1;
  json["threads"] = settings.threads;
  json["theme"] = settings.theme;
  json["workspace"] = settings.workspace;
  json["last_folder"] = settings.last_folder;
  json["recent"] = settings.recent;
  json["window"] = settings.window;
  return json.dump(2) + "\n";
}

Result<Settings> settings_from_json(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("bloch", "") != "settings")
    return failure(ErrorKind::malformed, "this is not a settings file of Bloch");
  try {
    Settings settings;
    settings.threads = std::max(0, json.value("threads", settings.threads));
    settings.theme = json.value("theme", settings.theme);
    settings.workspace = json.value("workspace", settings.workspace);
    settings.last_folder = json.value("last_folder", settings.last_folder);
    settings.recent = json.value("recent", settings.recent);
    settings.window = json.value("window", settings.window);
    return settings;
  } catch (const nlohmann::json::exception&) {
    return failure(ErrorKind::malformed, "a setting has the wrong type");
  }
}

Result<Settings> Settings::load(const std::filesystem::path& path) {
  Settings settings;
  std::error_code code;
  if (std::filesystem::exists(path, code)) {
    BLOCH_TRY(bytes, read_file(path, 4U << 20));
    auto read = settings_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (!read) return failure(read.error().in("'" + path.string() + "'"));
    settings = std::move(*read);
  }
  if (const char* threads = std::getenv("BLOCH_THREADS"))
    if (const auto number = to_integer(threads); number && *number >= 0 && *number <= 1024)
      settings.threads = static_cast<int>(*number);
  if (const char* theme = std::getenv("BLOCH_THEME"); theme && *theme) settings.theme = theme;
  return settings;
}

Result<void> Settings::save(const std::filesystem::path& path) const {
  return write_file(path, to_json(*this));
}

std::filesystem::path Settings::default_path() { return configuration_folder() / "settings.json"; }

void Settings::remember(const std::string& path) {
  recent.erase(std::remove(recent.begin(), recent.end(), path), recent.end());
  recent.insert(recent.begin(), path);
  if (recent.size() > 12) recent.resize(12);
}

} // namespace bloch
