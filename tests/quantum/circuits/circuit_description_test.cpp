#include <gtest/gtest.h>

#include "quantum/circuits/draw.h"
#include "quantum/circuits/resources.h"

namespace bloch::quantum {
namespace {

Circuit teleportation() {
  Circuit circuit;
  circuit.add_qubits("q", 3);
  circuit.add_bits("c", 2);
  circuit.h(1).cx(1, 2).t(0).cx(0, 1).h(0).measure(0, 0).measure(1, 1);
  Operation fix;
  fix.gate = find_gate("x");
  fix.qubits = {2};
  fix.conditions = {{1, 1, 1, true}};
  circuit.add(fix);
  return circuit;
}

TEST(CircuitResources, count_gates_depth_and_kinds) {
  const CircuitResources resources = resources_of(teleportation());
  EXPECT_EQ(resources.qubits, 3);
  EXPECT_EQ(resources.bits, 2);
  EXPECT_EQ(resources.gates, 6U);
  EXPECT_EQ(resources.two_qubit_gates, 2U);
  EXPECT_EQ(resources.t_gates, 1U);
  EXPECT_EQ(resources.measurements, 2U);
  EXPECT_EQ(resources.depth, 5U); // h, cx, cx, measurement of q[1], the x that waits for it
  EXPECT_EQ(resources.by_name.at("cx"), 2U);
}

TEST(DrawText, shows_wires_controls_targets_and_bits) {
  // clang-format off
  EXPECT_EQ(draw_text(teleportation()),
            "q[0] ─[T]──────●────[H]──────[M→c[0]]────\n"
            "               │\n"
            "q[1] ─[H]──●──[X]─[M→c[1]]───────────────\n"
            "           │\n"
            "q[2] ─────[X]──────────────[X if c[1]=1]─\n");
  // clang-format on
}

TEST(DrawText, breaks_lines_that_are_too_wide) {
  Circuit circuit(1);
  for (int k = 0; k < 60; ++k) circuit.h(0);
  const std::string text = draw_text(circuit, 80);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 7); // four lines and blank ones between
}

TEST(DrawSvg, is_closed_and_escapes_names) {
  Circuit circuit(3, 1);
  circuit.ccx(0, 1, 2).swap(0, 2).rx(0.5, 1).reset(1).measure(0, 0).barrier(std::vector{0, 1});
  const std::string svg = draw_svg(circuit);
  EXPECT_TRUE(svg.starts_with("<svg"));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  EXPECT_NE(svg.find("|0&gt;"), std::string::npos);
  EXPECT_EQ(svg.find("|0>"), std::string::npos);
  Circuit large(1);
  for (std::size_t k = 0; k <= most_drawn_steps; ++k) large.h(0);
  EXPECT_THROW(draw_svg(large), std::invalid_argument);
}

} // namespace
} // namespace bloch::quantum
