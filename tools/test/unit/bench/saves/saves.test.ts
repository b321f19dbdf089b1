import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { isInPod, ticksBetween, ticksOf } from "../../../../bench/saves/atRest";
import { firstOther, switchBranch } from "../../../../bench/saves/branch";
import { pauseBefore } from "../../../../bench/saves/measureSaves";
import { addModules, modulesOf } from "../../../../bench/saves/modules";
import { savesRows } from "../../../../bench/saves/result";
import { writable } from "../../../../bench/saves/skaffoldSync";
import { edited, pythonEdit, save, templateEdit } from "../../../../bench/saves/sourceEdits";

const example = path.resolve(__dirname, "../../../../../app");

describe("the saves of the bench", () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-saves-"));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it("change a line of the example each time, to a text that it never had", () => {
    fs.cpSync(example, folder, { recursive: true });
    for (const edit of [pythonEdit, templateEdit]) {
      const texts = [save(folder, edit), save(folder, edit)];
      const source = fs.readFileSync(path.join(folder, edit.file), "utf8");
      assert.deepEqual(
        texts.map((text) => source.includes(text)),
        [false, true],
      );
    }
  });

  it("refuse a project without that line", () => {
    assert.throws(() => edited("def index(request):", pythonEdit, "x"), {
      message: /^config\/views\.py has no line that matches /,
    });
  });

  it("come after pauses of one to two seconds that differ", () => {
    const pauses = Array.from({ length: 11 }, (_, index) => pauseBefore(index));
    assert.equal(new Set(pauses).size, 11);
    assert.ok(pauses.every((pause) => pause >= 1 && pause < 2));
  });

  it("have a project of 300 modules whose apps are installed and served", () => {
    fs.cpSync(example, folder, { recursive: true });
    addModules(folder);
    const apps = fs.readdirSync(folder).filter((name) => name.startsWith("shop_"));
    assert.equal(apps.length * Object.keys(modulesOf("shop_00")).length, 300);
    assert.match(
      fs.readFileSync(path.join(folder, "shop_07", "views.py"), "utf8"),
      /^from shop_07\.models import Item$/m,
    );
    const [settings, urls, requirements] = ["config/settings.py", "config/urls.py", "requirements.txt"].map((name) =>
      fs.readFileSync(path.join(folder, name), "utf8"),
    );
    for (const app of apps) {
      assert.ok(settings?.includes(`    "${app}",\n`));
      assert.ok(urls?.includes(`    path("${app}/", include("${app}.urls")),\n`));
    }
    assert.match(requirements ?? "", /^djangorestframework==/m);
  });

  it("find the first file of a branch that a pod does not have yet", () => {
    switchBranch(folder, "first", 20);
    switchBranch(folder, "second", 7);
    const first = firstOther(folder, "second", 0, 20);
    switchBranch(folder, "second", 20);
    assert.deepEqual([first, firstOther(folder, "second", first, 20)], [7, 20]);
  });
});

describe("what processes take at rest", () => {
  it("is read where a name has blanks and parentheses", () => {
    assert.equal(ticksOf("31 (a) b (c)) S 1 31 31 0 -1 4194560 9 0 0 0 70 30 5 6 20 0 1 0 8 9"), 100);
    assert.equal(ticksOf(""), undefined);
  });

  it("counts what began in between whole, and nothing of what is gone", () => {
    const before = new Map([
      [1, 10],
      [2, 50],
    ]);
    const after = new Map([
      [1, 14],
      [3, 5],
    ]);
    assert.equal(ticksBetween(before, after), 9);
  });

  it("is a pod's by the name of its control group, however the kubelet writes it", () => {
    const uid = "72a08ab0-3b3a-4f90-b995-2c1c943f8a78";
    assert.ok(isInPod(`0::/kubepods/burstable/pod${uid}/09e5`, uid));
    assert.ok(isInPod(`0::/kubepods-burstable-pod${uid.replaceAll("-", "_")}.slice/09e5`, uid));
    assert.ok(!isInPod("0::/kubepods/burstable/pod11111111/09e5", uid));
  });
});

describe("the table of saves", () => {
  it("has minimum and median of each side, and the ratio of times alone", () => {
    const rows = savesRows({
      saves: [
        { title: "npm run watch", rows: { python: [0.2, 0.4, 0.3], cpu: [1.234], memory: [99.6] } },
        { title: "skaffold dev", rows: { python: [2, 4, 3], cpu: [0.5] } },
      ],
    });
    assert.deepEqual(rows, [
      ["the example", "one Python file saved, to the page", "0.20 / 0.30 s", "2.00 / 3.00 s", "0.10"],
      ["", "CPU of the command at rest", "1.2 % of a core", "0.5 % of a core", ""],
      ["", "memory of the command at rest", "100 MiB", "", ""],
    ]);
  });
});

describe("Skaffold's side of the saves", () => {
  it("has containers that can write to the image's folders, and are otherwise the program's", () => {
    const pod = (isReadOnly: boolean): Parameters<typeof writable>[0] => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: { containers: [{ securityContext: { readOnlyRootFilesystem: isReadOnly, runAsNonRoot: true } }] },
    });
    assert.deepEqual(writable(pod(true)), pod(false));
  });
});
