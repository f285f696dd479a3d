#include "quantum/simulators/memory.h"

#include <cstdio>
#include <fstream>
#include <limits>
#include <stdexcept>

namespace bloch::quantum {

std::size_t available_memory() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  while (file >> word)
    if (word == "MemAvailable:") {
      std::size_t kibibytes = 0;
      if (file >> kibibytes) return kibibytes * 1024;
    }
  return std::numeric_limits<std::size_t>::max();
}

void check_memory(std::size_t bytes, const std::string& what) {
  if (bytes < (std::size_t{64} << 20)) return; // asking costs more than it saves
  const std::size_t available = available_memory();
  if (bytes <= available) return;
  char text[96];
  std::snprintf(text, sizeof text, " needs %.1f GiB, and %.1f GiB are free",
                static_cast<double>(bytes) / (1 << 30), static_cast<double>(available) / (1 << 30));
  throw std::invalid_argument(what + text);
}

} // namespace bloch::quantum
