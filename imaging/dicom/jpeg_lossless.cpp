#include <algorithm>
#include <cstring>

#include "imaging/dicom/detail/jpeg.h"

namespace bloch::imaging {
namespace {

Error damaged_lossless() { return {ErrorKind::malformed, "a damaged frame (JPEG lossless)"}; }

/// One scan: its components side by side in the samples of the frame.
class LosslessScan {
 public:
  LosslessScan(const JpegReader& reader, const JpegScan& scan, std::vector<std::uint16_t>& samples)
      : reader_(reader)
      , scan_(scan)
      , bits_(scan.bytes)
      , columns_(static_cast<std::size_t>(reader.header().columns))
      , rows_(static_cast<std::size_t>(reader.header().rows))
      , stride_(reader.header().components.size())
      , samples_(samples) {}

  bool decode() {
    const int precision = reader_.header().precision;
    if (scan_.start < 1 || scan_.start > 7 || scan_.low >= precision) return false;
    for (const auto& component : scan_.components)
      if (!reader_.dc(component.dc).ready()) return false;
    const auto interval = static_cast<std::size_t>(reader_.restart_interval());
    if (interval % columns_ != 0) return false; // T.81 H.1.1: whole rows
    initial_ = 1 << (precision - scan_.low - 1);
    const std::size_t interval_rows = interval / columns_;
    for (std::size_t y = 0; y < rows_; ++y) {
      const bool again = interval_rows > 0 && y > 0 && y % interval_rows == 0;
      if (again && !bits_.restart()) return false;
      if (!decode_row(y, y == 0 || again) || bits_.overrun()) return false;
    }
    return true;
  }

 private:
  /// The predictors of T.81 table H.1; a left, b above, c above left.
  template <int predictor> static int predict(int a, int b, int c) {
    if constexpr (predictor == 1) return a;
    if constexpr (predictor == 2) return b;
    if constexpr (predictor == 3) return c;
    if constexpr (predictor == 4) return a + b - c;
    if constexpr (predictor == 5) return a + ((b - c) >> 1);
    if constexpr (predictor == 6) return b + ((a - c) >> 1);
    return (a + b) >> 1;
  }

  bool decode_row(std::size_t y, bool first) {
    if (first) return decode_samples<1>(y, true);
    switch (scan_.start) {
    case 1:
      return decode_samples<1>(y, false);
    case 2:
      return decode_samples<2>(y, false);
    case 3:
      return decode_samples<3>(y, false);
    case 4:
      return decode_samples<4>(y, false);
    case 5:
      return decode_samples<5>(y, false);
    case 6:
      return decode_samples<6>(y, false);
    default:
      return decode_samples<7>(y, false);
    }
  }

  template <int predictor> bool decode_samples(std::size_t y, bool first) {
    if (scan_.components.size() == 1) {
      const auto& component = scan_.components.front();
      const HuffmanTable& table = reader_.dc(component.dc);
      std::uint16_t* row = samples_.data() + y * columns_ * stride_ + component.index;
      if (!decode_sample<predictor>(table, row, 0, first)) return false;
      for (std::size_t x = 1; x < columns_; ++x)
        if (!decode_sample<predictor>(table, row, x, first)) return false;
      return true;
    }
    for (std::size_t x = 0; x < columns_; ++x)
      for (const auto& component : scan_.components)
        if (!decode_sample<predictor>(reader_.dc(component.dc),
                                      samples_.data() + y * columns_ * stride_ + component.index, x, first))
          return false;
    return true;
  }

  template <int predictor>
  bool decode_sample(const HuffmanTable& table, std::uint16_t* row, std::size_t x, bool first) {
    std::uint16_t* sample = row + x * stride_;
    int prediction = initial_;
    if (x == 0) {
      if (!first) prediction = sample[-static_cast<std::ptrdiff_t>(columns_ * stride_)];
    } else if (predictor == 1) { // also the first row, which has nothing above it
      prediction = sample[-static_cast<std::ptrdiff_t>(stride_)];
    } else {
      const std::uint16_t* above = sample - columns_ * stride_;
      prediction = predict<predictor>(*(sample - stride_), *above, *(above - stride_));
    }
    bits_.fill();
    const int size = table.take(bits_);
    if (size < 0 || size > 16) return false;
    const int difference = size == 16 ? 32768 : bits_.take_signed(size);
    *sample = static_cast<std::uint16_t>(prediction + difference); // modulo 65536
    return true;
  }

  const JpegReader& reader_;
  const JpegScan& scan_;
  JpegBits bits_;
  std::size_t columns_, rows_, stride_;
  std::vector<std::uint16_t>& samples_;
  int initial_ = 0;
};

} // namespace

Result<DecodedFrame> decode_jpeg_lossless(JpegReader& reader) {
  const JpegHeader& header = reader.header();
  if (header.precision < 2 || header.precision > 16 || header.rows < 1 || header.columns < 1)
    return failure(damaged_lossless());
  for (const JpegComponent& component : header.components)
    if (component.across != header.components.front().across ||
        component.down != header.components.front().down)
      return failure(ErrorKind::unsupported, "lossless JPEG with components of different sizes is not read");
  std::vector<std::uint16_t> samples(static_cast<std::size_t>(header.rows) *
                                     static_cast<std::size_t>(header.columns) * header.components.size());
  std::vector<bool> there(header.components.size());
  int low = 0;
  while (std::find(there.begin(), there.end(), false) != there.end()) {
    BLOCH_TRY(scan, reader.next_scan());
    if (!scan || !LosslessScan(reader, *scan, samples).decode()) return failure(damaged_lossless());
    for (const auto& component : scan->components) there[component.index] = true;
    low = scan->low;
  }
  if (low > 0)
    for (std::uint16_t& sample : samples) sample = static_cast<std::uint16_t>(sample << low);
  DecodedFrame frame;
  frame.bits_allocated = header.precision <= 8 ? 8 : 16;
  if (frame.bits_allocated == 8) {
    frame.bytes.assign(samples.size(), 0);
    std::transform(samples.begin(), samples.end(), frame.bytes.begin(),
                   [](std::uint16_t sample) { return static_cast<std::uint8_t>(sample); });
  } else {
    frame.bytes.resize(2 * samples.size());
    std::memcpy(frame.bytes.data(), samples.data(), frame.bytes.size());
  }
  return frame;
}

} // namespace bloch::imaging
