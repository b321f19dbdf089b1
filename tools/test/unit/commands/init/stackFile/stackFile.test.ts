import assert from "node:assert/strict";

import { Problem } from "../../../../../../components/problem";
import type { Setting } from "../../../../../commands/init/decision/decision";
import { compare } from "../../../../../commands/init/stackFile/compare";
import { StackFileText } from "../../../../../commands/init/stackFile/editStackFile";

const set = (key: string, value: string, name?: string): Setting => ({
  key,
  value,
  where: "x",
  ...(name !== undefined && { name }),
});

const file = (text: string): StackFileText => new StackFileText(text, "Pulumi.dev.yaml");
const nothing = { settings: [], secrets: [], removed: [] };

describe("a stack's file", () => {
  it("keeps comments and other keys beside what is set", () => {
    const text = `# Head
config:
  kubernetes-django:target: sandbox # here
  # for now
  kubernetes-django:debug: true
  aws:region: eu
encryptionsalt: v1:old
`;
    const edited = file(text).edited({
      ...nothing,
      settings: [set("project", "../shop"), set("env", "1", "A"), set("debug", "false")],
      secrets: [{ ...set("secretEnv", "x", "TOKEN"), encrypted: "v1:abc" }],
      salt: "v1:old",
    });
    assert.equal(
      edited,
      `# Head
config:
  kubernetes-django:target: sandbox # here
  # for now
  kubernetes-django:debug: "false"
  aws:region: eu
  kubernetes-django:project: ../shop
  kubernetes-django:env:
    A: "1"
  kubernetes-django:secretEnv:
    TOKEN:
      secure: v1:abc
encryptionsalt: v1:old
`,
    );
  });

  it("has the keys of another app beside those of the first, and neither changes the other's", () => {
    const text = "config:\n  kubernetes-django:env:\n    A: shop\n  blog:env:\n    A: blog\n    B: b\n";
    const blog = new StackFileText(text, "Pulumi.dev.yaml", "blog");
    assert.deepEqual([blog.current(set("env", "", "A")), blog.names("env")], ["blog", ["A", "B"]]);
    const change = {
      settings: [set("env", "new", "A")],
      secrets: [{ ...set("secretEnv", "x", "B"), encrypted: "v1:b" }],
      removed: [{ key: "env", name: "B" }],
    };
    assert.equal(
      blog.edited(change),
      "config:\n  kubernetes-django:env:\n    A: shop\n  blog:env:\n    A: new\n  blog:secretEnv:\n    B:\n      secure: v1:b\n",
    );
    assert.throws(
      () => new StackFileText("config:\n  blog:env: A=1\n", "Pulumi.dev.yaml", "blog"),
      (error) => error instanceof Problem && /^Config key "blog:env" .*`pulumi config rm blog:env`/.test(error.message),
    );
  });

  it("has texts in quotes that Pulumi would read as dates and numbers, new ones and replaced ones", () => {
    const texts = ["2024-06-20", "1_000", "0b11", "0o17", "12:30:45", "yes", "<<", "~"];
    const settings = texts.map((value, index) => set("env", value, `V${index}`));
    const before = "config:\n  kubernetes-django:env:\n    V0: x\n    V1: 'y'\n";
    const lines = texts.map((value, index) => `    V${index}: "${value}"\n`).join("");
    assert.equal(file(before).edited({ ...nothing, settings }), `config:\n  kubernetes-django:env:\n${lines}`);
    const edited = file(file(before).edited({ ...nothing, settings }));
    assert.deepEqual(
      settings.map((each) => edited.current(each)),
      texts,
    );
  });

  it("has characters in quotes by their numbers where Pulumi would refuse or replace them", () => {
    const settings = ["a\x7fb", "a\x85b", "a\u2028b", "a\rb", "a\tb"].map((value, at) => set("env", value, `V${at}`));
    const edited = file("config: {}\n").edited({ ...nothing, settings });
    const lines = ['V0: "a\\u007fb"', 'V1: "a\\u0085b"', 'V2: "a\\u2028b"', 'V3: "a\\rb"', "V4: a\tb"];
    assert.equal(edited, `config:\n  kubernetes-django:env:\n${lines.map((line) => `    ${line}\n`).join("")}`);
  });

  it("has the fields of an entry together, with numbers and booleans as such", () => {
    const field = (name: string, key: string, value: string): Setting => ({
      ...set("processes", value, name),
      field: key,
    });
    const settings = [
      field("worker", "command", "celery -A shop worker"),
      field("worker", "terminationGraceSeconds", "60"),
      field("beat", "command", "celery -A shop beat"),
      field("beat", "singleton", "true"),
      set("media", "/app/media", "path"),
    ];
    const edited = file("config: {}\n").edited({ ...nothing, settings });
    assert.equal(
      edited,
      `config:
  kubernetes-django:processes:
    worker:
      command: celery -A shop worker
      terminationGraceSeconds: 60
    beat:
      command: celery -A shop beat
      singleton: true
  kubernetes-django:media:
    path: /app/media
`,
    );
    assert.deepEqual(
      settings.map((each) => file(edited).current(each)),
      settings.map(({ value }) => value),
    );
  });

  it("is the same text where nothing changes, however it is written", () => {
    const text = "config:   {kubernetes-django:debug: true}\n";
    assert.equal(file(text).edited(nothing), text);
  });

  it("gets its config where it has none", () => {
    const text = "config:\n  kubernetes-django:project: ../shop\n";
    assert.equal(file("").edited({ ...nothing, settings: [set("project", "../shop")] }), text);
    assert.equal(file("config:\n").edited({ ...nothing, settings: [set("project", "../shop")] }), text);
  });

  it("loses what is taken out", () => {
    const text = "config:\n  kubernetes-django:podSecurity: restricted\n  kubernetes-django:env:\n    A: a\n    B: b\n";
    const removed = [{ key: "podSecurity" }, { key: "env", name: "A" }];
    assert.equal(file(text).edited({ ...nothing, removed }), "config:\n  kubernetes-django:env:\n    B: b\n");
  });

  it("is refused when it is no YAML, or its config is no map", () => {
    for (const text of ["config: [", "config: [a]"]) {
      assert.throws(
        () => file(text),
        (error) => error instanceof Problem && error.failed.startsWith("Pulumi.dev.yaml is no stack's file: "),
      );
    }
  });
});

describe("a decision beside a stack's file", () => {
  const options = { force: false, defaultOf: (key: string) => (key === "project" ? "app" : undefined), isLocal: true };
  const shop = "config:\n  kubernetes-django:project: ../shop\n";

  it("sets what the file does not say, and keeps what it says otherwise", () => {
    const settings = [set("project", "../shop"), set("command", "gunicorn shop.wsgi"), set("port", "5000")];
    const { kept, same, ...rest } = compare(
      { settings, secrets: [] },
      file(`${shop}  kubernetes-django:command: own\n`),
      options,
    );
    assert.deepEqual(rest, { settings: [set("port", "5000")], secrets: [], removed: [] });
    assert.deepEqual(kept, [{ setting: set("command", "gunicorn shop.wsgi"), current: "own" }]);
    assert.deepEqual(same, [set("project", "../shop")]);
  });

  it("keeps an entry as a whole: a field that is left out of it stays out", () => {
    const field = (name: string, key: string, value: string): Setting => ({
      ...set("processes", value, name),
      field: key,
    });
    const text = `${shop}  kubernetes-django:processes: { worker: { command: own } }\n`;
    const settings = [
      field("worker", "command", "x"),
      field("worker", "singleton", "true"),
      field("beat", "command", "y"),
    ];
    const compared = compare({ settings, secrets: [] }, file(text), options);
    assert.deepEqual(compared.settings, [settings[2]]);
    assert.deepEqual(
      compared.kept.map(({ current }) => current),
      ["own", "not set"],
    );
    assert.deepEqual(compare({ settings, secrets: [] }, file(text), { ...options, force: true }).settings, settings);
  });

  it("replaces it by force", () => {
    const settings = [set("project", "../shop"), set("port", "5000")];
    const compared = compare({ settings, secrets: [] }, file(`${shop}  kubernetes-django:port: 80\n`), {
      ...options,
      force: true,
    });
    assert.deepEqual(compared.settings, [set("port", "5000")]);
  });

  it("never turns a secret into plain text", () => {
    const text = `${shop}  kubernetes-django:secretEnv:\n    A:\n      secure: v1:a\n`;
    const settings = [set("env", "1", "A")];
    const compared = compare({ settings, secrets: [set("secretEnv", "x", "A")] }, file(text), options);
    assert.deepEqual([compared.settings, compared.secrets], [[], []]);
  });

  it("takes restricted Pod Security out for a project other than the example, on a cluster of one's own", () => {
    const text = file("config:\n  kubernetes-django:podSecurity: restricted\n");
    const keysOf = (project: string, isLocal: boolean): string[] =>
      compare({ settings: [set("project", project)], secrets: [] }, text, { ...options, isLocal }).removed.map(
        ({ key }) => key,
      );
    assert.deepEqual(keysOf("../shop", true), ["podSecurity"]);
    assert.deepEqual(keysOf("../shop", false), []);
    assert.deepEqual(keysOf("app", true), []);
  });

  it("takes another project's keys out by force, and leaves the cluster's", () => {
    const text = file(
      `${shop}  kubernetes-django:command: own\n  kubernetes-django:env:\n    A: a\n  kubernetes-django:replicas: 3\n`,
    );
    const { removed } = compare({ settings: [set("project", "../blog")], secrets: [] }, text, {
      ...options,
      force: true,
    });
    assert.deepEqual(
      removed.map(({ key }) => key),
      ["command", "env"],
    );
  });
});
