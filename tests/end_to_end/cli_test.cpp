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

} // namespace
} // namespace bloch::end_to_end
