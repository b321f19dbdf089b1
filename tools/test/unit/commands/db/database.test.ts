import assert from "node:assert/strict";

import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";
import { backup } from "../../../../commands/db/backup";
import { upgrade } from "../../../../commands/db/upgrade";

describe("The database of an app that a stack has not", () => {
  const folder = temporaryFolder();
  const before = process.cwd();

  beforeEach(() => {
    folder.write({
      "Pulumi.yaml": "name: kubernetes-django\nruntime: nodejs\n",
      "Pulumi.dev.yaml": "config:\n  kubernetes-django:target: docker-desktop\n  blog:project: ../blog\n",
    });
    process.chdir(folder.path());
  });
  afterEach(() => {
    process.chdir(before);
  });

  it("is refused by the app's name, and not for what the app does not keep", async () => {
    const refused = isProblem(
      'Stack dev has no app "blgo": there are kubernetes-django, blog; name one of them after --app, or run `pulumi config set blgo:project FOLDER --stack dev` if it is new in index.ts.',
    );
    await assert.rejects(backup("dev", "blog.dump", { app: "blgo" }), refused);
    await assert.rejects(upgrade("dev", { app: "blgo" }), refused);
  });
});
