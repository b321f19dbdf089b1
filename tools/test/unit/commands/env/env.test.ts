import assert from "node:assert/strict";
import fs from "node:fs";

import { readConfig } from "../../../../../test/unit/helpers/config";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";
import { env } from "../../../../commands/env/env";

const stackFile =
  "config:\n  kubernetes-django:target: sandbox\n  kubernetes-django:debug: true\n  kubernetes-django:env:\n    MODE: shop\n  blog:project: ../blog\n  blog:database: postgres\n";

describe("npm run env", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const printed: string[] = [];
  const { log } = console;

  beforeEach(() => {
    printed.length = 0;
    console.log = (line: string) => printed.push(line);
    folder.write({
      "Pulumi.yaml": JSON.stringify({ name: "kubernetes-django", config: readConfig("Pulumi.yaml") }),
      "Pulumi.dev.yaml": stackFile,
      ".env": "MODE=blog\nDATABASE_URL=x\n",
    });
    process.chdir(folder.path());
  });
  afterEach(() => {
    console.log = log;
  });

  it("sets the keys of the app that is named, by what that one has", async () => {
    await env("dev", { from: ".env", app: "blog" });
    assert.equal(
      fs.readFileSync("Pulumi.dev.yaml", "utf8"),
      `${stackFile}  blog:env:\n    MODE: blog\n    DATABASE_URL: x\n`,
    );
    assert.deepEqual(printed, [
      "  MODE          blog:env  blog\n  DATABASE_URL  blog:env  x\nThe program gives these by itself, and the values of the file win: DATABASE_URL",
      "\nWrote Pulumi.dev.yaml.\nNext: npm run up -- dev",
    ]);
  });

  it("sets those of the first app where none is named", async () => {
    await env("dev", { from: ".env", dryRun: true });
    assert.equal(fs.readFileSync("Pulumi.dev.yaml", "utf8"), stackFile);
    assert.deepEqual(printed, [
      "  MODE          env  blog\n  DATABASE_URL  env  x",
      "\nNothing was written. Without --dry-run, Pulumi.dev.yaml would be.",
    ]);
  });

  it("takes the file that is where the command was typed, and else the one in the checkout", async () => {
    folder.write({ "blog/.env": "PLACE=typed\n" });
    process.env["INIT_CWD"] = folder.path("blog");
    await env("dev", { from: ".env", dryRun: true });
    await env("dev", { from: "blog/.env", dryRun: true });
    assert.deepEqual(
      printed.filter((text) => text.includes("env  ")),
      ["  PLACE  env  typed", "  PLACE  env  typed"],
    );
  });

  it("is refused for an app that the stack does not have", async () => {
    await assert.rejects(
      env("dev", { from: ".env", app: "blgo" }),
      isProblem(
        'Stack dev has no app "blgo": there are kubernetes-django, blog; name one of them after --app, or run `pulumi config set blgo:project FOLDER --stack dev` if it is new in index.ts.',
      ),
    );
  });

  it("is refused for a key that the app cannot have, and for a file that is not there, with the app", async () => {
    await assert.rejects(
      env("dev", { from: "none", app: "blog" }),
      isProblem(
        "none cannot be read (ENOENT: no such file or directory): allowed is a .env file; name one, as in `npm run env -- dev --app blog --from ../shop/.env`.",
      ),
    );
    folder.write({ "Pulumi.dev.yaml": `${stackFile}  blog:secretenv: {}\n` });
    await assert.rejects(
      env("dev", { from: ".env", app: "blog" }),
      /^Error: App "blog": Config key "secretenv" does not exist/,
    );
  });
});
