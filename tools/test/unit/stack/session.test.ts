import assert from "node:assert/strict";
import path from "node:path";

import { readConfig } from "../../../../test/unit/helpers/config";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { NoAppProblem, refuseNotInConfig } from "../../../app/onApp";
import { type Choice, firstOnPath, needsOf, openSession } from "../../../stack/session";
import { StackConfig } from "../../../stack/stackConfig";
import type { Config } from "../../../stack/stackFiles";

describe("A tool's folder", () => {
  const listed = ["/tool", "/bin", "/usr/bin"].join(path.delimiter);
  const found = ["/bin", "/usr/bin"].join(path.delimiter);

  it("comes first on PATH, and nothing else of the environment changes", () => {
    assert.deepEqual(firstOnPath("/tool", { HOME: "/home/me", PATH: found }), { HOME: "/home/me", PATH: listed });
  });

  it("comes first on Path, as Windows calls it, and makes no second one", () => {
    assert.deepEqual(firstOnPath("/tool", { Path: found }), { Path: listed });
  });

  it("is all of PATH where there was none", () => {
    assert.deepEqual(firstOnPath("/tool", {}), { PATH: "/tool" });
  });
});

describe("What a stack needs of the machine", () => {
  const folder = temporaryFolder();
  const images = (config: Record<string, unknown>): string[] => {
    const named = (key: string): string => (key.includes(":") ? key : `kubernetes-django:${key}`);
    const own = Object.entries(config).map(([key, value]) => [named(key), value] as const);
    folder.write({ "Pulumi.dev.yaml": JSON.stringify({ config: Object.fromEntries(own) }) });
    return needsOf(StackConfig.in(folder.path("Pulumi.dev.yaml"))).images;
  };

  it("is an image of each server that runs in its namespace", () => {
    assert.deepEqual(images({ database: "postgres", redis: "namespace" }), ["postgres:17", "valkey/valkey:8.1"]);
    assert.deepEqual(images({ redis: "namespace" }), ["valkey/valkey:8.1"]);
    const url = { secure: "v1:url" };
    assert.deepEqual(images({ database: "postgres", databaseUrl: url, redis: url }), []);
    assert.deepEqual(images({}), []);
  });

  it("is an image of each server of another app, which has its own config", () => {
    assert.deepEqual(images({ "blog:database": "postgres", "blog:postgresVersion": "18", redis: "namespace" }), [
      "valkey/valkey:8.1",
      "postgres:18",
    ]);
    assert.deepEqual(images({ database: "postgres", "blog:database": "postgres" }), ["postgres:17"]);
    assert.deepEqual(images({ database: "postgres", "blog:project": "../blog" }), ["postgres:17"]);
    assert.deepEqual(images({ "kubernetes:context": "dev" }), []);
  });
});

describe("What a command adds to a stack's config", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  it("is decided before anything is started, so that an app is refused at once that the stack does not have", async () => {
    folder.write({
      "Pulumi.yaml": JSON.stringify({ name: "kubernetes-django", config: readConfig("Pulumi.yaml") }),
      "Pulumi.dev.yaml": "config:\n  kubernetes-django:target: sandbox\n  kubernetes-django:debug: true\n",
    });
    process.chdir(folder.path());
    const more = (choice: Choice): Config => {
      refuseNotInConfig(choice, "blog");
      return {};
    };
    await assert.rejects(openSession("dev", { more }), NoAppProblem);
  });
});
