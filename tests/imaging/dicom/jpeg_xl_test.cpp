#include "imaging/dicom/detail/jpeg_xl.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <jxl/encode.h>

#include "imaging/dicom/detail/quiet_libjxl.h"
#include "imaging/dicom/read_colour.h"
#include "imaging/dicom/read_series.h"
#include "tests/imaging/dicom/programs.h"
#include "tests/imaging/dicom/scanned.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

constexpr int xl_rows = 300, xl_columns = 270; // more than one group of 256 x 256

PixelFormat xl_format(int bits, int samples = 1) {
  PixelFormat format;
  format.rows = xl_rows;
  format.columns = xl_columns;
  format.samples = samples;
  format.bits_allocated = bits <= 8 ? 8 : 16;
  format.bits_stored = bits;
  format.high_bit = bits - 1;
  format.photometric = samples == 3 ? "RGB" : "MONOCHROME2";
  return format;
}

/// A slope with noise, and every value from 0 to the largest that fits.
std::vector<std::uint16_t> xl_picture(int bits, int samples = 1) {
  std::mt19937 random(11);
  const int top = (1 << bits) - 1;
  std::vector<std::uint16_t> values(static_cast<std::size_t>(xl_rows * xl_columns * samples));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<std::uint16_t>(
        i <= static_cast<std::size_t>(top)
            ? static_cast<int>(i)
            : std::clamp<int>(static_cast<int>(i / 7) % top + static_cast<int>(random() % 5), 0, top));
  return values;
}

/// distance: 0 is lossless. frames: more than one makes a film.
Bytes encode_xl(const std::vector<std::uint16_t>& values, int bits, int samples, float distance,
                int frames = 1) {
  JxlEncoder* encoder = JxlEncoderCreate(nullptr);
  JxlBasicInfo info;
  JxlEncoderInitBasicInfo(&info);
  info.xsize = xl_columns;
  info.ysize = xl_rows;
  info.bits_per_sample = static_cast<std::uint32_t>(bits);
  info.num_color_channels = static_cast<std::uint32_t>(samples);
  info.uses_original_profile = distance == 0;
  info.have_animation = frames > 1;
  if (frames > 1) info.animation.tps_numerator = info.animation.tps_denominator = 1;
  EXPECT_EQ(JxlEncoderSetBasicInfo(encoder, &info), JXL_ENC_SUCCESS);
  JxlColorEncoding colours;
  JxlColorEncodingSetToSRGB(&colours, samples == 1);
  EXPECT_EQ(JxlEncoderSetColorEncoding(encoder, &colours), JXL_ENC_SUCCESS);
  JxlEncoderFrameSettings* settings = JxlEncoderFrameSettingsCreate(encoder, nullptr);
  JxlEncoderFrameSettingsSetOption(settings, JXL_ENC_FRAME_SETTING_EFFORT, 3);
  JxlEncoderSetFrameDistance(settings, distance);
  if (distance == 0) JxlEncoderSetFrameLossless(settings, JXL_TRUE);
  std::vector<float> spread(values.size());
  std::transform(values.begin(), values.end(), spread.begin(), [&](std::uint16_t value) {
    return static_cast<float>(value) / static_cast<float>((1 << bits) - 1);
  });
  const JxlPixelFormat pixels{static_cast<std::uint32_t>(samples), JXL_TYPE_FLOAT, JXL_NATIVE_ENDIAN, 0};
  for (int i = 0; i < frames; ++i)
    EXPECT_EQ(JxlEncoderAddImageFrame(settings, &pixels, spread.data(), spread.size() * sizeof(float)),
              JXL_ENC_SUCCESS);
  JxlEncoderCloseInput(encoder);
  Bytes encoded(1U << 22);
  std::uint8_t* next = encoded.data();
  std::size_t left = encoded.size();
  EXPECT_EQ(JxlEncoderProcessOutput(encoder, &next, &left), JXL_ENC_SUCCESS);
  encoded.resize(encoded.size() - left);
  JxlEncoderDestroy(encoder);
  return encoded;
}

std::vector<std::uint16_t> xl_samples(const DecodedFrame& frame) {
  std::vector<std::uint16_t> samples(frame.bytes.size() / static_cast<std::size_t>(frame.bits_allocated / 8));
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (frame.bits_allocated == 8)
      samples[i] = frame.bytes[i];
    else
      std::memcpy(&samples[i], frame.bytes.data() + 2 * i, 2);
  return samples;
}

TEST(JpegXl, LosslessReturnsEveryValueOfEveryDepth) {
  for (const int bits : {1, 7, 8, 10, 12, 15, 16}) {
    const auto values = xl_picture(bits);
    const auto frame = decode_jpeg_xl(encode_xl(values, bits, 1, 0), xl_format(bits), false);
    ASSERT_TRUE(frame) << bits << " bits: " << frame.error().message;
    EXPECT_EQ(frame->bits_allocated, bits <= 8 ? 8 : 16);
    EXPECT_TRUE(xl_samples(*frame) == values) << bits << " bits";
  }
}

TEST(JpegXl, LosslessReturnsThreeChannelsAsTheyWentInWhateverTheyMean) {
  const auto values = xl_picture(8, 3);
  const Bytes encoded = encode_xl(values, 8, 3, 0);
  for (const char* colours : {"RGB", "YBR_FULL"}) {
    PixelFormat format = xl_format(8, 3);
    format.photometric = colours;
    const auto frame = decode_jpeg_xl(encoded, format, false);
    ASSERT_TRUE(frame) << frame.error().message;
    EXPECT_TRUE(xl_samples(*frame) == values);
    EXPECT_TRUE(frame->photometric.empty());
  }
}

TEST(JpegXl, LossyColoursComeOutAsRgbNearTheirValues) {
  std::vector<std::uint16_t> values;
  for (int y = 0; y < xl_rows; ++y)
    for (int x = 0; x < xl_columns; ++x)
      for (const int value : {x * 255 / xl_columns, y * 255 / xl_rows, 128})
        values.push_back(static_cast<std::uint16_t>(value));
  PixelFormat format = xl_format(8, 3);
  format.photometric = "XYB";
  const auto frame = decode_jpeg_xl(encode_xl(values, 8, 3, 0.5F), format, false);
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_EQ(frame->photometric, "RGB");
  const auto samples = xl_samples(*frame);
  double sum = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) sum += std::abs(samples[i] - values[i]);
  EXPECT_LT(sum / static_cast<double>(samples.size()), 1.5);
}

TEST(JpegXl, FramesOfAnotherSizeOrWithMoreChannelsAreRefused) {
  const Bytes encoded = encode_xl(xl_picture(12), 12, 1, 0);
  PixelFormat format = xl_format(12);
  format.rows += 1;
  const auto taller = decode_jpeg_xl(encoded, format, false);
  ASSERT_FALSE(taller);
  EXPECT_EQ(taller.error().kind, ErrorKind::malformed);
  EXPECT_NE(taller.error().message.find("270 x 300 with 1 channels"), std::string::npos)
      << taller.error().message;
  EXPECT_FALSE(decode_jpeg_xl(encoded, xl_format(12, 3), false));
}

TEST(JpegXl, FilmsAreRefused) {
  const auto film = decode_jpeg_xl(encode_xl(xl_picture(8), 8, 1, 0, 2), xl_format(8), false);
  ASSERT_FALSE(film);
  EXPECT_NE(film.error().message.find("film"), std::string::npos);
}

TEST(JpegXl, CutOffFramesAreRefused) {
  const Bytes encoded = encode_xl(xl_picture(12), 12, 1, 0);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{20}, encoded.size() / 2, encoded.size() - 8}) {
    const auto frame = decode_jpeg_xl(std::span(encoded).first(size), xl_format(12), false);
    ASSERT_FALSE(frame) << size << " of " << encoded.size();
    EXPECT_EQ(frame.error().kind, ErrorKind::malformed);
  }
}

TEST(JpegXl, DamagedFramesAreRefusedOrDecodedButNeverMore) {
  std::mt19937 random(3);
  const Bytes whole = encode_xl(xl_picture(12), 12, 1, 0);
  int refused = 0;
  for (int round = 0; round < 60; ++round) {
    Bytes encoded = whole;
    for (int k = 0; k < 3; ++k)
      encoded[random() % (k == 0 ? 64 : encoded.size())] = static_cast<std::uint8_t>(random());
    const auto frame = decode_jpeg_xl(encoded, xl_format(12), false);
    if (frame)
      EXPECT_EQ(frame->bytes.size(),
                xl_format(12).samples_per_frame() * static_cast<std::size_t>(frame->bits_allocated / 8));
    else
      ++refused;
  }
  EXPECT_GT(refused, 0);
}

/// Standard error at the descriptor, which is what a terminal shows.
TEST(JpegXl, DamagedFramesSayNothingOnStandardError) {
  Bytes encoded = encode_xl(xl_picture(12), 12, 1, 0);
  for (std::size_t i = encoded.size() / 2; i < encoded.size(); ++i) encoded[i] ^= 0x5a;
  testing::internal::CaptureStderr();
  const auto frame = decode_jpeg_xl(encoded, xl_format(12), false);
  std::fprintf(stderr, "said afterwards\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "said afterwards\n");
  EXPECT_FALSE(frame);
}

TEST(JpegXl, WhatOtherThreadsSayMeanwhileIsKept) {
  const QuietLibjxl quiet;
  testing::internal::CaptureStderr();
  const auto say = [](const char* format, ...) {
    std::va_list values;
    va_start(values, format);
    std::vfprintf(stderr, format, values);
    va_end(values);
  };
  std::thread(say, "from %s\n", "another thread").join();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "from another thread\n");
}

TEST(JpegXl, FramesInSeveralFragmentsAreToldApartByHowTheyBegin) {
  const std::string file =
      std::string("\xFF\x0A......", 8) + std::string("\xFF\xD8\xFF.....", 8) + std::string("\0\0\0\x0CJXL ", 8);
  FileLayout layout;
  layout.transfer_syntax = "1.2.840.10008.1.2.4.112";
  layout.encapsulated = true;
  layout.fragments = {{0, 8}, {8, 8}, {16, 8}};
  const FileBytes bytes(Bytes(file.begin(), file.end()));
  EXPECT_EQ(frame_begins(layout, 2, bytes), (std::vector<std::size_t>{0, 2}));
  layout.transfer_syntax = "1.2.840.10008.1.2.4.80"; // FF 0A may stand inside a JPEG-LS image
  EXPECT_TRUE(frame_begins(layout, 2, bytes).empty());
}

/// Encodes the frames of a file anew by cjxl, and says so in its header: python3 read.py FILE, run in a folder
/// of its own.
constexpr const char* encode_file = R"(
import subprocess, sys, os
import pydicom, numpy
from pydicom.encaps import encapsulate, generate_pixel_data_frame
source, target, syntax = sys.argv[1].split('|')
d = pydicom.dcmread(source)
work = os.path.dirname(target)
n = int(d.get('NumberOfFrames', 1))
if syntax == '111':
    pictures = [('in.jpg', frame) for frame in generate_pixel_data_frame(d.PixelData, n)]
else:
    top = 2 ** d.BitsStored - 1
    array = numpy.frombuffer(d.PixelData, '<u%d' % (d.BitsAllocated // 8)) & top
    kind = b'P5' if d.SamplesPerPixel == 1 else b'P6'
    array = array.reshape(n, -1).astype('>u2' if top > 255 else 'u1')
    pictures = [('in.pnm', b'%s %d %d %d\n' % (kind, d.Columns, d.Rows, top) + frame.tobytes()) for frame in array]
encoded = []
for name, content in pictures:
    open(os.path.join(work, name), 'wb').write(content)
    options = ['--lossless_jpeg=1'] if syntax == '111' else ['-d', '0', '-e', '3']
    subprocess.run(['cjxl', name, 'out.jxl'] + options, cwd=work, check=True, capture_output=True)
    encoded.append(open(os.path.join(work, 'out.jxl'), 'rb').read())
d.PixelData = encapsulate(encoded)
d['PixelData'].is_undefined_length = True
d['PixelData'].VR = 'OB'
uid = '1.2.840.10008.1.2.4.' + syntax
pydicom.uid.UID_dictionary[uid] = ('JPEG XL', 'Transfer Syntax', '', '', '')
d.file_meta.TransferSyntaxUID = uid
d.is_little_endian, d.is_implicit_VR = True, False
d.save_as(target)
print('written')
)";

const fs::path pydicom_files = "/usr/lib/python3/dist-packages/pydicom/data/test_files";

TEST(JpegXl, FilesByCjxlHoldTheSameVoxelsAsTheirSources) {
  BLOCH_NEEDS_PYDICOM();
  BLOCH_NEEDS_PROGRAM("cjxl");
  const tests::TemporaryFolder folder;
  for (const char* name : {"CT_small.dcm", "MR_small.dcm"}) { // signed of 16 bits both
    const fs::path target = folder / name;
    ASSERT_EQ(python_says(encode_file, (pydicom_files / name).string() + "|" + target.string() + "|110"),
              "written\n");
    const SeriesInfo series = only_series(target);
    EXPECT_EQ(series.transfer_syntax, "1.2.840.10008.1.2.4.110");
    const auto expected = read_volume(only_series(pydicom_files / name));
    const auto volume = read_volume(series);
    ASSERT_TRUE(expected && volume) << (volume ? "" : volume.error().message);
    EXPECT_TRUE(to_float(*expected) == to_float(*volume)) << name;
  }
}

TEST(JpegXl, RecompressedJpegsDecodeToTheVeryColoursOfTheirSources) {
  BLOCH_NEEDS_PYDICOM();
  BLOCH_NEEDS_PROGRAM("cjxl");
  const tests::TemporaryFolder folder;
  for (const char* name :
       {"SC_rgb_dcmtk_+eb+cy+s2.dcm", "SC_rgb_dcmtk_+eb+cy+n1.dcm", "SC_rgb_small_odd_jpeg.dcm"}) {
    const fs::path target = folder / name;
    ASSERT_EQ(python_says(encode_file, (pydicom_files / name).string() + "|" + target.string() + "|111"),
              "written\n");
    const auto expected = read_colour_image(only_series(pydicom_files / name), 0);
    const auto image = read_colour_image(only_series(target), 0);
    ASSERT_TRUE(expected && image) << (image ? "" : image.error().message);
    using Triple = std::array<std::uint8_t, 3>;
    EXPECT_TRUE(std::ranges::equal(expected->samples<Triple>(), image->samples<Triple>())) << name;
  }
}

} // namespace
} // namespace bloch::imaging
