#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>

#include "imaging/io/kspace_file.h"
#include "imaging/recon/calibration.h"
#include "imaging/recon/coils.h"
#include "tests/imaging/recon/recon_support.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

/// BART as an independent peer; tests are skipped by name where it is not installed.
class Bart : public testing::Test {
 protected:
  void SetUp() override {
    if (!tests::has_program("bart")) GTEST_SKIP() << "bart is not installed";
    setenv("OMP_WAIT_POLICY", "passive", 1);
    setenv("OMP_NUM_THREADS", "1", 1);
  }

  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  /// Runs bart; what it printed.
  std::string run(const std::string& arguments) const {
    const std::string command = "cd '" + folder_.path().string() + "' && bart " + arguments + " > log 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    std::ifstream log(file("log"));
    return {std::istreambuf_iterator<char>(log), {}};
  }
  void write(const std::string& name, int coils, const Experiment& experiment,
             const SharedSamples& samples) const {
    ASSERT_TRUE(write_complex(file(name), {{1, coils, 1, experiment.maps.y, experiment.maps.x}, samples}));
  }
  std::vector<Complex> read(const std::string& name) const {
    const SharedSamples samples = read_complex(file(name)).value().samples;
    return {samples.begin(), samples.end()};
  }

  tests::TemporaryFolder folder_;
};

TEST_F(Bart, cg_sense_is_its_own_with_its_own_maps) {
  const Experiment experiment(96, 80, 6, 0.02, {"variable-density", 3, 20, 2});
  write("ksp.cfl", 6, experiment, experiment.samples);
  run("ecalib -m1 -r20 ksp sens");
  run("pics -S -d0 -l2 -r0.01 -i30 ksp sens image");
  Sensitivities maps{6, 1, 80, 96, read("sens.cfl")};
  ReconstructionInput input = experiment.input();
  input.sensitivities = &maps;
  const auto settings = parse_settings(find_reconstruction("cg-sense").value()->parameters,
                                       std::vector<std::string>{"lambda=0.01", "iterations=30", "tolerance=0"});
  const auto output = find_reconstruction("cg-sense").value()->run(input, *settings, {});
  ASSERT_TRUE(output);
  const std::vector<Complex> theirs = read("image.cfl");
  double error = 0, energy = 0;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    error += std::norm(output->image[i] - theirs[i]);
    energy += std::norm(theirs[i]);
  }
  EXPECT_LT(std::sqrt(error / energy), 1e-3);
}

TEST_F(Bart, soft_sense_is_its_own_with_its_own_two_sets_of_maps) {
  const Experiment experiment(96, 80, 6, 0.02, {"variable-density", 3, 20, 2});
  write("ksp.cfl", 6, experiment, experiment.samples);
  run("ecalib -m2 -r20 ksp sens");
  run("pics -S -d0 -l2 -r0.01 -i30 ksp sens images");
  run("rss 16 images image");
  const Sensitivities maps{6, 1, 80, 96, read("sens.cfl"), 2};
  ReconstructionInput input = experiment.input();
  input.sensitivities = &maps;
  const auto settings = parse_settings(find_reconstruction("cg-sense").value()->parameters,
                                       std::vector<std::string>{"lambda=0.01", "iterations=30", "tolerance=0"});
  const auto output = find_reconstruction("cg-sense").value()->run(input, *settings, {});
  ASSERT_TRUE(output);
  std::vector<float> theirs;
  for (const Complex& value : read("image.cfl")) theirs.push_back(value.real());
  EXPECT_LT(nrmse_of(output->image, theirs), 1e-3);
}

TEST_F(Bart, cg_sense_of_a_volume_is_its_own_with_the_same_maps) {
  const std::array<int, 3> extent{32, 24, 20};
  const Sensitivities maps = simulated_coils(extent, 4);
  const auto slices = ellipse_volume(extent[0], extent[1], extent[2]);
  const auto truth = to_float(slices);
  std::vector<Complex> samples(maps.samples.size());
  add_coil_samples(with_smooth_phase(truth, extent), maps, 0.02, 3, samples);
  const SamplingMask mask = make_mask(extent, {"poisson", 3, 6, 1}).value();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto at = static_cast<int>(i % truth.size());
    if (!mask.at(at % extent[0], at / extent[0] % extent[1], at / (extent[0] * extent[1]))) samples[i] = {};
  }
  ASSERT_TRUE(write_complex(file("ksp.cfl"), {{1, 4, extent[2], extent[1], extent[0]}, samples}));
  ASSERT_TRUE(write_complex(file("sens.cfl"), {{1, 4, extent[2], extent[1], extent[0]}, maps.samples}));
  run("pics -S -d0 -l2 -r0.01 -i20 ksp sens image");
  const ReconstructionInput input{{extent[0], extent[1], extent[2], 4, 1}, samples, &mask, &maps, truth, 2};
  const auto settings = parse_settings(find_reconstruction("cg-sense").value()->parameters,
                                       std::vector<std::string>{"lambda=0.01", "iterations=20", "tolerance=0"});
  const auto output = find_reconstruction("cg-sense").value()->run(input, *settings, {});
  ASSERT_TRUE(output);
  const std::vector<Complex> theirs = read("image.cfl");
  double error = 0, energy = 0;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    error += std::norm(output->image[i] - theirs[i]);
    energy += std::norm(theirs[i]);
  }
  EXPECT_LT(std::sqrt(error / energy), 1e-3);
}

TEST_F(Bart, scale_of_the_data_is_its_own) {
  for (const auto& [request, nx] : {std::pair{MaskRequest{"variable-density", 3, 20, 2}, 96},
                                    {MaskRequest{"random", 3, 17, 3}, 90},
                                    {MaskRequest{"poisson", 4, 25, 5}, 101}}) {
    const Experiment experiment(nx, 84, 5, 0.01, request);
    write("ksp.cfl", 5, experiment, experiment.samples);
    write("sens.cfl", 5, experiment, experiment.maps.samples);
    const std::string log = run("pics -S -d4 -l2 -r0.01 -i1 ksp sens image");
    std::smatch found;
    ASSERT_TRUE(std::regex_search(log, found, std::regex("Scaling: ([0-9.]+)"))) << log;
    EXPECT_NEAR(data_scale(experiment.input()) / std::stod(found[1]), 1, 1e-3) << to_text(request);
  }
}

TEST_F(Bart, cg_sense_with_our_maps_is_as_good_as_with_its_own) {
  const Experiment experiment(128, 112, 8, 0.01, {"variable-density", 4, 24, 2});
  write("ksp.cfl", 8, experiment, experiment.samples);
  run("ecalib -m1 -r24 ksp theirs");
  const auto maps = espirit(experiment.input(), {});
  ASSERT_TRUE(maps);
  write("ours.cfl", 8, experiment, maps->samples);
  run("pics -S -d0 -l2 -r0.01 -i30 ksp theirs image_theirs");
  run("pics -S -d0 -l2 -r0.01 -i30 ksp ours image_ours");
  EXPECT_LT(nrmse_of(read("image_ours.cfl"), experiment.truth),
            1.02 * nrmse_of(read("image_theirs.cfl"), experiment.truth));
}

} // namespace
} // namespace bloch::imaging
