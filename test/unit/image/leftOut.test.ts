import assert from "node:assert/strict";

import { leftOut, listContext } from "../../../components/image/contextEntries";
import { temporaryFolder } from "../helpers/folders";

describe("What a builder does not look at", () => {
  const folder = temporaryFolder();
  const isLeftOut = (rules: string): ((name: string) => boolean) => {
    folder.write({ ".dockerignore": rules });
    return leftOut(folder.path(), "docker-build");
  };

  it("is what is excluded, with everything in it", () => {
    const isOut = isLeftOut("frontend\n**/*.log\n");
    assert.deepEqual(["frontend", "frontend/a/b.js", "shop/debug.log"].map(isOut), [true, true, true]);
    assert.deepEqual(["shop", "shop/views.py", "frontends"].map(isOut), [false, false, false]);
  });

  it("is no folder in which something is not excluded", () => {
    const isOut = isLeftOut("*\n!shop\n!build/static\n");
    assert.deepEqual(["shop", "shop/views.py", "build", "build/static/shop.css"].map(isOut), [
      false,
      false,
      false,
      false,
    ]);
    assert.deepEqual(["notes", "notes/a.txt"].map(isOut), [true, true]);
  });

  it("is nothing that is sent", () => {
    const rules = "*\n!shop/**/templates\n!manage.py\n";
    folder.write({ "shop/a/templates/list.html": "", "shop/a/views.py": "", "manage.py": "", "other/b.py": "" });
    const isOut = isLeftOut(rules);
    const sent = listContext(folder.path(), "docker-build").map(({ path }) => path);
    assert.ok(sent.includes("shop/a/templates/list.html"));
    assert.deepEqual(sent.filter(isOut), []);
  });

  it("is also what the caller leaves out", () => {
    folder.write({ ".dockerignore": "", "node_modules/a/b.js": "", "shop.py": "" });
    const sent = listContext(folder.path(), "docker-build", "Dockerfile", (name) => name.startsWith("node_modules"));
    assert.deepEqual(
      sent.map(({ path }) => path),
      [".dockerignore", "shop.py"],
    );
  });
});
