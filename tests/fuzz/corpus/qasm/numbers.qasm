OPENQASM 3;
qubit q; pow(0.5) @ U(0.1, 0b101, 0x1f) q; pow(-3) @ inv @ U(tau, euler, 1_000) q; if (2 > 1) U(0,0,0) q; else { }