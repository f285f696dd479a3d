// Gram matrices of tables.
#include "tests/end_to_end/command_line.h"

namespace bloch::end_to_end {
namespace {

/// A table of two features and two classes.
void write_labelled_table(const fs::path& path, int rows) {
  std::ofstream file(path);
  file << "id,a,b,diagnosis\n";
  for (int k = 0; k < rows; ++k)
    file << k << "," << 0.1 * (k % 7) << "," << 0.13 * (k % 5) << "," << (k % 7 > 3 ? "M" : "B") << "\n";
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
  const auto left = last_samples<double>(folder_ / "whole.npy", 23 * 23),
             right = last_samples<double>(folder_ / "tiles.npy", 23 * 23);
  for (std::size_t k = 0; k < left.size(); ++k) ASSERT_NEAR(left[k], right[k], 1e-6);
  EXPECT_EQ(left[24 * 5], 1); // on the diagonal
}

TEST_F(CommandLine, TakesMoreThreadsThanThereAreProcessorsWithoutAWord) {
  write_labelled_table(folder_ / "table.csv", 40);
  const std::string kernel = "kernel table.csv --map hardware-efficient --label diagnosis --quiet --out ";
  const Outcome many = run(kernel + "many.npy --threads 1024"), one = run(kernel + "one.npy --threads 1");
  ASSERT_EQ(many.code, 0) << many.err;
  EXPECT_EQ(many.err, one.err);
  EXPECT_EQ(content(folder_ / "many.npy"), content(folder_ / "one.npy"));
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

} // namespace
} // namespace bloch::end_to_end
