#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

#include "imaging/dicom/detail/jpeg.h"

namespace bloch::imaging {
namespace {

constexpr std::array<std::uint8_t, 64> zigzag = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

constexpr int most_scans = 128; // a progressive image of four components has some 40 at most

Error damaged_dct() { return {ErrorKind::malformed, "a damaged frame (JPEG)"}; }

std::size_t blocks(std::size_t samples) { return (samples + 7) / 8; }

/// Quantised coefficients of one component, block after block, each in natural order.
struct Plane {
  std::size_t across = 0, down = 0;           ///< blocks, up to whole coded units
  std::size_t real_across = 0, real_down = 0; ///< blocks that hold samples
  std::vector<std::int16_t> coefficients;
  int last_dc = 0;

  std::int16_t* block(std::size_t x, std::size_t y) { return coefficients.data() + 64 * (y * across + x); }
};

/// Decodes the blocks of one scan into the planes.
class DctScan {
 public:
  DctScan(const JpegReader& reader, const JpegScan& scan, std::vector<Plane>& planes)
      : reader_(reader)
      , scan_(scan)
      , bits_(scan.bytes)
      , planes_(planes)
      , progressive_(reader.header().start_of_frame == 0xC2) {}

  bool decode() {
    if (!check()) return false;
    for (const auto& component : scan_.components) planes_[component.index].last_dc = 0;
    return scan_.components.size() == 1 ? decode_alone() : decode_interleaved();
  }

 private:
  bool check() const {
    if (progressive_) {
      if (scan_.end > 63 || scan_.start > scan_.end || scan_.low > 13 ||
          (scan_.high != 0 && scan_.high != scan_.low + 1))
        return false;
      if (scan_.start == 0 ? scan_.end != 0 : scan_.components.size() != 1) return false;
    }
    const bool dc = !progressive_ || (scan_.start == 0 && scan_.high == 0);
    const bool ac = !progressive_ || scan_.start > 0;
    return std::all_of(scan_.components.begin(), scan_.components.end(), [&](const auto& component) {
      return (!dc || reader_.dc(component.dc).ready()) && (!ac || reader_.ac(component.ac).ready());
    });
  }

  bool decode_alone() {
    const auto& component = scan_.components.front();
    Plane& plane = planes_[component.index];
    for (std::size_t y = 0; y < plane.real_down; ++y) {
      for (std::size_t x = 0; x < plane.real_across; ++x)
        if (!begin_unit() || !decode_block(component, plane.block(x, y))) return false;
      if (bits_.overrun()) return false;
    }
    return true;
  }

  bool decode_interleaved() {
    const auto& first = reader_.header().components[scan_.components.front().index];
    const Plane& plane = planes_[scan_.components.front().index];
    const std::size_t across = plane.across / static_cast<std::size_t>(first.across);
    const std::size_t down = plane.down / static_cast<std::size_t>(first.down);
    for (std::size_t y = 0; y < down; ++y) {
      for (std::size_t x = 0; x < across; ++x)
        if (!begin_unit() || !decode_unit(x, y)) return false;
      if (bits_.overrun()) return false;
    }
    return true;
  }

  bool decode_unit(std::size_t x, std::size_t y) {
    for (const auto& component : scan_.components) {
      const JpegComponent& shape = reader_.header().components[component.index];
      const auto across = static_cast<std::size_t>(shape.across);
      const auto down = static_cast<std::size_t>(shape.down);
      for (std::size_t v = 0; v < down; ++v)
        for (std::size_t h = 0; h < across; ++h)
          if (!decode_block(component, planes_[component.index].block(x * across + h, y * down + v)))
            return false;
    }
    return true;
  }

  bool begin_unit() {
    const int interval = reader_.restart_interval();
    if (interval == 0 || units_++ < interval) return true;
    units_ = 1;
    end_of_band_ = 0;
    for (const auto& component : scan_.components) planes_[component.index].last_dc = 0;
    return !bits_.overrun() && bits_.restart();
  }

  bool decode_block(const JpegScan::Component& component, std::int16_t* block) {
    Plane& plane = planes_[component.index];
    if (!progressive_)
      return decode_dc(reader_.dc(component.dc), plane, block, 0) &&
             decode_all(reader_.ac(component.ac), block);
    if (scan_.start == 0) {
      if (scan_.high == 0) return decode_dc(reader_.dc(component.dc), plane, block, scan_.low);
      if (bits_.take_bit()) block[0] = static_cast<std::int16_t>(block[0] | 1 << scan_.low);
      return true;
    }
    return scan_.high == 0 ? decode_band(reader_.ac(component.ac), block)
                           : refine_band(reader_.ac(component.ac), block);
  }

  bool decode_dc(const HuffmanTable& table, Plane& plane, std::int16_t* block, int shift) {
    bits_.fill();
    const int size = table.take(bits_);
    if (size < 0 || size > 15) return false;
    plane.last_dc = static_cast<std::int16_t>(plane.last_dc + bits_.take_signed(size));
    block[0] = static_cast<std::int16_t>(plane.last_dc * (1 << shift));
    return true;
  }

  /// The 63 coefficients of a sequential block (T.81 F.2.2.2).
  bool decode_all(const HuffmanTable& table, std::int16_t* block) {
    for (std::size_t k = 1; k < 64; ++k) {
      bits_.fill();
      const int code = table.take(bits_);
      if (code < 0) return false;
      const int size = code & 15;
      if (size == 0) {
        if (code != 0xF0) return code == 0;
        k += 15;
        continue;
      }
      k += static_cast<std::size_t>(code >> 4);
      if (k > 63) return false;
      block[zigzag[k]] = static_cast<std::int16_t>(bits_.take_signed(size));
    }
    return true;
  }

  /// First scan of a band (G.1.2.2).
  bool decode_band(const HuffmanTable& table, std::int16_t* block) {
    if (end_of_band_ > 0) {
      --end_of_band_;
      return true;
    }
    for (auto k = static_cast<std::size_t>(scan_.start); k <= static_cast<std::size_t>(scan_.end); ++k) {
      bits_.fill();
      const int code = table.take(bits_);
      if (code < 0) return false;
      const int run = code >> 4;
      const int size = code & 15;
      if (size == 0 && run < 15) {
        end_of_band_ = (1 << run) - 1 + static_cast<int>(bits_.take(run));
        return true;
      }
      k += static_cast<std::size_t>(run);
      if (size == 0) continue;
      if (k > 63) return false;
      block[zigzag[k]] = static_cast<std::int16_t>(bits_.take_signed(size) * (1 << scan_.low));
    }
    return true;
  }

  void refine(std::int16_t& coefficient) {
    if (!bits_.take_bit()) return;
    const int bit = 1 << scan_.low;
    if ((std::abs(static_cast<int>(coefficient)) & bit) == 0)
      coefficient = static_cast<std::int16_t>(coefficient + (coefficient >= 0 ? bit : -bit));
  }

  /// Later scan of a band (G.1.2.3).
  bool refine_band(const HuffmanTable& table, std::int16_t* block) {
    auto k = static_cast<std::size_t>(scan_.start);
    const auto end = static_cast<std::size_t>(scan_.end);
    while (end_of_band_ == 0 && k <= end) {
      bits_.fill();
      const int code = table.take(bits_);
      if (code < 0 || (code & 15) > 1) return false;
      int run = code >> 4;
      int fresh = 0;
      if ((code & 15) == 0) {
        if (run < 15) {
          end_of_band_ = (1 << run) + static_cast<int>(bits_.take(run));
          break;
        }
      } else {
        fresh = bits_.take(1) ? 1 << scan_.low : -(1 << scan_.low);
      }
      for (; k <= end; ++k) {
        std::int16_t& coefficient = block[zigzag[k]];
        if (coefficient != 0) {
          refine(coefficient);
        } else if (run-- == 0) {
          coefficient = static_cast<std::int16_t>(fresh);
          ++k;
          break;
        }
      }
    }
    if (end_of_band_ == 0) return true;
    for (; k <= end; ++k)
      if (std::int16_t& coefficient = block[zigzag[k]]; coefficient != 0) refine(coefficient);
    --end_of_band_;
    return true;
  }

  const JpegReader& reader_;
  const JpegScan& scan_;
  JpegBits bits_;
  std::vector<Plane>& planes_;
  bool progressive_;
  int units_ = 0;
  int end_of_band_ = 0; ///< blocks that are still without further coefficients
};

/// Eight values in place, `step` apart: inverse DCT of Arai, Agui and Nakajima, whose scaling is in the
/// coefficients.
void transform(float* v, std::size_t step) {
  constexpr float root = std::numbers::sqrt2_v<float>;
  const float even0 = v[0] + v[4 * step];
  const float even1 = v[0] - v[4 * step];
  const float even3 = v[2 * step] + v[6 * step];
  const float even2 = (v[2 * step] - v[6 * step]) * root - even3;
  const std::array<float, 4> even = {even0 + even3, even1 + even2, even1 - even2, even0 - even3};
  const float z13 = v[5 * step] + v[3 * step];
  const float z10 = v[5 * step] - v[3 * step];
  const float z11 = v[step] + v[7 * step];
  const float z12 = v[step] - v[7 * step];
  const float z5 = (z10 + z12) * 1.847759065F;
  std::array<float, 4> odd{};
  odd[0] = z11 + z13;
  odd[1] = z5 - z10 * 2.613125930F - odd[0];
  odd[2] = (z11 - z13) * root - odd[1];
  odd[3] = z5 - z12 * 1.082392200F - odd[2];
  for (std::size_t i = 0; i < 4; ++i) {
    v[i * step] = even[i] + odd[i];
    v[(7 - i) * step] = even[i] - odd[i];
  }
}

/// Multipliers of the coefficients of a block in natural order.
std::array<float, 64> multipliers(const std::array<std::uint16_t, 64>& quantisation) {
  std::array<float, 8> scale{};
  for (std::size_t i = 0; i < 8; ++i)
    scale[i] = i == 0 ? 1
                      : std::cos(static_cast<float>(i) * std::numbers::pi_v<float> / 16) *
                            std::numbers::sqrt2_v<float>;
  std::array<float, 64> result{};
  for (std::size_t k = 0; k < 64; ++k) {
    const std::size_t place = zigzag[k];
    result[place] = static_cast<float>(quantisation[k]) * scale[place / 8] * scale[place % 8] / 8;
  }
  return result;
}

/// Samples of one component, as wide and high as its blocks.
std::vector<std::uint16_t> samples_of(Plane& plane, const std::array<std::uint16_t, 64>& quantisation,
                                      int precision) {
  const auto factor = multipliers(quantisation);
  const auto middle = static_cast<float>(1 << (precision - 1));
  const auto largest = static_cast<float>((1 << precision) - 1);
  const std::size_t width = plane.across * 8;
  std::vector<std::uint16_t> samples(width * plane.down * 8);
  std::array<float, 64> block{};
  for (std::size_t y = 0; y < plane.down; ++y)
    for (std::size_t x = 0; x < plane.across; ++x) {
      const std::int16_t* from = plane.block(x, y);
      for (std::size_t k = 0; k < 64; ++k) block[k] = static_cast<float>(from[k]) * factor[k];
      for (std::size_t i = 0; i < 8; ++i) transform(block.data() + i, 8);
      for (std::size_t i = 0; i < 8; ++i) transform(block.data() + 8 * i, 1);
      std::uint16_t* to = samples.data() + y * 8 * width + x * 8;
      for (std::size_t k = 0; k < 64; ++k)
        to[k / 8 * width + k % 8] =
            static_cast<std::uint16_t>(std::clamp(block[k] + middle + 0.5F, 0.0F, largest));
    }
  return samples;
}

std::vector<Plane> make_planes(const JpegHeader& header) {
  std::size_t across = 1, down = 1;
  for (const JpegComponent& component : header.components) {
    across = std::max(across, static_cast<std::size_t>(component.across));
    down = std::max(down, static_cast<std::size_t>(component.down));
  }
  const auto columns = static_cast<std::size_t>(header.columns);
  const auto rows = static_cast<std::size_t>(header.rows);
  std::vector<Plane> planes;
  for (const JpegComponent& component : header.components) {
    const auto h = static_cast<std::size_t>(component.across);
    const auto v = static_cast<std::size_t>(component.down);
    Plane plane;
    plane.across = (columns + 8 * across - 1) / (8 * across) * h;
    plane.down = (rows + 8 * down - 1) / (8 * down) * v;
    plane.real_across = blocks((columns * h + across - 1) / across);
    plane.real_down = blocks((rows * v + down - 1) / down);
    plane.coefficients.resize(64 * plane.across * plane.down);
    planes.push_back(std::move(plane));
  }
  return planes;
}

/// Every component at full size, sample by sample.
DecodedFrame interleave(const JpegHeader& header, const JpegReader& reader, std::vector<Plane>& planes) {
  const std::size_t count = planes.size();
  const auto rows = static_cast<std::size_t>(header.rows);
  const auto columns = static_cast<std::size_t>(header.columns);
  DecodedFrame frame;
  frame.bits_allocated = header.precision == 8 ? 8 : 16;
  frame.bytes.resize(rows * columns * count * (frame.bits_allocated == 8 ? 1 : 2));
  std::size_t most_across = 1, most_down = 1;
  for (const JpegComponent& component : header.components) {
    most_across = std::max(most_across, static_cast<std::size_t>(component.across));
    most_down = std::max(most_down, static_cast<std::size_t>(component.down));
  }
  for (std::size_t c = 0; c < count; ++c) {
    const JpegComponent& component = header.components[c];
    const auto samples = samples_of(
        planes[c], reader.quantisation(static_cast<std::size_t>(component.quantisation)), header.precision);
    planes[c].coefficients = {};
    for (std::size_t y = 0; y < rows; ++y) {
      const std::uint16_t* row =
          samples.data() + y * static_cast<std::size_t>(component.down) / most_down * planes[c].across * 8;
      for (std::size_t x = 0; x < columns; ++x) {
        const std::uint16_t sample = row[x * static_cast<std::size_t>(component.across) / most_across];
        const std::size_t place = (y * columns + x) * count + c;
        if (frame.bits_allocated == 8)
          frame.bytes[place] = static_cast<std::uint8_t>(sample);
        else
          std::memcpy(frame.bytes.data() + 2 * place, &sample, 2);
      }
    }
  }
  return frame;
}

} // namespace

Result<DecodedFrame> decode_jpeg_dct(JpegReader& reader) {
  const JpegHeader& header = reader.header();
  if ((header.precision != 8 && header.precision != 12) || header.rows < 1 || header.columns < 1)
    return failure(damaged_dct());
  std::vector<Plane> planes = make_planes(header);
  std::vector<bool> there(planes.size());
  for (int scans = 0; scans < most_scans; ++scans) {
    BLOCH_TRY(scan, reader.next_scan());
    if (!scan) break;
    if (!DctScan(reader, *scan, planes).decode()) return failure(damaged_dct());
    for (const auto& component : scan->components) there[component.index] = true;
  }
  if (std::find(there.begin(), there.end(), false) != there.end()) return failure(damaged_dct());
  return interleave(header, reader, planes);
}

} // namespace bloch::imaging
