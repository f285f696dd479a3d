#include "imaging/dicom/detail/jpeg.h"

#include <cmath>
#include <cstring>
#include <random>

#include <charls/charls.h>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmimage/diregist.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpeg/djrploss.h>
#include <gtest/gtest.h>

namespace bloch::imaging {
namespace {

using Samples = std::vector<std::uint16_t>;

constexpr int picture_rows = 37, picture_columns = 53; // no whole blocks

/// DCMTK's codecs, which nothing but this test uses.
class Jpeg : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    DJEncoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs();
  }
  static void TearDownTestSuite() {
    DJEncoderRegistration::cleanup();
    DJDecoderRegistration::cleanup();
  }
};

/// A slope with noise and an edge.
Samples picture(int bits, int samples = 1) {
  std::mt19937 random(7);
  Samples values;
  const int top = (1 << bits) - 1;
  for (int y = 0; y < picture_rows; ++y)
    for (int x = 0; x < picture_columns; ++x)
      for (int c = 0; c < samples; ++c) {
        const int smooth = (x * 5 + y * 9 + c * 40) * top / 800 + (x > 30 && y > 20 ? top / 4 : 0);
        values.push_back(
            static_cast<std::uint16_t>(std::clamp<int>(smooth + static_cast<int>(random() % 9), 0, top)));
      }
  return values;
}

DcmDataset data_set(const Samples& values, int bits, int samples = 1) {
  DcmDataset dataset;
  dataset.putAndInsertUint16(DCM_Rows, picture_rows);
  dataset.putAndInsertUint16(DCM_Columns, picture_columns);
  dataset.putAndInsertUint16(DCM_SamplesPerPixel, static_cast<Uint16>(samples));
  dataset.putAndInsertUint16(DCM_BitsAllocated, bits <= 8 ? 8 : 16);
  dataset.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(bits));
  dataset.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(bits - 1));
  dataset.putAndInsertUint16(DCM_PixelRepresentation, 0);
  if (samples == 3) dataset.putAndInsertUint16(DCM_PlanarConfiguration, 0);
  dataset.putAndInsertString(DCM_PhotometricInterpretation, samples == 3 ? "RGB" : "MONOCHROME2");
  dataset.putAndInsertString(DCM_SOPClassUID, UID_SecondaryCaptureImageStorage);
  dataset.putAndInsertString(DCM_SOPInstanceUID, "1.2.3");
  if (bits <= 8) {
    const std::vector<Uint8> bytes(values.begin(), values.end());
    dataset.putAndInsertUint8Array(DCM_PixelData, bytes.data(), static_cast<unsigned long>(bytes.size()));
  } else {
    dataset.putAndInsertUint16Array(DCM_PixelData, values.data(), static_cast<unsigned long>(values.size()));
  }
  return dataset;
}

/// The only frame of a data set in an encoding.
std::vector<std::uint8_t> encode(DcmDataset& dataset, E_TransferSyntax syntax,
                                 const DcmRepresentationParameter* parameter) {
  EXPECT_TRUE(dataset.chooseRepresentation(syntax, parameter).good()) << DcmXfer(syntax).getXferName();
  DcmElement* element = nullptr;
  dataset.findAndGetElement(DCM_PixelData, element);
  auto* pixels = dynamic_cast<DcmPixelData*>(element);
  DcmPixelSequence* sequence = nullptr;
  if (!pixels || pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).bad()) return {};
  std::vector<std::uint8_t> bytes;
  for (unsigned long i = 1; i < sequence->card(); ++i) {
    DcmPixelItem* item = nullptr;
    Uint8* data = nullptr;
    if (sequence->getItem(item, i).bad() || item->getUint8Array(data).bad()) return {};
    bytes.insert(bytes.end(), data, data + item->getLength());
  }
  return bytes;
}

PixelFormat format_of(int bits, int samples = 1) {
  PixelFormat format;
  format.rows = picture_rows;
  format.columns = picture_columns;
  format.samples = samples;
  format.bits_allocated = bits <= 8 ? 8 : 16;
  format.bits_stored = bits;
  format.high_bit = bits - 1;
  return format;
}

Samples samples_of(const DecodedFrame& frame) {
  Samples samples(frame.bytes.size() / static_cast<std::size_t>(frame.bits_allocated / 8));
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (frame.bits_allocated == 8)
      samples[i] = frame.bytes[i];
    else
      std::memcpy(&samples[i], frame.bytes.data() + 2 * i, 2);
  return samples;
}

/// What DCMTK's own decoder makes of the data set.
Samples decode_by_dcmtk(DcmDataset& dataset, int bits) {
  EXPECT_TRUE(dataset.chooseRepresentation(EXS_LittleEndianExplicit, nullptr).good());
  if (bits > 8) {
    const Uint16* values = nullptr;
    unsigned long count = 0;
    EXPECT_TRUE(dataset.findAndGetUint16Array(DCM_PixelData, values, &count).good());
    return {values, values + picture_rows * picture_columns};
  }
  const Uint8* values = nullptr;
  unsigned long count = 0;
  EXPECT_TRUE(dataset.findAndGetUint8Array(DCM_PixelData, values, &count).good());
  return {values, values + std::min<unsigned long>(count, picture_rows * picture_columns * 3UL)};
}

int largest_difference(const Samples& a, const Samples& b) {
  EXPECT_EQ(a.size(), b.size());
  int largest = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

TEST_F(Jpeg, LosslessReturnsEveryValueWithEachPredictor) {
  for (const int bits : {8, 12, 16})
    for (int predictor = 1; predictor <= 7; ++predictor) {
      const Samples values = picture(bits);
      DcmDataset dataset = data_set(values, bits);
      const DJ_RPLossless parameter(predictor, 0);
      const auto frame = decode_jpeg(encode(dataset, EXS_JPEGProcess14, &parameter), format_of(bits));
      ASSERT_TRUE(frame) << bits << " bits, predictor " << predictor << ": " << frame.error().message;
      EXPECT_EQ(samples_of(*frame), values) << bits << " bits, predictor " << predictor;
    }
}

TEST_F(Jpeg, LosslessReturnsColours) {
  const Samples values = picture(8, 3);
  DcmDataset dataset = data_set(values, 8, 3);
  const DJ_RPLossless parameter(1, 0);
  const auto frame = decode_jpeg(encode(dataset, EXS_JPEGProcess14SV1, &parameter), format_of(8, 3));
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_EQ(samples_of(*frame), values);
}

TEST_F(Jpeg, TwelveBitsDecodeAsDcmtkDecodesThem) {
  for (const E_TransferSyntax syntax : {EXS_JPEGProcess2_4, EXS_JPEGProcess6_8, EXS_JPEGProcess10_12}) {
    DcmDataset dataset = data_set(picture(12), 12);
    const DJ_RPLossy parameter(85);
    const auto encoded = encode(dataset, syntax, &parameter);
    const auto frame = decode_jpeg(encoded, format_of(12));
    ASSERT_TRUE(frame) << DcmXfer(syntax).getXferName() << ": " << frame.error().message;
    EXPECT_LE(largest_difference(samples_of(*frame), decode_by_dcmtk(dataset, 12)), 1)
        << DcmXfer(syntax).getXferName();
  }
}

TEST_F(Jpeg, EightBitsDecodeTheSameByOurDecoderAsByLibjpeg) {
  for (const E_TransferSyntax syntax : {EXS_JPEGProcess1, EXS_JPEGProcess6_8, EXS_JPEGProcess10_12}) {
    DcmDataset dataset = data_set(picture(8), 8);
    const DJ_RPLossy parameter(75);
    const auto encoded = encode(dataset, syntax, &parameter);
    const auto expected = decode_jpeg_8bit(encoded);
    ASSERT_TRUE(expected) << expected.error().message;
    JpegReader reader(encoded);
    ASSERT_TRUE(reader.read_header());
    const auto frame = decode_jpeg_dct(reader);
    ASSERT_TRUE(frame) << frame.error().message;
    EXPECT_LE(largest_difference(samples_of(*frame), samples_of(*expected)), 1)
        << DcmXfer(syntax).getXferName();
  }
}

TEST_F(Jpeg, BaselineColoursAreNamedByTheStreamItself) {
  DcmDataset dataset = data_set(picture(8, 3), 8, 3);
  const DJ_RPLossy parameter(90);
  const auto frame = decode_jpeg(encode(dataset, EXS_JPEGProcess1, &parameter), format_of(8, 3));
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_EQ(frame->photometric, "YBR_FULL");
}

/// By CharLS's own encoder: DCMTK's exports the same names as CharLS does, and one program cannot hold both
/// encoders.
std::vector<std::uint8_t> encode_ls(const Samples& values, int bits, int near_lossless) {
  charls::jpegls_encoder encoder;
  encoder.frame_info({picture_columns, picture_rows, bits, 1}).near_lossless(near_lossless);
  std::vector<std::uint8_t> encoded(encoder.estimated_destination_size());
  encoder.destination(encoded);
  if (bits > 8) {
    encoded.resize(encoder.encode(values));
  } else {
    const std::vector<std::uint8_t> bytes(values.begin(), values.end());
    encoded.resize(encoder.encode(bytes));
  }
  return encoded;
}

TEST_F(Jpeg, LsReturnsEveryValueOrKeepsItsBound) {
  for (const int bits : {8, 12, 16}) {
    const Samples values = picture(bits);
    const auto frame = decode_jpeg(encode_ls(values, bits, 0), format_of(bits));
    ASSERT_TRUE(frame) << frame.error().message;
    EXPECT_EQ(samples_of(*frame), values);
    const auto close = decode_jpeg(encode_ls(values, bits, 3), format_of(bits));
    ASSERT_TRUE(close) << close.error().message;
    EXPECT_LE(largest_difference(samples_of(*close), values), 3);
    EXPECT_GT(largest_difference(samples_of(*close), values), 0);
  }
}

TEST_F(Jpeg, CutOffLsFramesAreRefused) {
  auto encoded = encode_ls(picture(12), 12, 0);
  encoded.resize(encoded.size() / 2);
  const auto frame = decode_jpeg(encoded, format_of(12));
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().kind, ErrorKind::malformed);
}

TEST_F(Jpeg, CutOffFramesAreRefused) {
  const DJ_RPLossless lossless(1, 0);
  const DJ_RPLossy lossy(85);
  const std::pair<E_TransferSyntax, const DcmRepresentationParameter*> cases[] = {
      {EXS_JPEGProcess14SV1, &lossless}, {EXS_JPEGProcess2_4, &lossy}};
  for (const auto& [syntax, parameter] : cases) {
    DcmDataset dataset = data_set(picture(12), 12);
    auto encoded = encode(dataset, syntax, parameter);
    encoded.resize(encoded.size() / 2);
    const auto frame = decode_jpeg(encoded, format_of(12));
    ASSERT_FALSE(frame) << DcmXfer(syntax).getXferName();
    EXPECT_EQ(frame.error().kind, ErrorKind::malformed);
  }
  DcmDataset dataset = data_set(picture(8), 8);
  auto encoded = encode(dataset, EXS_JPEGProcess1, &lossy);
  encoded.resize(encoded.size() / 2);
  EXPECT_FALSE(decode_jpeg(encoded, format_of(8)));
}

TEST_F(Jpeg, DamagedFramesAreRefusedOrDecodedButNeverMore) {
  std::mt19937 random(1);
  const DJ_RPLossless lossless(4, 0);
  const DJ_RPLossy lossy(85);
  for (const auto& [syntax, parameter] :
       {std::pair<E_TransferSyntax, const DcmRepresentationParameter*>(EXS_JPEGProcess14, &lossless),
        {EXS_JPEGProcess2_4, &lossy},
        {EXS_JPEGProcess10_12, &lossy}}) {
    DcmDataset dataset = data_set(picture(12), 12);
    const auto whole = encode(dataset, syntax, parameter);
    int refused = 0;
    for (int round = 0; round < 300; ++round) {
      auto encoded = whole;
      for (int k = 0; k < 3; ++k) encoded[random() % encoded.size()] = static_cast<std::uint8_t>(random());
      const auto frame = decode_jpeg(encoded, format_of(12));
      if (frame)
        EXPECT_EQ(frame->bytes.size(), picture_rows * picture_columns * 2U);
      else
        ++refused;
    }
    EXPECT_GT(refused, 0) << DcmXfer(syntax).getXferName();
  }
}

TEST_F(Jpeg, FramesOfAnotherSizeAreRefused) {
  DcmDataset dataset = data_set(picture(12), 12);
  const DJ_RPLossless parameter(1, 0);
  const auto encoded = encode(dataset, EXS_JPEGProcess14SV1, &parameter);
  PixelFormat format = format_of(12);
  format.rows = picture_rows + 1;
  const auto frame = decode_jpeg(encoded, format);
  ASSERT_FALSE(frame);
  EXPECT_NE(frame.error().message.find("another size"), std::string::npos);
}

} // namespace
} // namespace bloch::imaging
