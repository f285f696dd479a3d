// What ISMRMRD files hold beyond their image: oversampled readouts are cut, oversampled phase encoding is kept.
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <ismrmrd/dataset.h>
#include <ismrmrd/ismrmrd.h>

#include "imaging/io/detail/oversampling.h"
#include "imaging/io/kspace_file.h"
#include "tests/imaging/io/foreign_scan.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

using tests::TemporaryFolder;
using Sample = std::complex<float>;

TEST(IsmrmrdTest, OversamplingIsCutAwayAndTheImageKeepsItsValues) {
  // Slow centred unitary DFT as reference.
  const int n = 12;
  const auto transform = [](const std::vector<std::complex<double>>& in, int sign) {
    const int length = static_cast<int>(in.size());
    std::vector<std::complex<double>> out(in.size());
    for (int k = 0; k < length; ++k)
      for (int x = 0; x < length; ++x)
        out[static_cast<std::size_t>(k)] +=
            in[static_cast<std::size_t>(x)] *
            std::polar(1 / std::sqrt(length), sign * 2 * M_PI * (k - length / 2) * (x - length / 2) / length);
    return out;
  };
  std::vector<std::complex<double>> image(2 * n);
  for (int x = 0; x < n; ++x) image[static_cast<std::size_t>(n - n / 2 + x)] = {1.0 + x, 0.5 * x * x};
  const auto wide = transform(image, -1);
  const std::vector<Sample> narrow = detail::without_oversampling({wide.begin(), wide.end()}, 2 * n, n);
  const auto back = transform({narrow.begin(), narrow.end()}, 1);
  for (int x = 0; x < n; ++x)
    EXPECT_NEAR(std::abs(back[static_cast<std::size_t>(x)] - image[static_cast<std::size_t>(n - n / 2 + x)]), 0,
                1e-4)
        << x;
}

TEST(IsmrmrdTest, ASideOfTheReadoutThatWasNotAcquiredIsStillMissingWithoutTheOversampling) {
  for (const int n : {12, 15})
    for (const int missing : {0, 1, 2, 7, 8}) {
      const auto row = static_cast<std::size_t>(n), gone = static_cast<std::size_t>(missing);
      std::vector<Sample> low(2 * row, Sample(1, 0.5F)), high = low;
      std::fill_n(low.begin(), gone, Sample(0));
      std::fill_n(high.rbegin(), gone, Sample(0));
      const auto after_low = detail::without_oversampling(low, 2 * n, n);
      const auto after_high = detail::without_oversampling(high, 2 * n, n);
      for (int i = 0; i < n; ++i) {
        // Sample i lies where the wide row has its sample 2 (i - n / 2) + n.
        const int at = 2 * (i - n / 2) + n;
        const auto place = static_cast<std::size_t>(i);
        EXPECT_EQ(after_low[place] == Sample(0), missing > 1 && at < missing)
            << n << " " << missing << " " << i;
        EXPECT_EQ(after_high[place] == Sample(0), missing > 1 && at >= 2 * n - missing)
            << n << " " << missing << " " << i;
      }
    }
}

TEST(IsmrmrdTest, OversamplingIsCutAwayWhateverMatrixTheImageWasInterpolatedTo) {
  const TemporaryFolder folder;
  for (const unsigned short interpolated : {4, 6, 8, 16}) {
    std::filesystem::remove(folder / "a.h5");
    {
      ForeignScan scan(folder / "a.h5");
      scan.encoding().encodedSpace.fieldOfView_mm = {16, 4, 5};
      scan.encoding().reconSpace.fieldOfView_mm = {8, 4, 5};
      scan.encoding().reconSpace.matrixSize = ISMRMRD::MatrixSize(interpolated, interpolated, 1);
      scan.write_header();
      scan.add(2, 1);
    }
    const auto kspace = read_kspace(folder / "a.h5");
    ASSERT_TRUE(kspace) << kspace.error().message;
    EXPECT_EQ(kspace->size(), (KSpaceSize{4, 4, 1, 1, 1})) << interpolated;
    ASSERT_TRUE(kspace->geometry);
    EXPECT_NEAR(kspace->geometry->spacing_mm[0], 2, 1e-5) << interpolated;
  }
}

TEST(IsmrmrdTest, GeneratedSheppLoganIsReadWithoutItsOversampling) {
  if (!tests::has_program("ismrmrd_generate_cartesian_shepp_logan"))
    GTEST_SKIP() << "ismrmrd-tools is not installed";
  const TemporaryFolder folder;
  const std::string file = (folder / "phantom.h5").string();
  ASSERT_TRUE(tests::run_program("ismrmrd_generate_cartesian_shepp_logan -m 32 -c 4 -n 0 -o " + file));
  const auto kspace = read_kspace(file);
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->size(), (KSpaceSize{32, 32, 1, 4, 1}));
  ASSERT_TRUE(kspace->geometry);
  EXPECT_NEAR(kspace->geometry->spacing_mm[0], 300.0 / 32, 1e-3);
  // The file keeps the images it was made from, oversampled: their middle columns are ours, up to one factor.
  ISMRMRD::Dataset set(file.c_str(), "dataset", false);
  ISMRMRD::NDArray<complex_float_t> images;
  set.readNDArray("coil_images", 0, images);
  const auto samples = kspace->slice(0).first(32 * 32);
  std::vector<std::complex<double>> image(32 * 32);
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 32; ++x)
      for (int ky = 0; ky < 32; ++ky)
        for (int kx = 0; kx < 32; ++kx)
          image[static_cast<std::size_t>(y * 32 + x)] +=
              std::complex<double>(samples[static_cast<std::size_t>(ky * 32 + kx)]) *
              std::polar(1.0, 2 * M_PI * ((kx - 16) * (x - 16) + (ky - 16) * (y - 16)) / 32);
  std::complex<double> cross = 0;
  double ours = 0, theirs = 0;
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 32; ++x) {
      const std::complex<double> expected = images.getDataPtr()[y * 64 + 16 + x];
      cross += std::conj(expected) * image[static_cast<std::size_t>(y * 32 + x)];
      ours += std::norm(image[static_cast<std::size_t>(y * 32 + x)]);
      theirs += std::norm(expected);
    }
  EXPECT_NEAR(std::abs(cross) / std::sqrt(ours * theirs), 1, 1e-4);
}

TEST(IsmrmrdTest, OversampledPhaseEncodingIsKeptForTheImageToBeCut) {
  const TemporaryFolder folder;
  {
    ForeignScan scan(folder / "a.h5");
    scan.encoding().encodedSpace.matrixSize = ISMRMRD::MatrixSize(8, 6, 1);
    scan.encoding().encodedSpace.fieldOfView_mm = {8, 6, 5};
    scan.encoding().reconSpace.matrixSize = ISMRMRD::MatrixSize(8, 4, 1);
    scan.encoding().reconSpace.fieldOfView_mm = {8, 4, 5};
    scan.encoding().parallelImaging = ISMRMRD::ParallelImaging{};
    scan.encoding().parallelImaging->accelerationFactor = {2, 1};
    scan.encoding().parallelImaging->calibrationMode = "embedded";
    scan.write_header();
    scan.add(5, 2);
  }
  const auto kspace = read_kspace(folder / "a.h5");
  ASSERT_TRUE(kspace) << kspace.error().message;
  EXPECT_EQ(kspace->size().ky, 6);
  ASSERT_TRUE(kspace->image_size);
  EXPECT_EQ(*kspace->image_size, (std::array<int, 3>{8, 4, 1}));
  const auto& notes = kspace->notes;
  EXPECT_NE(std::find(notes.begin(), notes.end(), "header: acceleration 2 x 1, embedded calibration"),
            notes.end());
}

} // namespace
} // namespace bloch::imaging
