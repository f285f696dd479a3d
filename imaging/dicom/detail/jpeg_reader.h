#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "imaging/dicom/detail/jpeg_bits.h"

namespace bloch::imaging {

struct JpegComponent {
  int id = 0;
  int across = 1, down = 1; ///< sampling factors
  int quantisation = 0;     ///< table
};

/// What the frame header of a JPEG or JPEG-LS image says, and what its application segments say about colour.
struct JpegHeader {
  int start_of_frame = 0; ///< second byte of the marker: C0 baseline … C3 lossless, F7 JPEG-LS; 0: none found
  int precision = 0, rows = 0, columns = 0;
  std::vector<JpegComponent> components;
  bool jfif = false;
  std::optional<int> adobe_transform; ///< 0 RGB, 1 YCbCr
};

/// One scan: which components it codes by which tables, and its bytes.
struct JpegScan {
  struct Component {
    std::size_t index = 0; ///< in the header
    std::size_t dc = 0, ac = 0;
  };
  std::vector<Component> components;
  int start = 0, end = 0; ///< spectral selection; start is the predictor of a lossless scan
  int high = 0, low = 0;  ///< successive approximation; low is the point transform
  std::span<const std::uint8_t> bytes;
};

/// Goes through the segments of a JPEG image, keeps its tables, and stops at each scan.
class JpegReader {
 public:
  explicit JpegReader(std::span<const std::uint8_t> bytes)
      : bytes_(bytes) {}

  /// Everything before the first scan. errors: malformed
  Result<void> read_header();
  /// Nothing behind the last scan. errors: malformed
  Result<std::optional<JpegScan>> next_scan();

  const JpegHeader& header() const { return header_; }
  const HuffmanTable& dc(std::size_t table) const { return dc_[table]; }
  const HuffmanTable& ac(std::size_t table) const { return ac_[table]; }
  /// Zigzag order; zeros when it was not given.
  const std::array<std::uint16_t, 64>& quantisation(std::size_t table) const { return quantisation_[table]; }
  /// In minimum coded units; 0: none.
  int restart_interval() const { return restart_interval_; }

 private:
  /// Marker and content of the next segment; nothing at the end.
  struct Segment {
    int marker = 0;
    std::span<const std::uint8_t> content;
  };
  std::optional<Segment> next_segment();
  bool take_segment(const Segment& segment);
  bool take_frame(int marker, std::span<const std::uint8_t> content);
  bool take_huffman(std::span<const std::uint8_t> content);
  bool take_quantisation(std::span<const std::uint8_t> content);
  Result<JpegScan> take_scan(std::span<const std::uint8_t> content);

  std::span<const std::uint8_t> bytes_;
  std::size_t position_ = 0;
  JpegHeader header_;
  std::array<HuffmanTable, 4> dc_, ac_;
  std::array<std::array<std::uint16_t, 64>, 4> quantisation_{};
  int restart_interval_ = 0;
  std::optional<std::span<const std::uint8_t>> first_scan_;
};

/// The header alone; start_of_frame is 0 when there is none.
JpegHeader read_jpeg_header(std::span<const std::uint8_t> bytes);

} // namespace bloch::imaging
