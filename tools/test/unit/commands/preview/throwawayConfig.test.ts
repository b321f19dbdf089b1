import assert from "node:assert/strict";
import path from "node:path";

import { throwawayConfig, type ThrowawayConfig } from "../../../../commands/preview/throwawayConfig";
import type { StackFiles } from "../../../../stack/stackFiles";

type Config = Record<string, unknown>;

const defaults = { namespace: { default: "web" }, imageRepository: { value: "registry/web" } };

const files = (config: Config | undefined): StackFiles => ({
  project: { name: "p", config: defaults },
  stack:
    config === undefined
      ? undefined
      : { config: Object.fromEntries(Object.entries(config).map(([key, value]) => [`p:${key}`, value])) },
});

function make(base: Config | undefined, head: Config, overrides: Config = {}): ThrowawayConfig {
  return throwawayConfig(files(base), files(head), {
    id: "1a2b",
    overrides,
    placeholder: (text) => `placeholder-for-${text}`,
    encrypt: (text) => `encrypted-${text}`,
    baseFolder: "../../tmp/base",
  });
}

describe("the config of a throwaway stack", () => {
  it("has a namespace and an image repository of its own, shown as the stack's", () => {
    const { base, head, shownAs, namespaces, imageRepositories } = make({}, { namespace: "other" });
    assert.deepEqual(base, { "p:namespace": "web-pr-1a2b", "p:imageRepository": "registry/web-pr-1a2b" });
    assert.deepEqual(head, { "p:namespace": "other-pr-1a2b", "p:imageRepository": "registry/web-pr-1a2b" });
    assert.deepEqual(
      [...shownAs],
      [
        ["web-pr-1a2b", "web"],
        ["registry/web-pr-1a2b", "registry/web"],
        ["other-pr-1a2b", "other"],
      ],
    );
    assert.deepEqual(namespaces, ["web-pr-1a2b", "other-pr-1a2b"]);
    assert.deepEqual(imageRepositories, ["registry/web-pr-1a2b"]);
  });

  it("keeps two long namespaces apart, within what Kubernetes allows", () => {
    const long = "n".repeat(62);
    const { namespaces } = make({ namespace: `${long}a` }, { namespace: `${long}b` });
    assert.equal(new Set(namespaces).size, 2);
    assert.ok(namespaces.every((name) => name.length === 63 && name.endsWith("-pr-1a2b")));
  });

  it("has the stack's other values, and the machine's over them", () => {
    const { base, head } = make({ replicas: "1", builder: "docker" }, { replicas: "2" }, { builder: "docker-build" });
    assert.equal(base?.["p:replicas"], "1");
    assert.equal(base["p:builder"], "docker-build");
    assert.equal(head["p:replicas"], "2");
    assert.equal(head["p:builder"], "docker-build");
  });

  it("leads the base to the same project, if that is beside the checkout", () => {
    const { base, head, notes } = make({ project: "../shop" }, { project: "../shop" });
    assert.equal(path.resolve("../../tmp/base", String(base?.["p:project"])), path.resolve("../shop"));
    assert.equal(head["p:project"], "../shop");
    assert.deepEqual(notes, [
      "`project`: it is beside this checkout, so the base was built from the same sources as the working tree.",
    ]);
    const within = make({ project: "shop" }, {});
    assert.deepEqual([within.base?.["p:project"], within.notes], ["shop", []]);
  });

  it("has no port, which another stack may have taken", () => {
    const { base, head, notes, hidesChanges, changes } = make({ nodePort: 30080 }, { nodePort: 30081 });
    assert.ok(base && !("p:nodePort" in base) && !("p:nodePort" in head));
    assert.deepEqual(changes, [{ key: "nodePort", before: 30080, after: 30081 }]);
    assert.equal(hidesChanges, true);
    assert.deepEqual(notes, [
      "`nodePort`: Kubernetes chose another port for the preview, since a port can be used only once.",
    ]);
    assert.equal(make({ nodePort: 30080 }, { nodePort: 30080 }).hidesChanges, false);
  });

  it("has a Redis of its own in place of the one of a URL", () => {
    const url = { secure: "v1:url" };
    const { base, head, notes, hidesChanges } = make({ redis: url }, { redis: { secure: "v1:other" } });
    assert.deepEqual([base?.["p:redis"], head["p:redis"], hidesChanges], ["namespace", "namespace", true]);
    assert.deepEqual(notes, ["`redis`: the preview used its own empty server, since it must not touch the real one."]);
    assert.equal(make({ redis: url }, { redis: url }).hidesChanges, false);
    const plain = make({ redis: "none" }, { redis: "namespace" });
    assert.deepEqual([plain.head["p:redis"], plain.hidesChanges, plain.notes], ["namespace", false, []]);
  });

  it("backs up into a volume of its own in place of the real storage, and signs in nowhere", () => {
    const backup = { schedule: "0 3 * * *", to: "s3://shop/dev", endpoint: "https://s3.test", region: "eu", keep: 3 };
    const keys = { backupAccessKey: { secure: "v1:key" }, backupSecretKey: { secure: "v1:secret" } };
    const own = { schedule: "0 3 * * *", to: "volume", keep: 3 };
    const names = { "p:namespace": "web-pr-1a2b", "p:imageRepository": "registry/web-pr-1a2b" };
    const { base, head, notes, hidesChanges } = make(
      { backup, ...keys },
      { backup: JSON.stringify({ ...backup, to: "s3://other" }), ...keys },
    );
    assert.deepEqual(
      [base, head],
      [names, names].map((each) => ({ "p:backup": own, ...each })),
    );
    assert.equal(hidesChanges, true);
    assert.deepEqual(notes, [
      "`backup`: the preview used a volume of its own, since it must not write to the storage of the real backups.",
    ]);
    assert.equal(make({ backup, ...keys }, { backup, ...keys }).hidesChanges, false);
    assert.equal(make({ backup }, { backup, ...keys }).hidesChanges, true);
  });

  it("backs up into the volume that the stack names, or not at all, as the stack does", () => {
    for (const backup of [{ schedule: "0 3 * * *", to: "volume" }, { schedule: "0 3 * * *", to: "s3" }, "nowhere"]) {
      const { head, notes, hidesChanges } = make({}, { backup });
      assert.deepEqual([head["p:backup"], notes, hidesChanges], [backup, [], false]);
    }
  });

  it("leads other apps of the stack to no server of theirs either", () => {
    const own = (config: Config): StackFiles => ({ project: { name: "p", config: defaults }, stack: { config } });
    const { head } = throwawayConfig(
      own({}),
      own({
        "blog:databaseUrl": { secure: "v1:url" },
        "blog:redis": { secure: "v1:redis" },
        "blog:backup": { schedule: "0 3 * * *", to: "s3://blog" },
        "blog:backupSecretKey": { secure: "v1:secret" },
      }),
      { id: "1a2b", overrides: {}, placeholder: String, encrypt: String, baseFolder: "" },
    );
    assert.deepEqual(Object.fromEntries(Object.entries(head).filter(([key]) => key.startsWith("blog:"))), {
      "blog:redis": "namespace",
      "blog:backup": { schedule: "0 3 * * *", to: "volume" },
    });
  });

  it("has placeholders for encrypted values, equal for equal ones, and shows none of them", () => {
    const nested = { list: ["a", { secure: "v1:other" }] };
    const { base, head, shownAs, notes, changes } = make(
      { secretKey: { secure: "v1:same" }, nested },
      { secretKey: { secure: "v1:same" }, nested: { list: ["b", { secure: "v1:other" }] } },
    );
    assert.deepEqual(base?.["p:secretKey"], { secure: "encrypted-placeholder-for-v1:same" });
    assert.deepEqual(head["p:secretKey"], base["p:secretKey"]);
    assert.deepEqual(base["p:nested"], { list: ["a", { secure: "encrypted-placeholder-for-v1:other" }] });
    assert.equal(shownAs.get("placeholder-for-v1:same"), "[secret]");
    assert.match(notes.join(), /^`nested`, `secretKey`: the preview used placeholders/);
    assert.deepEqual(changes, [
      { key: "nested", before: { list: ["a", "[secret]"] }, after: { list: ["b", "[secret]"] } },
    ]);
  });

  it("does not show a plain value under a name that says secret", () => {
    assert.deepEqual(make({ secretKey: "plain-1" }, { secretKey: "plain-2" }).changes, [
      { key: "secretKey", before: "[secret]", after: "[secret]" },
    ]);
  });

  it("has no base where the base has no such stack", () => {
    const { base, changes, notes } = make(undefined, { replicas: "2" });
    assert.equal(base, undefined);
    assert.deepEqual(changes, []);
    assert.deepEqual(notes, ["The base has no such stack, so this is everything that the stack would create."]);
  });
});
