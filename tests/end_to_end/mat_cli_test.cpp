// MATLAB files as input: the same scan as .mat and as .npy gives the same bits.
#include <cstring>

#include "tests/end_to_end/command_line.h"
#include "tests/support/mat_writer.h"
#include "tests/support/temporary_folder.h"

namespace bloch::end_to_end {
namespace {

using tests::MatWriter;

class MatCommandLine : public CommandLine {
 protected:
  /// Samples of a complex64 .npy, as a variable of these extents.
  std::string variable_of(const std::string& npy, const std::string& name,
                          const std::vector<std::int32_t>& extents) const {
    const std::string bytes = content(folder_ / npy);
    const std::size_t begin =
        10 + static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
    std::vector<float> samples((bytes.size() - begin) / sizeof(float)), real, imaginary;
    std::memcpy(samples.data(), bytes.data() + begin, samples.size() * sizeof(float));
    for (std::size_t i = 0; i < samples.size(); i += 2) {
      real.push_back(samples[i]);
      imaginary.push_back(samples[i + 1]);
    }
    return writer_.variable(MatWriter::real32, name, extents,
                            writer_.element(MatWriter::stored_single, writer_.bytes(real)) +
                                writer_.element(MatWriter::stored_single, writer_.bytes(imaginary)),
                            true);
  }
  void write(const std::string& name, const std::string& variables) const {
    std::ofstream(folder_ / name, std::ios::binary) << writer_.file(variables);
  }
  void expect_success(const std::string& arguments) const {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 0) << arguments << "\n" << outcome.err;
  }

  MatWriter writer_;
};

TEST_F(MatCommandLine, TheSameScanGivesTheSameBits) {
  write_scan("k.npy", 32, 4);
  write("k.mat", variable_of("k.npy", "kspace", {32, 32, 4}));
  for (const char* input : {"k.npy", "k.mat"}) {
    const std::string out = std::string(input).substr(2);
    expect_success(std::string("coils ") + input + " --out maps." + out + ".npy");
    expect_success(std::string("recon ") + input +
                   " --method cg-sense --set iterations=5 --undersample equispaced,accel=2,acs=12 --out " +
                   out + ".npy");
  }
  EXPECT_EQ(content(folder_ / "mat.npy"), content(folder_ / "npy.npy"));
  EXPECT_EQ(content(folder_ / "maps.mat.npy"), content(folder_ / "maps.npy.npy"));
  // Coil maps, a mask and a reference from MATLAB as well.
  write("maps.mat",
        variable_of("maps.npy.npy", "maps", {32, 32, 1, 4}) + variable_of("npy.npy", "image", {32, 32}));
  for (const std::string ending : {".npy", ".mat"})
    expect_success("recon k" + ending + " --method cg-sense --coils maps" +
                   (ending == ".mat" ? ".mat" : ".npy.npy") + " --reference " +
                   (ending == ".mat" ? "maps.mat#image" : "npy.npy") + " --out with" + ending + ".npy");
  EXPECT_EQ(content(folder_ / "with.mat.npy"), content(folder_ / "with.npy.npy"));
  expect_success("metrics npy.npy maps.mat --json metrics.json");
  EXPECT_EQ(json::parse(content(folder_ / "metrics.json"))["nrmse"], 0);
}

TEST_F(MatCommandLine, OneVariableOfSeveralIsNamedBehindTheFileAndReplayed) {
  write_scan("a.npy", 32, 2);
  write_scan("b.npy", 32, 3);
  write("k.mat", variable_of("a.npy", "first", {32, 32, 2}) + variable_of("b.npy", "second", {32, 32, 3}));
  refuses("recon k.mat --method zero-filled --out x.nii", 1, "first: complex single 32 x 32 x 2; second");
  refuses("recon k.mat#third --method zero-filled --out x.nii", 1, "no variable 'third'");
  refuses("recon none.mat#third --method zero-filled --out x.nii", 1, "does not exist");
  refuses("recon k.mat#second --method zero-filled --out x.mat", 2, "read but not written");
  expect_success("recon k.mat#second --method zero-filled --out one.npy");
  expect_success("recon b.npy --method zero-filled --out two.npy");
  EXPECT_EQ(content(folder_ / "one.npy"), content(folder_ / "two.npy"));
  fs::create_directory(folder_ / "again");
  expect_success("replay one.npy.recipe.json");
  std::ofstream(folder_ / "batch.json")
      << R"({"inputs": ["k.mat#first", "k.mat#second"], "methods": ["zero-filled"]})";
  const Outcome batch = run("recon --batch batch.json --out out --json -");
  ASSERT_EQ(batch.code, 0) << batch.err;
  EXPECT_EQ(json::parse(batch.out)["made"], 2);
}

TEST_F(MatCommandLine, AVolumeOfOneCoilIsReadWhenThereIsNoCoilAxis) {
  write_scan("flat.npy", 32, 8);
  // The same samples with a coil axis of 1, which MATLAB cannot write last.
  const std::string bytes = content(folder_ / "flat.npy");
  std::ofstream with_axis(folder_ / "axis.npy", std::ios::binary);
  write_npy_header(with_axis, "<c8", "1, 8, 32, 32");
  with_axis << bytes.substr(bytes.size() - std::size_t{8} * 32 * 32 * 8);
  with_axis.close();
  write("k.mat", variable_of("flat.npy", "kspace", {32, 32, 8}));
  const std::string method = " --method cg-sense --set iterations=3 --undersample poisson,accel=2,acs=8";
  for (const std::string dimensions : {"", " --dimensions 2", " --dimensions 3"}) {
    const std::string how = dimensions == " --dimensions 2" ? " --method zero-filled" : method;
    expect_success("recon axis.npy" + how + dimensions + " --out axis.out.npy");
    for (const std::string input : {"flat.npy", "k.mat"}) {
      expect_success("recon " + input + " --coil-axis none" + how + dimensions + " --out none.out.npy");
      EXPECT_EQ(content(folder_ / "none.out.npy"), content(folder_ / "axis.out.npy")) << input << dimensions;
    }
  }
  expect_success("coils axis.npy --set calibration=8 --out axis.maps.npy");
  expect_success("coils k.mat --coil-axis none --set calibration=8 --out none.maps.npy");
  EXPECT_EQ(content(folder_ / "none.maps.npy"), content(folder_ / "axis.maps.npy"));
  // Without it they are eight coils of one slice.
  expect_success("recon k.mat --method zero-filled --out coils.npy");
  EXPECT_LT(content(folder_ / "coils.npy").size(), content(folder_ / "none.out.npy").size());
}

TEST_F(MatCommandLine, ThatThereIsNoCoilAxisIsKeptInRecipesAndBatches) {
  write_scan("k.npy", 32, 8);
  expect_success("recon k.npy --coil-axis none --method zero-filled --out a.npy");
  EXPECT_EQ(json::parse(content(folder_ / "a.npy.recipe.json"))["options"]["coil-axis"], "none");
  expect_success("coils k.npy --coil-axis none --set calibration=8 --out maps.npy");
  for (const std::string name : {"a.npy", "maps.npy"}) {
    const Outcome replay = run("replay " + name + ".recipe.json --json -");
    ASSERT_EQ(replay.code, 0) << replay.err;
    EXPECT_EQ(json::parse(replay.out)["same_bits"], true) << replay.out;
  }
  std::ofstream(folder_ / "batch.json") << R"({"inputs": ["k.npy"], "methods": ["zero-filled"],
    "options": {"coil-axis": ["auto", "none"]}, "ending": ".npy"})";
  const Outcome batch = run("recon --batch batch.json --out out --json -");
  ASSERT_EQ(batch.code, 0) << batch.err;
  const json rows = json::parse(batch.out)["rows"];
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1]["coil-axis"], "none");
  EXPECT_EQ(content(folder_ / "out" / rows[1]["output"].get<std::string>()), content(folder_ / "a.npy"));
  EXPECT_NE(content(folder_ / "out" / rows[0]["output"].get<std::string>()), content(folder_ / "a.npy"));
}

TEST_F(MatCommandLine, NoCoilAxisIsRefusedWhereItMakesNoSense) {
  write_scan("k.npy", 32, 4);
  write("four.mat", variable_of("k.npy", "kspace", {32, 16, 2, 4}));
  const std::string none = " --coil-axis none --method zero-filled --out x.npy";
  refuses("recon four.mat" + none, 1, "without a coil axis k-space is [ky][kx] or [kz][ky][kx]");
  expect_success("recon k.npy --method zero-filled --out image.nii");
  refuses("recon image.nii --simulate coils=2" + none, 2, "--coil-axis none is for k-space");
  refuses("recon k.npy --simulate coils=2" + none, 2, "--coil-axis none is for k-space");
  refuses("recon k.npy --coil-axis first --method zero-filled --out x.npy", 2, "coil-axis");
  expect_success("coils k.npy --set calibration=12 --out maps.cfl");
  refuses("recon maps.cfl" + none, 2, "says itself which axis is the coils' (BART)");
  refuses("coils maps.cfl --coil-axis none --out y.cfl", 2, "says itself which axis is the coils' (BART)");
  EXPECT_FALSE(fs::exists(folder_ / "x.npy"));
}

TEST_F(MatCommandLine, InfoShowsAnImageOrSaysWhatTheFileHolds) {
  const std::vector<std::int16_t> samples(24, 5);
  const auto image = [&](const std::string& name) {
    return writer_.variable(MatWriter::int16, name, {4, 3, 2},
                            writer_.element(MatWriter::stored_int16, writer_.bytes(samples)));
  };
  write("image.mat", image("image"));
  write("two.mat", image("a") + image("b"));
  const Outcome one = run("info image.mat --json -");
  ASSERT_EQ(one.code, 0) << one.err;
  const json series = json::parse(one.out)["patients"][0]["studies"][0]["series"][0];
  EXPECT_EQ(series["geometry"]["size"], (std::vector{4, 3, 2}));
  const Outcome several = run("info two.mat --json -");
  EXPECT_NE(several.out.find("a: int16 4 x 3 x 2; b: int16 4 x 3 x 2"), std::string::npos) << several.out;
  expect_success("convert two.mat#b --out b.nii");
}

TEST_F(MatCommandLine, InfoSaysWhatEachCommandTakesAComplexArrayFor) {
  write_scan("k.npy", 32, 4);
  write("k.mat", variable_of("k.npy", "kspace", {32, 16, 2, 4}));
  expect_success("coils k.npy --set calibration=12 --out maps.cfl");
  const json k = json::parse(run("info k.npy --json -").out);
  const json raw = k["raw_data"][0];
  EXPECT_EQ(raw["kspace"][0], (json{{"size", {32, 32, 1}}, {"coils", 4}, {"slices", 1}}));
  EXPECT_EQ(raw["coil_axis_none"], (json{{"size", {32, 32, 4}}, {"coils", 1}, {"slices", 1}}));
  EXPECT_EQ(raw["axes"], "[coil][ky][kx]");
  EXPECT_EQ(raw["image"]["size"], (std::vector{32, 32, 4}));
  EXPECT_EQ(raw["ambiguous"], true);
  const json warnings = k["patients"][0]["studies"][0]["series"][0]["warnings"];
  EXPECT_EQ(warnings[1]["kind"], "complex-numbers");
  // What is no image is not turned away any more.
  const json volume = json::parse(run("info k.mat --json -").out);
  EXPECT_EQ(volume["raw_data"][0]["kspace"][0], (json{{"size", {32, 16, 2}}, {"coils", 4}, {"slices", 1}}));
  EXPECT_TRUE(volume["rejected"].empty());
  EXPECT_TRUE(volume["patients"].empty());
  const std::string text = run("info .").out;
  for (const std::string word : {"k-space of kx 32 x ky 32, 4 coils, read as [coil][ky][kx]",
                                 "--coil-axis none   k-space of kx 32 x ky 32 x kz 4, 1 coil",
                                 "coil maps of 32 x 32, 4 coils", "3 of raw data or complex numbers, "})
    EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
  EXPECT_EQ(text.find("maps.hdr"), std::string::npos) << text; // one array with its .cfl
  refuses("convert maps.cfl --out x.nii", 1, "bloch-cli recon makes one of it");
}

} // namespace
} // namespace bloch::end_to_end
