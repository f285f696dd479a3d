#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <unistd.h>

namespace bloch::fuzz {

/// A file of this process with the given ending that holds the input.
inline std::filesystem::path write_input(const std::string& ending, const std::uint8_t* data,
                                         std::size_t size) {
  static const std::filesystem::path folder = [] {
    const char* memory = "/dev/shm";
    const auto base = std::filesystem::is_directory(memory) ? std::filesystem::path(memory)
                                                            : std::filesystem::temp_directory_path();
    const auto own = base / ("bloch-fuzz-" + std::to_string(::getpid()));
    std::filesystem::create_directories(own);
    std::atexit([] {
      std::error_code ignored;
      for (const char* place : {"/dev/shm", "/tmp"})
        std::filesystem::remove_all(std::filesystem::path(place) / ("bloch-fuzz-" + std::to_string(::getpid())),
                                    ignored);
    });
    return own;
  }();
  const std::filesystem::path path = folder / ("input" + ending);
  if (std::FILE* file = std::fopen(path.c_str(), "wb")) {
    if (size > 0) std::fwrite(data, 1, size, file);
    std::fclose(file);
  }
  return path;
}

} // namespace bloch::fuzz
