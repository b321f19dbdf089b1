import assert from "node:assert/strict";
import path from "node:path";

import { type KubeContext, kubeconfigFiles, readKubeContext } from "../../../components/targets/kubeconfig";
import { temporaryFolder } from "../helpers/folders";
import { isProblem } from "../helpers/problems";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("The kubeconfig files", () => {
  it("are those of KUBECONFIG, empty entries passed over", () => {
    const listed = ["", "/a", "", "/b"].join(path.delimiter);
    assert.deepEqual(kubeconfigFiles({ KUBECONFIG: listed }, "/home/me"), ["/a", "/b"]);
  });

  for (const environment of [{}, { KUBECONFIG: "" }, { KUBECONFIG: path.delimiter }]) {
    it(`are the one in the home folder with ${JSON.stringify(environment)}`, () => {
      assert.deepEqual(kubeconfigFiles(environment, "/home/me"), ["/home/me/.kube/config"]);
    });
  }
});

describe("A kube context", () => {
  const folder = temporaryFolder();
  const write = (name: string, config: object): string => {
    folder.write({ [name]: JSON.stringify(config) });
    return folder.path(name);
  };
  const read = (files: string[], name = "dev"): KubeContext => readKubeContext(files, name, "start it");

  const bare = (server: string, user = {}, cluster = {}): object => ({
    contexts: [{ name: "dev", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server, ...cluster } }],
    users: [{ name: "u", user }],
  });

  it("has its server, authority and client certificate from data in the file", () => {
    const file = write("config", {
      contexts: [{ name: "dev", context: { cluster: "c", user: "u" } }],
      clusters: [
        { name: "c", cluster: { server: "https://127.0.0.1:6443", "certificate-authority-data": base64("CA") } },
      ],
      users: [{ name: "u", user: { "client-certificate-data": base64("CERT"), "client-key-data": base64("KEY") } }],
    });
    assert.deepEqual(read([file]), {
      name: "dev",
      server: "https://127.0.0.1:6443",
      ca: "CA",
      skipTlsVerify: false,
      client: { cert: "CERT", key: "KEY" },
    });
  });

  it("has them from files named in it, relative to the kubeconfig that names them", () => {
    const contexts = write("contexts", { contexts: [{ name: "dev", context: { cluster: "c", user: "u" } }] });
    const cluster = { server: "https://h", "certificate-authority": "../ca.pem" };
    const clusters = write("clusters/config", { clusters: [{ name: "c", cluster }] });
    const user = { "client-certificate": "cert.pem", "client-key": "../key.pem" };
    const users = write("users/config", { users: [{ name: "u", user }] });
    folder.write({ "ca.pem": "CA", "users/cert.pem": "CERT", "key.pem": "KEY" });
    const { ca, client } = read([contexts, clusters, users]);
    assert.deepEqual({ ca, client }, { ca: "CA", client: { cert: "CERT", key: "KEY" } });
  });

  it("has them from files that are named by their absolute path", () => {
    folder.write({ "pki/ca.pem": "CA", "pki/cert.pem": "CERT", "pki/key.pem": "KEY" });
    const user = { "client-certificate": folder.path("pki/cert.pem"), "client-key": folder.path("pki/key.pem") };
    const file = write("config", bare("https://h", user, { "certificate-authority": folder.path("pki/ca.pem") }));
    const { ca, client } = read([file]);
    assert.deepEqual({ ca, client }, { ca: "CA", client: { cert: "CERT", key: "KEY" } });
  });

  it("is the first of its name, and so are its cluster and its user", () => {
    const first = write("first", bare("https://first"));
    const second = write("second", bare("https://second", { "client-key-data": "", "client-certificate-data": "" }));
    assert.equal(read([first, second]).server, "https://first");
    assert.equal(read([second, first]).server, "https://second");
    assert.equal(read([first, second]).client, undefined);
  });

  it("has no client certificate when only half of one is there", () => {
    assert.equal(
      read([write("config", bare("https://h", { "client-certificate-data": base64("CERT") }))]).client,
      undefined,
    );
  });

  it("may have no user at all", () => {
    const file = write("config", { ...bare("https://h"), users: null });
    assert.equal(read([file]).client, undefined);
  });

  for (const [settings, user, cluster] of [
    ["an exec plugin", { exec: { command: "aws" } }, {}],
    ["a proxy", {}, { "proxy-url": "http://proxy" }],
  ] as const) {
    it(`says where its cluster and user are described when they have ${settings}`, () => {
      const file = write("config", bare("https://h", user, cluster));
      assert.deepEqual(read([file]).more, { cluster: { file, name: "c" }, user: { file, name: "u" } });
    });
  }

  it("has its user's token, or the file of one, and the name in its server's certificate", () => {
    const readOf = (user: object, cluster: object = {}): KubeContext =>
      read([write("config", bare("https://h", user, cluster))]);
    assert.equal(readOf({ token: "secret" }).token, "secret");
    const { token, tokenFile } = readOf({ token: "secret", tokenFile: "run/token" });
    assert.deepEqual([token, tokenFile], [undefined, folder.path("run/token")]);
    const { serverName, more } = readOf({}, { "tls-server-name": "api" });
    assert.deepEqual([serverName, more], ["api", undefined]);
  });

  it("says nothing more when they have only settings that it has itself, or that change no request", () => {
    const user = { "client-certificate-data": base64("CERT"), "client-key-data": base64("KEY") };
    const file = write("config", bare("https://h", user, { extensions: [], "disable-compression": true }));
    assert.equal("more" in read([file]), false);
  });

  it("may say that its server's certificate is not to be verified", () => {
    assert.equal(
      read([write("config", bare("https://h", {}, { "insecure-skip-tls-verify": true }))]).skipTlsVerify,
      true,
    );
  });

  it("is found in a file beside one that is missing", () => {
    const file = write("config", bare("https://h"));
    assert.equal(read([folder.path("missing"), file]).server, "https://h");
  });

  it("that is not there is refused with those that are, each once", () => {
    const one = write("one", bare("https://h"));
    const two = write("two", { contexts: [{ name: "dev" }, { name: "staging" }] });
    assert.throws(
      () => read([one, two], "prod"),
      isProblem(
        `Kube context "prod" is not in ${one}, ${two}: there are dev, staging; start it, or run \`pulumi config set kubeContext NAME\`.`,
      ),
    );
  });

  for (const [what, content] of [
    ["missing", undefined],
    ["empty", ""],
    ["without contexts", "contexts: null\n"],
  ] as const) {
    it(`that is looked for in a file that is ${what} is refused`, () => {
      folder.write(content === undefined ? {} : { config: content });
      const file = folder.path("config");
      assert.throws(
        () => read([file]),
        isProblem(
          `Kube context "dev" is not in ${file}: there is none; start it, or run \`pulumi config set kubeContext NAME\`.`,
        ),
      );
    });
  }

  it("in a file that is no YAML is refused with the place of the mistake", () => {
    folder.write({ config: "contexts: [\n" });
    const file = folder.path("config");
    assert.throws(
      () => read([file]),
      isProblem(
        `The kubeconfig ${file} cannot be read (Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1:); run \`kubectl config view\` to see what is wrong.`,
      ),
    );
  });

  for (const [text, wrong] of [
    ["clusters: {a: b}\ncontexts: 3\n", "clusters"],
    ["contexts: [dev, null]\n", "contexts"],
    ["users: [{user: {token: secret}}]\n", "users"],
  ] as const) {
    it(`in a file whose ${wrong} are no list of entries is refused with their key`, () => {
      folder.write({ config: text });
      const file = folder.path("config");
      assert.throws(
        () => read([file]),
        isProblem(
          `The kubeconfig ${file} cannot be read (${wrong} is no list of entries with a name); run \`kubectl config view\` to see what is wrong.`,
        ),
      );
    });
  }

  it("in a file that may not be read is refused with the reason", () => {
    folder.write({ "config/file": "" });
    assert.throws(
      () => read([folder.path("config")]),
      isProblem(
        `The kubeconfig ${folder.path("config")} cannot be read (EISDIR: illegal operation on a directory, read); run \`kubectl config view\` to see what is wrong.`,
      ),
    );
  });
});
