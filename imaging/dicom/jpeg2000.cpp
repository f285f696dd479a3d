#include "imaging/dicom/detail/jpeg2000.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <openjpeg.h>

namespace bloch::imaging {
namespace {

struct MemoryStream {
  std::span<const std::uint8_t> bytes;
  std::size_t position = 0;
};

OPJ_SIZE_T read_stream(void* buffer, OPJ_SIZE_T wanted, void* data) {
  auto& stream = *static_cast<MemoryStream*>(data);
  const std::size_t count = std::min<std::size_t>(wanted, stream.bytes.size() - stream.position);
  if (count == 0) return static_cast<OPJ_SIZE_T>(-1);
  std::memcpy(buffer, stream.bytes.data() + stream.position, count);
  stream.position += count;
  return count;
}

OPJ_OFF_T skip_stream(OPJ_OFF_T count, void* data) {
  auto& stream = *static_cast<MemoryStream*>(data);
  if (count < 0 || static_cast<std::size_t>(count) > stream.bytes.size() - stream.position) return -1;
  stream.position += static_cast<std::size_t>(count);
  return count;
}

OPJ_BOOL seek_stream(OPJ_OFF_T position, void* data) {
  auto& stream = *static_cast<MemoryStream*>(data);
  if (position < 0 || static_cast<std::size_t>(position) > stream.bytes.size()) return OPJ_FALSE;
  stream.position = static_cast<std::size_t>(position);
  return OPJ_TRUE;
}

struct ReleaseStream {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct ReleaseCodec {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct ReleaseImage {
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};

using Image = std::unique_ptr<opj_image_t, ReleaseImage>;

void ignore_message(const char*, void*) {}

bool fits(const opj_image_t& image, const PixelFormat& format) {
  if (image.numcomps != static_cast<OPJ_UINT32>(format.samples)) return false;
  for (OPJ_UINT32 i = 0; i < image.numcomps; ++i) {
    const opj_image_comp_t& component = image.comps[i];
    if (component.dx != 1 || component.dy != 1 || component.prec < 1 || component.prec > 32) return false;
  }
  return image.x1 > image.x0 && image.y1 > image.y0 &&
         image.x1 - image.x0 == static_cast<OPJ_UINT32>(format.columns) &&
         image.y1 - image.y0 == static_cast<OPJ_UINT32>(format.rows);
}

template <class T> void interleave(const opj_image_t& image, std::size_t pixels, std::uint8_t* out) {
  for (OPJ_UINT32 c = 0; c < image.numcomps; ++c) {
    const OPJ_INT32* from = image.comps[c].data;
    for (std::size_t i = 0; i < pixels; ++i) {
      const T sample = static_cast<T>(from[i]); // signed or not: the bits that were stored
      std::memcpy(out + (i * image.numcomps + c) * sizeof(T), &sample, sizeof(T));
    }
  }
}

/// Whether OpenJPEG took back a colour transform (ICT, RCT): the samples are then RGB.
bool transforms_colours(opj_codec_t* codec) {
  opj_codestream_info_v2_t* info = opj_get_cstr_info(codec);
  const bool transforms = info && info->m_default_tile_info.mct == 1;
  if (info) opj_destroy_cstr_info(&info);
  return transforms;
}

/// colours: set to what the samples are when the codestream itself says so.
Result<Image> decode_image(std::span<const std::uint8_t> codestream, const PixelFormat& format,
                           std::string& colours) {
  const bool boxed = codestream.size() > 12 && std::memcmp(codestream.data() + 4, "jP  ", 4) == 0;
  const std::unique_ptr<opj_codec_t, ReleaseCodec> codec(
      opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K));
  const std::unique_ptr<opj_stream_t, ReleaseStream> stream(opj_stream_create(1 << 16, OPJ_TRUE));
  if (!codec || !stream) return failure(ErrorKind::failed, "OpenJPEG could not start");
  MemoryStream memory{codestream};
  opj_stream_set_user_data(stream.get(), &memory, nullptr);
  opj_stream_set_user_data_length(stream.get(), codestream.size());
  opj_stream_set_read_function(stream.get(), read_stream);
  opj_stream_set_skip_function(stream.get(), skip_stream);
  opj_stream_set_seek_function(stream.get(), seek_stream);
  opj_set_error_handler(codec.get(), ignore_message, nullptr);
  opj_set_warning_handler(codec.get(), ignore_message, nullptr);
  opj_set_info_handler(codec.get(), ignore_message, nullptr);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_image_t* raw = nullptr;
  if (!opj_setup_decoder(codec.get(), &parameters) || !opj_read_header(stream.get(), codec.get(), &raw)) {
    const Image begun(raw);
    return failure(ErrorKind::malformed, "a damaged JPEG 2000 frame");
  }
  Image image(raw);
  if (format.samples == 3 && transforms_colours(codec.get())) colours = "RGB";
  if (!fits(*image, format))
    return failure(ErrorKind::malformed, "a JPEG 2000 frame of another size than the header says");
  if (!opj_decode(codec.get(), stream.get(), image.get()))
    return failure(ErrorKind::malformed, "a damaged JPEG 2000 frame");
  for (OPJ_UINT32 i = 0; i < image->numcomps; ++i) {
    const opj_image_comp_t& component = image->comps[i];
    if (!component.data || component.w != static_cast<OPJ_UINT32>(format.columns) ||
        component.h != static_cast<OPJ_UINT32>(format.rows))
      return failure(ErrorKind::malformed, "a damaged JPEG 2000 frame");
  }
  return image;
}

} // namespace

Result<DecodedFrame> decode_jpeg2000(std::span<const std::uint8_t> codestream, const PixelFormat& format) {
  DecodedFrame frame;
  BLOCH_TRY(image, decode_image(codestream, format, frame.photometric));
  frame.bits_allocated = format.bits_allocated <= 8 ? 8 : format.bits_allocated <= 16 ? 16 : 32;
  frame.bytes.resize(format.samples_per_frame() * static_cast<std::size_t>(frame.bits_allocated / 8));
  const std::size_t pixels = static_cast<std::size_t>(format.rows) * static_cast<std::size_t>(format.columns);
  if (frame.bits_allocated == 8)
    interleave<std::uint8_t>(*image, pixels, frame.bytes.data());
  else if (frame.bits_allocated == 16)
    interleave<std::uint16_t>(*image, pixels, frame.bytes.data());
  else
    interleave<std::uint32_t>(*image, pixels, frame.bytes.data());
  return frame;
}

} // namespace bloch::imaging
