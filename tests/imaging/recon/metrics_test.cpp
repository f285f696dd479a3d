#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>

#include "imaging/recon/metrics.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

/// 10 x 12 x 2, the same numbers as in the NumPy script that made the references below.
std::pair<Volume, Volume> pair_of_images() {
  VolumeGeometry geometry;
  geometry.size = {10, 12, 2};
  std::vector<float> reference, image;
  for (int i = 0; i < 240; ++i) {
    const double g = std::sin(i * 0.37) * 50 + 100 + (i % 7) * 3.0;
    reference.push_back(static_cast<float>(g));
    image.push_back(static_cast<float>(g + std::cos(i * 1.3) * 8 + 2));
  }
  return {Volume(geometry, std::move(reference)), Volume(geometry, std::move(image))};
}

TEST(image_metrics_, are_those_of_scikit_image_with_the_range_of_the_volume) {
  const auto [reference, image] = pair_of_images();
  const auto metrics = image_metrics(reference, image);
  ASSERT_TRUE(metrics);
  EXPECT_NEAR(metrics->plain.nrmse, 0.05239195741422621, 1e-7);
  EXPECT_NEAR(metrics->plain.psnr_db, 28.925633996743745, 1e-5);
  EXPECT_NEAR(*metrics->plain.ssim, 0.9878324506183466, 1e-6);
  EXPECT_NEAR(metrics->scale, 0.981360431164806, 1e-7);
  EXPECT_NEAR(metrics->scaled.nrmse, 0.048836674118269786, 1e-7);
  EXPECT_NEAR(metrics->scaled.psnr_db, 29.536004887029538, 1e-4);
  EXPECT_NEAR(*metrics->scaled.ssim, 0.9880424340565999, 1e-6);
}

TEST(image_metrics_, of_an_image_with_itself_are_perfect) {
  const auto [reference, image] = pair_of_images();
  const auto metrics = image_metrics(reference, reference);
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->plain.nrmse, 0);
  EXPECT_TRUE(std::isinf(metrics->plain.psnr_db));
  EXPECT_NEAR(*metrics->plain.ssim, 1, 1e-12);
  EXPECT_NE(to_json(*metrics).find("\"psnr_db\": null"), std::string::npos);
}

TEST(image_metrics_, refuses_other_sizes_and_an_empty_reference) {
  const auto [reference, image] = pair_of_images();
  VolumeGeometry small;
  small.size = {10, 12, 1};
  const auto other = image_metrics(reference, Volume(small, std::vector<float>(120, 1.0F)));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::invalid_parameter);
  EXPECT_FALSE(image_metrics(Volume(reference.geometry(), std::vector<float>(240, 0.0F)), image));
}

TEST(image_metrics_, refuse_values_that_are_not_numbers_and_say_whose_they_are) {
  const auto [reference, image] = pair_of_images();
  for (const float wrong : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> values = to_float(image);
    values[17] = wrong;
    const Volume broken(image.geometry(), std::move(values));
    const auto of_image = image_metrics(reference, broken);
    ASSERT_FALSE(of_image);
    EXPECT_NE(of_image.error().message.find("the image holds"), std::string::npos);
    const auto of_reference = image_metrics(broken, image);
    ASSERT_FALSE(of_reference);
    EXPECT_NE(of_reference.error().message.find("the reference holds"), std::string::npos);
  }
}

TEST(image_metrics_, have_no_ssim_where_no_window_fits) {
  VolumeGeometry geometry;
  geometry.size = {6, 12, 1};
  std::vector<float> values(72, 1.0F);
  const Volume reference(geometry, values);
  values[5] = 2;
  const auto small = image_metrics(reference, Volume(geometry, values));
  ASSERT_TRUE(small);
  EXPECT_FALSE(small->plain.ssim);
  EXPECT_NE(to_json(*small).find("\"ssim\": null"), std::string::npos);
  EXPECT_EQ(ssim_text(small->plain.ssim, 4), "–");
  EXPECT_EQ(ssim_text(0.98765, 3), "0.988");
  // Slice 0 only has a corner in the region, so that the mean is that of slice 1.
  const auto [truth, image] = pair_of_images();
  MetricsRegion region(240, 0);
  region[0] = 1;
  std::fill(region.begin() + 120, region.end(), std::uint8_t{1});
  const auto part = image_metrics(truth, image, region);
  ASSERT_TRUE(part);
  ASSERT_EQ(part->slices.size(), 2U);
  EXPECT_FALSE(part->slices[0].numbers.ssim);
  EXPECT_EQ(part->plain.ssim, part->slices[1].numbers.ssim);
}

/// fastMRI's evaluate.py in NumPy and scikit-image: MSE, NMSE, PSNR, SSIM of the volume, then of slice 1 with
/// the volume's maximum, then SSIM around pixel (4, 5) of slice 0 and the mean in a box.
constexpr const char* fastmri_metrics = R"(
import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
gt, pred = np.load('gt.npy'), np.load('pred.npy')
top = gt.max()
def ssim(z, **more):
    return structural_similarity(gt[z], pred[z], data_range=top, **more)
def psnr(a, b):
    return peak_signal_noise_ratio(a, b, data_range=top)
def nmse(a, b):
    return np.linalg.norm(a - b) ** 2 / np.linalg.norm(a) ** 2
print(np.mean((gt - pred) ** 2), nmse(gt, pred), psnr(gt, pred), np.mean([ssim(z) for z in range(len(gt))]))
print(np.mean((gt[1] - pred[1]) ** 2), nmse(gt[1], pred[1]), psnr(gt[1], pred[1]), ssim(1))
full = ssim(0, full=True)[1]
box = (slice(4, 7), slice(3, 6))
print(full[5, 4], nmse(gt[0][box], pred[0][box]), psnr(gt[0][box], pred[0][box]), full[box].mean())
)";

void save(const std::filesystem::path& path, const Volume& volume) {
  const std::vector<float> values = to_float(volume);
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 12, 10), }";
  header.append(117 - header.size(), ' ');
  std::ofstream file(path, std::ios::binary);
  file << "\x93NUMPY\x01" << '\0' << static_cast<char>(118) << '\0' << header << '\n';
  file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * 4));
}

TEST(image_metrics_, are_fastmri_s_own_whole_by_slice_in_a_region_and_as_a_map) {
  if (!tests::run_program("/usr/bin/python3 -c 'import skimage.metrics'"))
    GTEST_SKIP() << "python3-skimage is not installed";
  const tests::TemporaryFolder folder;
  const auto [reference, image] = pair_of_images();
  save(folder / "gt.npy", reference);
  save(folder / "pred.npy", image);
  std::ofstream(folder / "evaluate.py") << fastmri_metrics;
  ASSERT_EQ(
      std::system(("cd " + folder.path().string() + " && /usr/bin/python3 evaluate.py > out.txt").c_str()), 0);
  std::ifstream out(folder / "out.txt");
  std::array<double, 12> theirs{};
  for (double& value : theirs) ASSERT_TRUE(out >> value);
  const auto expect = [&](const QualityNumbers& ours, std::size_t first) {
    EXPECT_NEAR(ours.mse, theirs[first], 1e-4);
    EXPECT_NEAR(ours.nmse, theirs[first + 1], 1e-8);
    EXPECT_NEAR(ours.nrmse, std::sqrt(theirs[first + 1]), 1e-7);
    EXPECT_NEAR(ours.psnr_db, theirs[first + 2], 1e-4);
    EXPECT_NEAR(*ours.ssim, theirs[first + 3], 1e-5);
  };
  const auto metrics = image_metrics(reference, image);
  ASSERT_TRUE(metrics);
  expect(metrics->plain, 0);
  ASSERT_EQ(metrics->slices.size(), 2U);
  expect(metrics->slices[1].numbers, 4);
  const auto map = ssim_map(reference, image);
  ASSERT_TRUE(map);
  EXPECT_NEAR(value_at(*map, 4, 5, 0), theirs[8], 1e-5);
  EXPECT_EQ(value_at(*map, 2, 5, 0), 0);
  const auto region = box_region(reference.geometry(), {3, 4, 0}, {5, 6, 0});
  ASSERT_TRUE(region);
  const auto inside = image_metrics(reference, image, *region);
  ASSERT_TRUE(inside);
  EXPECT_EQ(inside->voxels, 9U);
  ASSERT_EQ(inside->slices.size(), 1U);
  EXPECT_NEAR(inside->plain.nmse, theirs[9], 1e-8);
  EXPECT_NEAR(inside->plain.psnr_db, theirs[10], 1e-4);
  EXPECT_NEAR(*inside->plain.ssim, theirs[11], 1e-5);
}

TEST(image_metrics_, refuses_a_region_outside_or_without_voxels) {
  const auto [reference, image] = pair_of_images();
  EXPECT_FALSE(box_region(reference.geometry(), {0, 0, 0}, {10, 11, 1}));
  EXPECT_FALSE(box_region(reference.geometry(), {3, 0, 0}, {2, 11, 1}));
  EXPECT_FALSE(image_metrics(reference, image, MetricsRegion(240, 0)));
  EXPECT_FALSE(image_metrics(reference, image, MetricsRegion(24, 1)));
}

TEST(error_map_, is_the_difference_on_the_reference_s_grid) {
  const auto [reference, image] = pair_of_images();
  const auto error = error_map(reference, image);
  ASSERT_TRUE(error);
  EXPECT_NEAR(value_at(*error, 3, 4, 1), std::abs(value_at(image, 3, 4, 1) - value_at(reference, 3, 4, 1)),
              1e-5);
}

} // namespace
} // namespace bloch::imaging
