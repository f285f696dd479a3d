OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q; bit[2] c;
duration wait = 2 * 50ns + 1us / 4; const duration half = wait / 2.0;
h q[0]; delay[wait] q[0]; delay[100.5 µs] q[1:2]; delay[half - 3ns] q[0], q[2]; delay[1e-3ms];
wait *= 3; wait += half; wait /= 2;
for int k in [1:3] { if (k * 1ns >= 2ns) delay[k * half] q[k - 1]; }
c[0] = measure q[0]; if (c[0]) { delay[.5s] q[1]; } else delay[0ns] q[1];
