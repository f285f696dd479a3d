#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "imaging/recon/coils.h"
#include "imaging/recon/data_exponent.h"
#include "tests/imaging/recon/recon_support.h"

namespace bloch::imaging {
namespace {

ReconstructionTask task_of(const char* method) {
  ReconstructionTask task;
  task.method = method;
  return task;
}

class Reconstruct : public testing::Test {
 protected:
  void SetUp() override { set_fft_planning(FftPlanning::estimate); }

  const Volume series_ = ellipse_volume(96, 80, 4);
  const SimulationRequest simulation_{6, 0.01, "smooth", 1, {}};
};

TEST_F(Reconstruct, a_series_comes_back_near_to_itself_in_its_own_units_and_says_that_it_is_simulated) {
  ReconstructionTask task;
  task.undersample = MaskRequest{"variable-density", 3, 20, 1};
  const auto scan = reconstruct_series(series_, simulation_, task);
  ASSERT_TRUE(scan) << scan.error().message;
  EXPECT_EQ(scan->image.geometry().size, series_.geometry().size);
  EXPECT_TRUE(scan->image.geometry().matches(series_.geometry()));
  ASSERT_TRUE(scan->metrics && scan->reference && scan->error && scan->mask);
  EXPECT_LT(scan->metrics->plain.nrmse, 0.05);
  EXPECT_NEAR(scan->metrics->scale, 1, 0.01);
  EXPECT_NEAR(scan->acceleration, 3, 0.1);
  EXPECT_NE(scan->simulated.find("6 simulated coils"), std::string::npos);
  EXPECT_NE(scan->simulated.find("variable-density"), std::string::npos);
  EXPECT_GT(scan->iterations, 3);
  EXPECT_FALSE(scan->nrmse.empty());
}

TEST_F(Reconstruct, both_automatic_weights_are_reported_as_what_they_became) {
  ReconstructionTask task = task_of("l1-wavelet-tv");
  task.undersample = MaskRequest{"variable-density", 2, 16, 1};
  const auto scan = reconstruct_series(ellipse_volume(48, 40, 2), simulation_, task);
  ASSERT_TRUE(scan) << scan.error().message;
  ASSERT_TRUE(scan->lambda_tv);
  EXPECT_NEAR(*scan->lambda_tv / scan->lambda, 0.12 / 0.1, 1e-6);
  const auto other = reconstruct_series(ellipse_volume(48, 40, 2), simulation_, task_of("tv"));
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->lambda_tv);
}

TEST_F(Reconstruct, chosen_slices_lie_where_they_lay) {
  ReconstructionTask task;
  task.method = "zero-filled";
  task.first_slice = 1;
  task.last_slice = 2;
  const auto scan = reconstruct_series(series_, simulation_, task);
  ASSERT_TRUE(scan);
  EXPECT_EQ(scan->image.geometry().size[2], 2);
  EXPECT_NEAR(scan->image.geometry().origin.mm.z(), 3, 1e-9);
  const auto whole = reconstruct_series(series_, simulation_, task_of("zero-filled"));
  ASSERT_TRUE(whole);
  const auto part = scan->image.samples<Complex>();
  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole->image.samples<Complex>().begin() + 96 * 80));
}

TEST_F(Reconstruct, raw_data_estimate_their_coils_and_compare_with_the_full_data) {
  const KSpace kspace = simulate_kspace(series_, 0, 2, simulation_);
  EXPECT_EQ(kspace.size(), (KSpaceSize{96, 80, 1, 6, 3}));
  EXPECT_FALSE(kspace.simulated.empty());
  ReconstructionTask task;
  task.method = "cg-sense";
  task.undersample = MaskRequest{"random", 2.5, 20, 1};
  const auto scan = reconstruct(kspace, task, {});
  ASSERT_TRUE(scan) << scan.error().message;
  ASSERT_TRUE(scan->metrics);
  EXPECT_LT(scan->metrics->plain.nrmse, 0.15);
  EXPECT_EQ(scan->image.geometry().size, (std::array{96, 80, 3}));
  task.undersample.reset();
  const auto whole = reconstruct(kspace, task, {});
  ASSERT_TRUE(whole);
  EXPECT_FALSE(whole->metrics);
  const auto against = reconstruct(kspace, task, ellipse_volume(96, 80, 3));
  ASSERT_TRUE(against && against->metrics);
  EXPECT_LT(against->metrics->plain.nrmse, 0.06);
}

TEST_F(Reconstruct, maps_that_hold_no_numbers_are_refused) {
  const KSpace kspace = simulate_kspace(series_, 0, 1, simulation_);
  Sensitivities maps = simulated_coils({96, 80, 1}, 6);
  std::vector<Complex> samples(maps.samples.begin(), maps.samples.end());
  samples[100] = {std::numeric_limits<float>::quiet_NaN(), 0};
  maps.samples = std::move(samples);
  ReconstructionTask task = task_of("zero-filled");
  task.sensitivities = maps;
  const auto scan = reconstruct(kspace, task, ellipse_volume(96, 80, 2));
  ASSERT_FALSE(scan);
  EXPECT_NE(scan.error().message.find("not numbers"), std::string::npos) << scan.error().message;
}

TEST_F(Reconstruct, an_empty_slice_is_black_with_a_warning_and_the_others_are_as_without_it) {
  const KSpace full = simulate_kspace(series_, 0, 2, simulation_);
  std::vector<Complex> samples(full.samples().begin(), full.samples().end());
  const auto one = static_cast<std::ptrdiff_t>(full.size().samples_per_slice());
  std::fill(samples.begin() + one, samples.begin() + 2 * one, Complex());
  const auto scan = reconstruct(KSpace(full.size(), samples), task_of("l1-wavelet"), {});
  ASSERT_TRUE(scan) << scan.error().message;
  const auto whole = reconstruct(full, task_of("l1-wavelet"), {});
  ASSERT_TRUE(whole);
  const auto image = scan->image.samples<Complex>(), expected = whole->image.samples<Complex>();
  const std::ptrdiff_t plane = 96 * 80;
  EXPECT_TRUE(std::equal(image.begin(), image.begin() + plane, expected.begin()));
  EXPECT_TRUE(std::all_of(image.begin() + plane, image.begin() + 2 * plane,
                          [](const Complex& value) { return value == Complex(); }));
  EXPECT_TRUE(std::equal(image.begin() + 2 * plane, image.end(), expected.begin() + 2 * plane));
  EXPECT_TRUE(std::any_of(scan->warnings.begin(), scan->warnings.end(), [](const std::string& warning) {
    return warning.starts_with("slice 1: no sample that is not zero");
  }));
  const auto none = reconstruct(KSpace(full.size(), std::vector<Complex>(samples.size())), task_of("tv"), {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::malformed);
}

TEST_F(Reconstruct, every_method_gives_the_same_digits_at_any_scale_of_the_data) {
  const KSpace plain = simulate_kspace(ellipse_volume(48, 40, 1), 0, 0, {4, 0.01, "smooth", 1, {}});
  for (const Reconstruction& method : reconstructions()) {
    ReconstructionTask task = task_of(method.name.c_str());
    task.undersample = MaskRequest{"variable-density", 2, 16, 1};
    const auto expected = reconstruct(plain, task, {});
    ASSERT_TRUE(expected) << expected.error().message;
    for (const int exponent : {60, 40, 20, -20, -40, -66}) {
      const KSpace scaled(plain.size(), times_power_of_two(plain.samples(), exponent));
      const auto scan = reconstruct(scaled, task, {});
      ASSERT_TRUE(scan) << method.name << " 2^" << exponent << ": " << scan.error().message;
      const auto back = times_power_of_two(scan->image.samples<Complex>(), -exponent);
      const auto wanted = expected->image.samples<Complex>();
      EXPECT_TRUE(std::equal(back.begin(), back.end(), wanted.begin())) << method.name << " 2^" << exponent;
      ASSERT_TRUE(scan->metrics && expected->metrics);
      EXPECT_NEAR(scan->metrics->plain.nrmse, expected->metrics->plain.nrmse, 1e-6) << method.name;
      EXPECT_EQ(scan->nrmse.size(), expected->nrmse.size());
    }
  }
}

TEST_F(Reconstruct, coil_maps_do_not_depend_on_the_scale_of_the_data) {
  const KSpace plain = simulate_kspace(ellipse_volume(48, 40, 1), 0, 0, {4, 0.01, "smooth", 1, {}});
  const SamplingMask mask = sampled_points(plain);
  const auto expected = espirit({plain.size(), plain.samples(), &mask, nullptr, {}, 1}, {});
  ASSERT_TRUE(expected);
  for (const int exponent : {60, -66}) {
    const auto samples = times_power_of_two(plain.samples(), exponent);
    const auto maps = espirit({plain.size(), samples, &mask, nullptr, {}, 1}, {});
    ASSERT_TRUE(maps);
    EXPECT_EQ(maps->samples, expected->samples);
  }
}

TEST_F(Reconstruct, maps_of_another_scale_divide_the_image_by_it_and_leave_the_metrics) {
  const Experiment whole(48, 40, 4, 0, {"equispaced", 1, 0, 1});
  const KSpace kspace({48, 40, 1, 4, 1}, whole.samples);
  std::vector<Complex> thrice(whole.maps.samples.begin(), whole.maps.samples.end());
  for (Complex& value : thrice) value *= 3;
  for (const char* method : {"zero-filled", "cg-sense"}) {
    ReconstructionTask task;
    task.method = method;
    task.undersample = MaskRequest{"variable-density", 2, 12, 1};
    task.sensitivities = whole.maps;
    const auto unit = reconstruct(kspace, task, {});
    task.sensitivities = Sensitivities{4, 1, 40, 48, thrice};
    const auto scaled = reconstruct(kspace, task, {});
    ASSERT_TRUE(unit && scaled);
    ASSERT_TRUE(unit->metrics && scaled->metrics);
    EXPECT_NEAR(scaled->metrics->plain.nrmse, unit->metrics->plain.nrmse, 0.02) << method;
    std::vector<float> larger = to_float(magnitude(scaled->image));
    for (float& value : larger) value *= 3;
    const auto image = unit->image.samples<Complex>();
    EXPECT_LT(nrmse_of({image.begin(), image.end()}, larger), 0.03) << method;
  }
}

TEST_F(Reconstruct, a_volume_is_reconstructed_as_one) {
  const Volume cube = ellipse_volume(40, 36, 24);
  ReconstructionTask task;
  task.dimensions = 3;
  task.method = "l1-wavelet";
  task.sensitivities = simulated_coils({40, 36, 24}, 4);
  task.undersample = MaskRequest{"poisson", 3, 12, 1};
  const auto scan = reconstruct_series(cube, {4, 0.01, "smooth", 1, {}}, task);
  ASSERT_TRUE(scan) << scan.error().message;
  EXPECT_LT(scan->metrics->plain.nrmse, 0.1);
}

TEST_F(Reconstruct, one_coil_needs_no_calibration) {
  ReconstructionTask task;
  task.undersample = MaskRequest{"variable-density", 2, 12, 1};
  const auto scan = reconstruct_series(series_, {1, 0.0, "none", 1, {}}, task);
  ASSERT_TRUE(scan) << scan.error().message;
  EXPECT_LT(scan->metrics->plain.nrmse, 0.1);
}

TEST_F(Reconstruct, what_does_not_fit_is_refused_in_one_sentence) {
  const KSpace kspace = simulate_kspace(series_, 0, 0, simulation_);
  const auto message = [&](const ReconstructionTask& task, const std::optional<Volume>& reference = {}) {
    const auto scan = reconstruct(kspace, task, reference);
    EXPECT_FALSE(scan);
    EXPECT_EQ(scan ? ErrorKind::failed : scan.error().kind, ErrorKind::invalid_parameter);
    return scan ? std::string() : scan.error().message;
  };
  EXPECT_NE(message(task_of("cg-sens")).find("cg-sense"), std::string::npos);
  ReconstructionTask task;
  task.parameters.set("lamda", 0.1);
  EXPECT_NE(message(task).find("lambda"), std::string::npos);
  task = {};
  task.mask = SamplingMask(10, 80, 1, std::vector<std::uint8_t>(800, 1));
  EXPECT_NE(message(task).find("10 x 80"), std::string::npos);
  task = {};
  task.sensitivities = simulated_coils({96, 80, 1}, 3);
  EXPECT_NE(message(task).find("3 coils"), std::string::npos);
  task = {};
  task.first_slice = 4;
  EXPECT_NE(message(task).find("slices 0 to 0"), std::string::npos);
  task = {};
  task.undersample = MaskRequest{"random", 4, 2, 1};
  EXPECT_NE(message(task).find("--coils"), std::string::npos);
  EXPECT_NE(message({}, ellipse_volume(20, 20, 1)).find("20 x 20"), std::string::npos);
}

TEST_F(Reconstruct, data_that_are_not_numbers_are_refused) {
  std::vector<Complex> samples(16 * 16 * 2, Complex(1));
  samples[100] = {std::nanf(""), 0};
  const auto scan = reconstruct(KSpace({16, 16, 1, 2, 1}, samples), {}, {});
  ASSERT_FALSE(scan);
  EXPECT_EQ(scan.error().kind, ErrorKind::malformed);
}

TEST_F(Reconstruct, a_simulation_is_read_as_it_is_written) {
  const auto request = parse_simulation("coils=4,noise=0.02,phase=none,seed=3");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->coils, 4);
  EXPECT_EQ(request->phase, "none");
  EXPECT_EQ(to_text(*request), "4 simulated coils, no phase, noise 0.02, seed 3");
  EXPECT_NE(parse_simulation("coil=4").error().message.find("coils"), std::string::npos);
  EXPECT_FALSE(parse_simulation("coils=0"));
}

TEST(espirit_, finds_the_coils_that_made_the_data) {
  const Experiment experiment(128, 112, 6, 0.005, {"variable-density", 3, 24, 3});
  ReconstructionInput input = experiment.input();
  const auto maps = espirit(input, {});
  ASSERT_TRUE(maps) << maps.error().message;
  // Up to a phase a pixel: |<found, true>| where there is something to see.
  double worst = 1;
  std::size_t missing = 0;
  for (std::size_t i = 0; i < experiment.truth.size(); ++i) {
    if (experiment.truth[i] < 0.2F) continue;
    Complex sum{};
    float energy = 0;
    for (std::size_t c = i; c < maps->samples.size(); c += experiment.truth.size()) {
      sum += std::conj(maps->samples[c]) * experiment.maps.samples[c];
      energy += std::norm(maps->samples[c]);
    }
    if (energy == 0)
      ++missing;
    else {
      EXPECT_NEAR(energy, 1, 1e-4);
      worst = std::min(worst, static_cast<double>(std::abs(sum)));
    }
  }
  EXPECT_GT(worst, 0.97);
  EXPECT_LT(missing, 20U);
}

TEST(espirit_, refuses_a_centre_smaller_than_its_kernel) {
  const Experiment experiment(64, 64, 4, 0, {"random", 4, 4, 3});
  const auto maps = espirit(experiment.input(), {});
  ASSERT_FALSE(maps);
  EXPECT_NE(maps.error().message.find("too small for a kernel of 6"), std::string::npos);
}

TEST_F(Reconstruct, oversampled_phase_encoding_is_cut_to_the_image_and_compared_with_the_file_s_reference) {
  KSpace kspace = simulate_kspace(series_, 0, 3, simulation_);
  kspace.image_size = {96, 64, 4};
  ReconstructionTask task = task_of("root-sum-of-squares");
  const auto uncut = reconstruct(simulate_kspace(series_, 0, 3, simulation_), task, {});
  ASSERT_TRUE(uncut) << uncut.error().message;
  const Volume whole = magnitude(uncut->image);
  std::vector<float> middle;
  for (int z = 0; z < 4; ++z)
    for (int y = 8; y < 72; ++y)
      for (int x = 0; x < 96; ++x) middle.push_back(static_cast<float>(value_at(whole, x, y, z)));
  VolumeGeometry small;
  small.size = {96, 64, 4};
  kspace.reference = Volume(small, middle);
  const auto scan = reconstruct(kspace, task, {});
  ASSERT_TRUE(scan) << scan.error().message;
  EXPECT_EQ(scan->image.geometry().size, (std::array<int, 3>{96, 64, 4}));
  const auto corner = series_.geometry().to_world({Eigen::Vector3d(0, 8, 0)});
  EXPECT_LT((scan->image.geometry().origin.mm - corner.mm).norm(), 1e-6);
  ASSERT_TRUE(scan->metrics);
  EXPECT_LT(scan->metrics->plain.nrmse, 1e-6);
  task.first_slice = 1;
  task.last_slice = 2;
  const auto part = reconstruct(kspace, task, {});
  ASSERT_TRUE(part) << part.error().message;
  EXPECT_EQ(part->image.geometry().size, (std::array<int, 3>{96, 64, 2}));
  EXPECT_LT(part->metrics->plain.nrmse, 1e-6);
}

} // namespace
} // namespace bloch::imaging
