#include "imaging/demo/picture.h"

#include <algorithm>
#include <cmath>

#include <png.h>

namespace bloch::imaging {
namespace {

/// Bilinear value at a place of one slice, edges held.
double value_between(const Volume& volume, double x, double y, int z) {
  const auto& size = volume.geometry().size;
  const double cx = std::clamp(x, 0.0, size[0] - 1.0);
  const double cy = std::clamp(y, 0.0, size[1] - 1.0);
  const int x0 = static_cast<int>(cx);
  const int y0 = static_cast<int>(cy);
  const int x1 = std::min(x0 + 1, size[0] - 1);
  const int y1 = std::min(y0 + 1, size[1] - 1);
  const double fx = cx - x0;
  const double fy = cy - y0;
  const double top = (1 - fx) * value_at(volume, x0, y0, z) + fx * value_at(volume, x1, y0, z);
  const double bottom = (1 - fx) * value_at(volume, x0, y1, z) + fx * value_at(volume, x1, y1, z);
  return (1 - fy) * top + fy * bottom;
}

/// Voxel coordinate under the middle of a pixel.
double voxel_under(int pixel, int first, int zoom) { return first + (pixel + 0.5) / zoom - 0.5; }

bool labelled(const LabelMap& labels, int x, int y, int z) {
  const auto& size = labels.geometry().size;
  if (x < 0 || y < 0 || x >= size[0] || y >= size[1]) return false;
  return labels.visit([&](auto samples) { return samples[labels.offset(x, y, z)] != 0; });
}

} // namespace

SliceWindow window_around_content(const Volume& volume, int z, int margin) {
  const auto& size = volume.geometry().size;
  SliceWindow window{z, size[0], size[1], -1, -1};
  const double limit = 0.1 * percentile(volume, 0.995);
  for (int slice = 0; slice < size[2]; ++slice)
    for (int y = 0; y < size[1]; ++y)
      for (int x = 0; x < size[0]; ++x)
        if (value_at(volume, x, y, slice) > limit) {
          window.x0 = std::min(window.x0, x);
          window.x1 = std::max(window.x1, x);
          window.y0 = std::min(window.y0, y);
          window.y1 = std::max(window.y1, y);
        }
  if (window.x1 < 0) return {z, 0, 0, size[0] - 1, size[1] - 1};
  window.x0 = std::max(0, window.x0 - margin);
  window.y0 = std::max(0, window.y0 - margin);
  window.x1 = std::min(size[0] - 1, window.x1 + margin);
  window.y1 = std::min(size[1] - 1, window.y1 + margin);
  return window;
}

Picture draw_slice(const Volume& volume, const SliceWindow& window, double black, double white, int zoom,
                   std::string_view map) {
  Picture picture((window.x1 - window.x0 + 1) * zoom, (window.y1 - window.y0 + 1) * zoom);
  const ColourTable table = colour_map(map);
  const double range = white > black ? white - black : 1;
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const double value =
          value_between(volume, voxel_under(x, window.x0, zoom), voxel_under(y, window.y0, zoom), window.z);
      if (map != "grey") {
        picture.at(x, y) = colour_of(table, (value - black) / range);
        continue;
      }
      const auto level =
          static_cast<std::uint8_t>(std::lround(255 * std::clamp((value - black) / range, 0.0, 1.0)));
      picture.at(x, y) = {level, level, level};
    }
  return picture;
}

void overlay(Picture& picture, const Volume& map, const SliceWindow& window, int zoom, std::string_view colours,
             double threshold, double opacity) {
  const ColourTable table = colour_map(colours);
  const double full = std::min(threshold + 0.28, 1.0);
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const double value =
          value_between(map, voxel_under(x, window.x0, zoom), voxel_under(y, window.y0, zoom), window.z);
      if (value <= threshold) continue;
      const double part =
          opacity * std::clamp((value - threshold) / std::max(full - threshold, 1e-9), 0.0, 1.0);
      const Rgb colour = colour_of(table, (value - threshold) / std::max(1 - threshold, 1e-9));
      Rgb& pixel = picture.at(x, y);
      for (std::size_t c = 0; c < 3; ++c)
        pixel[c] = static_cast<std::uint8_t>(std::lround((1 - part) * pixel[c] + part * colour[c]));
    }
}

void outline(Picture& picture, const LabelMap& labels, const SliceWindow& window, int zoom, Rgb colour) {
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const int vx = window.x0 + x / zoom;
      const int vy = window.y0 + y / zoom;
      if (labelled(labels, vx, vy, window.z)) continue;
      const bool beside = labelled(labels, window.x0 + (x + 1) / zoom, vy, window.z) ||
                          labelled(labels, vx, window.y0 + (y + 1) / zoom, window.z) ||
                          (x > 0 && labelled(labels, window.x0 + (x - 1) / zoom, vy, window.z)) ||
                          (y > 0 && labelled(labels, vx, window.y0 + (y - 1) / zoom, window.z));
      // Light dashes with black between them: seen on dark and on bright tissue.
      if (beside) picture.at(x, y) = (x + y) % 5 < 3 ? colour : Rgb{0, 0, 0};
    }
}

Result<std::vector<std::uint8_t>> to_png(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t bytes = 0;
  if (!png_image_write_to_memory(&image, nullptr, &bytes, 0, picture.pixels.data(), 0, nullptr))
    return failure(ErrorKind::failed, "a picture could not be encoded as PNG");
  std::vector<std::uint8_t> out(bytes);
  if (!png_image_write_to_memory(&image, out.data(), &bytes, 0, picture.pixels.data(), 0, nullptr))
    return failure(ErrorKind::failed, "a picture could not be encoded as PNG");
  out.resize(bytes);
  return out;
}

std::string to_base64(const std::vector<std::uint8_t>& bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = (group << 8) | (k < count ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? digits[(group >> (18 - 6 * k)) & 63] : '=';
  }
  return text;
}

} // namespace bloch::imaging
