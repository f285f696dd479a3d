#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <Eigen/Core>

namespace bloch::tests {

/// A file that dcm2niix wrote, read without Bloch's own reader: uncompressed NIfTI-1 of one to four dimensions.
struct PeerNifti {
  std::string name;
  std::array<int, 4> size{1, 1, 1, 1};
  bool colour = false;
  Eigen::Matrix4d voxel_to_lps = Eigen::Matrix4d::Identity();
  std::vector<double> samples; ///< scaled; x fastest, then y, z, time; empty when colour

  std::size_t voxels() const {
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
           static_cast<std::size_t>(size[2]);
  }
};

template <class T> T at_byte(const std::vector<char>& bytes, std::size_t offset) {
  T value{};
  if (offset + sizeof(T) <= bytes.size()) std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

template <class T> std::vector<double> scaled_samples(const std::vector<char>& bytes, std::size_t count) {
  const auto offset = static_cast<std::size_t>(at_byte<float>(bytes, 108));
  const float slope = at_byte<float>(bytes, 112) == 0 ? 1 : at_byte<float>(bytes, 112);
  const float intercept = at_byte<float>(bytes, 116);
  std::vector<double> samples(count);
  for (std::size_t i = 0; i < count; ++i)
    samples[i] = static_cast<double>(at_byte<T>(bytes, offset + i * sizeof(T))) * static_cast<double>(slope) +
                 static_cast<double>(intercept);
  return samples;
}

inline PeerNifti read_peer(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  PeerNifti peer;
  peer.name = path.filename().string();
  const int dimensions = at_byte<std::int16_t>(bytes, 40);
  for (int i = 0; i < dimensions && i < 4; ++i)
    peer.size[static_cast<std::size_t>(i)] = at_byte<std::int16_t>(bytes, 42 + 2 * static_cast<std::size_t>(i));
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 4; ++column)
      peer.voxel_to_lps(row, column) =
          (row < 2 ? -1 : 1) *
          static_cast<double>(at_byte<float>(bytes, 280 + 4 * static_cast<std::size_t>(4 * row + column)));
  const std::size_t count = peer.voxels() * static_cast<std::size_t>(peer.size[3]);
  switch (at_byte<std::int16_t>(bytes, 70)) {
  case 2:
    peer.samples = scaled_samples<std::uint8_t>(bytes, count);
    break;
  case 4:
    peer.samples = scaled_samples<std::int16_t>(bytes, count);
    break;
  case 8:
    peer.samples = scaled_samples<std::int32_t>(bytes, count);
    break;
  case 16:
    peer.samples = scaled_samples<float>(bytes, count);
    break;
  case 64:
    peer.samples = scaled_samples<double>(bytes, count);
    break;
  case 512:
    peer.samples = scaled_samples<std::uint16_t>(bytes, count);
    break;
  case 768:
    peer.samples = scaled_samples<std::uint32_t>(bytes, count);
    break;
  default:
    peer.colour = true;
  }
  return peer;
}

} // namespace bloch::tests
