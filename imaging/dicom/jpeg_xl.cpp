#include "imaging/dicom/detail/jpeg_xl.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <jxl/decode.h>

#include "imaging/dicom/detail/jpeg.h"
#include "imaging/dicom/detail/quiet_libjxl.h"

namespace bloch::imaging {
namespace {

struct ReleaseDecoder {
  void operator()(JxlDecoder* decoder) const { JxlDecoderDestroy(decoder); }
};

/// libjxl's steps one after the other, and no more of them than an image of this size can need: hidden frames
/// could keep it busy for minutes.
struct StepBudget {
  std::uint64_t left;

  static JxlParallelRetCode run(void* budget, void* image, JxlParallelRunInit begin,
                                JxlParallelRunFunction step, std::uint32_t first, std::uint32_t end) {
    auto& left = static_cast<StepBudget*>(budget)->left;
    if (end - first > left) return JXL_PARALLEL_RET_RUNNER_ERROR;
    left -= end - first;
    if (const JxlParallelRetCode refused = begin(image, 1); refused != 0) return refused;
    for (std::uint32_t i = first; i < end; ++i) step(image, i, 0);
    return 0;
  }
};

Error damaged_frame() { return {ErrorKind::malformed, "a damaged frame (JPEG XL)"}; }

Result<void> check_info(const JxlBasicInfo& info, const PixelFormat& format) {
  if (info.xsize != static_cast<std::uint32_t>(format.columns) ||
      info.ysize != static_cast<std::uint32_t>(format.rows) ||
      info.num_color_channels + info.num_extra_channels != static_cast<std::uint32_t>(format.samples) ||
      info.num_extra_channels > 1)
    return failure(ErrorKind::malformed,
                   fmt::format("a JPEG XL frame of another size than the header says: {} x {} with {} channels",
                               info.xsize, info.ysize, info.num_color_channels + info.num_extra_channels));
  if (info.have_preview || info.have_animation)
    return failure(ErrorKind::malformed,
                   "a JPEG XL frame that is a film or has a preview, which DICOM has not");
  if (info.exponent_bits_per_sample != 0 || info.bits_per_sample < 1 || info.bits_per_sample > 16)
    return failure(
        ErrorKind::unsupported,
        fmt::format("JPEG XL of {}{} bits cannot be decoded here: write it with 1 to 16 bits, integers",
                    info.exponent_bits_per_sample != 0 ? "floating-point " : "", info.bits_per_sample));
  return {};
}

/// libjxl 0.7 spreads what it decodes over all 16 bits; this takes it back exactly, for up to 16 bits.
DecodedFrame unspread(const std::vector<std::uint16_t>& spread, std::uint32_t bits) {
  const std::uint32_t top = (1U << bits) - 1;
  DecodedFrame frame;
  frame.bits_allocated = bits <= 8 ? 8 : 16;
  frame.bytes.resize(spread.size() * static_cast<std::size_t>(frame.bits_allocated / 8));
  if (bits == 16) {
    std::memcpy(frame.bytes.data(), spread.data(), frame.bytes.size());
    return frame;
  }
  for (std::size_t i = 0; i < spread.size(); ++i) {
    const auto value = static_cast<std::uint16_t>((spread[i] * top + 32767) / 65535);
    if (bits <= 8)
      frame.bytes[i] = static_cast<std::uint8_t>(value);
    else
      std::memcpy(frame.bytes.data() + 2 * i, &value, 2);
  }
  return frame;
}

/// Goes through the events of one image.
class JpegXlDecoder {
 public:
  JpegXlDecoder(std::span<const std::uint8_t> encoded, const PixelFormat& format, bool from_jpeg)
      : encoded_(encoded)
      , format_(format)
      , from_jpeg_(from_jpeg)
      , budget_{steps_base + format.samples_per_frame() / pixels_per_step} {}

  Result<DecodedFrame> decode() {
    const QuietLibjxl quiet;
    constexpr int events = JXL_DEC_BASIC_INFO | JXL_DEC_JPEG_RECONSTRUCTION | JXL_DEC_FULL_IMAGE;
    JxlDecoder* decoder = decoder_.get();
    if (!decoder || JxlDecoderSubscribeEvents(decoder, events) != JXL_DEC_SUCCESS ||
        JxlDecoderSetParallelRunner(decoder, StepBudget::run, &budget_) != JXL_DEC_SUCCESS ||
        JxlDecoderSetKeepOrientation(decoder, JXL_TRUE) != JXL_DEC_SUCCESS ||
        JxlDecoderSetInput(decoder, encoded_.data(), encoded_.size()) != JXL_DEC_SUCCESS)
      return failure(ErrorKind::failed, "libjxl could not start");
    JxlDecoderCloseInput(decoder);
    for (;;) {
      const JxlDecoderStatus status = JxlDecoderProcessInput(decoder);
      if (status == JXL_DEC_FULL_IMAGE) return finish();
      BLOCH_CHECK(answer(status));
    }
  }

 private:
  static constexpr std::uint64_t steps_base = 4096, pixels_per_step = 64;

  Result<void> answer(JxlDecoderStatus status) {
    switch (status) {
    case JXL_DEC_BASIC_INFO:
      if (JxlDecoderGetBasicInfo(decoder_.get(), &info_) != JXL_DEC_SUCCESS) return failure(damaged_frame());
      return check_info(info_, format_);
    case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
      return give_samples();
    case JXL_DEC_JPEG_RECONSTRUCTION:
    case JXL_DEC_JPEG_NEED_MORE_OUTPUT:
      return give_jpeg_buffer();
    default:
      return failure(damaged_frame());
    }
  }

  Result<void> give_samples() {
    samples_.resize(format_.samples_per_frame());
    const JxlPixelFormat pixels{static_cast<std::uint32_t>(format_.samples), JXL_TYPE_UINT16, JXL_NATIVE_ENDIAN,
                                0};
    if (JxlDecoderSetImageOutBuffer(decoder_.get(), &pixels, samples_.data(), samples_.size() * 2) !=
        JXL_DEC_SUCCESS)
      return failure(damaged_frame());
    return {};
  }

  /// The JPEG of a frame is never much larger than its samples.
  Result<void> give_jpeg_buffer() {
    const std::size_t most = (1U << 16) + 2 * format_.samples_per_frame();
    const std::size_t done = jpeg_.empty() ? 0 : jpeg_.size() - JxlDecoderReleaseJPEGBuffer(decoder_.get());
    if (done >= most) return failure(damaged_frame());
    jpeg_.resize(std::min(most, std::max<std::size_t>(2 * done, encoded_.size() + encoded_.size() / 2 + 1024)));
    if (JxlDecoderSetJPEGBuffer(decoder_.get(), jpeg_.data() + done, jpeg_.size() - done) != JXL_DEC_SUCCESS)
      return failure(damaged_frame());
    return {};
  }

  Result<DecodedFrame> finish() {
    if (!jpeg_.empty()) {
      jpeg_.resize(jpeg_.size() - JxlDecoderReleaseJPEGBuffer(decoder_.get()));
      return decode_jpeg(jpeg_, format_);
    }
    if (samples_.empty()) return failure(damaged_frame());
    DecodedFrame frame = unspread(samples_, info_.bits_per_sample);
    // XYB and a JPEG's YCbCr come out of libjxl as red, green and blue; other colours as they went in.
    const bool as_stored = !from_jpeg_ && info_.uses_original_profile && format_.photometric != "XYB" &&
                           format_.photometric != "YBR_FULL_422";
    if (format_.samples >= 3 && !as_stored) frame.photometric = "RGB";
    return frame;
  }

  std::span<const std::uint8_t> encoded_;
  const PixelFormat& format_;
  bool from_jpeg_;
  StepBudget budget_;
  std::unique_ptr<JxlDecoder, ReleaseDecoder> decoder_{JxlDecoderCreate(nullptr)};
  JxlBasicInfo info_{};
  std::vector<std::uint16_t> samples_;
  std::vector<std::uint8_t> jpeg_;
};

} // namespace

Result<DecodedFrame> decode_jpeg_xl(std::span<const std::uint8_t> encoded, const PixelFormat& format,
                                    bool from_jpeg) {
  return JpegXlDecoder(encoded, format, from_jpeg).decode();
}

} // namespace bloch::imaging
