OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q; bit c;
box { h q[0]; cx q[0], q[1]; barrier; }
box[2us] { duration d = 300ns; let p = q[1:2]; delay[d] p; box { x p; } box { } }
c = measure q[0];
if (c) box { x q[1]; c = measure q[1]; }
if (2 < 1) box[1ns] { y q; } else box { z q; }
