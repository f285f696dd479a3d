OPENQASM 3.1;
include "stdgates.inc";
pragma x y
@note
qubit[2] q; bit[3] c; uint a = 5; bit z = 0;
c[0:1] = measure q[:];
switch (int[2](c)) { case 1, 2 { x q[0]; } case 3, { z q[1]; } default { h q[0]; } }
if (c[0] && !c[1] || c >= 3) { bit b = measure q[0]; } else x q[-1];
while (a > 1) { a >>= 1; if ((a & 1) == 1) rx(a[0] ^ ~2 | popcount(3)) q[0]; }
if (false) for int k in {0, 1} if (c < 2) x q[{0, 1}]; else y q[k]; else t $1;
