import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { type CliDaemon, cliDaemon } from "../../../components/targets/dockerCli";
import { temporaryFolder } from "../helpers/folders";
import { fakeHost } from "../helpers/host";
import { isProblem } from "../helpers/problems";

describe("The Docker daemon of the docker CLI", () => {
  const folder = temporaryFolder();
  const home = (): string => folder.path("home");
  const find = (environment: NodeJS.ProcessEnv = {}, platform: NodeJS.Platform = "linux"): CliDaemon =>
    cliDaemon(fakeHost({ home: home(), environment, platform }));
  const digest = (name: string): string => createHash("sha256").update(name).digest("hex");
  const writeContext = (name: string, host: string, config = "home/.docker"): void => {
    const metadata = { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } };
    folder.write({ [`${config}/contexts/meta/${digest(name)}/meta.json`]: JSON.stringify(metadata) });
  };
  const use = (name: string, config = "home/.docker"): void => {
    folder.write({ [`${config}/config.json`]: JSON.stringify({ auths: {}, currentContext: name }) });
  };

  it("is at the system's own socket where nothing names another", () => {
    assert.deepEqual(find(), { address: { host: "unix:///var/run/docker.sock" } });
    assert.deepEqual(find({}, "win32"), { address: { host: "npipe:////./pipe/docker_engine" } });
  });

  it("is there, too, with empty variables, a config that is not JSON and the context default", () => {
    const empty = { DOCKER_HOST: "", DOCKER_CONTEXT: "", DOCKER_CONFIG: "", DOCKER_TLS_VERIFY: "" };
    const own = { address: { host: "unix:///var/run/docker.sock" } };
    folder.write({ "home/.docker/config.json": "{" });
    assert.deepEqual(find(empty), own);
    use("colima");
    assert.deepEqual(find({ DOCKER_CONTEXT: "default" }), own);
  });

  const hosts: [value: string, host: string][] = [
    ["unix:///run/user/1000/docker.sock", "unix:///run/user/1000/docker.sock"],
    [" unix:///a.sock ", "unix:///a.sock"],
    ["unix://", "unix:///var/run/docker.sock"],
    ["npipe:////./pipe/other", "npipe:////./pipe/other"],
    ["ssh://me@build.test", "ssh://me@build.test"],
    ["tcp://10.0.0.1:1234", "tcp://10.0.0.1:1234"],
    ["tcp://10.0.0.1", "tcp://10.0.0.1:2375"],
    ["tcp://[::1]:2375/", "tcp://[::1]:2375"],
    ["tcp://:2375", "tcp://localhost:2375"],
    ["build.test", "tcp://build.test:2375"],
    ["10.0.0.1:1234", "tcp://10.0.0.1:1234"],
  ];
  for (const [value, host] of hosts) {
    it(`is at ${host} with DOCKER_HOST "${value}"`, () => {
      assert.deepEqual(find({ DOCKER_HOST: value, DOCKER_CONTEXT: "gone" }), {
        address: { host },
        named: { by: "DOCKER_HOST", undo: "unset DOCKER_HOST" },
      });
    });
  }

  const badHosts: [value: string, help: string][] = [
    ["/var/run/docker.sock", "export DOCKER_HOST=unix:///var/run/docker.sock"],
    ["http://10.0.0.1:2375", "unset DOCKER_HOST"],
    ["fd://", "unset DOCKER_HOST"],
    ["tcp://10.0.0.1:port", "unset DOCKER_HOST"],
  ];
  for (const [value, command] of badHosts) {
    it(`is refused with what is allowed for DOCKER_HOST "${value}"`, () => {
      assert.throws(
        () => find({ DOCKER_HOST: value }),
        isProblem(
          `DOCKER_HOST is "${value}": allowed is a URL, such as unix:///var/run/docker.sock, tcp://HOST:2376 or ssh://USER@HOST; run \`${command}\`.`,
        ),
      );
    });
  }

  it("has the certificates that DOCKER_CERT_PATH names, or those beside the CLI's config", () => {
    folder.write({ "certs/ca.pem": "CA", "config/ca.pem": "CA" });
    const tls = { DOCKER_HOST: "tcp://10.0.0.1", DOCKER_TLS_VERIFY: "1" };
    const address = (environment: NodeJS.ProcessEnv): unknown => find(environment).address;
    const certPath = folder.path("certs");
    assert.deepEqual(address({ ...tls, DOCKER_CERT_PATH: certPath }), { host: "tcp://10.0.0.1:2376", certPath });
    assert.deepEqual(address({ ...tls, DOCKER_CONFIG: folder.path("config") }), {
      host: "tcp://10.0.0.1:2376",
      certPath: folder.path("config"),
    });
    // The CLI asks for TLS only where one of the other variables is set.
    assert.deepEqual(address({ DOCKER_HOST: "tcp://10.0.0.1", DOCKER_CERT_PATH: certPath }), {
      host: "tcp://10.0.0.1:2375",
    });
  });

  it("is refused with the variables to unset where its certificates are gone", () => {
    assert.throws(
      () => find({ DOCKER_HOST: "tcp://10.0.0.1", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/gone" }),
      isProblem(
        "This shell asks for TLS with the Docker daemon (DOCKER_TLS_VERIFY DOCKER_CERT_PATH), and /gone/ca.pem cannot be read; run `unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH`, or set DOCKER_CERT_PATH to the folder of the daemon's certificates.",
      ),
    );
  });

  it("is that of the context which `docker context use` chose", () => {
    writeContext("colima", "unix:///colima.sock");
    use("colima");
    assert.deepEqual(find(), {
      address: { host: "unix:///colima.sock" },
      named: { by: 'the Docker context "colima"', undo: "docker context use default" },
    });
  });

  it("is that of the context which DOCKER_CONTEXT names, before the chosen one", () => {
    writeContext("colima", "unix:///colima.sock");
    writeContext("rootless", "unix:///rootless.sock");
    use("colima");
    assert.deepEqual(find({ DOCKER_CONTEXT: "rootless" }), {
      address: { host: "unix:///rootless.sock" },
      named: { by: 'the Docker context "rootless"', undo: "unset DOCKER_CONTEXT" },
    });
  });

  it("has its contexts and their certificates in the folder that DOCKER_CONFIG names", () => {
    writeContext("build", "tcp://10.0.0.1:2376", "config");
    use("build", "config");
    folder.write({ [`config/contexts/tls/${digest("build")}/docker/ca.pem`]: "CA" });
    assert.deepEqual(find({ DOCKER_CONFIG: folder.path("config") }).address, {
      host: "tcp://10.0.0.1:2376",
      certPath: folder.path("config/contexts/tls", digest("build"), "docker"),
    });
  });

  it("is refused with the contexts that exist where a context does not", () => {
    writeContext("colima", "unix:///colima.sock");
    use("gone");
    assert.throws(
      () => find(),
      isProblem(
        `${folder.path("home/.docker/config.json")} names the Docker context "gone", which does not exist: there are default, colima; run \`docker context use default\`.`,
      ),
    );
    assert.throws(
      () => find({ DOCKER_CONTEXT: "lost" }),
      isProblem(
        'DOCKER_CONTEXT names the Docker context "lost", which does not exist: there are default, colima; run `unset DOCKER_CONTEXT`.',
      ),
    );
  });
});
