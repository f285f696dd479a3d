// Any bytes as a DICOMDIR beside one image: what it names is found below its folder, or said to be missing.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "imaging/dicom/dicomdir.h"

namespace {

namespace fs = std::filesystem;

/// A folder like that of a CD, in memory where there is such a place; one for the whole run.
const fs::path& medium() {
  static const fs::path folder = [] {
    const fs::path parent = fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
    fs::path made = parent / ("bloch-dicomdir-" + std::to_string(::getpid()));
    fs::create_directories(made / "cd" / "IMAGES");
    std::ofstream(made / "cd" / "IMAGES" / "IM1") << "x";
    std::ofstream(made / "secret") << "x";
    std::atexit([] { fs::remove_all(medium()); });
    return made;
  }();
  return folder;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > (1U << 18)) return 0;
  const fs::path path = medium() / "cd" / "DICOMDIR";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto directory = bloch::imaging::read_dicomdir(path);
  if (!directory) return 0;
  const std::string inside = (medium() / "cd").string() + "/";
  for (const fs::path& file : directory->files)
    if (!fs::canonical(file).string().starts_with(inside)) std::abort();
  return 0;
}
