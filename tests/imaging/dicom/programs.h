#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temporary_folder.h"

namespace bloch::imaging {

/// What a command prints, errors included.
inline std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return "cannot run";
  char line[512];
  while (std::fgets(line, sizeof line, pipe)) text += line;
  ::pclose(pipe);
  return text;
}

/// What a Python program prints about a file, its argument.
inline std::string python_says(const std::string& program, const std::filesystem::path& file) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "read.py") << program;
  return output_of("/usr/bin/python3 -W ignore '" + (folder / "read.py").string() + "' '" + file.string() +
                   "'");
}

inline bool has_pydicom() { return tests::run_program("/usr/bin/python3 -c 'import pydicom, numpy'"); }

} // namespace bloch::imaging

#define BLOCH_NEEDS_PYDICOM()                                                                                  \
  do {                                                                                                         \
    if (!::bloch::imaging::has_pydicom()) GTEST_SKIP() << "python3-pydicom is not installed";                  \
  } while (false)
