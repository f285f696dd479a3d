// NumPy and BART files against the programs they come from.
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "imaging/io/image_file.h"
#include "imaging/io/kspace_file.h"
#include "tests/imaging/io/sample_volumes.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using tests::TemporaryFolder;
using Sample = std::complex<float>;

std::vector<Sample> counting_complex(std::size_t count) {
  std::vector<Sample> samples(count);
  for (std::size_t i = 0; i < count; ++i)
    samples[i] = {static_cast<float>(i) + 1, -0.5F * static_cast<float>(i)};
  return samples;
}

/// A version 1 file by the letter of the format.
std::vector<std::uint8_t> npy(const std::string& dictionary, std::span<const std::uint8_t> data) {
  std::string text = dictionary;
  text.append(63 - (10 + text.size()) % 64, ' ');
  text += '\n';
  std::string file = "\x93NUMPY\x01";
  file += '\0';
  file += static_cast<char>(text.size() & 255);
  file += static_cast<char>(text.size() >> 8);
  file += text;
  file.append(data.begin(), data.end());
  return {file.begin(), file.end()};
}

TEST(NumpyTest, KSpaceShapesFollowTheStatedRule) {
  const TemporaryFolder folder;
  const std::vector<KSpaceSize> sizes{{5, 4, 1, 1, 1}, {5, 4, 1, 3, 1}, {5, 4, 2, 3, 1}, {5, 4, 1, 3, 2}};
  for (const KSpaceSize& size : sizes) {
    const KSpace kspace(size, counting_complex(size.sample_count()));
    ASSERT_TRUE(write_kspace(folder / "k.npy", kspace));
    const auto back = read_kspace(folder / "k.npy");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->size(), size);
    EXPECT_TRUE(std::equal(kspace.samples().begin(), kspace.samples().end(), back->samples().begin()));
    EXPECT_FALSE(back->warnings.empty()) << "no geometry is worth a warning";
  }
}

TEST(NumpyTest, FortranOrderAndOtherByteOrderAreTheSameArray) {
  const TemporaryFolder folder;
  // [[1, 2, 3], [4, 5, 6]] with the first extent fastest, big endian.
  const std::vector<std::uint8_t> data{0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6};
  ASSERT_TRUE(
      write_file(folder / "a.npy", npy("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", data)));
  const auto volume = read_image(folder / "a.npy");
  ASSERT_TRUE(volume) << volume.error().message;
  EXPECT_EQ(volume->geometry().size, (std::array<int, 3>{3, 2, 1}));
  EXPECT_EQ(io_test::copied(volume->samples<std::int16_t>()), (std::vector<std::int16_t>{1, 2, 3, 4, 5, 6}));
}

TEST(NumpyTest, BrokenHeadersAndClaimsAreRefused) {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> data(8, 1);
  for (const char* header : {"{'descr': '<f4', 'fortran_order': False, 'shape': (100000, 100000, 100000), }",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2), }",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2), }",
                             "{'descr': '|O', 'fortran_order': False, 'shape': (1, 2), }",
                             "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 2), }",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2", "", "{}"}) {
    ASSERT_TRUE(write_file(folder / "a.npy", npy(header, data)));
    EXPECT_FALSE(read_image(folder / "a.npy")) << header;
    EXPECT_FALSE(read_kspace(folder / "a.npy")) << header;
  }
}

TEST(NumpyTest, TypesThatAreNotReadAreRefusedAsWhatTheyAre) {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> data(64, 0);
  for (const auto& [type, word] : {std::pair{"[('re', '<f4'), ('im', '<f4')]", "structured type"},
                                   {"'<f2'", "numbers of 32 or 64 bits"},
                                   {"'|O'", "numbers of 32 or 64 bits"}}) {
    const std::string header =
        std::string("{'descr': ") + type + ", 'fortran_order': False, 'shape': (2, 2), }";
    ASSERT_TRUE(write_file(folder / "a.npy", npy(header, data)));
    const auto kspace = read_kspace(folder / "a.npy");
    ASSERT_FALSE(kspace) << header;
    EXPECT_EQ(kspace.error().kind, ErrorKind::unsupported);
    EXPECT_NE(kspace.error().message.find(word), std::string::npos) << kspace.error().message;
  }
}

TEST(NumpyTest, NumpyReadsWhatWeWriteAndWeReadWhatItWrites) {
  if (!tests::run_program("/usr/bin/python3 -c 'import numpy'"))
    GTEST_SKIP() << "python3-numpy is not installed";
  const TemporaryFolder folder;
  const Volume volume = io_test::counting_volume<std::int16_t>(io_test::oblique_geometry());
  ASSERT_TRUE(write_image(folder / "a.npy", volume));
  const std::string script =
      "import numpy as n, sys; f = sys.argv[1]; a = n.load(f + '/a.npy'); "
      "assert a.dtype == n.int16 and a.shape == (4, 5, 7) and a[0, 0, 1] == -463; "
      "n.save(f + '/b.npy', (a * 1.5).astype(n.float64)); n.save(f + '/c.npy', a.astype(n.complex128) * 1j); "
      "n.save(f + '/d.npy', a > 0)";
  ASSERT_TRUE(tests::run_program("/usr/bin/python3 -c \"" + script + "\" " + folder.path().string()));
  const auto b = read_image(folder / "b.npy");
  ASSERT_TRUE(b) << b.error().message;
  EXPECT_FLOAT_EQ(b->samples<float>()[1], -463 * 1.5F);
  const auto c = read_kspace(folder / "c.npy");
  ASSERT_TRUE(c) << c.error().message;
  EXPECT_EQ(c->samples()[1], Sample(0, -463));
  const auto d = read_mask(folder / "d.npy");
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->kept()[0], 0);
  EXPECT_EQ(d->kept()[139], 1);
}

TEST(NumpyDataTest, RealKSpaceHasEightCoils) {
  const auto data = tests::test_data();
  if (data.empty()) GTEST_SKIP() << "BLOCH_TEST_DATA is not set";
  const auto kspace = read_kspace(data / "kspace/sigpy_tutorial/cartesian_ksp.npy");
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->size().coils, 8);
  EXPECT_EQ(kspace->size().kz, 1);
  EXPECT_NEAR(1 / sampled_points(*kspace).acceleration(), 0.124, 0.002);
}

TEST(BartTest, BartSeesTheArrayThatWeWrote) {
  if (!tests::has_program("bart")) GTEST_SKIP() << "bart is not installed";
  const TemporaryFolder folder;
  const KSpaceSize size{6, 5, 1, 3, 1};
  ASSERT_TRUE(write_kspace(folder / "a.cfl", KSpace(size, counting_complex(size.sample_count()))));
  const std::string f = folder.path().string();
  // Bart cuts out kx 2, ky 1, coil 2 of its own view of the file.
  ASSERT_TRUE(tests::run_program("bart slice 0 2 1 1 3 2 " + f + "/a " + f + "/b"));
  const auto value = read_complex(folder / "b.cfl");
  ASSERT_TRUE(value) << value.error().message;
  ASSERT_EQ(value->samples.size(), 1U);
  EXPECT_EQ(value->samples[0], counting_complex(90)[(2 * 5 + 1) * 6 + 2]);
}

TEST(BartTest, BartsPhantomIsReadAsKSpaceOfItsSize) {
  if (!tests::has_program("bart")) GTEST_SKIP() << "bart is not installed";
  const TemporaryFolder folder;
  const std::string f = folder.path().string();
  ASSERT_TRUE(tests::run_program("bart phantom -x 24 -k -s 4 " + f + "/p"));
  const auto kspace = read_kspace(folder / "p.hdr");
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->size(), (KSpaceSize{24, 24, 1, 4, 1}));
}

TEST(BartTest, SlicesMapsAndOtherDimensionsAreToldApart) {
  const TemporaryFolder folder;
  const auto write = [&](const std::string& dimensions, std::size_t count) {
    const std::vector<Sample> samples = counting_complex(count);
    ASSERT_TRUE(write_file(folder / "a.hdr", "# Dimensions\n" + dimensions + "\n"));
    ASSERT_TRUE(write_file(folder / "a.cfl",
                           std::span(reinterpret_cast<const std::uint8_t*>(samples.data()), count * 8)));
  };
  write("2 3 1 2 1 1 1 1 1 1 1 1 1 4", 48);
  EXPECT_EQ(read_kspace(folder / "a.cfl")->size(), (KSpaceSize{2, 3, 1, 2, 4}));
  write("2 3 1 2 2", 24);
  EXPECT_EQ(read_complex(folder / "a.cfl")->extents, (std::vector<int>{2, 2, 1, 3, 2}));
  EXPECT_EQ(read_kspace(folder / "a.cfl").error().kind, ErrorKind::unsupported);
  write("2 3 1 2 1 1 1 1 1 1 5", 60);
  EXPECT_NE(read_kspace(folder / "a.cfl").error().message.find("dimension 10"), std::string::npos);
  write("2 3 1 2", 11);
  EXPECT_EQ(read_kspace(folder / "a.cfl").error().kind, ErrorKind::malformed);
  write("200000 300000 100000 2", 12);
  EXPECT_NE(read_kspace(folder / "a.cfl").error().message.find("claims more"), std::string::npos);
}

TEST(BartTest, MissingHalfIsNamed) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "a.cfl", std::string_view("12345678")));
  const auto kspace = read_kspace(folder / "a.cfl");
  ASSERT_FALSE(kspace);
  EXPECT_NE(kspace.error().message.find(".hdr"), std::string::npos);
}

TEST(ComplexFileTest, MapsAndImagesComeBackFromBothFormats) {
  const TemporaryFolder folder;
  const ComplexArray maps{{1, 3, 2, 4, 5}, counting_complex(120)};
  for (const char* name : {"a.cfl", "a.npy"}) {
    ASSERT_TRUE(write_complex(folder / name, maps));
    const auto back = read_complex(folder / name);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->extents, maps.extents);
    EXPECT_EQ(back->samples, maps.samples);
  }
}

TEST(ComplexFileTest, SlicesAndSetsOfMapsHaveDimensionsOfTheirOwnInBart) {
  const TemporaryFolder folder;
  const ComplexArray maps{{6, 2, 1, 4, 5}, counting_complex(240), 3};
  ASSERT_TRUE(write_complex(folder / "a.cfl", maps));
  const auto header = read_file(folder / "a.hdr");
  ASSERT_TRUE(header);
  const std::string text(header->begin(), header->end());
  EXPECT_NE(text.find("5 4 1 2 2 1 1 1 1 1 1 1 1 3"), std::string::npos) << text;
  const auto back = read_complex(folder / "a.cfl");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->extents, maps.extents);
  EXPECT_EQ(back->samples, maps.samples);
  EXPECT_EQ(back->slices, 3);
}

TEST(MaskFileTest, MasksComeBackFromEveryFormat) {
  const TemporaryFolder folder;
  const SamplingMask mask(1, 6, 2, {1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1});
  for (const char* name : {"m.npy", "m.cfl", "m.nii.gz", "m.nrrd"}) {
    ASSERT_TRUE(write_mask(folder / name, mask)) << name;
    const auto back = read_mask(folder / name);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->ky(), 6);
    EXPECT_EQ(back->kz(), 2);
    EXPECT_TRUE(std::equal(mask.kept().begin(), mask.kept().end(), back->kept().begin()));
  }
}

TEST(MaskFileTest, MasksThatHoldNoNumbersAreRefused) {
  const TemporaryFolder folder;
  ComplexArray array{{1, 1, 1, 2, 3}, std::vector<Sample>{{1, 0}, {0, 0}, {1, 0}, {0, std::nanf("")}, {}, {}}};
  for (const char* name : {"m.cfl", "m.npy"}) {
    ASSERT_TRUE(write_complex(folder / name, array)) << name;
    EXPECT_FALSE(read_mask(folder / name)) << name;
  }
  VolumeGeometry geometry;
  geometry.size = {3, 2, 1};
  const std::vector<float> values{1, 0, std::nanf(""), 0, 1, 1};
  ASSERT_TRUE(write_image(folder / "m.nii", Volume(geometry, values)));
  const auto mask = read_mask(folder / "m.nii");
  ASSERT_FALSE(mask);
  EXPECT_NE(mask.error().message.find("not numbers"), std::string::npos) << mask.error().message;
}

TEST(KSpaceFileTest, SamplesThatAreNotNumbersAndEmptyScansAreRefused) {
  const TemporaryFolder folder;
  std::vector<Sample> samples(12);
  ASSERT_TRUE(write_kspace(folder / "k.npy", KSpace({4, 3, 1, 1, 1}, samples)));
  EXPECT_NE(read_kspace(folder / "k.npy").error().message.find("zero"), std::string::npos);
  samples[3] = {std::nanf(""), 0};
  ASSERT_TRUE(write_kspace(folder / "k.npy", KSpace({4, 3, 1, 1, 1}, samples)));
  EXPECT_NE(read_kspace(folder / "k.npy").error().message.find("not numbers"), std::string::npos);
}

} // namespace
} // namespace bloch::imaging
