import assert from "node:assert/strict";

import { otherReader } from "../../../../components/config/otherApp";
import { readerOf } from "../../../../components/config/reader";
import { Problem } from "../../../../components/problem";
import * as pulumi from "@pulumi/pulumi";
import { configure, readConfig } from "../../../../test/unit/helpers/config";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../test/unit/helpers/problems";
import { appInWords, appKey, appWords } from "../../../app/appWords";
import { type AppChoice, onApp, refuseNoApp, refuseNotInConfig } from "../../../app/onApp";
import { StackConfig } from "../../../stack/stackConfig";

const own = { target: "sandbox", namespace: "shop", database: "postgres", debug: "true", protectData: "false" };
const others = { database: "postgres", databaseStorage: "2Gi", media: { path: "/srv/media", size: "1Gi" } };

describe("An app that a command works on", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  beforeEach(() => {
    const keys: [string, unknown][] = [
      ...Object.entries(own).map(([key, value]): [string, unknown] => [`kubernetes-django:${key}`, value]),
      ...Object.entries(others).map(([key, value]): [string, unknown] => [`blog:${key}`, value]),
    ];
    folder.write({
      "Pulumi.yaml": JSON.stringify({ name: "kubernetes-django", config: readConfig("Pulumi.yaml") }),
      "Pulumi.dev.yaml": JSON.stringify({ config: Object.fromEntries(keys) }),
    });
    process.chdir(folder.path());
  });
  const choose = async (app?: string): Promise<AppChoice> =>
    await onApp("dev", app === undefined ? {} : { app }, (choice) => Promise.resolve(choice));

  it("is the stack's first one, unless another one is named", async () => {
    for (const choice of [await choose(), await choose("kubernetes-django")]) {
      assert.deepEqual(
        [choice.app, choice.config.text("namespace"), appWords(choice)],
        ["kubernetes-django", "shop", "dev"],
      );
    }
    const blog = await choose("blog");
    assert.deepEqual([blog.app, blog.target, appWords(blog)], ["blog", "sandbox", "dev --app blog"]);
  });

  it("has the config that the program reads for it", async () => {
    const { config } = await choose("blog");
    const stack = readerOf(configure(own));
    const texts = Object.entries(others).map(([key, value]) => [
      `blog:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    pulumi.runtime.setAllConfig({
      ...pulumi.runtime.allConfig(),
      ...(Object.fromEntries(texts) as Record<string, string>),
    });
    const reader = otherReader("kubernetes-django", stack, new pulumi.Config("blog"));
    const keys = [
      "namespace",
      "database",
      "databaseStorage",
      "media",
      "redis",
      "postgresVersion",
      "debug",
      "protectData",
    ];
    for (const key of [...keys, "project", "memoryLimit", "existingNamespace", "replicas"]) {
      assert.equal(config.get(key) ?? "", reader.get(key) ?? "", key);
    }
    assert.equal(config.text("namespace"), "shop-blog");
    assert.equal(config.has("databaseUrl"), false);
  });

  it("is refused where the stack's file has no project of it, with those that it has", () => {
    const choice = (more: string): Parameters<typeof refuseNotInConfig>[0] => {
      folder.write({ "Pulumi.dev.yaml": `config:\n  aws:region: eu-north-1\n${more}` });
      return { stack: "dev", config: StackConfig.of("dev") };
    };
    refuseNotInConfig(choice(""), "kubernetes-django");
    assert.throws(() => {
      refuseNotInConfig(choice(""), "aws");
    }, isProblem('Stack dev has no app "aws": there is kubernetes-django; name one of them after --app, or run `pulumi config set aws:project FOLDER --stack dev` if it is new in index.ts.'));
    const two = choice("  blog:project: ../blog\n");
    refuseNotInConfig(two, "blog");
    assert.throws(() => {
      refuseNotInConfig(two, "blgo");
    }, /^Error: Stack dev has no app "blgo": there are kubernetes-django, blog; /);
  });

  it("is refused by its name alone, without that of the app", async () => {
    const refuses = async (): Promise<void> => {
      refuseNoApp({ stack: "dev", app: "blog" }, ["shop"], "run it again");
      await Promise.resolve();
    };
    await assert.rejects(
      onApp("dev", { app: "blog" }, refuses),
      isProblem('Stack dev has no app "blog": there is shop; name one of them after --app, or run it again.'),
    );
  });

  it("is named in a sentence, and its keys in commands", () => {
    const words = ["kubernetes-django", "blog"].map((app) => [appInWords({ stack: "dev", app }), appKey(app, "port")]);
    assert.deepEqual(words, [
      ["stack dev", "port"],
      ["app blog of stack dev", "blog:port"],
    ]);
  });

  it("is named by what goes wrong with it", async () => {
    const fails = (): never => {
      throw new Problem("No pod runs", "run `npm run up -- dev`");
    };
    await assert.rejects(onApp("dev", {}, fails), isProblem("No pod runs; run `npm run up -- dev`."));
    await assert.rejects(
      onApp("dev", { app: "blog" }, fails),
      isProblem('App "blog": No pod runs; run `npm run up -- dev`.'),
    );
  });
});
