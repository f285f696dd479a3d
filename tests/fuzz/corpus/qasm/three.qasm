OPENQASM 3.0;
include "stdgates.inc";
const int n = 4; qubit[n] q; bit[n] c; float s = pi / 8;
gate two(t) a, b { ctrl @ rz(t) a, b; gphase(0.3); }
for int i in [0:n-2] { two(s*i) q[i], q[i+1]; }
for uint i in {3,1} inv @ pow(2) @ negctrl @ x q[i], q[0];
let p = q[0:2:3] ++ q[1];
c[0] = measure q[0];
if (c[0] == 1 && !c[1]) x p; 
if (c == "0101") { y q; } else { ctrl(2) @ z q[0], q[1], q[2]; }
reset q;
bit d = measure q[-1];
