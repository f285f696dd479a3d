#include "imaging/dicom/detail/colour_values.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/contract.h"
#include "imaging/dicom/detail/stored_value.h"

namespace bloch::imaging {
namespace {

using Colour = std::array<std::uint8_t, 3>;

std::uint8_t to_byte(double value) { return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0)); }

Colour from_full_range(double y, double cb, double cr) {
  return {to_byte(y + 1.402 * (cr - 128)), to_byte(y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128)),
          to_byte(y + 1.772 * (cb - 128))};
}

Colour from_studio_range(double y, double cb, double cr) {
  const double grey = 255.0 / 219 * (y - 16);
  constexpr double chroma = 255.0 / 224;
  return {to_byte(grey + 1.402 * chroma * (cr - 128)),
          to_byte(grey - 0.344136 * chroma * (cb - 128) - 0.714136 * chroma * (cr - 128)),
          to_byte(grey + 1.772 * chroma * (cb - 128))};
}

std::uint32_t container(const DecodedFrame& frame, std::size_t i) {
  const auto width = static_cast<std::size_t>(frame.bits_allocated) / 8;
  if (width == 1) return frame.bytes[i];
  if (width == 2) return load_sample<std::uint16_t>(frame.bytes.data(), i);
  return load_sample<std::uint32_t>(frame.bytes.data(), i);
}

/// Samples as 8 bits: the upper eight of those that are stored.
class EightBits {
 public:
  EightBits(const DecodedFrame& frame, const PixelFormat& format)
      : frame_(frame)
      , stored_(format, frame.bits_allocated)
      , shift_(std::max(0, std::min(format.bits_stored, frame.bits_allocated) - 8)) {}

  std::uint8_t operator()(std::size_t i) const {
    const std::int64_t value = stored_(container(frame_, i)) - stored_.smallest();
    return static_cast<std::uint8_t>(value >> shift_);
  }

 private:
  const DecodedFrame& frame_;
  StoredValue stored_;
  int shift_;
};

/// One pixel of samples as the colour model names them.
template <class At> Result<void> fill(std::span<Colour> out, const std::string& model, int samples, At&& at) {
  const auto each = [&](auto&& convert) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = convert(i);
    return Result<void>();
  };
  if (model == "YBR_FULL" || model == "YBR_FULL_422")
    return each([&](std::size_t i) { return from_full_range(at(i, 0), at(i, 1), at(i, 2)); });
  if (model == "YBR_PARTIAL_422" || model == "YBR_PARTIAL_420")
    return each([&](std::size_t i) { return from_studio_range(at(i, 0), at(i, 1), at(i, 2)); });
  if (model == "ARGB") return each([&](std::size_t i) { return Colour{at(i, 1), at(i, 2), at(i, 3)}; });
  if (model == "CMYK")
    return each([&](std::size_t i) {
      const double white = 255.0 - at(i, 3);
      return Colour{to_byte((255 - at(i, 0)) * white / 255), to_byte((255 - at(i, 1)) * white / 255),
                    to_byte((255 - at(i, 2)) * white / 255)};
    });
  // JPEG 2000 takes its own transforms (ICT, RCT) back while it decodes.
  if (model == "RGB" || model == "YBR_ICT" || model == "YBR_RCT" || model == "MONOCHROME2" || model.empty())
    return each([&](std::size_t i) { return Colour{at(i, 0), at(i, 1), at(i, 2)}; });
  return failure(ErrorKind::unsupported,
                 "the colour model " + model + " with " + std::to_string(samples) + " samples is not read");
}

Result<void> fill_palette(const PixelSource& source, const DecodedFrame& frame, std::span<Colour> out) {
  if (!source.palette) return failure(ErrorKind::malformed, "a palette image without a whole palette");
  const StoredValue stored(source.format, frame.bits_allocated);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = source.palette->of(stored(container(frame, i)));
  return {};
}

} // namespace

Result<void> read_image_colours(const PixelSource& source, int frame_number, std::span<Colour> out) {
  BLOCH_TRY(frame, decode_frame(source, frame_number));
  const PixelFormat& format = source.format;
  const std::size_t pixels = out.size();
  BLOCH_EXPECTS(pixels * static_cast<std::size_t>(format.samples) == format.samples_per_frame());
  if (format.number != PixelFormat::Number::integer)
    return failure(ErrorKind::unsupported, "colour images of floating-point samples are not read");
  const std::string& model = frame.photometric.empty() ? format.photometric : frame.photometric;
  const EightBits sample(frame, format);
  if (format.samples == 1) {
    if (model == "PALETTE COLOR") return fill_palette(source, frame, out);
    for (std::size_t i = 0; i < pixels; ++i) out[i].fill(sample(i)); // a grey image among colour images
    return {};
  }
  const auto count = static_cast<std::size_t>(format.samples);
  if (!source.layout.encapsulated && format.halves_chroma()) // Y Y Cb Cr for each two pixels
    return fill(out, model, format.samples, [&](std::size_t i, std::size_t c) {
      return sample(c == 0 ? i / 2 * 4 + i % 2 : i / 2 * 4 + 1 + c);
    });
  if (!source.layout.encapsulated && format.planar)
    return fill(out, model, format.samples,
                [&](std::size_t i, std::size_t c) { return sample(c * pixels + i); });
  return fill(out, model, format.samples, [&](std::size_t i, std::size_t c) { return sample(i * count + c); });
}

} // namespace bloch::imaging
