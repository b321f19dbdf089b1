import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

import { download, downloadAll } from "../../../../sandbox/install/download";
import { installAll, machine } from "../../../../sandbox/install/obtain";
import type { InstalledTool, Tool } from "../../../../sandbox/install/tool";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

const silent = { detail: () => undefined };
const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");
/** The same on every architecture. */
const sumsOf = (content: string | Buffer, algorithm = "sha256"): Record<string, string> => {
  const sum = createHash(algorithm).update(content).digest("hex");
  return { amd64: sum, arm64: sum };
};

describe("a download", () => {
  ownEnvironment();
  const temporary = temporaryFolder();
  let folder = "";
  let origin = "";
  let server: Server;
  let answer: RequestListener;
  let requests: string[];

  beforeEach(async () => {
    folder = temporary.path();
    process.env.XDG_CACHE_HOME = folder;
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
      if (request.method === "HEAD") response.end();
      else answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  for (const algorithm of ["sha256", "sha512"]) {
    it(`becomes an executable file once its ${algorithm} sum is the known one`, async () => {
      answer = (_, response) => response.end("tool");
      await downloadAll([{ url: `${origin}/tool`, sums: sumsOf("tool", algorithm), to: "bin/tool" }], folder, silent);
      assert.equal(readFileSync(path.join(folder, "bin/tool"), "utf8"), "tool");
      assert.equal(statSync(path.join(folder, "bin/tool")).mode & 0o777, 0o755);
      assert.deepEqual(requests, ["HEAD /", "GET /tool"]);
    });
  }

  it("is refused and deleted when its sum is another one", async () => {
    answer = (_, response) => response.end("tool");
    const files = [{ url: `${origin}/tool`, sums: sumsOf("saw"), to: "tool" }];
    await assert.rejects(downloadAll(files, folder, silent), {
      message: `${origin}/tool has the sha256 sum ${sha256("tool")} instead of ${sha256("saw")}, so it was deleted`,
    });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is not started for an architecture of which no sum is known", async () => {
    const files = [{ url: `${origin}/tool`, sums: sumsOf("tool"), to: "tool" }];
    await assert.rejects(downloadAll(files, folder, silent, "riscv64"), {
      message: `no sum is known of ${origin}/tool`,
    });
    assert.deepEqual(requests, []);
  });

  it("of an archive is unpacked without its top folder, as a whole or one file alone", async () => {
    mkdirSync(path.join(folder, "source/top"), { recursive: true });
    for (const name of ["wanted", "other"]) writeFileSync(path.join(folder, "source/top", name), name);
    const archive = execFileSync("tar", ["-cz", "-C", path.join(folder, "source"), "top"]);
    answer = (_, response) => response.end(archive);
    const url = `${origin}/top.tgz`;
    const sums = sumsOf(archive);
    await downloadAll([{ url, sums, to: "bin", members: ["top/wanted"] }], folder, silent);
    assert.equal(existsSync(path.join(folder, "bin/wanted")), true);
    assert.equal(existsSync(path.join(folder, "bin/other")), false);
    await downloadAll([{ url, sums, to: "all" }], folder, silent);
    assert.equal(existsSync(path.join(folder, "all/other")), true);
    await downloadAll([{ url, sums, to: "whole", strip: 0 }], folder, silent);
    assert.equal(existsSync(path.join(folder, "whole/top/other")), true);
    assert.equal(existsSync(path.join(folder, "top.tgz")), false);
  });

  it("says how much has arrived", async () => {
    answer = (_, response) => response.setHeader("content-length", 1_500_000).end(Buffer.alloc(1_500_000));
    const shown: string[] = [];
    await download(`${origin}/tool`, path.join(folder, "tool"), { detail: (text) => shown.push(text) });
    assert.equal(shown.at(-1), "tool 1.5 of 1.5 MB");
  });

  it("is tried again when it breaks", async () => {
    let times = 0;
    answer = (request, response) => {
      times++;
      if (times === 1) response.writeHead(200, { "content-length": 100 }).write("half", () => request.destroy());
      else response.end("whole");
    };
    await download(`${origin}/tool`, path.join(folder, "tool"), silent, { standstill: 5_000, pause: 1 });
    assert.equal(readFileSync(path.join(folder, "tool"), "utf8"), "whole");
  });

  it("is not tried again when the server has no such file", async () => {
    answer = (_, response) => response.writeHead(404).end();
    await assert.rejects(download(`${origin}/tool`, path.join(folder, "tool"), silent), {
      message: `${origin}/tool answered 404`,
    });
    assert.deepEqual(requests, ["GET /tool"]);
  });

  it("fails when nothing arrives for a while", async () => {
    answer = (_, response) => response.writeHead(200, { "content-length": 100 }).write("half");
    await assert.rejects(download(`${origin}/tool`, path.join(folder, "tool"), silent, { standstill: 50, pause: 1 }), {
      message: `${origin}/tool sent nothing for 0.05 s`,
    });
  });

  it("is not started when one of its servers cannot be reached", async () => {
    // Nothing listens there; what is known of a server holds for the whole process, and another test may get any port.
    const closed = "127.0.0.2:4";
    const files = [
      { url: `${origin}/tool`, sums: sumsOf(""), to: "tool" },
      { url: `http://${closed}/other`, sums: sumsOf(""), to: "other" },
    ];
    await assert.rejects(downloadAll(files, folder, silent), {
      message: `${closed} cannot be reached (ECONNREFUSED)`,
    });
    assert.deepEqual(requests, ["HEAD /"]);
  });

  describe("of a tool", () => {
    const install = async (script: string, known = script): Promise<readonly InstalledTool[]> => {
      answer = (_, response) => response.end(script);
      const tool: Tool = {
        name: "saw",
        title: "Saw",
        version: "1.0.0",
        executables: ["saw"],
        versionArguments: ["--version"],
        ways: [{ kind: "download", files: [{ url: `${origin}/saw`, sums: sumsOf(known), to: "bin/saw" }] }],
        byHand: "install Saw",
      };
      return await installAll([tool], { ...machine, screen: { isTTY: false, columns: 80, write: () => undefined } });
    };

    it("is kept for the next run", async () => {
      const script = "#!/bin/sh\necho Saw 1.0.0\n";
      const bin = path.join(folder, "kubernetes-django/tools/saw-1.0.0/bin");
      assert.deepEqual(await install(script), [{ name: "saw", version: "1.0.0", folder: bin, source: "vendor" }]);
      assert.deepEqual(await install(script), [{ name: "saw", version: "1.0.0", folder: bin, source: "cache" }]);
      assert.equal(requests.filter((request) => request === "GET /saw").length, 1);
    });

    it("is deleted when its sum is another one, and the sentence says what to do", async () => {
      await assert.rejects(
        install("saw", "other"),
        isProblem(
          `Saw 1.0.0 could not be installed (from the vendor: ${origin}/saw has the sha256 sum ${sha256("saw")} instead of ${sha256("other")}, so it was deleted); install Saw.`,
        ),
      );
      assert.deepEqual(readdirSync(path.join(folder, "kubernetes-django/tools")), []);
    });

    it("is deleted when it does not run on this system", async () => {
      await assert.rejects(
        install("#!/bin/sh\nexit 1\n"),
        isProblem("Saw 1.0.0 could not be installed (from the vendor: saw does not run on this system); install Saw."),
      );
      assert.deepEqual(readdirSync(path.join(folder, "kubernetes-django/tools")), []);
    });
  });
});
