// The built bloch-cli as a stranger would call it: exit codes, messages, JSON, nothing half-written.
#include <initializer_list>
#include <map>

#include "tests/end_to_end/command_line.h"
#include "tests/support/temporary_folder.h"

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

TEST_F(CommandLine, OverwritesNoFileThatItReads) {
  write_scan("scan.npy");
  std::ofstream(folder_ / "x.csv") << "a,b\n1,2\n3,4\n";
  std::ofstream(folder_ / "q.csv") << "i,j,value\n0,1,1\n";
  std::ofstream(folder_ / "h.json") << R"({"terms": [{"pauli": "ZZ", "coefficient": -1}]})";
  std::ofstream(folder_ / "n.json") << R"({"gates": {}})";
  std::ofstream(folder_ / "b.json") << R"({"inputs": ["scan.npy"], "methods": ["zero-filled"]})";
  std::ofstream(folder_ / "c.qasm") << "OPENQASM 3.0;\nqubit q;\n";
  ASSERT_EQ(run("recon scan.npy --method zero-filled --out i.nii").code, 0);
  ASSERT_EQ(run("mask --size 48x48 --out m.cfl").code, 0);
  ASSERT_EQ(run("convert i.nii --out slices/").code, 0);
  fs::create_directory(folder_ / "out");
  fs::copy(folder_ / "b.json", folder_ / "out/batch.json");
  fs::create_symlink("i.nii", folder_ / "link.nii");
  fs::create_hard_link(folder_ / "i.nii", folder_ / "hard.nii");
  std::map<std::string, std::string> before;
  for (const std::string& name : files())
    if (fs::is_regular_file(folder_ / name)) before[name] = content(folder_ / name);
  const std::string slice = fs::directory_iterator(folder_ / "slices")->path().filename().string();
  for (const auto& [arguments, named] : std::initializer_list<std::pair<std::string, std::string>>{
           {"convert i.nii --out i.nii", "INPUT"},
           {"convert i.nii --out ./i.nii", "INPUT"},
           {"convert i.nii --out out/../i.nii", "INPUT"},
           {"convert i.nii --out link.nii", "INPUT"},
           {"convert i.nii --out hard.nii", "INPUT"},
           {"convert link.nii --out " + (folder_ / "i.nii").string(), "INPUT"},
           {"convert i.nii --like slices --out slices/", "--like"},
           {"convert slices --out slices/" + slice, "INPUT"},
           {"convert . --series i.nii --out i.nii", "--series"},
           {"convert i.nii --out a.nii --json i.nii", "INPUT"},
           {"recon scan.npy --out scan.npy", "INPUT"},
           {"recon scan.npy --mask m.cfl --out m.cfl", "--mask"},
           {"recon scan.npy --mask m.cfl --out m.hdr", "--mask"},
           {"recon scan.npy --reference i.nii --out a.nii --out-error i.nii", "--reference"},
           {"recon --batch out/batch.json --out out", "--batch"},
           {"coils scan.npy --out scan.npy", "INPUT"},
           {"metrics i.nii hard.nii --out-error i.nii", "REFERENCE"},
           {"kernel x.csv --map zz --out x.csv", "FEATURES"},
           {"simulate c.qasm --statevector c.qasm", "CIRCUIT"},
           {"simulate c.qasm --noise n.json --json n.json", "--noise"},
           {"draw c.qasm --as qasm3 --out c.qasm", "CIRCUIT"},
           {"optimise q.csv --json q.csv", "PROBLEM"},
           {"optimise q.csv --circuit q.csv", "PROBLEM"},
           {"vqe h.json --json h.json", "HAMILTONIAN"},
           {"info i.nii --json i.nii", "PATHS"},
           {"replay i.nii.recipe.json --json i.nii.recipe.json", "RECIPE"}}) {
    refuses(arguments, 2, "would overwrite");
    refuses(arguments, 2, "which is read as " + named);
  }
  for (const auto& [name, bytes] : before) EXPECT_EQ(content(folder_ / name), bytes) << name;
}

TEST_F(CommandLine, WritesNoTwoOutputsToOneFile) {
  std::ofstream(folder_ / "c.qasm") << "OPENQASM 3.0;\nqubit q;\n";
  write_scan("scan.npy");
  refuses("simulate c.qasm --statevector o --json ./o", 2, "--statevector and --json");
  refuses("recon scan.npy --out a.nii --out-noise a.nii", 2, "--out and --out-noise");
  refuses("recon scan.npy --out a.npy --json a.npy.recipe.json", 2, "--out and --json");
  EXPECT_EQ(files(), (std::vector<std::string>{"c.qasm", "scan.npy"}));
  // Neither devices nor what an earlier call left are anything to lose.
  EXPECT_EQ(run("draw c.qasm --out /dev/null --json /dev/null").code, 0);
  for (int call = 0; call < 2; ++call) {
    const Outcome outcome = run("recon scan.npy --method zero-filled --out a.npy --json a.json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
  }
}

TEST_F(CommandLine, ReportsAFileThatOutgrowsItsLimitAndLeavesNone) {
  std::ofstream file(folder_ / "block.npy", std::ios::binary);
  write_npy_header(file, "<i2", "6, 200, 200");
  file << std::string(6 * 200 * 200 * 2, 'a');
  file.close();
  ASSERT_EQ(run("convert block.npy --out series/").code, 0);
  const std::vector<std::string> before = files();
  for (const char* call :
       {"convert series --out a.nii", "convert series --out a.mha", "convert block.npy --out a.npy"}) {
    const std::string limited =
        "cd '" + folder_.string() + "' && (ulimit -f 100; " BLOCH_CLI " " + call + " 2>err >/dev/null)";
    const int status = std::system(limited.c_str());
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << call << " " << status;
    EXPECT_NE(content(folder_ / "err").find("would be larger than files may be"), std::string::npos)
        << content(folder_ / "err");
    fs::remove(folder_ / "err");
    EXPECT_EQ(files(), before) << call;
  }
}

TEST_F(CommandLine, SaysThatItsAnswerIsLostWhereStandardOutputIsFull) {
  for (const char* call : {"list masks", "info . --json -", "--version", "list --help"}) {
    const std::string full =
        "cd '" + folder_.string() + "' && " BLOCH_CLI " " + call + " 2>err >/dev/full </dev/null";
    const int status = std::system(full.c_str());
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << call << " " << status;
    EXPECT_EQ(content(folder_ / "err"), "bloch: error: standard output cannot be written: is its disk full?\n")
        << call;
    fs::remove(folder_ / "err");
  }
}

TEST_F(CommandLine, ReconstructsWithoutTheToolkitsAndNamesThemWhereTheyAreMissed) {
  if (!BLOCH_TOOLKITS_LATE) GTEST_SKIP() << "this build links the toolkits";
  const tests::TemporaryFolder elsewhere;
  program_ = (elsewhere / "bloch-cli").string();
  fs::copy_file(BLOCH_CLI, program_);
  write_scan("scan.npy");
  for (const char* call :
       {"coils scan.npy --out maps.cfl", "recon scan.npy --method tv --coils maps.cfl --out tv.nii.gz",
        "recon scan.npy --method cg-sense --out cg.nii.gz", "metrics tv.nii.gz cg.nii.gz",
        "convert tv.nii.gz --out tv.nrrd", "mask --kind poisson --size 64x64 --accel 4 --out mask.npy",
        "list reconstructions"}) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.code, 0) << call << "\n" << outcome.err;
  }
  const auto before = files();
  refuses("info .", 1, "bloch-toolkits.so");
  refuses("convert tv.nii.gz --out series/", 1, "install Bloch again");
  refuses("anomaly train tv.nii.gz --normal all --out model.json", 1, "bloch-toolkits.so");
  EXPECT_EQ(files(), before);
}

TEST_F(CommandLine, TakesNoToolkitsOfAnotherVersion) {
  if (!BLOCH_TOOLKITS_LATE) GTEST_SKIP() << "this build links the toolkits";
  const fs::path module = fs::path(BLOCH_CLI).parent_path() / "../../imaging/toolkits/bloch-toolkits.so";
  std::string bytes = content(module);
  const auto build = bytes.find(", toolkits ");
  ASSERT_NE(build, std::string::npos);
  ASSERT_EQ(bytes.find(", toolkits ", build + 1), std::string::npos);
  const tests::TemporaryFolder elsewhere;
  fs::create_directories(elsewhere / "app/cli");
  fs::create_directories(elsewhere / "imaging/toolkits");
  program_ = (elsewhere / "app/cli/bloch-cli").string();
  fs::copy_file(BLOCH_CLI, program_);
  const auto install = [&] {
    std::ofstream(elsewhere / "imaging/toolkits/bloch-toolkits.so", std::ios::binary) << bytes;
  };
  std::ofstream(folder_ / "x.txt") << "x";
  install();
  EXPECT_EQ(run("info .").code, 0);
  bytes[build + 2] = 'T';
  install();
  refuses("info .", 1, "is of another version; install Bloch again");
}

TEST_F(CommandLine, PrintsNoControlCharacters) {
  std::ofstream(folder_ / "no\x1b[31mx\ny.txt") << "x";
  const Outcome info = run("info .");
  ASSERT_EQ(info.code, 0) << info.err;
  EXPECT_EQ(info.out.find('\x1b'), std::string::npos) << info.out;
  EXPECT_NE(info.out.find("no\uFFFD[31mx y.txt"), std::string::npos) << info.out;
  const Outcome refused = run("info 'not\x1b[31mthere'");
  EXPECT_EQ(refused.err.find('\x1b'), std::string::npos) << refused.err;
  // JSON has escapes of its own.
  const Outcome answer = run("info . --json -");
  EXPECT_NE(json::parse(answer.out)["rejected"][0]["path"].get<std::string>().find("\x1b[31mx\ny"),
            std::string::npos);
}

} // namespace
} // namespace bloch::end_to_end
