import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { loadSettings, type Settings } from "../../../components/config/settings";
import { configure, project } from "../helpers/config";
import { isProblem } from "../helpers/problems";

const stackConfig = { target: "docker-desktop", debug: true };

/** Settings of the app `blog`, whose own keys are given. */
function blog(own: Record<string, string>, stack: Record<string, unknown> = {}, secrets: string[] = []): Settings {
  return other("blog", own, stack, secrets);
}

function other(
  name: string,
  own: Record<string, string>,
  stack: Record<string, unknown> = {},
  secrets: string[] = [],
): Settings {
  const config = configure({ ...stackConfig, ...stack });
  const all = pulumi.runtime.allConfig();
  const keys = Object.entries(own).map(([key, value]) => [key.includes(":") ? key : `${name}:${key}`, value]);
  pulumi.runtime.setAllConfig(
    { ...all, ...(Object.fromEntries(keys) as Record<string, string>) },
    secrets.map((key) => `${name}:${key}`),
  );
  return loadSettings(config, new pulumi.Config(name));
}

const refuses = (run: () => unknown, message: string): void => {
  assert.throws(run, isProblem(message));
};

describe("The settings of another app", () => {
  it("have its own keys, and of the stack's those that apps have in common", () => {
    const stack = { namespace: "shop", replicas: "3", cpuRequest: "250m", database: "postgres", nodePort: "30080" };
    const { name, cluster, project: place, web, database, exposure } = blog({ project: "../blog" }, stack);
    assert.deepEqual(
      [name, cluster.target, cluster.namespace, place.folder],
      ["blog", "docker-desktop", "shop-blog", "../blog"],
    );
    assert.deepEqual([web.debug, web.cpuRequest, web.replicas], [true, "250m", undefined]);
    assert.deepEqual([database.database, exposure.nodePort], ["sqlite", undefined]);
  });

  it("let its own keys win over the stack's", () => {
    const own = { project: "../blog", namespace: "blog", cpuRequest: "50m", database: "postgres", replicas: "2" };
    const { cluster, web, database } = blog(own, { cpuRequest: "250m" });
    assert.deepEqual([cluster.namespace, web.cpuRequest, web.replicas], ["blog", "50m", 2]);
    assert.deepEqual([database.database, database.databaseStorage], ["postgres", "1Gi"]);
  });

  it("take no secret of the stack for its own", () => {
    const stack = { debug: false, secretKey: "s3cr3t" };
    refuses(
      () => blog({ project: "../blog" }, stack),
      'App "blog": Config key "secretKey" is not set: with debug off Django needs one; run `pulumi config set --secret secretKey "$(openssl rand -base64 48)"`, or `pulumi config set debug true` (the keys of this app are "blog:KEY").',
    );
    assert.notEqual(blog({ project: "../blog", secretKey: "own" }, stack, ["secretKey"]).web.secretKey, undefined);
    refuses(
      () => blog({ project: "../blog", secretKey: "plain" }, stack),
      'App "blog": Config key "secretKey" is in plain text, which everybody can read who reads the stack\'s file or a preview; run `pulumi config set --secret secretKey "$(openssl rand -base64 48)"`, with a new value if this one was published (the keys of this app are "blog:KEY").',
    );
  });

  it("refuse a key that does not exist, and one that is for all apps", () => {
    refuses(
      () => blog({ projekt: "../blog" }),
      'App "blog": Config key "projekt" does not exist: the nearest one is "project"; run `pulumi config rm projekt`, and `pulumi config set project VALUE` if you meant that (the keys of this app are "blog:KEY").',
    );
    refuses(
      () => blog({ project: "../blog", target: "minikube" }),
      'App "blog": Config key "target" is set, and the apps of a stack are on one cluster; run `pulumi config rm blog:target`.',
    );
  });

  it("refuse the namespace of another app of the stack", () => {
    refuses(
      () => blog({ project: "../blog", namespace: "shop" }, { namespace: "shop" }),
      `App "blog": Config key "namespace" is "shop", and so is "${project}:namespace": each app of a stack has a namespace of its own; run \`pulumi config set blog:namespace NAME\`.`,
    );
    refuses(
      () => blog({ project: "../blog", namespace: "news", "wiki:namespace": "news" }),
      'App "blog": Config key "namespace" is "news", and so is "wiki:namespace": each app of a stack has a namespace of its own; run `pulumi config set blog:namespace NAME`.',
    );
  });

  for (const name of [project, "pulumi", "kubernetes", "Blog", "a_b", "x".repeat(31)]) {
    it(`refuse the name ${name}`, () => {
      assert.throws(() => other(name, { project: "../blog" }), new RegExp(`An app in index.ts is named "${name}"`));
    });
  }
});
