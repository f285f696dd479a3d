OPENQASM 3.2;
include "stdgates.inc";
const int n = 2;
gate g(t) a, b { for int k in [1:n] { rx(t / k) a; for int j in [k:-1:0] cp(t * j) a, b; } for float f in {0.5, pi,} ry(f) b; nop a; }
qubit[3] q; bit[2] c;
g(0.5) q[0], q[1]; inv @ g(1) q[1], q[2]; ctrl @ pow(1/2) @ x q[::-1], q[0];
box[durationof({ delay[10ns] q[0]; box[5ns] { x q; nop q[1:]; } for uint k in {1, 2} delay[k * 1us] q[:1]; })] { nop q[2]; x q[0]; }
