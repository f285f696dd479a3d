#include <algorithm>
#include <array>
#include <cmath>

#include <Eigen/Core>
#include <Eigen/LU>

#include "imaging/dicom/detail/object_info.h"

namespace bloch::imaging {
namespace {

/// White of the profile connection space.
const Eigen::Vector3d d50(0.96422, 1.0, 0.82521);

/// XYZ under D50 to linear sRGB, Bradford-adapted (brucelindbloom.com, sRGB D50).
Eigen::Matrix3d to_linear() {
  Eigen::Matrix3d matrix;
  matrix << 3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.0334540, 0.0719453, -0.2289914,
      1.4052427;
  return matrix;
}

constexpr double knee = 6.0 / 29.0;

double lab_curve(double t) {
  return t > knee * knee * knee ? std::cbrt(t) : t / (3 * knee * knee) + 4.0 / 29.0;
}
double lab_curve_back(double f) { return f > knee ? f * f * f : 3 * knee * knee * (f - 4.0 / 29.0); }

double gamma(double linear) {
  linear = std::clamp(linear, 0.0, 1.0);
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}
double gamma_back(double encoded) {
  return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

std::uint16_t word(double value, double lowest, double span) {
  return static_cast<std::uint16_t>(std::lround(std::clamp((value - lowest) / span, 0.0, 1.0) * 65535));
}

} // namespace

std::array<std::uint8_t, 3> to_srgb(const std::array<std::uint16_t, 3>& cielab) {
  const double l = cielab[0] / 65535.0 * 100;
  const double a = cielab[1] / 65535.0 * 255 - 128;
  const double b = cielab[2] / 65535.0 * 255 - 128;
  const double y = (l + 16) / 116;
  const Eigen::Vector3d xyz(d50[0] * lab_curve_back(y + a / 500), d50[1] * lab_curve_back(y),
                            d50[2] * lab_curve_back(y - b / 200));
  const Eigen::Vector3d linear = to_linear() * xyz;
  std::array<std::uint8_t, 3> colour{};
  for (int i = 0; i < 3; ++i)
    colour[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(std::lround(gamma(linear[i]) * 255));
  return colour;
}

std::array<std::uint16_t, 3> to_cielab(const std::array<std::uint8_t, 3>& srgb) {
  const Eigen::Vector3d linear(gamma_back(srgb[0] / 255.0), gamma_back(srgb[1] / 255.0),
                               gamma_back(srgb[2] / 255.0));
  const Eigen::Vector3d xyz = to_linear().inverse() * linear;
  const double x = lab_curve(xyz[0] / d50[0]);
  const double y = lab_curve(xyz[1] / d50[1]);
  const double z = lab_curve(xyz[2] / d50[2]);
  return {word(116 * y - 16, 0, 100), word(500 * (x - y), -128, 255), word(200 * (y - z), -128, 255)};
}

} // namespace bloch::imaging
