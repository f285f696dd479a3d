OPENQASM 3.1;
include "stdgates.inc";
qubit[2] q; bit c;
const duration d = 2us;
gate e(t) a, b { box[d / 4] { x a; box { delay[5ns] a; barrier; } } delay[1dt]; rz(t) b; }
e(1) q[0], q[1]; inv @ e(2) q[1], q[0]; pow(3) @ e(1) q[0], q[1];
c = measure q[0]; if (c) e(1) q[1], q[0];
