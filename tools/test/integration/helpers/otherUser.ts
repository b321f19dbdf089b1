import fs from "node:fs";
import path from "node:path";

import execa from "execa";

import { clusterData, clusterFolder, type ClusterKind } from "../../../sandbox/cluster/kinds";
import { processesWith } from "./traces";

/** A user of this machine who has nothing to do with the sandbox: "nobody" and its group. */
const nobody = 65534;

/** What a cluster's processes listen at. */
export interface Listening {
  tcp: { host: string; port: number }[];
  udp: string[];
  /** Paths of unix sockets; an abstract one begins with @. */
  sockets: string[];
}

const pidsOf = (kind: ClusterKind): string[] => [
  ...new Set([clusterFolder(kind), clusterData(kind)].flatMap((folder) => processesWith("cmdline", `${folder}/`))),
];

/** Everything that the processes of a cluster listen at, as the kernel lists it. */
export function listeningOf(kind: ClusterKind): Listening {
  const found: Listening = { tcp: [], udp: [], sockets: [] };
  for (const pid of pidsOf(kind).filter((each) => each !== String(process.pid))) {
    const inodes = new Set(socketInodes(pid));
    const rows = (table: string): string[][] => rowsOf(pid, table);
    for (const [, local = "", , state, , , , , , inode = ""] of [...rows("tcp"), ...rows("tcp6")]) {
      if (state === "0A" && inodes.has(inode)) {
        found.tcp.push(addressOf(local));
      }
    }
    for (const [, local = "", remote = "", , , , , , , inode = ""] of [...rows("udp"), ...rows("udp6")]) {
      if (inodes.has(inode) && /^0+:0+$/.test(remote)) {
        found.udp.push(local);
      }
    }
    for (const [, , , flags, , , inode = "", name] of rows("unix")) {
      // 00010000: it waits for connections.
      if (name !== undefined && flags === "00010000" && inodes.has(inode)) {
        found.sockets.push(name);
      }
    }
  }
  return found;
}

/** One of the tables of a process's network; empty where it has ended, as those do that probe a container. */
function rowsOf(pid: string, table: string): string[][] {
  try {
    const lines = fs.readFileSync(`/proc/${pid}/net/${table}`, "utf8").trimEnd().split("\n");
    return lines.slice(1).map((line) => line.trim().split(/\s+/));
  } catch {
    return [];
  }
}

function socketInodes(pid: string): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return fs.readdirSync(folder).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(path.join(folder, fd)))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** An address in the kernel's tables; one that stands for all is reached at localhost. */
function addressOf(text: string): { host: string; port: number } {
  const [address = "", port = ""] = text.split(":");
  const last = address.slice(-8);
  const bytes = (/../g[Symbol.match](last) ?? []).reverse().map((byte) => parseInt(byte, 16));
  const isAny = /^0+$/.test(address);
  return { host: isAny ? "127.0.0.1" : bytes.join("."), port: parseInt(port, 16) };
}

/** The files and folders of a cluster, without what is in its images. */
export function filesOf(kind: ClusterKind): string[] {
  const below = (folder: string, depth: number): string[] =>
    entriesOf(folder).flatMap((entry) => {
      const name = path.join(folder, entry.name);
      return [name, ...(entry.isDirectory() && depth > 0 ? below(name, depth - 1) : [])];
    });
  return [clusterFolder(kind), clusterData(kind)].flatMap((folder) => [folder, ...below(folder, 2)]);
}

/** What is in a folder; nothing where it went in the meantime, as those of pods do. */
function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

const script = `
const http = require("node:http"), https = require("node:https"), net = require("node:net"), fs = require("node:fs");
const { tcp, sockets, files } = JSON.parse(fs.readFileSync(0, "utf8"));
process.setgroups([]); process.setgid(${nobody}); process.setuid(${nobody});
const asked = [["GET", "/"], ["GET", "/version"], ["GET", "/healthz"], ["GET", "/metrics"], ["GET", "/configz"],
  ["GET", "/proxyMode"], ["GET", "/pods"], ["GET", "/debug/pprof/"], ["GET", "/api/v1/secrets"], ["GET", "/v1.43/info"],
  ["POST", "/v3/kv/range"]];
const ask = (module, options, method, path) => new Promise((resolve) => {
  const request = module.request({ ...options, method, path, agent: false, rejectUnauthorized: false, timeout: 3000 },
    (response) => { response.resume(); resolve(response.statusCode); });
  request.on("timeout", () => request.destroy(new Error("timeout")));
  request.on("error", (error) => resolve(error.code ?? error.message));
  request.end(method === "POST" ? '{"key":"AA=="}' : undefined);
});
const connect = (path) => new Promise((resolve) => {
  const socket = net.connect({ path }, () => { socket.destroy(); resolve("connected"); });
  socket.on("error", (error) => resolve(error.code));
});
const isOpen = (file, mode) => { try { fs.accessSync(file, mode); return true; } catch { return false; } };
(async () => {
  const entered = [];
  const answered = [];
  for (const { host, port } of tcp)
    for (const [method, path] of asked)
      for (const [name, module] of [["http", http], ["https", https]]) {
        const answer = await ask(module, { host, port }, method, path);
        answered.push(answer);
        if (answer < 400) entered.push([method, name + "://" + host + ":" + port + path, answer].join(" "));
      }
  for (const path of sockets)
    if ((await connect(path[0] === "@" ? "\\0" + path.slice(1) : path)) === "connected") entered.push(path);
  for (const file of files)
    if (isOpen(file, fs.constants.R_OK) || isOpen(file, fs.constants.W_OK)) entered.push(file);
  console.log(JSON.stringify({ entered, answered: answered.length, uid: process.getuid() }));
})();
`;

/** What another user of this machine gets at without credentials. */
export async function enteredByOthers(
  targets: Pick<Listening, "tcp" | "sockets"> & { files: string[] },
): Promise<{ entered: string[]; answered: number; uid: number }> {
  const { stdout } = await execa(process.execPath, ["--eval", script], { input: JSON.stringify(targets), cwd: "/" });
  return JSON.parse(stdout) as { entered: string[]; answered: number; uid: number };
}
