// The built bloch-cli as a stranger would call it: exit codes, messages, JSON, nothing half-written.
#include "tests/end_to_end/command_line.h"

namespace bloch::end_to_end {
namespace {

TEST_F(CommandLine, ShowsHelpForEveryCommandWithAnExample) {
  const Outcome list = run("list commands --json -");
  ASSERT_EQ(list.code, 0) << list.err;
  for (const auto& command : json::parse(list.out)) {
    const Outcome help = run(command["name"].get<std::string>() + " --help");
    EXPECT_EQ(help.code, 0) << command["name"];
    EXPECT_NE(help.out.find("Example"), std::string::npos) << command["name"];
    EXPECT_NE(help.out.find("--json"), std::string::npos) << command["name"];
  }
}

TEST_F(CommandLine, HasEveryCommandOfTheDesign) {
  const std::string names = run("list commands --json -").out;
  for (const char* name : {"info", "convert", "recon", "mask", "coils", "metrics", "simulate", "kernel",
                           "optimise", "vqe", "anomaly train", "anomaly score", "demo", "list", "replay"})
    EXPECT_NE(names.find("\"" + std::string(name) + "\""), std::string::npos) << name;
}

TEST_F(CommandLine, RefusesWrongUsageWithExitCodeTwo) {
  refuses("", 2, "required");
  refuses("reconn x", 2, "did you mean 'recon'");
  refuses("list nonsense", 2, "nonsense");
  refuses("list --colour", 2, "--colour");
  refuses("recon", 2, "required");
}

TEST_F(CommandLine, RefusesInputThatIsNotThereWithExitCodeOne) {
  refuses("info nowhere", 1, "nowhere");
  refuses("recon nowhere.npy --method cg-sense --out x.npy", 1, "nowhere.npy");
  refuses("convert nowhere --out x.nii", 1, "nowhere");
  refuses("metrics nowhere.nii nowhere.nii", 1, "nowhere.nii");
  refuses("simulate nowhere.qasm", 1, "nowhere.qasm");
  refuses("kernel nowhere.csv --map zz --out k.npy", 1, "nowhere.csv");
  refuses("replay nowhere.recipe.json", 1, "nowhere");
  EXPECT_TRUE(files().empty());
}

TEST_F(CommandLine, RefusesAnEmptyFolder) {
  fs::create_directory(folder_ / "empty");
  refuses("info empty", 1, "empty");
  refuses("convert empty --out x.nii", 1, "empty");
}

TEST_F(CommandLine, ListsWhatIsNotDicomWithAReason) {
  std::ofstream(folder_ / "letter.txt") << "dear radiologist";
  const Outcome info = run("info letter.txt --json -");
  ASSERT_EQ(info.code, 0) << info.err;
  const json answer = json::parse(info.out);
  ASSERT_EQ(answer["rejected"].size(), 1U);
  EXPECT_FALSE(answer["rejected"][0]["reason"].get<std::string>().empty());
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

TEST_F(CommandLine, LeavesNoHalfFileWhereItMayNotWrite) {
  write_scan("scan.npy");
  std::ofstream(folder_ / "file") << "x";
  refuses("recon scan.npy --method zero-filled --out file/x.npy", 1, "file");
  if (fs::is_character_file("/dev/full")) {
    const Outcome full = run("list commands --json /dev/full");
    EXPECT_NE(full.code, 0);
  }
  EXPECT_EQ(files(), (std::vector<std::string>{"file", "scan.npy"}));
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

TEST_F(CommandLine, SimulatesABellPairWithQubitZeroRightmost) {
  std::ofstream(folder_ / "bell.qasm") << "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[3];\ncreg c[3];\nx "
                                          "q[0];\nh q[1];\ncx q[1],q[2];\nmeasure q -> c;\n";
  const Outcome outcome = run("simulate bell.qasm --shots 1000 --seed 3 --json -");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const json answer = json::parse(outcome.out);
  EXPECT_EQ(answer["qubits"], 3);
  ASSERT_EQ(answer["counts"].size(), 2U);
  EXPECT_EQ(answer["counts"]["001"].get<int>() + answer["counts"]["111"].get<int>(), 1000);
}

/// A table of two features and two classes.
void write_labelled_table(const fs::path& path, int rows) {
  std::ofstream file(path);
  file << "id,a,b,diagnosis\n";
  for (int k = 0; k < rows; ++k)
    file << k << "," << 0.1 * (k % 7) << "," << 0.13 * (k % 5) << "," << (k % 7 > 3 ? "M" : "B") << "\n";
}

/// Doubles of a .npy whose header is 128 or 64 bytes: those at its end.
std::vector<double> last_doubles(const fs::path& path, std::size_t count) {
  const std::string bytes = content(path);
  std::vector<double> values(count);
  std::memcpy(values.data(), bytes.data() + bytes.size() - count * sizeof(double), count * sizeof(double));
  return values;
}

TEST_F(CommandLine, DescribesAGramMatrixAndWritesTheSameInTiles) {
  write_labelled_table(folder_ / "table.csv", 23);
  const std::string kernel = "kernel table.csv --map zz --set bandwidth=0.4 --label diagnosis ";
  const Outcome whole = run(kernel + "--out whole.npy --json -");
  ASSERT_EQ(whole.code, 0) << whole.err;
  const json answer = json::parse(whole.out);
  EXPECT_EQ(answer["qubits"], 2);
  const json& diagnostics = answer["diagnostics"];
  for (const char* key : {"off_diagonal_mean", "off_diagonal_variance", "effective_rank", "identity_distance"})
    EXPECT_TRUE(diagnostics[key].is_number()) << key;
  EXPECT_GT(diagnostics["rbf"]["geometric_difference"].get<double>(), 0);
  EXPECT_GT(diagnostics["shots"]["for_error"].get<double>(), 0);
  EXPECT_TRUE(diagnostics["label_alignment"]["centred"].is_number());
  const Outcome tiles = run(kernel + "--block-rows 7 --out tiles.npy --json -");
  ASSERT_EQ(tiles.code, 0) << tiles.err;
  EXPECT_EQ(json::parse(tiles.out)["block_rows"], 7);
  EXPECT_EQ(fs::file_size(folder_ / "tiles.npy"), fs::file_size(folder_ / "whole.npy"));
  const auto left = last_doubles(folder_ / "whole.npy", 23 * 23),
             right = last_doubles(folder_ / "tiles.npy", 23 * 23);
  for (std::size_t k = 0; k < left.size(); ++k) ASSERT_NEAR(left[k], right[k], 1e-6);
  EXPECT_EQ(left[24 * 5], 1); // on the diagonal
}

TEST_F(CommandLine, ComputesProjectedNoisyAndCombinedKernelsAndReplaysThem) {
  write_labelled_table(folder_ / "table.csv", 12);
  for (const std::string& extra :
       {std::string("--kernel projected --order 2 --shots 500 --seed 3"),
        std::string("--depolarising 0.01,0.02"),
        std::string("--with 'angle:bandwidth=0.7;iqp:reps=1' --label diagnosis"),
        std::string("--with z --weights 0.25,0.75"), std::string("--tune-bandwidth --label diagnosis"),
        std::string("--nystroem 5")}) {
    const std::string label = extra.find("--label") == std::string::npos ? " --label diagnosis" : "";
    const Outcome outcome =
        run("kernel table.csv --map zz " + extra + label + " --out gram.npy --threads 1 --json -");
    ASSERT_EQ(outcome.code, 0) << extra << "\n" << outcome.err;
    const json answer = json::parse(outcome.out);
    EXPECT_EQ(answer["rows"], 12) << extra;
    double weights = 0;
    for (const json& term : answer["terms"]) weights += term["weight"].get<double>();
    EXPECT_NEAR(weights, 1, 1e-9) << extra;
    const Outcome replay = run("replay gram.npy.recipe.json --json -");
    ASSERT_EQ(replay.code, 0) << extra << "\n" << replay.err;
    EXPECT_TRUE(json::parse(replay.out)["same_bits"].get<bool>()) << extra << "\n" << replay.out;
  }
  refuses("kernel table.csv --map zz --label diagnosys --out x.npy", 2, "diagnosis");
  refuses("kernel table.csv --map zz --out x.npy", 1, "diagnosis");
  refuses("kernel table.csv --map zz --label diagnosis --set pairs=0-5 --out x.npy", 1, "0-5");
  refuses("kernel table.csv --map zz --label diagnosis --set pairs=05 --out x.npy", 2, "0-1,1-3");
  refuses("kernel table.csv --map zz --label diagnosis --with angel --out x.npy", 2, "angle");
  refuses("kernel table.csv --map zz --label diagnosis --with angle --weights 1 --out x.npy", 2, "2 kernels");
  refuses("kernel table.csv --map zz --label diagnosis --kernel projected --gamma -1 --out x.npy", 2, "gamma");
  refuses("kernel table.csv --map zz --label diagnosis --nystroem 50 --out x.npy", 1, "12");
  EXPECT_FALSE(fs::exists(folder_ / "x.npy"));
}

TEST_F(CommandLine, MinimisesAQuboBesideItsExactOptimumAndAnnealing) {
  std::ofstream(folder_ / "q.csv") << "-1,2,0\n0,-1,2\n0,0,-1\n";
  const Outcome outcome = run("optimise q.csv --layers 3 --seed 1 --circuit best.qasm --json -");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const json answer = json::parse(outcome.out);
  EXPECT_EQ(answer["exact"]["minimum"], -2);
  EXPECT_EQ(answer["exact"]["bits"], "101");
  EXPECT_EQ(answer["annealing"]["minimum"], -2);
  EXPECT_EQ(answer["quantum"]["minimum"], -2);
  EXPECT_GT(answer["quantum"]["approximation_ratio"].get<double>(), 0.9);
  EXPECT_LE(answer["quantum"]["success"]["ci"][0].get<double>(),
            answer["quantum"]["state_success_probability"].get<double>() + 0.02);
  // The circuit it wrote, run by itself, gives the state's chance of the optimum.
  const Outcome circuit = run("simulate best.qasm --shots 10000 --seed 5 --json -");
  ASSERT_EQ(circuit.code, 0) << circuit.err;
  EXPECT_NEAR(json::parse(circuit.out)["counts"]["101"].get<int>() / 10000.0,
              answer["quantum"]["state_success_probability"].get<double>(), 0.03);
  std::ofstream(folder_ / "h.json")
      << R"({"variables": 4, "terms": [{"variables": [0, 1, 2], "coefficient": -2},
      {"variables": [3], "coefficient": 1}, {"variables": [0], "coefficient": 0.5}]})";
  const Outcome exchange = run("optimise h.json --mixer xy --ones 2 --layers 2 --json -");
  ASSERT_EQ(exchange.code, 0) << exchange.err;
  EXPECT_EQ(json::parse(exchange.out)["exact"]["minimum"], 0);
  const Outcome warm = run("optimise h.json --warm-start --layers 1 --json -");
  ASSERT_EQ(warm.code, 0) << warm.err;
  EXPECT_EQ(json::parse(warm.out)["exact"]["minimum"], -1.5);
  EXPECT_EQ(json::parse(warm.out)["quantum"]["relaxed"].size(), 4U);
  std::ofstream(folder_ / "bad.json") << R"({"variables": 2, "terms": [{"variables": [2], "coefficient": 1}]})";
  refuses("optimise bad.json", 1, "no variable 2");
  std::ofstream(folder_ / "key.json") << R"({"variables": 2, "term": []})";
  refuses("optimise key.json", 1, "terms");
  std::ofstream(folder_ / "bad.csv") << "1,2\n3\n";
  refuses("optimise bad.csv", 1, "square");
  refuses("optimise h.json --mixer xy", 1, "ones");
  refuses("optimise h.json --ones 2", 2, "xy");
  refuses("optimise nowhere.json", 1, "nowhere");
}

TEST_F(CommandLine, FindsAGroundEnergyBesideTheExactOne) {
  std::ofstream(folder_ / "h2.json") << R"({"terms": [{"pauli": "II", "coefficient": -1.052373245772859},
      {"pauli": "IZ", "coefficient": 0.39793742484318045}, {"pauli": "ZI", "coefficient": -0.39793742484318045},
      {"pauli": "ZZ", "coefficient": -0.01128010425623538}, {"pauli": "XX", "coefficient": 0.18093119978423156}]})";
  const Outcome outcome = run("vqe h2.json --shots 2000 --seed 1 --circuit best.qasm --json -");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const json answer = json::parse(outcome.out);
  EXPECT_NEAR(answer["exact"]["energy"].get<double>(), -1.857275, 1e-5);
  EXPECT_NEAR(answer["energy"].get<double>(), -1.857275, 1e-4);
  EXPECT_EQ(answer["measurement_groups"], 2);
  EXPECT_NEAR(answer["measured"]["energy"].get<double>(), answer["energy"].get<double>(),
              6 * answer["measured"]["standard_error"].get<double>() + 1e-6);
  EXPECT_TRUE(fs::exists(folder_ / "best.qasm"));
  std::ofstream(folder_ / "bad.json") << R"({"terms": [{"pauli": "XQ", "coefficient": 1}]})";
  refuses("vqe bad.json", 1, "term 1");
  std::ofstream(folder_ / "none.json") << R"({"terms": []})";
  refuses("vqe none.json", 1, "no terms");
}

TEST_F(CommandLine, NamesTheLineOfABrokenCircuit) {
  std::ofstream(folder_ / "bad.qasm") << "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\nfoo q[0];\n";
  refuses("simulate bad.qasm", 1, "4");
}

TEST_F(CommandLine, SaysExpectationValuesProbabilitiesAndThePlan) {
  std::ofstream(folder_ / "bell.qasm") << "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[2] q;\nh q[0];\n"
                                          "cx q[0], q[1];\n";
  const Outcome outcome = run("simulate bell.qasm --shots 0 --precision double --observable '0.5 XX - 2*YY' "
                              "--observable ZI --probabilities 1 --plan --json -");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const json answer = json::parse(outcome.out);
  EXPECT_NEAR(answer["expectations"][0]["value"].get<double>(), 2.5, 1e-12);
  EXPECT_NEAR(answer["expectations"][1]["value"].get<double>(), 0, 1e-12);
  EXPECT_NEAR(answer["probabilities"]["values"][1].get<double>(), 0.5, 1e-12);
  EXPECT_NE(answer["plan"][0].get<std::string>().find("0"), std::string::npos);
  refuses("simulate bell.qasm --observable XQ", 2, "XXI");
  refuses("simulate bell.qasm --observable ZZZ", 1, "qubit 2");
  refuses("simulate bell.qasm --probabilities 5", 1, "out of range");
}

TEST_F(CommandLine, SimulatesANoisyMachineAndUndoesItsReadOut) {
  std::ofstream(folder_ / "one.qasm") << "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\ncreg c[2];\n"
                                         "x q[0];\nmeasure q -> c;\n";
  std::ofstream(folder_ / "noise.json") << R"({"gates": {"one-qubit": {"depolarising": 0.2, "duration_ns": 35}},
    "qubits": {"all": {"t1_us": 100, "t2_us": 120, "zero_given_one": 0.1}, "1": {"one_given_zero": 0.02}}})";
  for (const std::string method : {"density-matrix", "trajectories"}) {
    const Outcome outcome = run("simulate one.qasm --noise noise.json --noise-method " + method +
                                " --shots 20000 --seed 2 --mitigate-readout --observable IZ --json -");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const json answer = json::parse(outcome.out);
    EXPECT_EQ(answer["noise_method"], method);
    EXPECT_NEAR(answer["expectations"][0]["value"].get<double>(), -0.8, 0.03);
    EXPECT_NEAR(answer["mitigated"]["01"].get<double>(), 0.9, 0.02);
    EXPECT_NEAR(answer["counts"]["01"].get<double>() / 20000, 0.9 * 0.9 * 0.98, 0.02);
    EXPECT_LT(answer["probability_ci"]["01"][0].get<double>(), answer["probability_ci"]["01"][1].get<double>());
  }
  refuses("simulate one.qasm --noise nowhere.json", 1, "nowhere.json");
  refuses("simulate one.qasm --noise noise.json --statevector s.npy", 2, "--statevector");
  refuses("simulate one.qasm --mitigate-readout", 2, "--noise");
  std::ofstream(folder_ / "wrong.json") << R"({"gates": {"cnot": {"depolarising": 0.2}}})";
  refuses("simulate one.qasm --noise wrong.json", 1, "cnot");
  std::ofstream(folder_ / "wrong.json") << R"({"qubits": {"all": {"t1": 100}}})";
  refuses("simulate one.qasm --noise wrong.json", 1, "t1_us");
  std::ofstream(folder_ / "wrong.json") << R"({"qubits": {"all": {"t1_us": 10, "t2_us": 30}}})";
  refuses("simulate one.qasm --noise wrong.json", 1, "twice");
  std::ofstream(folder_ / "wrong.json") << "{";
  refuses("simulate one.qasm --noise wrong.json", 1, "JSON");
}

TEST_F(CommandLine, DrawsConvertsAndCountsACircuit) {
  std::ofstream(folder_ / "bell.qasm")
      << "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\ncreg c[2];\nh q[0];\n"
         "cx q[0],q[1];\nt q[1];\nmeasure q -> c;\n";
  const Outcome text = run("draw bell.qasm");
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_NE(text.out.find("H"), std::string::npos);
  ASSERT_EQ(run("draw bell.qasm --out bell.svg").code, 0);
  std::ifstream svg(folder_ / "bell.svg");
  EXPECT_NE(std::string(std::istreambuf_iterator<char>(svg), {}).find("<svg"), std::string::npos);
  ASSERT_EQ(run("draw bell.qasm --out three.qasm").code, 0);
  const Outcome again = run("draw three.qasm --as qasm2 --json -");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(json::parse(again.out)["drawing"].get<std::string>().starts_with("OPENQASM 2.0;"));
  const Outcome counted = run("resources three.qasm --json -");
  ASSERT_EQ(counted.code, 0) << counted.err;
  const json answer = json::parse(counted.out);
  EXPECT_EQ(answer["qubits"], 2);
  EXPECT_EQ(answer["depth"], 4);
  EXPECT_EQ(answer["two_qubit_gates"], 1);
  EXPECT_EQ(answer["t_gates"], 1);
  refuses("draw nowhere.qasm", 1, "nowhere.qasm");
  refuses("resources nowhere.qasm", 1, "nowhere.qasm");
}

TEST_F(CommandLine, WritesAGramMatrixAndRefusesATableWithText) {
  std::ofstream(folder_ / "table.csv") << "id,a,b\n1,0.1,0.2\n2,0.3,0.4\n3,0.5,0.6\n";
  const Outcome outcome = run("kernel table.csv --map zz --set reps=1 --out gram.npy --json -");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const json answer = json::parse(outcome.out);
  EXPECT_EQ(answer["rows"], 3);
  EXPECT_EQ(answer["columns"], 3);
  EXPECT_EQ(answer["qubits"], 2);
  EXPECT_EQ(fs::file_size(folder_ / "gram.npy") % 64, (9 * 8) % 64);
  std::ofstream(folder_ / "text.csv") << "id,a,b\n1,0.1,many\n";
  refuses("kernel text.csv --map zz --out x.npy", 1, "many");
  refuses("kernel table.csv --map zzz --out x.npy", 2, "zz");
}

TEST_F(CommandLine, ResamplesASeriesWithAGapOnRequestAlone) {
  std::ofstream file(folder_ / "block.npy", std::ios::binary);
  write_npy_header(file, "<f4", "5, 4, 4");
  for (int i = 0; i < 80; ++i) {
    const auto value = static_cast<float>(100 * (i / 16));
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
  file.close();
  ASSERT_EQ(run("convert block.npy --out series/").code, 0);
  refuses("convert series --resample auto --out x.nii", 2, "true grid already");
  std::vector<fs::path> slices;
  for (const auto& entry : fs::directory_iterator(folder_ / "series"))
    if (entry.path().extension() == ".dcm") slices.push_back(entry.path());
  std::sort(slices.begin(), slices.end());
  ASSERT_EQ(slices.size(), 5U);
  fs::remove(slices[2]);
  const Outcome info = run("info series --json -");
  ASSERT_EQ(info.code, 0) << info.err;
  const json found = json::parse(info.out)["patients"][0]["studies"][0]["series"][0];
  EXPECT_EQ(found["warnings"][0]["kind"], "missing-slices");
  EXPECT_EQ(found["slice_origins_mm"].size(), 4U);
  const Outcome plain = run("convert series --out plain.npy");
  EXPECT_NE(plain.out.find("4 x 4 x 4"), std::string::npos) << plain.out;
  const Outcome straight = run("convert series --resample auto --out straight.npy");
  ASSERT_EQ(straight.code, 0) << straight.err;
  EXPECT_NE(straight.out.find("4 x 4 x 5"), std::string::npos) << straight.out;
  EXPECT_NE(straight.err.find("interpolated"), std::string::npos) << straight.err;
  refuses("convert series --resample far --out x.nii", 2, "--resample");
  refuses("convert series --volume 7 --out x.nii", 2, "one volume");
}

/// One DICOM image of 2 x 2 pixels in explicit little endian, its elements in the order of their tags.
struct SmallImage {
  std::string patient, frame_of_reference, modality, burned_in, position;
  bool colour = false;

  void write(const fs::path& path) const {
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    const auto bytes = [&](const auto& value) {
      file.write(reinterpret_cast<const char*>(&value), static_cast<std::streamsize>(sizeof value));
    };
    const auto text = [&](std::uint16_t group, std::uint16_t element, const char* type, std::string value) {
      if (value.size() % 2 == 1) value += type == std::string("UI") ? '\0' : ' ';
      bytes(group);
      bytes(element);
      file << type;
      bytes(static_cast<std::uint16_t>(value.size()));
      file << value;
    };
    const auto number = [&](std::uint16_t element, std::uint16_t value) {
      text(0x0028, element, "US", {reinterpret_cast<const char*>(&value), 2});
    };
    file << std::string(128, '\0') << "DICM";
    text(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1");
    text(0x0008, 0x0016, "UI", colour ? "1.2.840.10008.5.1.4.1.1.7" : "1.2.840.10008.5.1.4.1.1.4");
    text(0x0008, 0x0018, "UI", frame_of_reference + ".1");
    text(0x0008, 0x0060, "CS", modality);
    text(0x0010, 0x0010, "PN", patient);
    text(0x0010, 0x0020, "LO", patient + "1");
    text(0x0018, 0x0050, "DS", "2");
    text(0x0020, 0x000d, "UI", frame_of_reference + ".2");
    text(0x0020, 0x000e, "UI", frame_of_reference + ".3");
    text(0x0020, 0x0013, "IS", "1");
    text(0x0020, 0x0032, "DS", position);
    text(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0");
    text(0x0020, 0x0052, "UI", frame_of_reference);
    number(0x0002, colour ? 3 : 1);
    text(0x0028, 0x0004, "CS", colour ? "RGB" : "MONOCHROME2");
    if (colour) number(0x0006, 0);
    number(0x0010, 2);
    number(0x0011, 2);
    text(0x0028, 0x0030, "DS", "1\\1");
    for (const std::uint16_t element : {0x0100, 0x0101}) number(element, colour ? 8 : 16);
    number(0x0102, colour ? 7 : 15);
    number(0x0103, 0);
    text(0x0028, 0x0301, "CS", burned_in);
    const std::string pixels = colour ? "abcdefghijkl" : "abcdefgh";
    bytes(std::uint16_t{0x7fe0});
    bytes(std::uint16_t{0x0010});
    file << "OW" << '\0' << '\0';
    bytes(static_cast<std::uint32_t>(pixels.size()));
    file << pixels;
  }
};

TEST_F(CommandLine, WritesWhatTheImageItselfSaysBesideThePatientOfLike) {
  SmallImage{"LIKE", "1.2.4.99", "MR", "NO", "0\\0\\0"}.write(folder_ / "like" / "a.dcm");
  SmallImage{"COLOUR", "1.2.3.99", "OT", "YES", "10\\20\\30", true}.write(folder_ / "colour" / "a.dcm");
  SmallImage{"GREY", "1.2.3.99", "CT", "YES", "10\\20\\30"}.write(folder_ / "grey" / "a.dcm");
  for (const std::string name : {"colour", "grey"}) {
    const Outcome converted = run("convert " + name + " --like like --out " + name + "-out/");
    ASSERT_EQ(converted.code, 0) << converted.err;
    EXPECT_NE(converted.err.find("another patient"), std::string::npos) << converted.err;
    const std::string written = content(folder_ / (name + "-out") / "IM00001.dcm");
    EXPECT_NE(written.find("LIKE"), std::string::npos) << name;
    // FrameOfReferenceUID, BurnedInAnnotation and Modality with their tags, types and lengths
    using namespace std::string_literals;
    EXPECT_NE(written.find("\x20\0\x52\0UI\x08\0"
                           "1.2.3.99"s),
              std::string::npos)
        << name;
    EXPECT_NE(written.find("\x28\0\x01\x03"
                           "CS\x04\0YES "s),
              std::string::npos)
        << name;
    EXPECT_NE(written.find("\x08\0\x60\0CS\x02\0"s + (name == "grey" ? "CT" : "OT")), std::string::npos)
        << name;
  }
}

TEST_F(CommandLine, PutsAnImageFileOnAnotherGridInAFrameOfReferenceOfItsOwn) {
  SmallImage{"LIKE", "1.2.4.99", "MR", "NO", "0\\0\\0"}.write(folder_ / "like" / "a.dcm");
  using namespace std::string_literals;
  const std::string frame_of_reference = "\x20\0\x52\0UI\x08\0"
                                         "1.2.4.99"s;
  ASSERT_EQ(run("convert like --out same.nii.gz").code, 0);
  const Outcome same = run("convert same.nii.gz --like like --out same/");
  ASSERT_EQ(same.code, 0) << same.err;
  EXPECT_EQ(same.err.find("another patient"), std::string::npos) << same.err;
  EXPECT_NE(content(folder_ / "same" / "IM00001.dcm").find(frame_of_reference), std::string::npos);
  SmallImage{"LIKE", "1.2.4.99", "MR", "NO", "10\\20\\30"}.write(folder_ / "other" / "a.dcm");
  ASSERT_EQ(run("convert other --out other.nii.gz").code, 0);
  const Outcome moved = run("convert other.nii.gz --like like --out moved/");
  ASSERT_EQ(moved.code, 0) << moved.err;
  EXPECT_NE(moved.err.find("its own places"), std::string::npos) << moved.err;
  const std::string written = content(folder_ / "moved" / "IM00001.dcm");
  EXPECT_EQ(written.find(frame_of_reference), std::string::npos);
  EXPECT_NE(written.find("\x20\0\x52\0UI"s), std::string::npos);
}

} // namespace
} // namespace bloch::end_to_end
