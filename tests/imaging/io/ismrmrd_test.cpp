// ISMRMRD against its own library and against the generator of ismrmrd-tools.
#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <map>
#include <sstream>

#include <gtest/gtest.h>
#include <ismrmrd/dataset.h>
#include <ismrmrd/ismrmrd.h>
#include <ismrmrd/xml.h>

#include "core/base/file.h"
#include "imaging/io/detail/ismrmrd_plan.h"
#include "imaging/io/kspace_file.h"
#include "tests/imaging/io/foreign_scan.h"
#include "tests/imaging/io/sample_volumes.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using tests::TemporaryFolder;
using Sample = std::complex<float>;

/// 2D multi-slice, every third line and the middle acquired, oblique.
KSpace small_scan() {
  const KSpaceSize size{16, 12, 1, 3, 4};
  std::vector<Sample> samples(size.sample_count());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::size_t ky = i / 16 % 12;
    if (ky % 3 == 0 || (ky >= 5 && ky <= 7)) samples[i] = {std::sin(0.1F * static_cast<float>(i)), 0.5F};
  }
  KSpace kspace(size, std::move(samples));
  VolumeGeometry geometry = io_test::oblique_geometry();
  geometry.size = {16, 12, 4};
  kspace.geometry = geometry;
  kspace.simulated = "3 simulated coils";
  return kspace;
}

TEST(IsmrmrdTest, WhatIsWrittenIsReadBackWithItsPlace) {
  const TemporaryFolder folder;
  const KSpace kspace = small_scan();
  ASSERT_TRUE(write_kspace(folder / "a.h5", kspace));
  const auto back = read_kspace(folder / "a.h5");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->size(), kspace.size());
  EXPECT_TRUE(std::equal(kspace.samples().begin(), kspace.samples().end(), back->samples().begin()));
  ASSERT_TRUE(back->geometry);
  EXPECT_TRUE(back->geometry->matches(*kspace.geometry, 1e-3));
  EXPECT_EQ(back->simulated, kspace.simulated);
  EXPECT_TRUE(back->warnings.empty());
  // The file names its axes, so that nobody can say that there are no coils.
  const auto refused = read_kspace(folder / "a.h5", {}, CoilAxis::none);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid_parameter);
  EXPECT_NE(refused.error().message.find("(ISMRMRD)"), std::string::npos) << refused.error().message;
}

TEST(IsmrmrdTest, ThreeDimensionalScansKeepTheirPartitions) {
  const TemporaryFolder folder;
  const KSpaceSize size{8, 6, 4, 2, 1};
  std::vector<Sample> samples(size.sample_count());
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = {static_cast<float>(i), 1};
  KSpace kspace(size, samples);
  VolumeGeometry geometry = io_test::oblique_geometry(true);
  geometry.size = {8, 6, 4};
  kspace.geometry = geometry;
  ASSERT_TRUE(write_kspace(folder / "a.h5", kspace));
  const auto back = read_kspace(folder / "a.h5");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->size(), size);
  EXPECT_TRUE(std::equal(samples.begin(), samples.end(), back->samples().begin()));
  EXPECT_TRUE(back->geometry->matches(geometry, 1e-3));
}

TEST(IsmrmrdTest, ItsOwnLibraryReadsOneAcquisitionForEachAcquiredLine) {
  const TemporaryFolder folder;
  const KSpace kspace = small_scan();
  ASSERT_TRUE(write_kspace(folder / "a.h5", kspace));
  ISMRMRD::Dataset set((folder / "a.h5").c_str(), "dataset", false);
  std::string text;
  set.readHeader(text);
  ISMRMRD::IsmrmrdHeader header;
  ISMRMRD::deserialize(text.c_str(), header);
  ASSERT_EQ(header.encoding.size(), 1U);
  EXPECT_EQ(header.encoding[0].encodedSpace.matrixSize.x, 16);
  EXPECT_FLOAT_EQ(header.encoding[0].reconSpace.fieldOfView_mm.y, 12 * 1.25F);
  // Lines 0, 3, 6, 9 and 5, 7 of four slices.
  ASSERT_EQ(set.getNumberOfAcquisitions(), 24U);
  ISMRMRD::Acquisition acquisition;
  set.readAcquisition(8, acquisition);
  EXPECT_EQ(acquisition.idx().slice, 1);
  EXPECT_EQ(acquisition.idx().kspace_encode_step_1, 5);
  EXPECT_EQ(acquisition.center_sample(), 8);
  EXPECT_EQ(acquisition.active_channels(), 3);
  EXPECT_TRUE(acquisition.isFlagSet(ISMRMRD::ISMRMRD_ACQ_IS_PARALLEL_CALIBRATION_AND_IMAGING));
  const auto slice = kspace.slice(1);
  for (std::uint16_t coil = 0; coil < 3; ++coil)
    for (std::uint16_t kx = 0; kx < 16; ++kx)
      EXPECT_EQ(acquisition.data(kx, coil), slice[(static_cast<std::size_t>(coil) * 12 + 5) * 16 + kx]);
  const Eigen::Vector3d centre = kspace.geometry->to_world({{8, 6, 1}}).mm;
  const Eigen::Vector3d position =
      detail::head_vector(acquisition.getHead(), offsetof(detail::IsmrmrdHead, position));
  EXPECT_LT((position - centre).norm(), 1e-3);
}

TEST(IsmrmrdTest, AveragesAreAveragedAndNoiseIsLeftOut) {
  const TemporaryFolder folder;
  {
    ForeignScan scan(folder / "a.h5");
    scan.write_header();
    scan.add(0, 99, [](auto& line) { line.setFlag(ISMRMRD::ISMRMRD_ACQ_IS_NOISE_MEASUREMENT); });
    scan.add(1, 2);
    scan.add(1, 4, [](auto& line) { line.idx().average = 1; });
    scan.add(2, 7);
    scan.add(2, 50, [](auto& line) { line.setFlag(ISMRMRD::ISMRMRD_ACQ_IS_PARALLEL_CALIBRATION); });
    scan.add(3, 5, [](auto& line) { line.setFlag(ISMRMRD::ISMRMRD_ACQ_IS_PARALLEL_CALIBRATION); });
  }
  const auto kspace = read_kspace(folder / "a.h5");
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->samples()[0], Sample(0));
  EXPECT_EQ(kspace->samples()[8], Sample(3));
  EXPECT_EQ(kspace->samples()[16], Sample(7));
  EXPECT_EQ(kspace->samples()[24], Sample(5));
}

TEST(IsmrmrdTest, CentresOfPartialScansGoToTheMiddle) {
  const TemporaryFolder folder;
  {
    ForeignScan scan(folder / "a.h5");
    scan.encoding().encodingLimits.kspace_encoding_step_1 = ISMRMRD::Limit(0, 2, 1);
    scan.write_header();
    scan.add(1, 6);
  }
  const auto kspace = read_kspace(folder / "a.h5");
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->samples()[2 * 8], Sample(6));
}

TEST(IsmrmrdTest, OtherKindsOfScansAreRefusedByName) {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::function<void(ForeignScan&)>& make) {
    std::filesystem::remove(folder / "a.h5");
    {
      ForeignScan scan(folder / "a.h5");
      make(scan);
    }
    const auto kspace = read_kspace(folder / "a.h5");
    EXPECT_FALSE(kspace);
    return kspace ? Error{} : kspace.error();
  };
  const Error radial = refusal([](ForeignScan& scan) {
    scan.encoding().trajectory = ISMRMRD::TrajectoryType::RADIAL;
    scan.write_header();
    scan.add(0, 1);
  });
  EXPECT_EQ(radial.kind, ErrorKind::unsupported);
  EXPECT_NE(radial.message.find("not Cartesian"), std::string::npos);
  const Error repeated = refusal([](ForeignScan& scan) {
    scan.write_header();
    scan.add(0, 1);
    scan.add(0, 1, [](auto& line) { line.idx().repetition = 2; });
  });
  EXPECT_NE(repeated.message.find("2 scans that differ in repetition"), std::string::npos) << repeated.message;
  const Error outside = refusal([](ForeignScan& scan) {
    scan.write_header();
    scan.add(4, 1);
  });
  EXPECT_EQ(outside.kind, ErrorKind::malformed);
  const Error huge = refusal([](ForeignScan& scan) {
    scan.encoding().encodedSpace.matrixSize = ISMRMRD::MatrixSize(60000, 60000, 60000);
    scan.write_header();
    scan.add(0, 1);
  });
  EXPECT_NE(huge.message.find("claims more"), std::string::npos);
}

TEST(IsmrmrdTest, ContrastsAndRepetitionsArePartsOfTheirOwn) {
  const TemporaryFolder folder;
  {
    ForeignScan scan(folder / "a.h5");
    scan.write_header();
    for (std::uint16_t contrast = 0; contrast < 2; ++contrast)
      for (std::uint16_t repetition = 3; repetition < 5; ++repetition)
        scan.add(1, static_cast<float>(10 * contrast + repetition), [&](auto& line) {
          line.idx().contrast = contrast;
          line.idx().repetition = repetition;
        });
  }
  const auto parts = kspace_parts(folder / "a.h5");
  ASSERT_TRUE(parts) << parts.error().message;
  std::vector<std::string> names;
  for (const auto& part : *parts) names.push_back(to_text(part));
  EXPECT_EQ(names, (std::vector<std::string>{"contrast=0,repetition=3", "contrast=0,repetition=4",
                                             "contrast=1,repetition=3", "contrast=1,repetition=4"}));
  for (std::size_t i = 0; i < parts->size(); ++i) {
    const auto kspace = read_kspace_part(folder / "a.h5", (*parts)[i]);
    ASSERT_TRUE(kspace) << kspace.error().message;
    EXPECT_EQ(kspace->samples()[8], Sample(static_cast<float>(10 * (i / 2) + 3 + i % 2)));
  }
  const auto selected = kspace_parts(folder / "a.h5", *parse_kspace_part("contrast=1"));
  ASSERT_TRUE(selected);
  EXPECT_EQ(selected->size(), 2U);
  const auto none = kspace_parts(folder / "a.h5", *parse_kspace_part("contrast=7"));
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("contrast=0,repetition=3"), std::string::npos) << none.error().message;
  EXPECT_FALSE(parse_kspace_part("contrst=1"));
}

TEST(IsmrmrdTest, SeveralEncodingsHaveTheirOwnGrids) {
  const TemporaryFolder folder;
  {
    ForeignScan scan(folder / "a.h5");
    scan.add_encoding(8, 6);
    scan.write_header();
    scan.add(3, 5);
    scan.add(5, 7, [](auto& line) { line.encoding_space_ref() = 1; });
  }
  const auto first = read_kspace_part(folder / "a.h5", {{"encoding", 0}});
  const auto second = read_kspace_part(folder / "a.h5", {{"encoding", 1}});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->size().ky, 4);
  EXPECT_EQ(first->samples()[3 * 8], Sample(5));
  EXPECT_EQ(second->size().ky, 6);
  EXPECT_EQ(second->samples()[5 * 8], Sample(7));
}

TEST(IsmrmrdTest, SlabsOfAVolumeScanArePartsAndSlicesOfAPlanarOneAreNot) {
  const TemporaryFolder folder;
  {
    ForeignScan scan(folder / "a.h5");
    scan.encoding().encodedSpace.matrixSize = scan.encoding().reconSpace.matrixSize =
        ISMRMRD::MatrixSize(8, 4, 2);
    scan.write_header();
    scan.add(1, 2);
    scan.add(1, 4, [](auto& line) {
      line.idx().slice = 1;
      line.idx().kspace_encode_step_2 = 1;
    });
  }
  const auto parts = kspace_parts(folder / "a.h5");
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ(to_text((*parts)[1]), "slab=1");
  const auto slab = read_kspace_part(folder / "a.h5", (*parts)[1]);
  ASSERT_TRUE(slab) << slab.error().message;
  EXPECT_EQ(slab->size(), (KSpaceSize{8, 4, 2, 1, 1}));
  EXPECT_EQ(slab->samples()[4 * 8 + 8], Sample(4));
}

TEST(IsmrmrdTest, OneAverageCanBeReadAlone) {
  const TemporaryFolder folder;
  {
    ForeignScan scan(folder / "a.h5");
    scan.write_header();
    scan.add(1, 2);
    scan.add(1, 4, [](auto& line) { line.idx().average = 1; });
  }
  const auto parts = kspace_parts(folder / "a.h5", *parse_kspace_part("average=1"));
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 1U);
  const auto alone = read_kspace_part(folder / "a.h5", parts->front());
  ASSERT_TRUE(alone) << alone.error().message;
  EXPECT_EQ(alone->samples()[8], Sample(4));
}

TEST(IsmrmrdTest, TheNoiseScanIsReadByItself) {
  const TemporaryFolder folder;
  {
    ForeignScan scan(folder / "a.h5");
    scan.write_header();
    scan.add(0, 9, [](auto& line) { line.setFlag(ISMRMRD::ISMRMRD_ACQ_IS_NOISE_MEASUREMENT); });
    scan.add(0, 8, [](auto& line) { line.setFlag(ISMRMRD::ISMRMRD_ACQ_IS_NOISE_MEASUREMENT); });
    scan.add(1, 2);
  }
  const auto noise = read_noise(folder / "a.h5");
  ASSERT_TRUE(noise) << noise.error().message;
  EXPECT_EQ(noise->extents, (std::vector{1, 1, 1, 1, 16}));
  EXPECT_EQ(noise->samples[0], Sample(9));
  EXPECT_EQ(noise->samples[noise->samples.size() - 1], Sample(8));
  ASSERT_TRUE(write_kspace(folder / "b.h5", small_scan()));
  const auto none = read_noise(folder / "b.h5");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
}

TEST(IsmrmrdTest, RepetitionsAndNoiseOfAGeneratedPhantomAreThoseThatItsLibraryReads) {
  if (!tests::has_program("ismrmrd_generate_cartesian_shepp_logan"))
    GTEST_SKIP() << "ismrmrd-tools is not installed";
  const TemporaryFolder folder;
  const std::string file = (folder / "phantom.h5").string();
  ASSERT_TRUE(
      tests::run_program("ismrmrd_generate_cartesian_shepp_logan -m 16 -c 3 -r 3 -a 2 -C -n 0.1 -o " + file));
  const auto parts = kspace_parts(file);
  ASSERT_TRUE(parts) << parts.error().message;
  ISMRMRD::Dataset set(file.c_str(), "dataset", false);
  std::map<int, std::map<int, std::vector<Sample>>> by_repetition; // line, then samples of coil 1
  std::size_t noise_samples = 0;
  for (std::uint32_t i = 0; i < set.getNumberOfAcquisitions(); ++i) {
    ISMRMRD::Acquisition line;
    set.readAcquisition(i, line);
    if (line.isFlagSet(ISMRMRD::ISMRMRD_ACQ_IS_NOISE_MEASUREMENT)) {
      noise_samples += line.number_of_samples();
      continue;
    }
    for (std::uint16_t x = 0; x < line.number_of_samples(); ++x)
      by_repetition[line.idx().repetition][line.idx().kspace_encode_step_1].push_back(line.data(x, 1));
  }
  ASSERT_EQ(parts->size(), by_repetition.size());
  ASSERT_GT(parts->size(), 1U);
  const auto noise = read_noise(file);
  ASSERT_TRUE(noise) << noise.error().message;
  EXPECT_EQ(noise->extents, (std::vector{1, 3, 1, 1, static_cast<int>(noise_samples)}));
  for (const auto& part : *parts) {
    const auto kspace = read_kspace_part(file, part);
    ASSERT_TRUE(kspace) << kspace.error().message;
    ASSERT_EQ(kspace->size(), (KSpaceSize{16, 16, 1, 3, 1}));
    const auto& lines = by_repetition[part.front().second];
    for (int ky = 0; ky < 16; ++ky) {
      const auto found = lines.find(ky);
      const std::vector<Sample> expected = found == lines.end()
                                               ? std::vector<Sample>(16, Sample(0))
                                               : detail::without_oversampling(found->second, 32, 16);
      for (int kx = 0; kx < 16; ++kx)
        EXPECT_EQ(kspace->samples()[static_cast<std::size_t>((16 + ky) * 16 + kx)],
                  expected[static_cast<std::size_t>(kx)]);
    }
  }
}

TEST(IsmrmrdTest, EveryTruncationIsRefusedAndNoneCrashes) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_kspace(folder / "a.h5", small_scan()));
  const auto whole = read_file(folder / "a.h5");
  ASSERT_TRUE(whole);
  for (std::size_t length = 0; length + 4096 < whole->size(); length += 1 + whole->size() / 41) {
    ASSERT_TRUE(write_file(folder / "b.h5", std::span(*whole).first(length)));
    EXPECT_FALSE(read_kspace(folder / "b.h5")) << length;
  }
}

TEST(IsmrmrdDataTest, HeaderThatItsLibraryRefusesIsReadOrRefusedInOneSentence) {
  const auto data = tests::test_data();
  if (data.empty()) GTEST_SKIP() << "BLOCH_TEST_DATA is not set";
  const auto kspace = read_kspace(data / "kspace/mrireco/acqDataBrainSim100.h5");
  if (!kspace) {
    EXPECT_FALSE(kspace.error().message.empty());
    return;
  }
  EXPECT_EQ(kspace->size().kx, 256);
  EXPECT_EQ(kspace->size().ky, 256);
}

} // namespace
} // namespace bloch::imaging
