#include "app/cli/npy_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/file.h"

namespace bloch::app {
namespace {

std::string npy_header(const std::string& type, const std::vector<std::size_t>& shape) {
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (";
  for (const std::size_t extent : shape) text += std::to_string(extent) + ", ";
  text += "), }";
  text.append((64 - (10 + text.size() + 1) % 64) % 64, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

} // namespace

Result<void> write_npy(const std::filesystem::path& path, const std::string& type,
                       const std::vector<std::size_t>& shape, std::size_t bytes,
                       const std::function<void(std::size_t offset, std::span<std::byte> piece)>& fill) {
  return write_beside(path, [&](const std::filesystem::path& beside) -> Result<void> {
    const auto close = [](std::FILE* file) { std::fclose(file); };
    std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(beside.c_str(), "wb"), close);
    if (!file) return failure(file_error(path, errno, true));
    const std::string header = npy_header(type, shape);
    bool good = std::fwrite(header.data(), 1, header.size(), file.get()) == header.size();
    std::vector<std::byte> piece(std::min(bytes, std::size_t{1} << 20));
    for (std::size_t offset = 0; good && offset < bytes; offset += piece.size()) {
      piece.resize(std::min(piece.size(), bytes - offset));
      fill(offset, piece);
      good = std::fwrite(piece.data(), 1, piece.size(), file.get()) == piece.size();
    }
    good = std::fclose(file.release()) == 0 && good;
    if (!good) return failure(file_error(path, errno, true));
    return {};
  });
}

Result<void> write_npy_tiles(const std::filesystem::path& path, std::size_t rows, std::size_t columns,
                             const std::function<Result<void>(const PutTile& put)>& fill) {
  return write_beside(path, [&](const std::filesystem::path& beside) -> Result<void> {
    const auto close = [](std::FILE* file) { std::fclose(file); };
    std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(beside.c_str(), "wb"), close);
    if (!file) return failure(file_error(path, errno, true));
    const std::string header = npy_header("<f8", {rows, columns});
    const int descriptor = fileno(file.get());
    const auto write_at = [&](std::size_t offset, const void* bytes, std::size_t size) -> Result<void> {
      const char* next = static_cast<const char*>(bytes);
      while (size > 0) {
        const ssize_t written = pwrite(descriptor, next, size, static_cast<off_t>(offset));
        if (written < 0) return failure(file_error(path, errno, true));
        next += written;
        offset += static_cast<std::size_t>(written);
        size -= static_cast<std::size_t>(written);
      }
      return {};
    };
    const std::size_t bytes = header.size() + rows * columns * sizeof(double);
    if (const int error = posix_fallocate(descriptor, 0, static_cast<off_t>(bytes)); error != 0)
      return failure(file_error(path, error, true));
    BLOCH_CHECK(write_at(0, header.data(), header.size()));
    const PutTile put = [&](std::size_t first_row, std::size_t first_column, std::size_t tile_rows,
                            std::size_t tile_columns, const double* tile) -> Result<void> {
      for (std::size_t row = 0; row < tile_rows; ++row)
        BLOCH_CHECK(write_at(header.size() + ((first_row + row) * columns + first_column) * sizeof(double),
                             tile + row * tile_columns, tile_columns * sizeof(double)));
      return {};
    };
    BLOCH_CHECK(fill(put));
    if (std::fclose(file.release()) != 0) return failure(file_error(path, errno, true));
    return {};
  });
}

} // namespace bloch::app
