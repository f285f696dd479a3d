// MAT-files of level 5, written here by the letter of the format, and by SciPy.
#include <chrono>
#include <complex>
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "tests/imaging/io/mat_samples.h"
#include "tests/imaging/io/sample_volumes.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using io_test::complex_parts;
using io_test::complex_variable;
using io_test::counted;
using io_test::deflated;
using io_test::written;
using tests::MatWriter;
using tests::TemporaryFolder;

void expect_counted(const Result<KSpace>& kspace, const KSpaceSize& size) {
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->size(), size);
  for (std::size_t i = 0; i < size.sample_count(); ++i) ASSERT_EQ(kspace->samples()[i], counted(i)) << i;
}

void expect_refusal(const auto& result, const std::string& words) {
  ASSERT_FALSE(result) << words;
  EXPECT_NE(result.error().message.find(words), std::string::npos) << result.error().message;
}

TEST(MatTest, TheFirstIndexIsTheReadoutInEveryShapeAndByteOrder) {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::vector<std::int32_t>, KSpaceSize>> shapes{
      {{5, 4}, {5, 4, 1, 1, 1}},
      {{5, 4, 3}, {5, 4, 1, 3, 1}},
      {{5, 4, 2, 3}, {5, 4, 2, 3, 1}},
      {{5, 4, 1, 3, 2}, {5, 4, 1, 3, 2}}};
  for (const bool big_endian : {false, true})
    for (const auto& [extents, size] : shapes) {
      const MatWriter writer(big_endian);
      const std::string variable = complex_variable(writer, "kspace", extents);
      expect_counted(read_kspace(written(folder / "k.mat", writer.file(variable))), size);
      expect_counted(read_kspace(written(folder / "k.mat", writer.file(deflated(writer, variable)))), size);
    }
}

TEST(MatTest, WithoutACoilAxisThreeExtentsAreAVolumeOfOneCoil) {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::vector<std::int32_t>, KSpaceSize>> shapes{{{5, 4}, {5, 4, 1, 1, 1}},
                                                                             {{5, 4, 3}, {5, 4, 3, 1, 1}}};
  const MatWriter writer;
  for (const auto& [extents, size] : shapes) {
    const auto path = written(folder / "k.mat", writer.file(complex_variable(writer, "kspace", extents)));
    expect_counted(read_kspace(path, {}, CoilAxis::none), size);
    EXPECT_FALSE(names_axes(path));
  }
  const auto path = written(folder / "k.mat", writer.file(complex_variable(writer, "kspace", {5, 4, 2, 3})));
  expect_refusal(read_kspace(path, {}, CoilAxis::none), "without a coil axis");
}

TEST(MatTest, SingleAndWhatMatlabKeepsInSmallerTypesAreTheSameNumbers) {
  const TemporaryFolder folder;
  const MatWriter writer;
  expect_counted(read_kspace(written(folder / "k.mat",
                                     writer.file(writer.variable(
                                         MatWriter::real32, "k", {4, 3, 2},
                                         complex_parts<float>(writer, MatWriter::stored_single, 24), true)))),
                 {4, 3, 1, 2, 1});
  expect_counted(
      read_kspace(written(
          folder / "k.mat",
          writer.file(writer.variable(MatWriter::real64, "k", {4, 3, 2},
                                      complex_parts<std::int8_t>(writer, MatWriter::stored_int8, 24), true)))),
      {4, 3, 1, 2, 1});
  // Three bytes stand in the tag itself, and a whole-numbered class stays one.
  const auto small = read_image(written(
      folder / "i.mat", writer.file(writer.variable(MatWriter::int16, "i", {3, 1},
                                                    writer.small_element(MatWriter::stored_uint8, "\1\2\3")))));
  ASSERT_TRUE(small) << small.error().message;
  EXPECT_EQ(io_test::copied(small->samples<std::int16_t>()), (std::vector<std::int16_t>{1, 2, 3}));
  const std::vector<double> values{0.5, 0.1, 1e300, -3, 0, 7};
  const auto real = read_image(
      written(folder / "i.mat",
              writer.file(writer.variable(MatWriter::real64, "i", {3, 2},
                                          writer.element(MatWriter::stored_double, writer.bytes(values))))));
  ASSERT_TRUE(real) << real.error().message;
  EXPECT_EQ(real->geometry().size, (std::array<int, 3>{3, 2, 1}));
  EXPECT_EQ(real->samples<float>()[1], 0.1F);
}

TEST(MatTest, TheVariableIsNamedOrKnownByItsNameOrTheOnlyOneThatFits) {
  const TemporaryFolder folder;
  const MatWriter writer;
  const std::string scalar =
      writer.variable(MatWriter::real64, "echo_time", {1, 1},
                      writer.element(MatWriter::stored_double, writer.bytes(std::vector{30.0})));
  const std::string mask = writer.variable(
      MatWriter::real64, "mask", {4, 3},
      writer.element(MatWriter::stored_uint8,
                     writer.bytes(std::vector<std::uint8_t>{1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0})),
      false, true);
  const std::string a = complex_variable(writer, "a", {4, 3, 2}), b = complex_variable(writer, "b", {4, 3});
  const std::string image =
      writer.variable(MatWriter::int16, "image", {4, 3},
                      writer.element(MatWriter::stored_int16, writer.bytes(std::vector<std::int16_t>(12, -7))));
  written(folder / "only.mat", writer.file(scalar + mask + a));
  expect_counted(read_kspace(folder / "only.mat"), {4, 3, 1, 2, 1});
  EXPECT_FALSE(holds_real_numbers(folder / "only.mat"));
  EXPECT_TRUE(holds_real_numbers(folder / "only.mat#mask"));

  written(folder / "all.mat", writer.file(scalar + image + mask + a + b));
  expect_refusal(
      read_kspace(folder / "all.mat"),
      "echo_time: double 1 x 1; image: int16 4 x 3; mask: logical 4 x 3; a: complex double 4 x 3 x 2; "
      "b: complex double 4 x 3");
  expect_refusal(read_kspace(folder / "all.mat"), "'all.mat#a'");
  expect_counted(read_kspace(folder / "all.mat#a"), {4, 3, 1, 2, 1});
  expect_counted(read_kspace(folder / "all.mat#b"), {4, 3, 1, 1, 1});
  expect_refusal(read_kspace(folder / "all.mat#c"), "no variable 'c'");
  EXPECT_EQ(read_image(folder / "all.mat")->samples<std::int16_t>()[0], -7);
  EXPECT_EQ(read_mask(folder / "all.mat")->kept()[1], 0);
  EXPECT_EQ(read_complex(folder / "all.mat#a")->extents, (std::vector{1, 1, 2, 3, 4}));

  written(folder / "known.mat", writer.file(b + complex_variable(writer, "kspace", {4, 3, 2})));
  expect_counted(read_kspace(folder / "known.mat"), {4, 3, 1, 2, 1});
  expect_refusal(read_kspace(written(folder / "real.mat", writer.file(image))), "real numbers");
  expect_refusal(read_kspace(written(folder / "real.mat", writer.file(image + mask))), "no complex array");
  EXPECT_TRUE(holds_real_numbers(folder / "real.mat"));
  // A file whose own name has that sign is a file.
  written(folder / "odd#a.mat", writer.file(b));
  expect_counted(read_kspace(folder / "odd#a.mat"), {4, 3, 1, 1, 1});
}

TEST(MatTest, WhatIsNoArrayOfNumbersIsRefusedByName) {
  const TemporaryFolder folder;
  const MatWriter writer;
  const std::string text =
      writer.variable(MatWriter::text, "note", {1, 2}, writer.element(4, std::string("a\0b\0", 4)));
  const std::string cell =
      writer.variable(MatWriter::cell, "list", {1, 1}, complex_variable(writer, "", {2, 2}));
  written(folder / "a.mat", writer.file(text + cell));
  expect_refusal(read_kspace(folder / "a.mat"), "note: text 1 x 2; list: cell 1 x 1");
  expect_refusal(read_image(folder / "a.mat"), "save the array as a variable of its own");
  expect_refusal(read_image(folder / "a.mat#list"), "no array of numbers (list: cell 1 x 1)");
  expect_refusal(read_image(written(folder / "b.mat", writer.file(""))), "no variable at all");
  expect_refusal(read_image(written(folder / "b.mat", "short")), "not a MATLAB file");
  expect_refusal(read_image(written(folder / "b.mat", std::string(200, 'x'))), "not a MATLAB file");
  const std::string empty = writer.variable(MatWriter::real64, "e", {0, 0}, writer.element(9, ""));
  expect_refusal(read_image(written(folder / "b.mat", writer.file(empty))), "no array of numbers");
  expect_refusal(read_image(folder / "b.mat#e"), "is empty");
  expect_refusal(
      read_kspace(written(folder / "b.mat", writer.file(complex_variable(writer, "k", {2, 2, 1, 1, 1, 2})))),
      "2 x 2 x 1 x 1 x 1 x 2; k-space is (kx, ky)");
}

TEST(MatTest, ClaimsBeyondTheFileAreRefusedBeforeMemoryIsTaken) {
  const TemporaryFolder folder;
  const MatWriter writer;
  const auto flags = writer.element(MatWriter::stored_uint32, writer.bytes(std::vector<std::uint32_t>{6, 0}));
  const auto extents =
      writer.element(MatWriter::stored_int32, writer.bytes(std::vector<std::int32_t>{20000, 20000}));
  const auto head = flags + extents + writer.small_element(MatWriter::stored_int8, "k");
  const std::int64_t bytes = 3'200'000'000;
  const auto part = writer.element(MatWriter::stored_double, std::string(800, 'x'), bytes);
  const auto honest = writer.element(MatWriter::matrix, head + part);
  const auto liar = writer.element(MatWriter::matrix, head + part, bytes + 56);
  for (const std::string& variable : {honest, liar, deflated(writer, honest), deflated(writer, liar)}) {
    written(folder / "k.mat", writer.file(variable));
    EXPECT_FALSE(read_image(folder / "k.mat"));
    EXPECT_FALSE(read_kspace(folder / "k.mat"));
    EXPECT_FALSE(read_complex(folder / "k.mat"));
  }
  for (const std::vector<std::int32_t>& wrong : std::vector<std::vector<std::int32_t>>{
           {-1, -12}, {4, 4}, {3, 3}, {65536, 65536}, {2147483647, 2147483647, 2147483647}})
    EXPECT_FALSE(read_image(
        written(folder / "k.mat",
                writer.file(writer.variable(MatWriter::real64, "k", wrong,
                                            writer.element(MatWriter::stored_double, std::string(96, 'x')))))));
}

TEST(MatTest, EveryTruncationAndEveryDamagedByteIsRefusedOrHarmless) {
  const TemporaryFolder folder;
  const MatWriter writer;
  const std::string variable = complex_variable(writer, "kspace", {4, 3, 2});
  for (const bool packed : {false, true}) {
    std::string bytes = writer.file(packed ? deflated(writer, variable) : variable);
    for (std::size_t length = 0; length < bytes.size(); ++length)
      EXPECT_FALSE(read_kspace(written(folder / "k.mat", bytes.substr(0, length)))) << length;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<char>(~bytes[i]);
      const auto kspace = read_kspace(written(folder / "k.mat", bytes));
      (void)read_image(folder / "k.mat");
      // Compressed data have a checksum; of others only a byte of the head can be told.
      if (kspace && packed) expect_counted(kspace, {4, 3, 1, 2, 1});
      bytes[i] = static_cast<char>(~bytes[i]);
    }
  }
}

TEST(MatTest, WhatScipyWritesIsRead) {
  if (!tests::run_program("/usr/bin/python3 -c 'import scipy.io'"))
    GTEST_SKIP() << "python3-scipy is not installed";
  const TemporaryFolder folder;
  std::ofstream(folder / "make.py")
      << "import numpy as np, scipy.io as s, scipy.sparse as p\n"
         "a = (np.arange(24) + 1 - 2j * np.arange(24)).reshape(2, 3, 4).T\n"
         "rest = {'note': 'text', 'list': np.array([1, 'x'], dtype=object), 'header': {'te': 30.0}}\n"
         "s.savemat('plain.mat', {'kspace': a, **rest})\n"
         "s.savemat('packed.mat', {'kspace': a.astype(np.complex64), **rest}, do_compression=True)\n"
         "s.savemat('image.mat', {'img': np.arange(24, dtype=np.uint16).reshape(2, 3, 4).T, 'mask': a.real > "
         "4})\n"
         "s.savemat('sparse.mat', {'m': p.csc_matrix(np.eye(4))})\n"
         "s.savemat('old.mat', {'kspace': a[:, :, 0]}, format='4')\n";
  ASSERT_TRUE(tests::run_program("cd " + folder.path().string() + " && /usr/bin/python3 make.py"));
  expect_counted(read_kspace(folder / "plain.mat"), {4, 3, 1, 2, 1});
  expect_counted(read_kspace(folder / "packed.mat"), {4, 3, 1, 2, 1});
  const auto image = read_image(folder / "image.mat");
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->geometry().size, (std::array<int, 3>{4, 3, 2}));
  for (std::size_t i = 0; i < 24; ++i)
    EXPECT_EQ(image->samples<std::int16_t>()[i], static_cast<std::int16_t>(i));
  EXPECT_EQ(read_mask(folder / "image.mat")->kept()[3], 0);
  EXPECT_EQ(read_mask(folder / "image.mat")->kept()[4], 1);
  expect_refusal(read_image(folder / "sparse.mat"), "m: sparse 4 x 4");
  expect_refusal(read_kspace(folder / "old.mat"), "level 4");
}

} // namespace
} // namespace bloch::imaging
