#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace bloch::end_to_end {
namespace fs = std::filesystem;
using nlohmann::json;

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

inline std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The last bytes of a NumPy file are its samples.
template <class T> std::vector<T> last_samples(const fs::path& path, std::size_t count) {
  const std::string bytes = content(path);
  std::vector<T> samples(count);
  if (bytes.size() < count * sizeof(T)) return {};
  std::copy(bytes.end() - static_cast<std::ptrdiff_t>(count * sizeof(T)), bytes.end(),
            reinterpret_cast<char*>(samples.data()));
  return samples;
}

class CommandLine : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("bloch-cli-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// Runs in the test's own folder, so that relative paths stay there.
  Outcome run(const std::string& arguments) const {
    const fs::path out = folder_.string() + ".out";
    const fs::path err = folder_.string() + ".err";
    const std::string command = "cd '" + folder_.string() + "' && XDG_CACHE_HOME='" + folder_.string() +
                                ".cache' '" + program_ + "' " + arguments + " >'" + out.string() + "' 2>'" +
                                err.string() + "' </dev/null";
    const int status = std::system(command.c_str());
    Outcome outcome{WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(out), content(err)};
    fs::remove(out);
    fs::remove(err);
    fs::remove_all(folder_.string() + ".cache");
    return outcome;
  }

  void refuses(const std::string& arguments, int code, const std::string& word) const {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, code) << arguments << "\n" << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("bloch: error: ")) << arguments << "\n" << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_NE(outcome.err.find(word), std::string::npos) << arguments << "\n" << outcome.err;
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  /// A small fully sampled scan of four coils: a square seen through smooth maps, as .npy [coil][ky][kx].
  void write_scan(const std::string& name, int size = 48, int coils = 4) const;

  fs::path folder_;
  std::string program_ = BLOCH_CLI;
};

inline void write_npy_header(std::ofstream& file, const std::string& kind, const std::string& shape) {
  std::string header = "{'descr': '" + kind + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  header.resize((10 + header.size() + 1 + 63) / 64 * 64 - 10 - 1, ' ');
  header += '\n';
  const std::uint16_t length = static_cast<std::uint16_t>(header.size());
  file.write("\x93NUMPY\x01\x00", 8);
  file.write(reinterpret_cast<const char*>(&length), 2);
  file << header;
}

inline void CommandLine::write_scan(const std::string& name, int size, int coils) const {
  std::ofstream file(folder_ / name, std::ios::binary);
  write_npy_header(file, "<c8",
                   std::to_string(coils) + ", " + std::to_string(size) + ", " + std::to_string(size));
  // The transform of a square is a product of two Dirichlet kernels; a coil is a shift of the phase with a
  // weight of its own.
  const auto kernel = [&](int k) {
    const double t = M_PI * (k - size / 2) / size;
    return std::abs(t) < 1e-12 ? size / 2.0 : std::sin(t * size / 2.0) / std::sin(t);
  };
  for (int c = 0; c < coils; ++c)
    for (int y = 0; y < size; ++y)
      for (int x = 0; x < size; ++x) {
        const double angle = 0.3 * c + 0.02 * c * (x - size / 2) - 0.01 * c * (y - size / 2);
        const double value = kernel(x) * kernel(y) / size * (1 + 0.2 * c);
        const std::array<float, 2> sample{static_cast<float>(value * std::cos(angle)),
                                          static_cast<float>(value * std::sin(angle))};
        file.write(reinterpret_cast<const char*>(sample.data()), sizeof sample);
      }
}

} // namespace bloch::end_to_end
