#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "imaging/dicom/detail/file_layout.h"
#include "imaging/dicom/detail/palette.h"

namespace bloch::imaging {

/// How samples are stored (PS3.5 8.1, PS3.3 C.7.6.3).
struct PixelFormat {
  enum class Number { integer, float32, float64 };

  Number number = Number::integer;
  int rows = 0, columns = 0; ///< of a stored frame
  int samples = 1;
  int bits_allocated = 16;
  int bits_stored = 16;
  int high_bit = 15;
  bool is_signed = false;
  bool planar = false; ///< each colour by itself (PlanarConfiguration 1); native pixels only
  int frames = 1;
  std::string photometric;
  std::optional<long> padding, padding_limit; ///< stored values that mean "no data"

  std::size_t samples_per_frame() const;
  std::size_t frame_bytes() const; ///< of native samples; 1-bit samples are unpacked to bytes
  /// Native pixels with one pair of chroma samples for two pixels.
  bool halves_chroma() const { return photometric == "YBR_FULL_422" || photometric == "YBR_PARTIAL_422"; }
  bool is_colour() const { return samples > 1 || photometric == "PALETTE COLOR"; }
};

/// Stored value to modality value of one frame (PS3.3 C.11.1).
struct ModalityLut {
  double slope = 1;
  double intercept = 0;
  long first_mapped = 0;
  std::vector<float> table; ///< Modality LUT Sequence, when not empty

  bool operator==(const ModalityLut&) const = default;
};

/// Everything that is needed to decode the frames of one file, without the toolkit.
struct PixelSource {
  std::filesystem::path path;
  std::optional<FileBytes> inflated; ///< of a deflated file; other files are opened when a frame is read
  FileLayout layout;
  PixelFormat format;
  std::vector<std::size_t>
      frame_begins;               ///< first fragment of each frame; empty when not encapsulated or not known
  std::vector<ModalityLut> luts;  ///< one, or one a frame
  std::optional<Palette> palette; ///< of PALETTE COLOR
  int tiles_across = 0;           ///< of a mosaic; 0: none
  int tile_rows = 0, tile_columns = 0;

  const ModalityLut& lut(int frame) const {
    return luts[luts.size() == 1 ? 0 : static_cast<std::size_t>(frame)];
  }
};

struct DicomFile;

/// errors: malformed (no pixels, sizes that contradict each other), unsupported (bits allocated)
Result<PixelSource> pixels_of(const DicomFile& file, const std::filesystem::path& path);
/// The same of a file by its path, without parsing one that was scanned before. Errors: those of
/// open_dicom_file too
Result<PixelSource> open_pixels(const std::filesystem::path& path);

/// Samples of one frame as the machine stores numbers.
struct DecodedFrame {
  std::vector<std::uint8_t> bytes;
  int bits_allocated = 16;   ///< of what the decoder made; 8, 16, 32 or 64
  std::string photometric{}; ///< of what the decoder made, where that may differ from the header; else empty
};

/// Samples of one frame as they lie in the file, without a copy of them. Contract: neither encapsulated nor of
/// one bit, and `into` is as large as a frame. errors: not_found, malformed
Result<void> read_native_frame(const PixelSource& source, int frame, std::span<std::uint8_t> into);

/// Decodes one frame. Safe to call from several threads.
/// errors: malformed (names what is wrong, not the file), unsupported (the encoding, by name)
Result<DecodedFrame> decode_frame(const PixelSource& source, int frame);

/// First fragment of each frame, from the offset table or, without one, from how encoded images begin; empty
/// when neither says.
std::vector<std::size_t> frame_begins(const FileLayout& layout, int frames, const FileBytes& bytes);

} // namespace bloch::imaging
