OPENQASM 2.0;
include "qelib1.inc";
gate pair(a,b) x,y { rx(a/2) x; barrier x,y; cx x,y; rz(-b^2) y; }
opaque thing(a) q;
qreg a[2]; qreg b[2]; creg z[1]; creg x[1];
pair(pi, sin(0.5)*2e-3) a,b;
measure a[0] -> z[0];
if (z==1) u3(0.1,.2,3.) b[1];
reset a[1];
