#include "quantum/qasm/detail/gate_definitions.h"

namespace bloch::quantum {
namespace {

constexpr GateText definitions_3[] = {
    {"u0", "gate u0(t) a { }"},
    {"sxdg", "gate sxdg a { inv @ sx a; }"},
    {"cs", "gate cs a, b { ctrl @ s a, b; }"},
    {"csdg", "gate csdg a, b { ctrl @ sdg a, b; }"},
    {"csx", "gate csx a, b { ctrl @ sx a, b; }"},
    {"cu1", "gate cu1(t) a, b { cp(t) a, b; }"},
    {"cu3", "gate cu3(t, f, l) a, b { ctrl @ u3(t, f, l) a, b; }"},
    {"rzz", "gate rzz(t) a, b { cx a, b; rz(t) b; cx a, b; }"},
    {"rxx", "gate rxx(t) a, b { h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b; }"},
    {"ryy",
     "gate ryy(t) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(t) b; cx a, b; rx(-pi/2) a; rx(-pi/2) b; }"},
    {"rzx", "gate rzx(t) a, b { h b; cx a, b; rz(t) b; cx a, b; h b; }"},
    {"iswap", "gate iswap a, b { s a; s b; h a; cx a, b; cx b, a; h b; }"},
    {"dcx", "gate dcx a, b { cx a, b; cx b, a; }"},
    {"ecr",
     "gate ecr a, b { h b; cx a, b; rz(pi/4) b; cx a, b; h b; x a; h b; cx a, b; rz(-pi/4) b; cx a, b; h b; }"},
    {"ccz", "gate ccz a, b, c { h c; ccx a, b, c; h c; }"},
    {"c3x", "gate c3x a, b, c, d { ctrl(3) @ x a, b, c, d; }"},
    {"c3sqrtx", "gate c3sqrtx a, b, c, d { ctrl(3) @ sx a, b, c, d; }"},
    {"c3sx", "gate c3sx a, b, c, d { ctrl(3) @ sx a, b, c, d; }"},
    {"c4x", "gate c4x a, b, c, d, e { ctrl(4) @ x a, b, c, d, e; }"},
    {"rccx", "gate rccx a, b, c { u2(0, pi) c; u1(pi/4) c; cx b, c; u1(-pi/4) c; cx a, c; u1(pi/4) c; cx b, c; "
             "u1(-pi/4) c; u2(0, pi) c; }"},
    {"rc3x", "gate rc3x a, b, c, d { u2(0, pi) d; u1(pi/4) d; cx c, d; u1(-pi/4) d; u2(0, pi) d; cx a, d; "
             "u1(pi/4) d; cx b, d; "
             "u1(-pi/4) d; cx a, d; u1(pi/4) d; cx b, d; u1(-pi/4) d; u2(0, pi) d; u1(pi/4) d; cx c, d; "
             "u1(-pi/4) d; u2(0, pi) d; }"},
};

constexpr GateText definitions_2[] = {
    {"cs", "gate cs a, b { cu1(pi/2) a, b; }"},
    {"csdg", "gate csdg a, b { cu1(-pi/2) a, b; }"},
    {"ccz", "gate ccz a, b, c { h c; ccx a, b, c; h c; }"},
    {"ryy",
     "gate ryy(t) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(t) b; cx a, b; rx(-pi/2) a; rx(-pi/2) b; }"},
    {"rzx", "gate rzx(t) a, b { h b; cx a, b; rz(t) b; cx a, b; h b; }"},
    {"iswap", "gate iswap a, b { s a; s b; h a; cx a, b; cx b, a; h b; }"},
    {"dcx", "gate dcx a, b { cx a, b; cx b, a; }"},
    {"ecr",
     "gate ecr a, b { h b; cx a, b; rz(pi/4) b; cx a, b; h b; x a; h b; cx a, b; rz(-pi/4) b; cx a, b; h b; }"},
};

} // namespace

std::span<const GateText> gate_definitions(int version) {
  if (version == 3) return definitions_3;
  return definitions_2;
}

} // namespace bloch::quantum
