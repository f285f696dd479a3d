#include "imaging/dicom/detail/modality_values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "core/base/contract.h"
#include "imaging/dicom/detail/stored_value.h"

namespace bloch::imaging {
namespace {

/// Stored value to modality value of one frame.
class ModalityMap {
 public:
  explicit ModalityMap(const ModalityLut& lut)
      : lut_(lut) {}

  double operator()(std::int64_t value) const {
    if (lut_.table.empty()) return static_cast<double>(value) * lut_.slope + lut_.intercept;
    const std::int64_t last = static_cast<std::int64_t>(lut_.table.size()) - 1;
    return static_cast<double>(
        lut_.table[static_cast<std::size_t>(std::clamp<std::int64_t>(value - lut_.first_mapped, 0, last))]);
  }

 private:
  const ModalityLut& lut_;
};

/// step: of one stored value to the next; of a floating-point number 0, which is rounded as it must
void note_rounding(double value, double step, Rounding& lost) {
  if (!std::isfinite(value)) return;
  if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
    lost.out_of_range = std::max(lost.out_of_range, std::abs(value));
    return;
  }
  const auto kept = static_cast<double>(static_cast<float>(value));
  lost.vanished = lost.vanished || (kept == 0 && value != 0);
  const double error = std::abs(value - kept);
  if (step > 0 && error > 0.25 * step) lost.largest_error = std::max(lost.largest_error, error);
}

/// Where the image lies in its frame.
struct Window {
  std::size_t first_row = 0, first_column = 0, rows = 0, columns = 0, stride = 0;
};

Window window_of(const PixelSource& source, int image) {
  const auto columns = static_cast<std::size_t>(source.format.columns);
  if (source.tiles_across == 0) return {0, 0, static_cast<std::size_t>(source.format.rows), columns, columns};
  const auto tile_rows = static_cast<std::size_t>(source.tile_rows);
  const auto tile_columns = static_cast<std::size_t>(source.tile_columns);
  const auto tile = static_cast<std::size_t>(image);
  const auto across = static_cast<std::size_t>(source.tiles_across);
  return {tile / across * tile_rows, tile % across * tile_columns, tile_rows, tile_columns, columns};
}

/// Calls value(i) for each sample of the window, i its index in the frame, and stores what it returns.
template <class Out, class Value> bool fill(const Window& window, std::span<Out> out, Value&& value) {
  bool misfits = false;
  for (std::size_t y = 0; y < window.rows; ++y) {
    const std::size_t from = (window.first_row + y) * window.stride + window.first_column;
    Out* to = out.data() + y * window.columns;
    for (std::size_t x = 0; x < window.columns; ++x) {
      const auto sample = value(from + x);
      to[x] = static_cast<Out>(sample);
      if constexpr (std::is_same_v<Out, std::int16_t>) misfits |= sample != to[x]; // no branch: several at once
    }
  }
  return !misfits;
}

template <class Container, class Out>
bool fill_integers(const PixelSource& source, const DecodedFrame& frame, const Window& window, int lut,
                   std::span<Out> out, [[maybe_unused]] Rounding* lost) {
  const StoredValue stored(source.format, frame.bits_allocated);
  const std::uint8_t* bytes = frame.bytes.data();
  if constexpr (std::is_same_v<Out, std::int16_t>) { // without a detour over double
    if constexpr (sizeof(Container) <= 2) {
      const auto intercept = static_cast<std::int32_t>(source.lut(lut).intercept);
      return fill(window, out,
                  [&](std::size_t i) { return stored.narrow(load_sample<Container>(bytes, i)) + intercept; });
    }
    const auto intercept = static_cast<std::int64_t>(source.lut(lut).intercept);
    return fill(window, out,
                [&](std::size_t i) { return stored(load_sample<Container>(bytes, i)) + intercept; });
  } else {
    const ModalityMap map(source.lut(lut));
    if constexpr (sizeof(Container) > 2)
      if (lost && source.lut(lut).table.empty()) {
        const double step = std::abs(source.lut(lut).slope);
        return fill(window, out, [&](std::size_t i) {
          const double value = map(stored(load_sample<Container>(bytes, i)));
          note_rounding(value, step, *lost);
          return value;
        });
      }
    return fill(window, out, [&](std::size_t i) { return map(stored(load_sample<Container>(bytes, i))); });
  }
}

template <class Out>
Result<bool> read_values(const PixelSource& source, int image, std::span<Out> out, Rounding* lost = nullptr) {
  if (source.format.is_colour()) return failure(ErrorKind::unsupported, "colour images are not volumes");
  const bool mosaic = source.tiles_across > 0;
  if (mosaic && image >= source.tiles_across * source.tiles_across)
    return failure(ErrorKind::malformed, "there is no such tile in it");
  const int frame_number = mosaic ? 0 : image;
  BLOCH_TRY(frame, decode_frame(source, frame_number));
  const Window window = window_of(source, image);
  BLOCH_EXPECTS(out.size() == window.rows * window.columns);
  if (source.format.number != PixelFormat::Number::integer) {
    const ModalityLut& lut = source.lut(frame_number);
    const std::uint8_t* bytes = frame.bytes.data();
    if (source.format.number == PixelFormat::Number::float32)
      return fill(window, out,
                  [&](std::size_t i) { return load_sample<float>(bytes, i) * lut.slope + lut.intercept; });
    return fill(window, out, [&](std::size_t i) {
      const double value = load_sample<double>(bytes, i) * lut.slope + lut.intercept;
      if (lost) note_rounding(value, 0, *lost);
      return value;
    });
  }
  if (frame.bits_allocated == 8)
    return fill_integers<std::uint8_t>(source, frame, window, frame_number, out, lost);
  if (frame.bits_allocated == 16)
    return fill_integers<std::uint16_t>(source, frame, window, frame_number, out, lost);
  return fill_integers<std::uint32_t>(source, frame, window, frame_number, out, lost);
}

/// Native 16-bit samples in the byte order of this machine that need no more than a mask and an intercept.
bool fits_in_place(const PixelSource& source) {
  const PixelFormat& format = source.format;
  return !source.layout.encapsulated && source.tiles_across == 0 && !format.is_colour() &&
         format.number == PixelFormat::Number::integer && format.bits_allocated == 16 &&
         format.high_bit + 1 == format.bits_stored &&
         source.layout.big_endian == (std::endian::native == std::endian::big);
}

struct Range {
  std::int32_t smallest = 0, largest = 0;
};

/// Stored values from their bits (PS3.5 8.1.1), which begin at the lowest, plus the intercept modulo 2^16. In
/// 16 bits and without a shift, so that the processor takes many at once; the range of the stored values tells
/// whether the sums are right.
template <bool is_signed>
Range add_in_place(std::span<std::int16_t> samples, int bits_stored, std::int32_t intercept) {
  const auto mask = static_cast<std::uint16_t>((1U << bits_stored) - 1);
  const auto sign = static_cast<std::uint16_t>(is_signed ? 1U << (bits_stored - 1) : 0);
  // Of unsigned values the smallest is found as that of signed ones, which is cheap.
  constexpr std::uint16_t bias = is_signed ? 0 : 32768;
  std::int16_t smallest = 32767, largest = -32768;
  const auto addend = static_cast<std::uint16_t>(intercept);
  for (std::int16_t& sample : samples) {
    const auto bits = static_cast<std::uint16_t>(static_cast<std::uint16_t>(sample) & mask);
    const auto stored = static_cast<std::uint16_t>(static_cast<std::uint16_t>(bits ^ sign) - sign);
    const auto biased = static_cast<std::int16_t>(stored ^ bias);
    smallest = std::min(smallest, biased);
    largest = std::max(largest, biased);
    sample = static_cast<std::int16_t>(static_cast<std::uint16_t>(stored + addend));
  }
  return {smallest + bias, largest + bias};
}

/// Read where they are to lie: half the memory traffic of a copy.
Result<bool> read_in_place(const PixelSource& source, int frame, std::span<std::int16_t> out) {
  BLOCH_EXPECTS(2 * out.size() == source.format.frame_bytes());
  BLOCH_CHECK(read_native_frame(source, frame,
                                std::span(reinterpret_cast<std::uint8_t*>(out.data()), out.size_bytes())));
  const auto intercept = static_cast<std::int32_t>(source.lut(frame).intercept);
  const int bits = source.format.bits_stored;
  const Range range = source.format.is_signed ? add_in_place<true>(out, bits, intercept)
                                              : add_in_place<false>(out, bits, intercept);
  return range.smallest + intercept >= -32768 && range.largest + intercept <= 32767;
}

} // namespace

bool may_be_int16(std::span<const PixelSource> sources) {
  const ModalityLut& first = sources.front().luts.front();
  if (first.slope != 1 || first.intercept != std::round(first.intercept) || std::abs(first.intercept) > 65536)
    return false;
  return std::all_of(sources.begin(), sources.end(), [&](const PixelSource& source) {
    return source.format.number == PixelFormat::Number::integer &&
           std::all_of(source.luts.begin(), source.luts.end(),
                       [&](const ModalityLut& lut) { return lut.table.empty() && lut == first; });
  });
}

std::optional<ValueRange> padding_values(const PixelSource& source) {
  const PixelFormat& format = source.format;
  if (!format.padding || format.is_colour()) return std::nullopt;
  std::optional<ValueRange> values;
  for (const ModalityLut& lut : source.luts) {
    const ModalityMap map(lut);
    const double one = map(*format.padding);
    const double other = map(format.padding_limit.value_or(*format.padding));
    const ValueRange range{std::min(one, other), std::max(one, other)};
    if (values && *values != range) return std::nullopt;
    values = range;
  }
  return values;
}

int image_rows(const PixelSource& source) {
  return source.tiles_across > 0 ? source.tile_rows : source.format.rows;
}
int image_columns(const PixelSource& source) {
  return source.tiles_across > 0 ? source.tile_columns : source.format.columns;
}

Result<bool> read_image_values(const PixelSource& source, int image, std::span<std::int16_t> out) {
  return fits_in_place(source) ? read_in_place(source, image, out) : read_values(source, image, out);
}
Result<bool> read_image_values(const PixelSource& source, int image, std::span<float> out, Rounding* lost) {
  return read_values(source, image, out, lost);
}

void Rounding::add(const Rounding& other) {
  largest_error = std::max(largest_error, other.largest_error);
  out_of_range = std::max(out_of_range, other.out_of_range);
  vanished = vanished || other.vanished;
}

} // namespace bloch::imaging
