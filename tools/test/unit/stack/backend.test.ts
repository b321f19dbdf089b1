import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { type Backend, chooseBackend } from "../../../stack/backend";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../test/unit/helpers/problems";

describe("The Pulumi backend", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const state = (): string => folder.path("checkout", ".local");
  const choose = (environment: NodeJS.ProcessEnv = {}, isEncrypted = false): Backend =>
    chooseBackend({ PULUMI_HOME: folder.path("pulumi"), ...environment }, state(), isEncrypted);

  beforeEach(() => {
    fs.mkdirSync(folder.path("checkout"));
    process.chdir(folder.path("checkout"));
  });

  const logins: [how: string, credentials: string | undefined, environment: NodeJS.ProcessEnv, where: string][] = [
    ["PULUMI_BACKEND_URL names", undefined, { PULUMI_BACKEND_URL: "https://pulumi.test" }, "https://pulumi.test"],
    [
      "PULUMI_BACKEND_URL names, whose login is not shown",
      undefined,
      { PULUMI_BACKEND_URL: "https://me:t0ken@pulumi.test" },
      "https://pulumi.test",
    ],
    ["a token opens", undefined, { PULUMI_ACCESS_TOKEN: "pul-123" }, "Pulumi Cloud"],
    ["`pulumi login` chose", '{"current":"https://api.pulumi.com"}', {}, "https://api.pulumi.com"],
    [
      "PULUMI_BACKEND_URL names, before that of `pulumi login`",
      '{"current":"gs://states"}',
      { PULUMI_BACKEND_URL: "http://localhost:8080" },
      "http://localhost:8080",
    ],
    [
      "is a bucket, with the user's passphrase",
      undefined,
      { PULUMI_BACKEND_URL: "s3://states", PULUMI_CONFIG_PASSPHRASE: "mine" },
      "s3://states",
    ],
    [
      "is a bucket, with the user's passphrase, which is empty",
      '{"current":"gs://states"}',
      { PULUMI_CONFIG_PASSPHRASE: "" },
      "gs://states",
    ],
    [
      "is a folder, with the file of the user's passphrase",
      '{"current":"file://~"}',
      { PULUMI_CONFIG_PASSPHRASE_FILE: __filename },
      "file://~",
    ],
  ];
  for (const [how, credentials, environment, where] of logins) {
    it(`is the one that ${how}, and nothing is written`, () => {
      folder.write(credentials === undefined ? {} : { "pulumi/credentials.json": credentials });
      assert.deepEqual(choose(environment), {
        description: `State in ${where}, where you are logged in`,
        environment: {},
      });
      assert.equal(fs.existsSync(state()), false);
    });
  }

  const unlocked: [where: string, credentials: string | undefined, environment: NodeJS.ProcessEnv][] = [
    ["file://~", '{"current":"file://~"}', {}],
    ["s3://states", undefined, { PULUMI_BACKEND_URL: "s3://states" }],
    ["azblob://states", undefined, { PULUMI_BACKEND_URL: "azblob://states" }],
    ["gs://states", '{"current":"gs://states"}', { PULUMI_CONFIG_PASSPHRASE_FILE: "" }],
  ];
  for (const [where, credentials, environment] of unlocked) {
    it(`has the checkout's passphrase at ${where} for a user who gives none`, () => {
      folder.write(credentials === undefined ? {} : { "pulumi/credentials.json": credentials });
      assert.deepEqual(choose(environment), {
        description: `State in ${where}, where you are logged in; its passphrase is in .local/passphrase, since you set neither PULUMI_CONFIG_PASSPHRASE nor PULUMI_CONFIG_PASSPHRASE_FILE`,
        environment: { PULUMI_CONFIG_PASSPHRASE_FILE: path.join(state(), "passphrase") },
      });
      assert.equal(fs.statSync(path.join(state(), "passphrase")).mode & 0o777, 0o600);
    });
  }

  const anonymous: [what: string, credentials: string | undefined, environment: NodeJS.ProcessEnv][] = [
    ["without credentials", undefined, {}],
    ["logged out", '{"current":""}', {}],
    ["with credentials that cannot be read", "{", {}],
    ["with empty variables", undefined, { PULUMI_BACKEND_URL: "", PULUMI_ACCESS_TOKEN: "" }],
    ["with the passphrase of another backend", undefined, { PULUMI_CONFIG_PASSPHRASE: "another" }],
  ];
  for (const [what, credentials, environment] of anonymous) {
    it(`is a folder of the checkout for a user ${what}`, () => {
      folder.write(credentials === undefined ? {} : { "pulumi/credentials.json": credentials });
      assert.deepEqual(choose(environment), {
        description:
          "State in .local/, since you are logged in to no Pulumi backend; its passphrase is in .local/passphrase",
        environment: {
          PULUMI_BACKEND_URL: pathToFileURL(state()).href,
          PULUMI_CONFIG_PASSPHRASE_FILE: path.join(state(), "passphrase"),
          PULUMI_CONFIG_PASSPHRASE: undefined,
        },
      });
    });
  }

  it("in the checkout leaves the user's passphrase to a stack whose file was encrypted with one", () => {
    assert.deepEqual(choose({ PULUMI_CONFIG_PASSPHRASE: "ours" }, true), {
      description: "State in .local/, since you are logged in to no Pulumi backend; its passphrase is yours",
      environment: { PULUMI_BACKEND_URL: pathToFileURL(state()).href },
    });
    assert.match(choose({}, true).description, /its passphrase is in \.local\/passphrase$/);
  });

  it("has a passphrase of 32 random bytes that only its owner can read", () => {
    choose();
    const file = path.join(state(), "passphrase");
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    assert.equal(Buffer.from(fs.readFileSync(file, "utf8"), "base64").length, 32);
  });

  it("is refused with an empty passphrase, which a full disk may have left", () => {
    for (const text of ["", "\n"]) {
      folder.write({ "checkout/.local/passphrase": text });
      assert.throws(
        () => choose(),
        isProblem(
          "The passphrase in .local/passphrase is empty; put it back there from a copy; if this checkout has deployed nothing yet, delete the file and the next run makes a new one.",
        ),
      );
      assert.equal(fs.readFileSync(path.join(state(), "passphrase"), "utf8"), text);
    }
  });

  it("is refused with an empty file of the user's passphrase, unless a variable has it", () => {
    const file = folder.path("passphrase");
    fs.writeFileSync(file, "\n");
    const isRefused = isProblem(
      `The file ${file}, which PULUMI_CONFIG_PASSPHRASE_FILE names, is empty; put the passphrase into it, or set PULUMI_CONFIG_PASSPHRASE; an empty one has to be set there.`,
    );
    const bucket = { PULUMI_BACKEND_URL: "s3://states", PULUMI_CONFIG_PASSPHRASE_FILE: file };
    assert.throws(() => choose(bucket), isRefused);
    assert.throws(() => choose({ PULUMI_CONFIG_PASSPHRASE_FILE: file }, true), isRefused);
    assert.deepEqual(choose({ ...bucket, PULUMI_CONFIG_PASSPHRASE: "" }).environment, {});
    assert.deepEqual(choose({ ...bucket, PULUMI_BACKEND_URL: "https://pulumi.test" }).environment, {});
    fs.writeFileSync(file, "mine");
    assert.deepEqual(choose(bucket).environment, {});
  });

  it("is refused with a file of the user's passphrase that is not there", () => {
    const file = folder.path("gone");
    assert.throws(
      () => choose({ PULUMI_BACKEND_URL: "s3://states", PULUMI_CONFIG_PASSPHRASE_FILE: file }),
      isProblem(
        `The file ${file}, which PULUMI_CONFIG_PASSPHRASE_FILE names, cannot be read (ENOENT: no such file or directory); set the variable to a file that has the passphrase, or unset it and set PULUMI_CONFIG_PASSPHRASE.`,
      ),
    );
  });

  it("and the file of its passphrase are named for each folder that Pulumi runs in, where they are named from one", () => {
    folder.write({ "checkout/mine": "mine", "pulumi/credentials.json": '{"current":"file://./state"}' });
    const passphrase = { PULUMI_CONFIG_PASSPHRASE_FILE: "mine" };
    const file = { PULUMI_CONFIG_PASSPHRASE_FILE: path.resolve("mine") };
    const url = { PULUMI_BACKEND_URL: pathToFileURL(path.resolve("state")).href };
    assert.deepEqual(choose(passphrase), {
      description: `State in ${url.PULUMI_BACKEND_URL}, where you are logged in`,
      environment: { ...url, ...file },
    });
    assert.deepEqual(choose({ PULUMI_BACKEND_URL: "file://state", ...passphrase }).environment, { ...url, ...file });
    fs.rmSync(folder.path("pulumi"), { recursive: true });
    assert.deepEqual(choose(passphrase, true).environment, {
      PULUMI_BACKEND_URL: pathToFileURL(state()).href,
      ...file,
    });
  });

  it("keeps its passphrase, and another checkout has another", () => {
    choose();
    const passphrase = fs.readFileSync(path.join(state(), "passphrase"), "utf8");
    choose();
    assert.equal(fs.readFileSync(path.join(state(), "passphrase"), "utf8"), passphrase);
    chooseBackend({ PULUMI_HOME: folder.path("pulumi") }, folder.path("other"));
    assert.notEqual(fs.readFileSync(folder.path("other", "passphrase"), "utf8"), passphrase);
  });
});
