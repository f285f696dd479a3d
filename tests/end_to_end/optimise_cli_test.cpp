// Problems of bits and ground energies: optimise and vqe.
#include "tests/end_to_end/command_line.h"

namespace bloch::end_to_end {
namespace {

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

TEST_F(CommandLine, SaysARatioOfOneWhereAllCostsAreTheSame) {
  // 0.1 + 0.2 - 0.3 is not quite 0.
  std::ofstream(folder_ / "flat.json") << R"({"variables": 3, "terms": [{"variables": [0], "coefficient": 0.1},
    {"variables": [1], "coefficient": 0.1}, {"variables": [2], "coefficient": 0.1}]})";
  const Outcome outcome = run("optimise flat.json --mixer xy --ones 1 --shots 10 --json -");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const json answer = json::parse(outcome.out);
  EXPECT_EQ(answer["quantum"]["approximation_ratio"], 1.0) << outcome.out;
}

} // namespace
} // namespace bloch::end_to_end
