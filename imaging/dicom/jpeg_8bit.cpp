#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

// After jpeglib.h, which decides what it names.
#include <jerror.h>

#include "imaging/dicom/detail/jpeg.h"

namespace bloch::imaging {
namespace {

/// libjpeg reports errors by a jump: nothing with a destructor is made between setjmp and the end.
struct ErrorManager {
  jpeg_error_mgr base;
  std::jmp_buf jump;
  bool damaged;
  int scans;
};

[[noreturn]] void stop(j_common_ptr info) { std::longjmp(reinterpret_cast<ErrorManager*>(info->err)->jump, 1); }

/// libjpeg goes on with grey where the data is damaged; that is not shown as if it were an image.
void note_warning(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
  case JWRN_ARITH_BAD_CODE:
  case JWRN_BOGUS_PROGRESSION:
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_MUST_RESYNC:
    reinterpret_cast<ErrorManager*>(info->err)->damaged = true;
  }
}

void print_nothing(j_common_ptr) {}

/// Thousands of scans in a small file would keep the decoder busy for minutes.
void count_scans(j_common_ptr info) {
  constexpr int most_scans = 128;
  if (info->is_decompressor && reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > most_scans)
    stop(info);
}

/// Decodes into `out` of `capacity` bytes, which the image must fill exactly; false when damaged.
bool decode_into(std::span<const std::uint8_t> encoded, std::uint8_t* out, std::size_t capacity) {
  jpeg_decompress_struct info{};
  ErrorManager errors{};
  jpeg_progress_mgr progress{};
  progress.progress_monitor = count_scans;
  info.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = stop;
  errors.base.emit_message = note_warning;
  errors.base.output_message = print_nothing;
  if (setjmp(errors.jump)) { // NOLINT: libjpeg knows no other way
    jpeg_destroy_decompress(&info);
    return false;
  }
  jpeg_create_decompress(&info);
  info.progress = &progress;
  jpeg_mem_src(&info, encoded.data(), static_cast<unsigned long>(encoded.size()));
  jpeg_read_header(&info, TRUE);
  info.out_color_space = info.jpeg_color_space; // the colours as they are stored
  info.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&info);
  const std::size_t stride =
      static_cast<std::size_t>(info.output_width) * static_cast<std::size_t>(info.output_components);
  bool whole = stride * info.output_height == capacity;
  while (whole && info.output_scanline < info.output_height) {
    JSAMPROW row = out + stride * info.output_scanline;
    jpeg_read_scanlines(&info, &row, 1);
  }
  if (whole) jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return whole && !errors.damaged;
}

} // namespace

Result<DecodedFrame> decode_jpeg_8bit(std::span<const std::uint8_t> encoded) {
  const JpegHeader header = read_jpeg_header(encoded);
  DecodedFrame frame;
  frame.bits_allocated = 8;
  frame.bytes.resize(static_cast<std::size_t>(header.rows) * static_cast<std::size_t>(header.columns) *
                     header.components.size());
  if (frame.bytes.empty() || !decode_into(encoded, frame.bytes.data(), frame.bytes.size()))
    return failure(ErrorKind::malformed, "a damaged frame (JPEG)");
  return frame;
}

} // namespace bloch::imaging
