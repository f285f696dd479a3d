#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {
namespace fs = std::filesystem;

const fs::path source_root = BLOCH_SOURCE_DIR;

struct Include {
  std::string file; ///< from the root, "imaging/io/npy.cpp"
  int line = 0;
  std::string path; ///< as written between the quotes or brackets
  bool quoted = false;
};

bool starts_with_any(const std::string& text, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return text.starts_with(prefix); });
}

std::vector<Include> every_include() {
  static const std::regex pattern(R"(^\s*#\s*include\s*(["<])([^">]+)[">])");
  std::vector<Include> includes;
  for (const char* top : {"core", "quantum", "imaging", "app"}) {
    if (!fs::exists(source_root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(source_root / top)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".h" && extension != ".inc") continue;
      std::ifstream file(entry.path());
      std::string line;
      for (int number = 1; std::getline(file, line); ++number) {
        std::smatch match;
        if (std::regex_search(line, match, pattern))
          includes.push_back(
              {fs::relative(entry.path(), source_root).generic_string(), number, match[2], match[1] == "\""});
      }
    }
  }
  return includes;
}

/// Rooms of Bloch that files of a room may include; the first matching prefix of the file decides (DESIGN.md
/// 1).
const std::vector<std::pair<std::string, std::vector<std::string>>> rooms_within = {
    {"core/", {"core/"}},
    {"quantum/", {"quantum/"}},
    {"imaging/learning/", {"core/", "imaging/", "quantum/"}},
    {"imaging/planning/", {"core/", "imaging/", "quantum/"}},
    {"imaging/", {"core/", "imaging/"}},
    {"app/cli/", {"core/", "imaging/", "quantum/", "app/cli/", "app/tools/viewer_tools.inc"}},
    {"app/bridge/", {"core/", "imaging/", "app/bridge/", "app/viewers/", "app/tools/", "app/theme/"}},
    {"app/viewers/", {"core/", "imaging/", "app/bridge/", "app/viewers/", "app/tools/", "app/theme/"}},
    {"app/tools/", {"core/", "imaging/", "app/bridge/", "app/viewers/", "app/tools/", "app/theme/"}},
    {"app/theme/", {"core/", "app/theme/"}},
    {"app/widgets/", {"core/", "app/widgets/", "app/theme/"}},
    {"app/",
     {"core/", "imaging/", "quantum/", "app/bridge/", "app/viewers/", "app/tools/", "app/theme/",
      "app/widgets/", "app/panels/", "app/desktop/"}},
};

/// Third-party headers that may stand in a room's own headers.
const std::vector<std::pair<std::string, std::vector<std::string>>> third_party_in_headers = {
    {"core/", {"Eigen/", "tl/"}},
    {"quantum/", {"Eigen/"}},
    {"imaging/adapters/", {"Eigen/", "tl/", "dcmtk/", "itk", "fftw", "hdf5", "ismrmrd", "H5"}},
    {"imaging/", {"Eigen/", "tl/"}},
    {"app/cli/", {"Eigen/", "tl/"}},
    {"app/bridge/", {"Eigen/", "tl/", "Q", "vtk"}},
    {"app/viewers/", {"Eigen/", "tl/", "Q", "vtk"}},
    {"app/tools/", {"Eigen/", "tl/", "Q", "vtk"}},
    {"app/", {"Eigen/", "tl/", "Q"}},
};

/// Third-party headers that must not stand anywhere in a room, sources included.
const std::vector<std::pair<std::string, std::vector<std::string>>> forbidden_inside = {
    {"core/", {"Q", "vtk", "itk", "dcmtk/", "gdcm", "fftw", "tbb/", "hwy/", "cblas", "CLI/"}},
    {"quantum/", {"Q", "vtk", "itk", "dcmtk/", "gdcm", "fftw", "nlohmann/", "tl/", "CLI/", "fmt/"}},
    {"imaging/", {"Q", "vtk", "CLI/"}},
    {"app/cli/", {"Q", "vtk", "itk", "dcmtk/"}},
    {"app/panels/", {"vtk", "itk", "dcmtk/"}},
    {"app/desktop/", {"vtk", "itk", "dcmtk/"}},
    {"app/widgets/", {"vtk", "itk", "dcmtk/"}},
    {"app/", {"itk", "dcmtk/", "gdcm", "fftw", "hwy/"}},
};

const std::set<std::string> umbrella_headers = {"QtWidgets", "QtCore",      "QtGui",
                                                "QtOpenGL",  "Eigen/Eigen", "bits/stdc++.h"};

template <class Rules> const std::vector<std::string>* rule_of(const Rules& rules, const std::string& file) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return file.starts_with(rule.first); });
  return found == rules.end() ? nullptr : &found->second;
}

/// The C and C++ standard libraries and POSIX.
bool is_system(const std::string& path) {
  static const std::set<std::string> posix = {
      "fcntl.h",        "unistd.h",      "dlfcn.h", "sys/mman.h", "sys/stat.h", "sys/types.h", "sys/wait.h",
      "sys/resource.h", "sys/statvfs.h", "pwd.h",   "spawn.h",    "signal.h",   "poll.h"};
  return posix.contains(path) ||
         (path.find('/') == std::string::npos && path.find('.') == std::string::npos &&
          !path.starts_with("Q") && !std::isupper(static_cast<unsigned char>(path.front())));
}

/// A header is public unless it lies in detail/; private ones may know what the sources know.
bool is_private(const std::string& file) { return file.find("/detail/") != std::string::npos; }

std::string place(const Include& include) {
  return include.file + ":" + std::to_string(include.line) + " includes " + include.path;
}

} // namespace

TEST(Includes, StayWithinTheRoomsThatEachRoomMayKnow) {
  int checked = 0;
  for (const Include& include : every_include()) {
    if (!include.quoted) continue;
    const auto* allowed = rule_of(rooms_within, include.file);
    ASSERT_NE(allowed, nullptr) << "no rule for " << include.file;
    EXPECT_TRUE(starts_with_any(include.path, *allowed)) << place(include);
    ++checked;
  }
  EXPECT_GT(checked, 100);
}

TEST(Includes, AreWrittenFromTheRootAndExist) {
  for (const Include& include : every_include()) {
    if (include.quoted) {
      EXPECT_TRUE(fs::exists(source_root / include.path)) << place(include);
    }
  }
}

TEST(Includes, OfToolkitsStayOutOfHeadersThatMustNotKnowThem) {
  for (const Include& include : every_include()) {
    if (include.quoted || !include.file.ends_with(".h") || is_private(include.file) || is_system(include.path))
      continue;
    const auto* allowed = rule_of(third_party_in_headers, include.file);
    ASSERT_NE(allowed, nullptr) << "no rule for " << include.file;
    EXPECT_TRUE(starts_with_any(include.path, *allowed)) << place(include);
  }
}

TEST(Includes, OfToolkitsStayOutOfRoomsThatMustNotKnowThem) {
  for (const Include& include : every_include()) {
    if (include.quoted || is_system(include.path)) continue;
    if (const auto* forbidden = rule_of(forbidden_inside, include.file)) {
      EXPECT_FALSE(starts_with_any(include.path, *forbidden)) << place(include);
    }
  }
}

TEST(Includes, NameNoUmbrellaHeader) {
  for (const Include& include : every_include()) {
    EXPECT_FALSE(umbrella_headers.contains(include.path)) << place(include);
    if (include.file.ends_with(".h")) {
      EXPECT_NE(include.path, "nlohmann/json.hpp") << place(include);
    }
  }
}

TEST(Includes, OfAdaptersComeFromSourcesOnly) {
  for (const Include& include : every_include())
    if (include.quoted && include.path.starts_with("imaging/adapters/") &&
        !include.file.starts_with("imaging/adapters/")) {
      EXPECT_TRUE(include.file.ends_with(".cpp") || is_private(include.file)) << place(include);
    }
}

TEST(Folders, AtTheTopAreThoseThatTheDesignFixes) {
  const std::set<std::string> allowed = {"app",       "core",  "quantum",   "imaging",
                                         "resources", "tests", "packaging", "build"};
  for (const auto& entry : fs::directory_iterator(source_root)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() && !name.starts_with(".")) {
      EXPECT_TRUE(allowed.contains(name)) << name;
    }
  }
}

TEST(Folders, AtTheTopHaveAReadme) {
  for (const char* top : {"app", "core", "quantum", "imaging", "resources", "tests", "packaging", "."})
    EXPECT_TRUE(fs::exists(source_root / top / "README.md")) << top;
}
