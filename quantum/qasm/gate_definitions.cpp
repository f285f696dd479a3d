#include "quantum/qasm/detail/gate_definitions.h"

#include <iterator>
#include <vector>

namespace bloch::quantum {
namespace {

/// Those that stdgates.inc lacks alone.
constexpr GateText not_in_stdgates[] = {
    {"u0", "gate u0(t) a { }"},
    {"sxdg", "gate sxdg a { inv @ sx a; }"},
    {"cs", "gate cs a, b { ctrl @ s a, b; }"},
    {"csdg", "gate csdg a, b { ctrl @ sdg a, b; }"},
    {"csx", "gate csx a, b { ctrl @ sx a, b; }"},
    {"cu1", "gate cu1(t) a, b { cp(t) a, b; }"},
    {"cu3", "gate cu3(t, f, l) a, b { ctrl @ u3(t, f, l) a, b; }"},
    {"rzz", "gate rzz(t) a, b { cx a, b; rz(t) b; cx a, b; }"},
    {"rxx", "gate rxx(t) a, b { h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b; }"},
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

/// Those that qelib1.inc lacks alone.
constexpr GateText not_in_qelib1[] = {
    {"cs", "gate cs a, b { cu1(pi/2) a, b; }"},
    {"csdg", "gate csdg a, b { cu1(-pi/2) a, b; }"},
};

/// Those that neither file has.
constexpr GateText in_neither[] = {
    {"ryy",
     "gate ryy(t) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(t) b; cx a, b; rx(-pi/2) a; rx(-pi/2) b; }"},
    {"rzx", "gate rzx(t) a, b { h b; cx a, b; rz(t) b; cx a, b; h b; }"},
    {"iswap", "gate iswap a, b { s a; s b; h a; cx a, b; cx b, a; h b; }"},
    {"dcx", "gate dcx a, b { cx a, b; cx b, a; }"},
    {"ecr",
     "gate ecr a, b { h b; cx a, b; rz(pi/4) b; cx a, b; h b; x a; h b; cx a, b; rz(-pi/4) b; cx a, b; h b; }"},
    {"ccz", "gate ccz a, b, c { h c; ccx a, b, c; h c; }"},
};

template <std::size_t Count> std::vector<GateText> with_those_in_neither(const GateText (&own)[Count]) {
  std::vector<GateText> all(std::begin(own), std::end(own));
  all.insert(all.end(), std::begin(in_neither), std::end(in_neither));
  return all;
}

} // namespace

std::span<const GateText> gate_definitions(int version) {
  static const std::vector<GateText> of_3 = with_those_in_neither(not_in_stdgates),
                                     of_2 = with_those_in_neither(not_in_qelib1);
  return version == 3 ? of_3 : of_2;
}

} // namespace bloch::quantum
