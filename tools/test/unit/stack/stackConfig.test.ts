import assert from "node:assert/strict";
import fs from "node:fs";

import { parse } from "yaml";

import { StackConfig, writeStackConfig } from "../../../stack/stackConfig";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../test/unit/helpers/problems";

const files = {
  "Pulumi.yaml": "name: kubernetes-django\nruntime: nodejs\n",
  "Pulumi.dev.yaml":
    "# mine\nconfig:\n  kubernetes-django:target: docker-desktop\n  kubernetes-django:builder: docker\n  other:key: 1\n",
  "Pulumi.bare.yaml": "",
};

describe("A stack's config", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const write = (stack: string, overrides: Record<string, unknown> = {}): unknown =>
    parse(fs.readFileSync(writeStackConfig(stack, overrides, folder.path(".local")), "utf8"));
  const dev = {
    "kubernetes-django:target": "docker-desktop",
    "kubernetes-django:builder": "docker",
    "other:key": 1,
  };

  beforeEach(() => {
    folder.write(files);
    process.chdir(folder.path());
  });

  it("is encrypted when its file has a passphrase's salt", () => {
    folder.write({ "Pulumi.dev.yaml": "encryptionsalt: v1:abc\n" });
    assert.deepEqual(
      ["dev", "bare"].map((stack) => StackConfig.of(stack).isEncrypted),
      [true, false],
    );
  });

  it("has the texts of its file", () => {
    assert.equal(StackConfig.of("dev").text("builder"), "docker");
  });

  it("has as a text what YAML reads as a number or as true, as Pulumi does", () => {
    folder.write({
      "Pulumi.dev.yaml":
        "config:\n  kubernetes-django:postgresVersion: 15\n  kubernetes-django:namespace: true\n  blog:postgresVersion: 16\n",
    });
    const dev = StackConfig.of("dev");
    assert.deepEqual(
      [dev.text("postgresVersion"), dev.text("namespace"), dev.ofApp("blog").text("postgresVersion")],
      ["15", "true", "16"],
    );
  });

  it("sets nothing with a key that has no value, for which Pulumi takes an empty text", () => {
    folder.write({ "Pulumi.dev.yaml": "config:\n  kubernetes-django:redisStorage:\n  blog:postgresVersion: null\n" });
    const dev = StackConfig.of("dev");
    assert.deepEqual([dev.has("redisStorage"), dev.ofApp("blog").text("postgresVersion")], [false, "17"]);
  });

  it("has the text of Pulumi.yaml where its file has none, and no empty one", () => {
    folder.write({
      "Pulumi.yaml":
        "config:\n  builder:\n    default: docker-build\n  namespace:\n    value: shop\n  platform:\n    default: ''\n",
    });
    const bare = StackConfig.of("bare");
    assert.deepEqual(
      ["builder", "namespace", "platform"].map((key) => bare.text(key)),
      ["docker-build", "shop", undefined],
    );
    assert.equal(StackConfig.of("dev").text("builder"), "docker");
  });

  it("has no text for a key that is not set, or not of this project, or encrypted", () => {
    folder.write({
      "Pulumi.dev.yaml": "config:\n  kubernetes-django:secretKey:\n    secure: v1:abc\n  other:builder: docker\n",
    });
    assert.equal(StackConfig.of("bare").text("builder"), undefined);
    assert.equal(StackConfig.of("dev").text("builder"), undefined);
    assert.equal(StackConfig.of("dev").text("secretKey"), undefined);
  });

  it("has a key that its file sets, in plain text or encrypted, but not to nothing", () => {
    folder.write({
      "Pulumi.yaml": "config:\n  builder:\n    default: docker\n",
      "Pulumi.dev.yaml":
        "config:\n  kubernetes-django:secretKey:\n    secure: v1:abc\n  kubernetes-django:debug: false\n  kubernetes-django:urlHost: ''\n",
    });
    const dev = StackConfig.of("dev");
    assert.deepEqual(
      ["secretKey", "debug", "urlHost", "builder"].map((key) => dev.has(key)),
      [true, true, false, false],
    );
  });

  it("names a target that exists, or none", () => {
    folder.write({ "Pulumi.other.yaml": "config:\n  kubernetes-django:target: moon\n" });
    assert.deepEqual(
      ["dev", "bare", "other"].map((stack) => StackConfig.of(stack).target),
      ["docker-desktop", undefined, undefined],
    );
  });

  it("is read as the program does, with the project's defaults", () => {
    folder.write({
      "Pulumi.yaml":
        "config:\n  builder:\n    default: docker\n  replicas:\n    default: 2\n  buildArgs:\n    default: {}\n  platform:\n    default: ''\n",
      "own.yaml":
        "config:\n  kubernetes-django:buildArgs:\n    PYTHON_VERSION: '3.12'\n  other:platform: linux/arm64\n",
    });
    const own = StackConfig.in("own.yaml");
    assert.deepEqual(
      ["builder", "replicas", "buildArgs", "platform", "unknown"].map((key) => own.get(key)),
      ["docker", "2", '{"PYTHON_VERSION":"3.12"}', "", undefined],
    );
  });

  it("says which keys have an encrypted part", () => {
    folder.write({
      "own.yaml":
        "config:\n  kubernetes-django:secretKey:\n    secure: v1:a:b\n  kubernetes-django:buildArgs:\n    A: b\n    TOKEN:\n      secure: v1:c:d\n  kubernetes-django:namespace: secure\n",
    });
    const own = StackConfig.in("own.yaml");
    assert.deepEqual(
      ["secretKey", "buildArgs", "namespace", "replicas"].filter((key) => own.holdsSecret(key)),
      ["secretKey", "buildArgs"],
    );
    assert.deepEqual(own.encryptedPaths, ["secretKey", "buildArgs.TOKEN"]);
  });

  it("says which key has a list or a map in place of a text", () => {
    folder.write({
      "Pulumi.yaml": "name: kubernetes-django\nconfig:\n  command: {type: string}\n  env: {type: object}\n",
    });
    const noText = (command: string): unknown => {
      folder.write({
        "own.yaml": `config:\n  kubernetes-django:env: {A: b}\n  kubernetes-django:command: ${command}\n`,
      });
      return StackConfig.in("own.yaml").noText;
    };
    assert.deepEqual(["[a, b]", "{secure: x, y: z}"].map(noText), [
      { key: "command", kind: "list" },
      { key: "command", kind: "map" },
    ]);
    assert.deepEqual(["a b", "1", "true", "", "{secure: x}"].map(noText), Array(5).fill(undefined));
  });

  it("that is missing is refused with the stacks that are there", () => {
    fs.rmSync("Pulumi.bare.yaml");
    folder.write({ "Pulumi.minikube.yaml": "" });
    assert.throws(
      () => StackConfig.of("prod"),
      isProblem(
        'There is no stack "prod" (Pulumi.prod.yaml is missing): there are dev, minikube; run `npm run up`, which chooses one for this machine.',
      ),
    );
  });

  it("is the checkout's with what `npm run` overrides, readable by its owner only", () => {
    assert.deepEqual(write("dev", { builder: "docker-build", replicas: 2 }), {
      config: { ...dev, "kubernetes-django:builder": "docker-build", "kubernetes-django:replicas": 2 },
    });
    assert.equal(fs.statSync(folder.path(".local", "Pulumi.dev.yaml")).mode & 0o777, 0o600);
  });

  it("has overrides of another app under its keys", () => {
    assert.deepEqual(write("dev", { "blog:liveReload": "true" }), { config: { ...dev, "blog:liveReload": "true" } });
  });

  it("names the apps that have a project, and no provider", () => {
    folder.write({
      "Pulumi.dev.yaml": "config:\n  blog:debug: true\n  blog:project: ../blog\n  aws:region: eu-north-1\n",
    });
    assert.deepEqual(StackConfig.of("dev").apps, ["kubernetes-django", "blog"]);
    assert.deepEqual(StackConfig.of("bare").apps, ["kubernetes-django"]);
  });

  it("names whatever may be an app where an environment adds to the file", () => {
    folder.write({ "Pulumi.dev.yaml": "environment:\n  - shared\nconfig:\n  blog:debug: true\n" });
    assert.deepEqual(StackConfig.of("dev").apps, ["kubernetes-django", "blog"]);
  });

  it("is itself what the file says of the first app", () => {
    const config = StackConfig.of("dev");
    assert.equal(config.ofApp("kubernetes-django"), config);
  });

  it("does not touch the checkout's", () => {
    write("dev", { builder: "docker-build" });
    for (const [name, content] of Object.entries(files)) {
      assert.equal(fs.readFileSync(name, "utf8"), content);
    }
  });

  it("comes with the project's own file, so that Pulumi takes its folder for the project", () => {
    write("dev");
    folder.write({ "Pulumi.yaml": "name: kubernetes-django\nruntime: nodejs\ndescription: changed\n" });
    write("dev");
    const copy = fs.readFileSync(folder.path(".local", "Pulumi.yaml"), "utf8");
    assert.equal(copy, fs.readFileSync("Pulumi.yaml", "utf8"));
  });

  it("keeps the salt that Pulumi wrote into it, and no override of an earlier run", () => {
    folder.write({
      ".local/Pulumi.dev.yaml": "encryptionsalt: v1:earlier\nconfig:\n  kubernetes-django:builder: docker-build\n",
    });
    assert.deepEqual(write("dev"), { config: dev, encryptionsalt: "v1:earlier" });
  });

  it("keeps the salt and the secrets of the checkout before an earlier run's", () => {
    folder.write({
      ".local/Pulumi.dev.yaml": "encryptionsalt: v1:earlier\n",
      "Pulumi.dev.yaml": "encryptionsalt: v1:own\nconfig:\n  kubernetes-django:secretKey:\n    secure: v1:abc\n",
    });
    assert.deepEqual(write("dev"), {
      config: { "kubernetes-django:secretKey": { secure: "v1:abc" } },
      encryptionsalt: "v1:own",
    });
  });

  it("may be empty but for what is overridden", () => {
    assert.deepEqual(write("bare", { builder: "docker" }), { config: { "kubernetes-django:builder": "docker" } });
  });
});
