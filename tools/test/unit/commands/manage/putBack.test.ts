import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";

import { inWords, putBack } from "../../../../commands/manage/putBack";
import type { ReturnedFile } from "../../../../commands/manage/returned";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("A file that a command wrote in a pod", () => {
  const folder = temporaryFolder();
  const returned = (name: string, text: string, isExecutable = false): ReturnedFile => ({
    name,
    isExecutable,
    content: Buffer.from(text),
  });
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  const text = (name: string): string => fs.readFileSync(folder.path("app", name), "utf8");
  const modeOf = (name: string): string => (fs.statSync(folder.path("app", name)).mode & 0o777).toString(8);
  const put = (file: ReturnedFile, sent: Record<string, string> = {}): ReturnType<typeof putBack>[number] | undefined =>
    putBack(folder.path("app"), [file], sent)[0];

  beforeEach(() => {
    fs.mkdirSync(folder.path("app"));
  });

  it("is made with its folders, with the permissions that the project's folder has", () => {
    fs.chmodSync(folder.path("app"), 0o750);
    assert.deepEqual(put(returned("polls/models.py", "new")), { name: "polls/models.py", became: "new" });
    assert.deepEqual(put(returned("run", "new", true)), { name: "run", became: "new" });
    assert.equal(text("polls/models.py"), "new");
    assert.deepEqual(["polls", "polls/models.py", "run"].map(modeOf), ["750", "640", "750"]);
  });

  it("belongs to whom the project belongs when root writes it", function () {
    if (process.getuid?.() !== 0) {
      this.skip();
    }
    fs.chownSync(folder.path("app"), 1234, 4321);
    put(returned("polls/models.py", "new"));
    for (const name of ["polls", "polls/models.py"]) {
      const { uid, gid } = fs.statSync(folder.path("app", name));
      assert.deepEqual([uid, gid], [1234, 4321]);
    }
  });

  it("replaces the file that was sent, which keeps its permissions", () => {
    folder.write({ "app/models.py": "old" });
    fs.chmodSync(folder.path("app/models.py"), 0o600);
    const outcome = put(returned("models.py", "new", true), { "models.py": sha256("old") });
    assert.deepEqual(outcome, { name: "models.py", became: "changed" });
    assert.equal(text("models.py"), "new");
    assert.equal(modeOf("models.py"), "600");
  });

  it("is left beside a file that was saved meanwhile, or that was not sent, each under a name of its own", () => {
    folder.write({ "app/models.py": "saved meanwhile" });
    const sent = { "models.py": sha256("old") };
    assert.deepEqual(put(returned("models.py", "new"), sent), {
      name: "models.py",
      became: "beside",
      as: "models.py.new",
    });
    assert.deepEqual(put(returned("models.py", "newer")), {
      name: "models.py",
      became: "beside",
      as: "models.py.new2",
    });
    assert.deepEqual(["models.py", "models.py.new", "models.py.new2"].map(text), ["saved meanwhile", "new", "newer"]);
  });

  it("is left beside the name of a file that was removed meanwhile", () => {
    assert.equal(put(returned("models.py", "new"), { "models.py": sha256("old") })?.became, "beside");
    assert.deepEqual(fs.readdirSync(folder.path("app")), ["models.py.new"]);
  });

  it("is not written where the file is so already", () => {
    folder.write({ "app/models.py": "new" });
    assert.deepEqual(put(returned("models.py", "new")), { name: "models.py", became: "same" });
    assert.deepEqual(fs.readdirSync(folder.path("app")), ["models.py"]);
  });

  it("never goes through a link, nor out of the project", () => {
    folder.write({
      "outside/models.py": "outside",
      "app/polls": { symlink: "../outside" },
      "app/link.py": { symlink: "../outside/models.py" },
      "app/file": "",
    });
    const refused = [
      "polls/new.py",
      "polls/models.py",
      "polls/deeper/new.py",
      "file/new.py",
      "../new.py",
      ".git/config",
    ];
    for (const name of refused) {
      assert.equal(put(returned(name, "new"))?.became, "refused", name);
    }
    const link = put(returned("link.py", "new"), { "link.py": sha256("outside") });
    assert.deepEqual(link, { name: "link.py", became: "beside", as: "link.py.new" });
    assert.equal(text("../outside/models.py"), "outside");
    assert.deepEqual(fs.readdirSync(folder.path("outside")), ["models.py"]);
    assert.deepEqual(fs.readdirSync(folder.path()), ["app", "outside"]);
  });

  it("is not taken for sent because its name is one that every object has", () => {
    assert.equal(put(returned("constructor", "new"))?.became, "new");
  });

  it("is named in a line", () => {
    const lines = [
      inWords("app", { name: "a.py", became: "new" }),
      inWords("app", { name: "a.py", became: "changed" }),
      inWords("app", { name: "a.py", became: "same" }),
      inWords("app", { name: "a.py", became: "beside", as: "a.py.new" }),
      inWords("../shop", { name: "../a\n.py", became: "refused", why: "x is no folder" }),
    ];
    assert.deepEqual(lines, [
      "app/a.py is new",
      "app/a.py has changed",
      undefined,
      "app/a.py is not the file that the command had: what it wrote is in app/a.py.new",
      '"../a\\n.py" is not written: x is no folder',
    ]);
  });
});
