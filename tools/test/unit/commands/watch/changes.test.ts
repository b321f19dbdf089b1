import assert from "node:assert/strict";
import fs from "node:fs";

import { Changes } from "../../../../commands/watch/changes";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("The changes that `npm run watch` waits for", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  let changes: Changes;

  beforeEach(async () => {
    folder.write({ "app/a.py": "", "app/b.py": "", "Pulumi.dev.yaml": "", "elsewhere.py": "" });
    process.chdir(folder.path());
    changes = await Changes.of(["app", "Pulumi.dev.yaml"]);
  });
  afterEach(async () => {
    await changes.close();
  });

  it("are told once each, as the checkout names them", async () => {
    fs.writeFileSync("app/a.py", "1");
    fs.writeFileSync("app/b.py", "2");
    fs.writeFileSync("app/a.py", "3");
    assert.deepEqual(await changes.next(), ["app/a.py", "app/b.py"]);
    fs.appendFileSync("Pulumi.dev.yaml", "config:\n");
    assert.deepEqual(await changes.next(), ["Pulumi.dev.yaml"]);
  });

  it("are kept while nobody waits", async () => {
    fs.writeFileSync("app/a.py", "1");
    await changes.next();
    const others = await Changes.of(["app"]);
    fs.writeFileSync("app/b.py", "1");
    assert.deepEqual(await others.next(), ["app/b.py"]);
    await others.close();
    assert.deepEqual(await changes.next(), ["app/b.py"]);
  });

  it("are not told where they were taken in otherwise", async () => {
    fs.writeFileSync("app/a.py", "1");
    const others = await Changes.of(["app"]);
    fs.writeFileSync("app/a.py", "12");
    await others.next();
    await others.close();
    changes.forget();
    fs.writeFileSync("app/b.py", "1");
    assert.ok((await changes.next())?.includes("app/b.py"));
    changes.forget();
    fs.writeFileSync("Pulumi.dev.yaml", "config:\n");
    assert.equal((await changes.next())?.includes("app/a.py"), false);
  });

  it("are waited for no more after an interruption", async () => {
    const interrupted = new AbortController();
    const next = changes.next(interrupted.signal);
    interrupted.abort();
    assert.equal(await next, undefined);
    fs.writeFileSync("app/a.py", "1");
    assert.equal(await changes.next(interrupted.signal), undefined);
  });

  it("are new and deleted files and folders as well", async () => {
    fs.mkdirSync("app/shop");
    fs.rmSync("app/b.py");
    const told = new Set<string>();
    while (told.size < 2) {
      (await changes.next())?.forEach((name) => told.add(name));
    }
    assert.deepEqual([...told].sort(), ["app/b.py", "app/shop"]);
  });

  it("are none of files that are not watched, and none of what Python compiles", async () => {
    fs.mkdirSync("app/__pycache__");
    fs.writeFileSync("app/__pycache__/a.pyc", "");
    fs.writeFileSync("elsewhere.py", "1");
    fs.writeFileSync("app/a.py", "1");
    assert.deepEqual(await changes.next(), ["app/a.py"]);
  });
});
