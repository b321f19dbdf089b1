import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

export interface Certificate {
  cert: string;
  key: string;
}

/** Writes `cert.pem`, `key.pem` and `ca.pem` into a folder: one certificate that is its own authority, for 127.0.0.1. */
export function writeCertificate(folder: string): Certificate {
  fs.mkdirSync(folder, { recursive: true });
  const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=test -days 1";
  const names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"];
  execFileSync("openssl", [...request.split(" "), ...names], { cwd: folder, stdio: "ignore" });
  fs.copyFileSync(path.join(folder, "cert.pem"), path.join(folder, "ca.pem"));
  const read = (name: string): string => fs.readFileSync(path.join(folder, name), "utf8");
  return { cert: read("cert.pem"), key: read("key.pem") };
}
