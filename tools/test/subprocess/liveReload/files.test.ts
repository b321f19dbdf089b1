import assert from "node:assert/strict";
import fs from "node:fs";

import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { Agents, type Stream, untilEqual, needsPython } from "./agent";

describe("Files that are synced into a pod", () => {
  needsPython();
  const folder = temporaryFolder();
  const agents = new Agents(folder);
  let stream: Stream;
  const inPod = (name: string): string => folder.path("app", name);
  const text = (name: string): string => fs.readFileSync(inPod(name), "utf8");
  const names = (name = ""): string[] => fs.readdirSync(inPod(name)).sort();
  const placed = { is: "changed", id: 1, what: "nothing" };
  const without = ({ seconds, ...rest }: Record<string, unknown> = {}): object => {
    assert.equal(typeof seconds, "number");
    return rest;
  };

  beforeEach(() => {
    folder.write({ "app/kept.txt": "kept", "app/old.py": "old", "app/upload.txt": "of a user" });
    agents.start(["sleep", "100"]);
    stream = agents.stream();
  });

  it("are those of the project, and files of the pod's own stay", async () => {
    folder.write({ "app/gone/a.py": "", "app/gone/__pycache__/a.cpython-311.pyc": "", "app/collected/x.css": "" });
    const base = ["kept.txt", "old.py", "gone", "gone/a.py", "collected"].map(inPod);
    const files = { "kept.txt": "kept", "new/b.py": "b", "empty.txt": "" };
    assert.deepEqual(await stream.open(files, { base }), {
      is: "open",
      wanted: [inPod("new/b.py"), inPod("empty.txt")],
      removed: 3,
    });
    assert.deepEqual(names(), ["collected", "kept.txt", "new", "upload.txt"]);
  });

  it("are known to the next stream, which removes what is no longer listed", async () => {
    await stream.open({ "kept.txt": "kept" });
    await stream.change({ files: { "new/a.py": "a" }, links: { link: "kept.txt" }, folders: ["new", "empty"] });
    assert.deepEqual(names(), ["empty", "kept.txt", "link", "new", "old.py", "upload.txt"]);
    assert.deepEqual(await agents.stream().open({}), { is: "open", wanted: [], removed: 5 });
    assert.deepEqual(names(), ["old.py", "upload.txt"]);
  });

  it("get their modes, links and folders without their contents being sent", async () => {
    const kept = [inPod("kept.txt"), 0o755, 4, "1e61fe1e47593d783345ac78ef213cc0446fd78c"];
    const links = [[inPod("a/link"), "../kept.txt"]];
    const answer = await stream.open({}, { files: [kept], links, folders: [inPod("a/b")] });
    assert.deepEqual(answer, { is: "open", wanted: [], removed: 0 });
    assert.equal(fs.statSync(inPod("kept.txt")).mode & 0o7777, 0o755);
    assert.equal(fs.readlinkSync(inPod("a/link")), "../kept.txt");
    assert.deepEqual(names("a"), ["b", "link"]);
  });

  it("are put in place with their modes, and bytecode beside them goes", async () => {
    await stream.open({});
    folder.write({ "app/__pycache__/old.cpython-311.pyc": "", "app/__pycache__/other.cpython-311.pyc": "" });
    const files = { "old.py": "new", "deep/in/it.sh": "#!/bin/sh" };
    assert.deepEqual(without(await stream.change({ files, modes: { "deep/in/it.sh": 0o751 } })), placed);
    assert.equal(text("old.py"), "new");
    assert.equal(fs.statSync(inPod("deep/in/it.sh")).mode & 0o7777, 0o751);
    assert.deepEqual(names("__pycache__"), ["other.cpython-311.pyc"]);
    assert.deepEqual(names(), ["__pycache__", "deep", "kept.txt", "old.py", "upload.txt"]);
  });

  it("take the place of a folder and of a link, and the other way round", async () => {
    await stream.open({});
    await stream.change({ files: { "a/b.py": "b", c: "c" }, links: { d: "kept.txt", e: "kept.txt" }, folders: ["a"] });
    const files = { a: "a", "c/in.py": "in", d: "d" };
    const answer = await stream.change({ files, remove: ["a/b.py"], links: { old: "kept.txt" }, folders: ["c", "e"] });
    assert.deepEqual(without(answer), { ...placed, id: 2 });
    assert.deepEqual([text("a"), text("c/in.py"), text("d"), text("old")], ["a", "in", "d", "kept"]);
    assert.ok(fs.lstatSync(inPod("d")).isFile());
    assert.deepEqual(names("e"), []);
    assert.equal(text("kept.txt"), "kept");
  });

  it("are never written or removed through a link that leads out of the project", async () => {
    folder.write({ "outside/a.py": "a" });
    await stream.open({});
    await stream.change({ files: { "in/a.py": "b" }, folders: ["in"] });
    fs.rmSync(inPod("in"), { recursive: true });
    folder.write({ "app/in": { symlink: folder.path("outside") } });
    await stream.change({ remove: ["in/a.py"] });
    await stream.change({ files: { "in/a.py": "c" } });
    assert.equal(fs.readFileSync(folder.path("outside/a.py"), "utf8"), "a");
    assert.equal(text("in/a.py"), "c");
  });

  it("are refused together when one of them cannot be written", async () => {
    await stream.open({});
    folder.write({ "app/media/upload.png": "of a user" });
    const files = { "old.py": "new", media: "a file", "new.py": "new" };
    assert.deepEqual(await stream.change({ files, remove: ["kept.txt"] }), {
      is: "refused",
      id: 1,
      path: inPod("media"),
      reason: `a folder is there, with ${inPod("media/upload.png")} in it`,
    });
    assert.deepEqual(names(), ["kept.txt", "media", "old.py", "upload.txt"]);
    assert.equal(text("old.py"), "old");
    assert.deepEqual(without(await stream.change({ files: { "old.py": "new" } })), { ...placed, id: 2 });
  });

  /** Says that nine bytes of a file are about to come. */
  const announceChange = (): void => {
    const files = [[inPod("old.py"), 0o644, 9]];
    stream.send({ do: "change", id: 1, remove: [], folders: [], links: [], files, then: "nothing" });
  };

  it("leave nothing behind when the stream ends in the middle of them", async () => {
    await stream.open({});
    announceChange();
    stream.write("half");
    await untilEqual("2", () => String(names().filter((name) => /^old|^\.live-reload-/.test(name)).length));
    stream.process.stdin.end();
    assert.equal(await stream.exitCode(), 0);
    assert.deepEqual(names(), ["kept.txt", "old.py", "upload.txt"]);
  });

  it("leave nothing behind when the stream is killed and another one is opened", async () => {
    await stream.open({});
    announceChange();
    await untilEqual("1", () => String(names().filter((name) => name.startsWith(".live-reload-")).length));
    stream.process.kill("SIGKILL");
    await stream.exitCode();
    await agents.stream().open({});
    assert.deepEqual(names(), ["kept.txt", "old.py", "upload.txt"]);
    assert.equal(text("old.py"), "old");
  });

  it("come over one stream: a later one ends it", async () => {
    await stream.open({});
    const later = agents.stream();
    await later.open({});
    assert.deepEqual(await stream.answer(), { is: "superseded" });
    assert.equal(await stream.exitCode(), 0);
    later.send({ do: "ping", id: 3 });
    assert.deepEqual(await later.answer(), { is: "pong", id: 3 });
  });

  it("come as the protocol has it, and the stream fails for anything else", async () => {
    stream.write("hello\n");
    assert.deepEqual(await stream.answer(), { is: "error", reason: "not a message: b'hello'" });
    assert.equal(await stream.exitCode(), 1);
  });
});
