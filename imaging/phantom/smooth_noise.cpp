#include "imaging/phantom/smooth_noise.h"

#include <array>
#include <cmath>

namespace bloch::imaging {
namespace {

/// Mixes the bits of a lattice point into a value from -1 to 1 (the finaliser of MurmurHash3).
double lattice_value(std::uint32_t seed, std::int32_t x, std::int32_t y, std::int32_t z) {
  std::uint32_t h = seed * 0x9E3779B9u + static_cast<std::uint32_t>(x) * 0x85EBCA6Bu +
                    static_cast<std::uint32_t>(y) * 0xC2B2AE35u + static_cast<std::uint32_t>(z) * 0x27D4EB2Fu;
  h ^= h >> 16;
  h *= 0x85EBCA6Bu;
  h ^= h >> 13;
  h *= 0xC2B2AE35u;
  h ^= h >> 16;
  return static_cast<double>(h) / 2147483647.5 - 1;
}

double quintic(double t) { return t * t * t * (t * (t * 6 - 15) + 10); }

} // namespace

double SmoothNoise::operator()(const Eigen::Vector3d& point_mm) const {
  const Eigen::Vector3d place = point_mm * lattice_per_mm_;
  std::array<std::int32_t, 3> cell{};
  std::array<double, 3> part{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double below = std::floor(place[static_cast<int>(i)]);
    cell[i] = static_cast<std::int32_t>(below);
    part[i] = quintic(place[static_cast<int>(i)] - below);
  }
  double sum = 0;
  for (int corner = 0; corner < 8; ++corner) {
    const int dx = corner & 1, dy = (corner >> 1) & 1, dz = corner >> 2;
    const double weight =
        (dx ? part[0] : 1 - part[0]) * (dy ? part[1] : 1 - part[1]) * (dz ? part[2] : 1 - part[2]);
    sum += weight * lattice_value(seed_, cell[0] + dx, cell[1] + dy, cell[2] + dz);
  }
  return sum;
}

} // namespace bloch::imaging
