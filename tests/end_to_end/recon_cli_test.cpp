// Reconstructions, batches, coils, noise maps, metrics and masks as a researcher would call them.
#include "tests/end_to_end/command_line.h"
#include "tests/support/temporary_folder.h"

namespace bloch::end_to_end {
namespace {

class ReconCommandLine : public CommandLine {
 protected:
  void write_text(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  json read_json(const std::string& name) const { return json::parse(content(folder_ / name)); }
  std::size_t finished_jobs() const {
    std::size_t count = 0;
    if (fs::exists(folder_ / "out"))
      for (const auto& entry : fs::directory_iterator(folder_ / "out")) {
        const std::string name = entry.path().filename().string();
        // What a kill leaves half-written has a hidden name.
        count +=
            name.ends_with(".json") && !name.ends_with(".recipe.json") && name != "batch.json" && name[0] != '.'
                ? 1
                : 0;
      }
    return count;
  }
  static std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
};

TEST_F(ReconCommandLine, TwoSetsOfMapsAreNotTakenForTheMapsOfTwoSlices) {
  constexpr int size = 32, coils = 4;
  write_scan("one.npy", size, coils);
  const std::string one = content(folder_ / "one.npy");
  const std::string samples = one.substr(one.size() - std::size_t{8} * coils * size * size);
  {
    std::ofstream two(folder_ / "two.npy", std::ios::binary);
    write_npy_header(two, "<c8", "2, 4, 1, 32, 32");
    two << samples << samples;
  }
  ASSERT_EQ(run("coils one.npy --set maps=2 --out sets.cfl").code, 0);
  ASSERT_EQ(run("coils one.npy --out set.cfl").code, 0);
  ASSERT_EQ(run("coils two.npy --out slices.cfl").code, 0);
  ASSERT_EQ(run("coils two.npy --set maps=2 --out both.cfl").code, 0);
  refuses("coils two.npy --set maps=2 --out both.npy", 1, ".cfl");
  EXPECT_NE(content(folder_ / "sets.hdr").find("32 32 1 4 2 1"), std::string::npos);
  EXPECT_NE(content(folder_ / "slices.hdr").find("32 32 1 4 1 1 1 1 1 1 1 1 1 2"), std::string::npos);
  EXPECT_NE(content(folder_ / "both.hdr").find("32 32 1 4 2 1 1 1 1 1 1 1 1 2"), std::string::npos);
  // The same slice twice: both come out as the slice alone does, whichever way the maps are given.
  const auto image = [&](const std::string& input, const std::string& maps) {
    const Outcome outcome = run("recon " + input + " --method cg-sense --set iterations=5 --coils " + maps +
                                " --out " + input + maps + ".npy");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const std::string file = content(folder_ / (input + maps + ".npy"));
    return file.substr(file.size() - std::size_t{8} * size * size * (input == "two.npy" ? 2 : 1));
  };
  for (const auto& [maps, of_slices] : {std::pair("sets.cfl", "sets.cfl"), std::pair("set.cfl", "slices.cfl"),
                                        std::pair("sets.cfl", "both.cfl")}) {
    const std::string alone = image("one.npy", maps);
    EXPECT_TRUE(image("two.npy", of_slices) == alone + alone) << of_slices;
  }
  EXPECT_NE(run("recon one.npy --method cg-sense --coils slices.cfl --out o.npy").err.find("2 slices"),
            std::string::npos);
}

TEST_F(ReconCommandLine, ABatchMakesEveryCombinationOnceAndOneTable) {
  write_scan("a.npy", 32);
  write_scan("b.npy", 32, 3);
  write_text("batch.json", R"({"inputs": ["?.npy"],
    "methods": ["zero-filled", {"method": "cg-sense", "set": {"lambda": [0.001, 0.1], "iterations": 3}}],
    "options": {"undersample": ["random,accel=2,acs=12", "equispaced,accel=2,acs=12"]}, "ending": ".nii"})");
  const Outcome first = run("recon --batch batch.json --out out --json -");
  ASSERT_EQ(first.code, 0) << first.err;
  const json answer = json::parse(first.out);
  EXPECT_EQ(answer["jobs"], 12);
  EXPECT_EQ(answer["made"], 12);
  EXPECT_EQ(finished_jobs(), 12U);
  const std::string table = content(folder_ / "out/batch.csv");
  EXPECT_EQ(lines_of(table), 13U);
  EXPECT_TRUE(table.starts_with("input,method,")) << table;
  for (const char* column :
       {"lambda", "undersample", "nrmse", "psnr_db", "ssim", "seconds_total", "acceleration"})
    EXPECT_NE(table.substr(0, table.find('\n')).find(column), std::string::npos) << column;
  for (const json& row : read_json("out/batch.json")) {
    EXPECT_TRUE(fs::exists(folder_ / "out" / row["output"].get<std::string>()));
    EXPECT_TRUE(fs::exists(folder_ / "out" / (row["output"].get<std::string>() + ".recipe.json")));
    EXPECT_GT(row["nrmse"].get<double>(), 0);
  }
  // Again: nothing to do; a changed input is done anew.
  EXPECT_EQ(json::parse(run("recon --batch batch.json --out out --json -").out)["kept"], 12);
  write_scan("b.npy", 32, 4);
  EXPECT_EQ(json::parse(run("recon --batch batch.json --out out --json -").out)["made"], 6);
}

TEST_F(ReconCommandLine, ABatchThatWasKilledGoesOnWhereItWas) {
  write_scan("a.npy");
  write_text("batch.json", R"({"inputs": ["a.npy"], "methods": [{"method": "l1-wavelet",
    "set": {"lambda": [0.001, 0.002, 0.003, 0.004, 0.005, 0.006], "iterations": 400, "tolerance": 0}}],
    "options": {"undersample": "random,accel=2,acs=12"}, "ending": ".npy"})");
  // Killed without warning as soon as one job has left its record.
  const std::string killing =
      "cd '" + folder_.string() +
      "' && { " BLOCH_CLI " recon --batch batch.json --out out --threads 1 >/dev/null 2>&1 & } ; victim=$! ; "
      "while kill -0 $victim 2>/dev/null && ! ls out 2>/dev/null | grep -v recipe | "
      "grep -q json ; do sleep 0.01 ; done ; kill -9 $victim 2>/dev/null ; wait";
  ASSERT_NE(std::system(killing.c_str()), -1);
  const std::size_t before = finished_jobs();
  ASSERT_GE(before, 1U);
  const Outcome second = run("recon --batch batch.json --out out --json - --threads 1");
  ASSERT_EQ(second.code, 0) << second.err;
  const json answer = json::parse(second.out);
  EXPECT_EQ(answer["kept"], before);
  EXPECT_EQ(answer["made"], 6 - before);
  EXPECT_EQ(lines_of(content(folder_ / "out/batch.csv")), 7U);
}

TEST_F(ReconCommandLine, ABatchWithAFailingJobDoesTheOthersAndSaysWhich) {
  write_scan("a.npy", 32);
  write_text("broken.npy", "not an array");
  write_text("batch.json", R"({"inputs": ["broken.npy", "a.npy"], "methods": ["zero-filled"]})");
  const Outcome outcome = run("recon --batch batch.json --out out");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("1 of 2"), std::string::npos) << outcome.err;
  const json rows = read_json("out/batch.json");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_NE(rows[0]["error"].get<std::string>().find("broken.npy"), std::string::npos);
  EXPECT_EQ(rows[1]["error"], "");
}

TEST_F(ReconCommandLine, ABatchTellsInputsOfOneNameApartAndKeepsItsColumns) {
  fs::create_directories(folder_ / "day1");
  fs::create_directories(folder_ / "day2");
  write_scan("day1/scan.npy", 32);
  write_scan("day2/scan.npy", 32, 3);
  const auto header = [&] {
    const std::string table = content(folder_ / "out/batch.csv");
    return table.substr(0, table.find('\n'));
  };
  write_text("batch.json", R"({"inputs": ["day?/scan.npy"], "methods": ["zero-filled", "tv"]})");
  ASSERT_EQ(run("recon --batch batch.json --out out").code, 0);
  const json rows = read_json("out/batch.json");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0]["input"], "day1/scan.npy");
  EXPECT_EQ(rows[2]["input"], "day2/scan.npy");
  EXPECT_NE(rows[0]["output"], rows[2]["output"]);
  const std::string columns = header();
  EXPECT_TRUE(columns.starts_with("input,method,part,acceleration,lambda,")) << columns;
  write_text("day1/scan.npy", "not an array");
  EXPECT_EQ(run("recon --batch batch.json --out out").code, 1);
  EXPECT_EQ(header(), columns);
}

TEST_F(ReconCommandLine, ABatchMakesBrokenResultsAgain) {
  write_scan("a.npy", 32);
  write_text("batch.json", R"({"inputs": ["a.npy"], "methods": ["zero-filled", "root-sum-of-squares"]})");
  ASSERT_EQ(run("recon --batch batch.json --out out").code, 0);
  const fs::path output = folder_ / "out" / read_json("out/batch.json")[1]["output"].get<std::string>();
  const std::string whole = content(output);
  fs::resize_file(output, 1);
  const Outcome again = run("recon --batch batch.json --out out --json -");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(json::parse(again.out)["kept"], 1);
  EXPECT_EQ(json::parse(again.out)["made"], 1);
  EXPECT_EQ(content(output), whole);
}

TEST_F(ReconCommandLine, ABatchThatIsWrongIsRefusedBeforeAnythingRuns) {
  write_scan("a.npy", 32);
  const auto with = [&](const std::string& text, int code, const std::string& word) {
    write_text("batch.json", text);
    refuses("recon --batch batch.json --out out", code, word);
    EXPECT_FALSE(fs::exists(folder_ / "out"));
  };
  with("not json", 1, "JSON");
  with(R"({"inputs": ["a.npy"]})", 2, "methods");
  with(R"({"inputs": ["none.npy"], "methods": ["tv"]})", 1, "none.npy");
  with(R"({"inputs": ["a.npy"], "methods": ["tv"], "option": {}})", 2, "options");
  with(R"({"inputs": ["a.npy"], "methods": ["tv"], "options": {"out": "x"}})", 2, "out");
  with(R"({"inputs": ["a.npy"], "methods": ["tv"], "options": {"undersmple": "random"}})", 2, "undersmple");
}

TEST_F(ReconCommandLine, ABatchRefusesOptionsBesideItsFileByName) {
  write_scan("a.npy", 32);
  write_text("batch.json", R"({"inputs": ["a.npy"], "methods": ["zero-filled"]})");
  const std::string line = "recon --batch batch.json --out out ";
  refuses(line + "--method tv", 2, "--method");
  refuses(line + "--set lambda=1 --undersample random,accel=2", 2, "--set, --undersample");
  refuses(line + "--compress 2", 2, "--compress");
  refuses(line + "--simulate", 2, "--simulate");
  refuses(line + "a.npy", 2, "INPUT");
  EXPECT_FALSE(fs::exists(folder_ / "out"));
  EXPECT_EQ(run(line + "--threads 1 --quiet").code, 0);
}

TEST_F(ReconCommandLine, CoilsAreCompressedAndTheKeptEnergyIsShown) {
  write_scan("scan.npy", 48, 8);
  const Outcome recon = run("recon scan.npy --compress 3 --method cg-sense --out image.nii --json -");
  ASSERT_EQ(recon.code, 0) << recon.err;
  const json coils = json::parse(recon.out)["coils"];
  EXPECT_EQ(coils["measured"], 8);
  EXPECT_EQ(coils["used"], 3);
  EXPECT_GT(coils["kept_energy"].get<double>(), 0.9);
  EXPECT_LE(coils["kept_energy"].get<double>(), 1);
  ASSERT_EQ(run("replay image.nii.recipe.json").code, 0);
  refuses("recon scan.npy --compress 2.5 --method cg-sense --out x.nii", 2, "whole coils");
  refuses("recon none.h5 --select repetition=1 --out x.nii", 1, "'none.h5' does not exist");
  refuses("recon scan.npy --compress 9 --method cg-sense --out x.nii", 2, "1 to 8");
  refuses("recon scan.npy --prewhiten --method cg-sense --out x.nii", 1, "noise scan");
}

TEST_F(ReconCommandLine, EveryPartOfAScanIsWrittenOrTheOneThatIsSelected) {
  if (!bloch::tests::has_program("ismrmrd_generate_cartesian_shepp_logan"))
    GTEST_SKIP() << "ismrmrd-tools is not installed";
  ASSERT_TRUE(
      bloch::tests::run_program("ismrmrd_generate_cartesian_shepp_logan -m 32 -c 4 -r 2 -C -n 0.01 -o " +
                                (folder_ / "scan.h5").string()));
  const Outcome all =
      run("recon scan.h5 --method root-sum-of-squares --prewhiten --compress 3 --out a.nii.gz --json -");
  ASSERT_EQ(all.code, 0) << all.err;
  const json parts = json::parse(all.out)["parts"];
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[1]["part"], "repetition=1");
  EXPECT_EQ(parts[1]["coils"]["used"], 3);
  EXPECT_EQ(parts[1]["coils"]["whitened"], true);
  EXPECT_TRUE(fs::exists(folder_ / "a_repetition-0.nii.gz"));
  EXPECT_TRUE(fs::exists(folder_ / "a_repetition-1.nii.gz"));
  const Outcome replay = run("replay a_repetition-1.nii.gz.recipe.json --json -");
  ASSERT_EQ(replay.code, 0) << replay.err;
  const Outcome one =
      run("recon scan.h5 --method root-sum-of-squares --select repetition=1 --out b.nii --json -");
  ASSERT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(json::parse(one.out)["part"], "repetition=1");
  EXPECT_TRUE(fs::exists(folder_ / "b.nii"));
  refuses("recon scan.h5 --method root-sum-of-squares --select repetition=2 --out c.nii", 2, "repetition=0");
}

TEST_F(ReconCommandLine, NoiseAndGFactorMapsAreWritten) {
  write_scan("scan.npy", 32);
  ASSERT_EQ(run("recon scan.npy --method cg-sense --undersample equispaced,accel=2,acs=12 --replicas 4 "
                "--out image.nii --out-noise noise.nii --out-gfactor g.nii")
                .code,
            0);
  EXPECT_TRUE(fs::exists(folder_ / "noise.nii"));
  EXPECT_EQ(fs::file_size(folder_ / "g.nii"), fs::file_size(folder_ / "image.nii"));
  const std::string noise = content(folder_ / "noise.nii"), factor = content(folder_ / "g.nii");
  fs::remove(folder_ / "noise.nii");
  fs::remove(folder_ / "g.nii");
  ASSERT_EQ(run("replay image.nii.recipe.json").code, 0);
  EXPECT_EQ(content(folder_ / "noise.nii"), noise);
  EXPECT_EQ(content(folder_ / "g.nii"), factor);
  ASSERT_EQ(run("replay image.nii.recipe.json --out again.nii").code, 0);
  EXPECT_EQ(content(folder_ / "again_noise.nii"), noise);
}

TEST_F(ReconCommandLine, TheNoiseLevelThatWasAddedIsSaid) {
  write_scan("scan.npy", 32);
  const std::string line = "recon scan.npy --method zero-filled --replicas 3 --out image.nii --out-noise n.nii";
  const Outcome text = run(line);
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_NE(text.out.find("noise: 3 replicas"), std::string::npos) << text.out;
  const Outcome answer = run(line + " --json -");
  ASSERT_EQ(answer.code, 0) << answer.err;
  const json noise = json::parse(answer.out)["noise"];
  EXPECT_GT(noise["sigma"].get<double>(), 0);
  EXPECT_EQ(noise["replicas"], 3);
  EXPECT_EQ(std::stod(read_json("image.nii.recipe.json")["options"]["noise-sigma"].get<std::string>()),
            noise["sigma"].get<double>());
}

TEST_F(ReconCommandLine, SimulatedResultsSaySoInEveryFile) {
  write_scan("scan.npy", 32);
  const std::string line = "recon scan.npy --method zero-filled --undersample random,accel=2,acs=12 --out ";
  for (const char* name : {"a.nii", "a.nrrd", "a.mha"}) {
    const Outcome recon = run(line + name + " --json -");
    ASSERT_EQ(recon.code, 0) << recon.err;
    EXPECT_NE(json::parse(recon.out)["simulated"].get<std::string>().find("retrospectively"),
              std::string::npos);
    EXPECT_NE(content(folder_ / name).substr(0, 600).find("simulated: under-sampled"), std::string::npos)
        << name;
    EXPECT_NE(content(folder_ / (std::string(name) + ".recipe.json")).find("under-sampled retrospectively"),
              std::string::npos);
  }
  ASSERT_EQ(run("recon scan.npy --method zero-filled --out measured.nii").code, 0);
  EXPECT_EQ(content(folder_ / "measured.nii").substr(0, 352).find("simulated"), std::string::npos);
}

TEST_F(ReconCommandLine, MetricsComeBySliceInARegionAndAsMaps) {
  write_scan("scan.npy", 32);
  ASSERT_EQ(run("recon scan.npy --method zero-filled --out full.nii").code, 0);
  ASSERT_EQ(run("recon scan.npy --method zero-filled --undersample random,accel=2,acs=12 --out fast.nii").code,
            0);
  const Outcome whole = run("metrics full.nii fast.nii --out-error error.nii --out-ssim ssim.nii --json -");
  ASSERT_EQ(whole.code, 0) << whole.err;
  EXPECT_EQ(json::parse(whole.out)["slices"].size(), 1U);
  EXPECT_EQ(fs::file_size(folder_ / "ssim.nii"), fs::file_size(folder_ / "error.nii"));
  const Outcome box = run("metrics full.nii fast.nii --region box=8,8,0,23,23,0 --json -");
  ASSERT_EQ(box.code, 0) << box.err;
  EXPECT_EQ(json::parse(box.out)["voxels"], 256);
  EXPECT_NE(json::parse(box.out)["nrmse"], json::parse(whole.out)["nrmse"]);
  refuses("metrics full.nii fast.nii --region box=8,8,0,40,23,0", 2, "box");
}

TEST_F(ReconCommandLine, ImagesAndMapsThatHoldNoNumbersAreRefusedByName) {
  write_scan("scan.npy", 16);
  const auto write_floats = [&](const std::string& name, const std::string& kind, const std::string& shape,
                                std::size_t count, std::size_t wrong) {
    std::ofstream file(folder_ / name, std::ios::binary);
    write_npy_header(file, kind, shape);
    for (std::size_t i = 0; i < count; ++i) {
      const float value = i == wrong ? std::nanf("") : 0.25F + 0.01F * static_cast<float>(i % 7);
      file.write(reinterpret_cast<const char*>(&value), sizeof value);
    }
  };
  write_floats("good.npy", "<f4", "16, 16", 256, 256);
  write_floats("nan.npy", "<f4", "16, 16", 256, 40);
  write_floats("maps.npy", "<c8", "4, 16, 16", 2048, 40);
  refuses("metrics good.npy nan.npy", 2, "the image 'nan.npy' holds values that are not numbers");
  refuses("metrics nan.npy good.npy", 2, "the reference 'nan.npy' holds values that are not numbers");
  refuses("recon scan.npy --method zero-filled --reference nan.npy --out x.nii", 2, "'nan.npy'");
  refuses("recon scan.npy --method zero-filled --coils maps.npy --out x.nii", 2, "'maps.npy'");
}

TEST_F(CommandLine, ReconstructsFromNumpyAndReplaysTheSameBits) {
  write_scan("scan.npy");
  const Outcome recon = run("recon scan.npy --method cg-sense --set iterations=5 --undersample "
                            "variable-density,accel=2,acs=16,seed=1 --out image.npy --threads 1 --json -");
  ASSERT_EQ(recon.code, 0) << recon.err;
  const json answer = json::parse(recon.out);
  EXPECT_EQ(answer["method"], "cg-sense");
  EXPECT_EQ(answer["parameters"]["iterations"], 5);
  for (const char* key : {"iterations", "converged", "size", "seconds"})
    EXPECT_TRUE(answer.contains(key)) << key;
  ASSERT_TRUE(fs::exists(folder_ / "image.npy.recipe.json"));
  const std::string before = content(folder_ / "image.npy");
  fs::remove(folder_ / "image.npy");
  const Outcome replay = run("replay image.npy.recipe.json");
  ASSERT_EQ(replay.code, 0) << replay.err;
  EXPECT_EQ(content(folder_ / "image.npy"), before);
}

TEST_F(CommandLine, SaysWhenTheInputOfARecipeHasChanged) {
  write_scan("scan.npy");
  ASSERT_EQ(run("recon scan.npy --method zero-filled --out image.npy").code, 0);
  write_scan("scan.npy", 48, 3);
  refuses("replay image.npy.recipe.json", 1, "scan.npy");
}

TEST_F(CommandLine, RefusesUnknownMethodsAndSettingsByTheNearestName) {
  write_scan("scan.npy");
  refuses("recon scan.npy --method l1-wavlet --out x.npy", 2, "l1-wavelet");
  refuses("recon scan.npy --method cg-sense --set iteration=3 --out x.npy", 2, "iterations");
  refuses("recon scan.npy --method cg-sense --set iterations=0 --out x.npy", 2, "iterations");
  refuses("recon scan.npy --method cg-sense --undersample variable-densty,accel=4 --out x.npy", 2,
          "variable-density");
  refuses("recon scan.npy --method cg-sense --out x.jpg", 2, ".jpg");
  EXPECT_EQ(files(), std::vector<std::string>{"scan.npy"});
}

TEST_F(CommandLine, RefusesAMaskOfAnotherSize) {
  write_scan("scan.npy");
  ASSERT_EQ(run("mask --kind random --size 32x32 --accel 2 --acs 8 --seed 1 --out mask.npy").code, 0);
  refuses("recon scan.npy --mask mask.npy --method zero-filled --out x.npy", 2, "32");
  EXPECT_FALSE(fs::exists(folder_ / "x.npy"));
}

TEST_F(CommandLine, RefusesRawDataOfTheWrongShape) {
  std::ofstream file(folder_ / "flat.npy", std::ios::binary);
  write_npy_header(file, "<c8", "64");
  file << std::string(64 * 8, '\0');
  file.close();
  refuses("recon flat.npy --method zero-filled --out x.npy", 1, "flat.npy");
}

TEST_F(CommandLine, EstimatesCoilsAndMeasuresAgainstAReference) {
  write_scan("scan.npy");
  ASSERT_EQ(run("coils scan.npy --set calibration=16 --out maps.npy").code, 0);
  ASSERT_EQ(run("recon scan.npy --coils maps.npy --method cg-sense --out full.nii").code, 0);
  const Outcome recon =
      run("recon scan.npy --coils maps.npy --method l1-wavelet --undersample "
          "variable-density,accel=2,acs=16,seed=2 --reference full.nii --out fast.nii --json -");
  ASSERT_EQ(recon.code, 0) << recon.err;
  const json answer = json::parse(recon.out);
  EXPECT_LT(answer["metrics"]["nrmse"].get<double>(), 0.3);
  const Outcome metrics = run("metrics full.nii fast.nii --json -");
  ASSERT_EQ(metrics.code, 0) << metrics.err;
  EXPECT_NEAR(json::parse(metrics.out)["nrmse"].get<double>(), answer["metrics"]["nrmse"].get<double>(), 1e-4);
}

TEST_F(ReconCommandLine, AnImageKeepsItsOwnMakerAndTakesPatientAndPlaceFromLike) {
  if (std::system("command -v dcmodify dcmdump > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "dcmtk is not installed";
  write_scan("scan.npy", 32);
  ASSERT_EQ(run("recon scan.npy --method zero-filled --out image.nii.gz").code, 0);
  for (const std::string name : {"own", "like"}) {
    ASSERT_EQ(run("convert image.nii.gz --as mr --out " + name + "/").code, 0);
    ASSERT_EQ(std::system(("cd '" + folder_.string() + "' && dcmodify -nb -i Manufacturer='" + name +
                           " maker' -i BodyPartExamined=" + (name == "own" ? "KNEE" : "HEAD") +
                           " -i PatientName=" + name + "^person -i PatientID=" + name + " " + name + "/*.dcm")
                              .c_str()),
              0);
  }
  const Outcome made = run("recon own --simulate coils=4 --undersample random,accel=2,acs=8 --method cg-sense "
                           "--like like --out made/");
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_NE(made.err.find("another patient"), std::string::npos) << made.err;
  const auto value = [&](const std::string& name, const std::string& tag) {
    std::system(("cd '" + folder_.string() + "' && dcmdump +P " + tag + " " + name + "/IM00001.dcm > said.txt")
                    .c_str());
    const std::string line = content(folder_ / "said.txt");
    const auto begin = line.find('[');
    return begin == std::string::npos ? line : line.substr(begin + 1, line.find(']') - begin - 1);
  };
  EXPECT_EQ(value("made", "0008,0070"), "own maker");
  EXPECT_EQ(value("made", "0018,0015"), "KNEE");
  EXPECT_EQ(value("made", "0010,0010"), "like^person");
  EXPECT_EQ(value("made", "0020,000d"), value("like", "0020,000d"));
  EXPECT_EQ(value("made", "0020,0052"), value("like", "0020,0052"));
}

TEST_F(ReconCommandLine, OneDicomFileIsAnEnhancedMrWhateverLikeIs) {
  write_scan("scan.npy", 32);
  ASSERT_EQ(run("recon scan.npy --method zero-filled --out image.nii.gz").code, 0);
  for (const std::string kind : {"enhanced-mr", "enhanced-ct"})
    ASSERT_EQ(run("convert image.nii.gz --as " + kind + " --out " + kind + ".dcm").code, 0);
  refuses("recon scan.npy --method zero-filled --out made.dcm", 2, "--like SERIES");
  const auto study = [&](const std::string& path) {
    return json::parse(run("info " + path + " --json -").out)["patients"][0]["studies"][0];
  };
  for (const std::string like : {"enhanced-mr", "enhanced-ct"})
    for (const std::string out : {"made.dcm", "made/"}) {
      const Outcome made = run("recon scan.npy --method zero-filled --like " + like + ".dcm --out " + out);
      ASSERT_EQ(made.code, 0) << made.err;
      const std::string said =
          std::string("--like is CT, but a reconstruction is an MR image: it is written as ") +
          (out == "made.dcm" ? "an enhanced MR" : "MR images");
      EXPECT_EQ(made.err.find(said) != std::string::npos, like == "enhanced-ct") << made.err;
      const json written = study(out);
      EXPECT_EQ(written["series"][0]["modality"], "MR");
      EXPECT_EQ(written["uid"], study(like + ".dcm")["uid"]);
      fs::remove_all(folder_ / out);
    }
  ASSERT_EQ(run("recon scan.npy --method zero-filled --like enhanced-mr.dcm --out made.dcm").code, 0);
  if (std::system("command -v dciodvfy dcmdump > /dev/null 2>&1") != 0) return;
  std::system(("cd '" + folder_.string() +
               "' && dciodvfy made.dcm > said.txt 2>&1; dcmdump +P 0008,0016 made.dcm "
               ">> said.txt")
                  .c_str());
  const std::string said = content(folder_ / "said.txt");
  EXPECT_EQ(said.find("Error"), std::string::npos) << said;
  EXPECT_NE(said.find("EnhancedMRImageStorage"), std::string::npos) << said;
  const Outcome again = run("replay made.dcm.recipe.json --out again.dcm");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_NE(again.out.find("made again"), std::string::npos) << again.out;
}

} // namespace
} // namespace bloch::end_to_end
