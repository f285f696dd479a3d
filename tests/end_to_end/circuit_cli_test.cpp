// Circuits: simulate, draw and resources.
#include "tests/end_to_end/command_line.h"

namespace bloch::end_to_end {
namespace {

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
  std::ofstream(folder_ / "measured.qasm")
      << "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[2] q;\nbit[2] c;\nh q[0];\nc = measure q;\n";
  for (const char* wrong : {"--observable XQ", "--observable ZZZ", "--probabilities 5", "--probabilities 0,0"})
    EXPECT_EQ(run(std::string("simulate measured.qasm --shots 10 ") + wrong).out, "")
        << wrong; // nothing was run
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
  const std::string once =
      "simulate one.qasm --noise noise.json --noise-method trajectories --shots 1 --observable IZ";
  refuses(once, 2, "--shots 2");
  EXPECT_EQ(run(once).out, ""); // nothing was run
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

TEST_F(CommandLine, WaitsInACircuitAndRelaxesMeanwhile) {
  std::ofstream(folder_ / "wait.qasm")
      << "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[2] q; bit[2] c;\nx q;\n"
         "box { delay[100dt] q[0]; }\nc = measure q;\n";
  refuses("simulate wait.qasm", 1, "line 5, column 16");
  refuses("draw wait.qasm", 1, "dt-ns");
  const Outcome drawn = run("draw wait.qasm --dt-ns 2");
  EXPECT_NE(drawn.out.find("wait 200ns"), std::string::npos) << drawn.out << drawn.err;
  const json counted = json::parse(run("resources wait.qasm --dt-ns 2 --json -").out);
  EXPECT_EQ(counted["gates"], 2);
  EXPECT_EQ(counted["delays"], 1);
  ASSERT_EQ(run("draw wait.qasm --dt-ns 2 --out again.qasm").code, 0);
  EXPECT_NE(content(folder_ / "again.qasm").find("delay[200ns] q[0];"), std::string::npos);
  EXPECT_EQ(json::parse(run("simulate again.qasm --json -").out)["counts"]["11"], 1024);
  for (const bool idle : {false, true}) {
    std::ofstream(folder_ / "noise.json")
        << R"({"qubits": {"all": {"t1_us": 10, "t2_us": 15}}, "dt_ns": 100, "idle": )"
        << (idle ? "true}" : "false}");
    const Outcome outcome = run("simulate wait.qasm --noise noise.json --shots 20000 --seed 4 --observable IZ "
                                "--observable ZI --json -");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const json expectations = json::parse(outcome.out)["expectations"];
    const double decayed = 1 - 2 * std::exp(-1.0);
    EXPECT_NEAR(expectations[0]["value"].get<double>(), decayed, 1e-5);
    EXPECT_NEAR(expectations[1]["value"].get<double>(), idle ? decayed : -1, 1e-5);
  }
  std::ofstream(folder_ / "gate.qasm") << "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nconst duration d = 100dt; "
                                          "gate slow a { box[3 * d] { x a; delay[d] a; } }\n"
                                          "qubit[2] q; slow q[0]; x q[1];\n";
  EXPECT_NE(run("draw gate.qasm --dt-ns 2").out.find("600ns{"), std::string::npos);
  const Outcome slow = run("simulate gate.qasm --noise noise.json --observable IZ --json -"); // dt 100 ns, idle
  EXPECT_NEAR(json::parse(slow.out)["expectations"][0]["value"].get<double>(), 1 - 2 * std::exp(-3.0), 1e-5);
  std::ofstream(folder_ / "short.qasm") << "OPENQASM 3.0;\nqubit q;\nbox[1us] { delay[2us] q; }\n";
  refuses("simulate short.qasm --noise noise.json", 1, "its steps take 2000 ns");
  for (const auto& [text, word] : {std::pair{R"({"idle": 1})", "true or false"},
                                   {R"({"dt_ns": -1})", "dt"},
                                   {R"({"gates": {"measure": {"depolarising": 0.1}}})", "duration_ns"}}) {
    std::ofstream(folder_ / "wrong.json") << text;
    refuses("simulate again.qasm --noise wrong.json", 1, word);
  }
}

TEST_F(CommandLine, GivesACircuitItsInputsAndAsksANoiseModelHowLongGatesTake) {
  std::ofstream(folder_ / "input.qasm")
      << "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float theta; input int n;\n"
         "gate g(t) a { for int k in [1:2] rx(k * t) a; }\nqubit[2] q;\n"
         "g(n * theta) q[0]; box[40ns] { x q[0]; nop q[1]; }\n";
  refuses("draw input.qasm", 1, "no value is given for the input 'theta'");
  refuses("draw input.qasm --input theta", 2, "theta=0.5");
  refuses("draw input.qasm --input theta=1 --input n=x", 2, "theta=0.5");
  const Outcome drawn = run("draw input.qasm --input theta=0.25 --input n=2 --as qasm3");
  ASSERT_EQ(drawn.code, 0) << drawn.err;
  EXPECT_NE(drawn.out.find("rx(0.5) q[0];\nrx(1.0) q[0];\nbox[40ns] {\nx q[0];\nbarrier q[1];\n}\n"),
            std::string::npos)
      << drawn.out;
  EXPECT_EQ(json::parse(run("resources input.qasm --input theta=0 --input n=1 --json -").out)["gates"], 3);
  std::ofstream(folder_ / "ask.qasm") << "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit q;\nx q;\n"
                                         "delay[1us - durationof({ x q; })] q;\n";
  refuses("simulate ask.qasm", 1, "line 5, column 26: how long gate 'x' takes is not known");
  std::ofstream(folder_ / "slow.json")
      << R"({"gates": {"x": {"duration_ns": 400}}, "qubits": {"all": {"t1_us": 1, "t2_us": 1}}})";
  const Outcome slow = run("simulate ask.qasm --noise slow.json --observable Z --json -");
  ASSERT_EQ(slow.code, 0) << slow.err;
  EXPECT_NEAR(json::parse(slow.out)["expectations"][0]["value"].get<double>(), 1 - 2 * std::exp(-1.0), 1e-5);
}

} // namespace
} // namespace bloch::end_to_end
