OPENQASM 3.1;
qubit q;
delay[4dt] q; box[1e3dt] { delay[2dt + .5ns] q; }
box[durationof({ x q; })] { }
stretch s;
