import assert from "node:assert/strict";

import type { DaemonFacts } from "../../../components/targets/endpoints";
import { findDaemon, findDesktopDaemon, type FoundDaemon } from "../../../components/targets/findDaemon";
import { temporaryFolder } from "../helpers/folders";
import { daemonFacts, fakeHost, type FakeHostOptions, systemError } from "../helpers/host";

describe("The Docker daemon that is looked for", () => {
  const folder = temporaryFolder();
  const at = (file: string): string => file.replace("HOME", folder.path("home")).replace("RUN", folder.path("run"));
  const addressOf = ({ daemon }: FoundDaemon): string => daemon.host;
  const options = (files: string[], more: FakeHostOptions = {}): FakeHostOptions => ({
    home: folder.path("home"),
    files: files.map(at),
    environment: { XDG_RUNTIME_DIR: folder.path("run") },
    ...more,
  });
  /** Daemons that answer; any other refuses. */
  const answering =
    (...hosts: string[]) =>
    ({ host }: { host: string }): Promise<DaemonFacts> =>
      hosts.map(at).includes(host) ? Promise.resolve(daemonFacts) : Promise.reject(systemError("ECONNREFUSED"));

  const common: [whose: string, file: string][] = [
    ["the system's", "/var/run/docker.sock"],
    ["rootless Docker's", "RUN/docker.sock"],
    ["Docker Desktop's", "HOME/.docker/desktop/docker.sock"],
    ["rootless Docker's without a runtime folder", "HOME/.docker/run/docker.sock"],
    ["Colima's", "HOME/.colima/default/docker.sock"],
    ["Colima's newer one", "HOME/.config/colima/default/docker.sock"],
    ["OrbStack's", "HOME/.orbstack/run/docker.sock"],
    ["Rancher Desktop's", "HOME/.rd/docker.sock"],
  ];
  for (const [whose, file] of common) {
    it(`is ${whose} at ${file} where that socket alone is there`, async () => {
      const found = await findDaemon(fakeHost(options([file])));
      assert.deepEqual([addressOf(found), found.facts], [`unix://${at(file)}`, daemonFacts]);
    });
  }

  it("is the first that answers, and one that nobody listens on is passed over", async () => {
    const files = ["/var/run/docker.sock", "HOME/.colima/default/docker.sock", "HOME/.rd/docker.sock"];
    const daemon = answering("unix://HOME/.colima/default/docker.sock", "unix://HOME/.rd/docker.sock");
    const found = await findDaemon(fakeHost(options(files, { endpoints: { daemon } })));
    assert.equal(addressOf(found), at("unix://HOME/.colima/default/docker.sock"));
    assert.deepEqual(found.passedOver[0], { host: "unix:///var/run/docker.sock", reason: "ECONNREFUSED" });
  });

  it("is the one that DOCKER_HOST names, whatever else answers, and is not asked yet", async () => {
    const host = fakeHost(options(["/var/run/docker.sock"], { environment: { DOCKER_HOST: "tcp://10.0.0.1:2375" } }));
    assert.deepEqual(await findDaemon(host), {
      daemon: { host: "tcp://10.0.0.1:2375" },
      named: { by: "DOCKER_HOST", undo: "unset DOCKER_HOST" },
      passedOver: [],
    });
    assert.deepEqual(host.probed, []);
  });

  it("is asked for once where several links lead to it", async () => {
    folder.write({
      "home/.docker/desktop/docker.sock": "",
      "run/docker.sock": { symlink: at("HOME/.docker/desktop/docker.sock") },
    });
    const host = fakeHost(options(["HOME/.docker/desktop/docker.sock", "RUN/docker.sock"]));
    await findDaemon(host);
    assert.equal(host.probed.length, 1);
  });

  it("is nowhere when none answers, and each says why", async () => {
    const found = await findDaemon(fakeHost(options(["HOME/.rd/docker.sock"], { endpoints: { daemon: answering() } })));
    assert.equal(found.facts, undefined);
    assert.deepEqual(
      found.passedOver,
      common.map(([, file]) => ({
        host: `unix://${at(file)}`,
        reason: file === "HOME/.rd/docker.sock" ? "ECONNREFUSED" : "not there",
      })),
    );
  });

  it("is a named pipe on Windows, whose file is not looked for", async () => {
    const pipe = "npipe:////./pipe/dockerDesktopLinuxEngine";
    const host = fakeHost(options([], { platform: "win32", endpoints: { daemon: answering(pipe) } }));
    assert.equal(addressOf(await findDaemon(host)), pipe);
  });

  describe("for Docker Desktop's cluster", () => {
    const find = async (files: string[], more: FakeHostOptions = {}): Promise<FoundDaemon> =>
      await findDesktopDaemon(fakeHost(options(files, more)));
    const debian = { ...daemonFacts, system: "Debian GNU/Linux 12 (bookworm)" };

    const sockets: [platform: NodeJS.Platform, files: string[], socket: string][] = [
      ["linux", ["HOME/.docker/desktop/docker.sock", "/var/run/docker.sock"], "HOME/.docker/desktop/docker.sock"],
      ["darwin", ["HOME/.docker/run/docker.sock", "/var/run/docker.sock"], "HOME/.docker/run/docker.sock"],
      ["darwin", ["/var/run/docker.sock"], "/var/run/docker.sock"],
    ];
    for (const [platform, files, socket] of sockets) {
      it(`is at ${socket} on ${platform} with ${files.join(", ")}`, async () => {
        assert.equal(addressOf(await find(files, { platform })), at(`unix://${socket}`));
      });
    }

    it("is its own, whatever DOCKER_HOST names", async () => {
      const environment = { DOCKER_HOST: "tcp://10.0.0.1:2375" };
      const found = await find(["HOME/.docker/desktop/docker.sock"], { environment });
      assert.equal(addressOf(found), at("unix://HOME/.docker/desktop/docker.sock"));
    });

    it("is the one that the shell leads to where that is Docker Desktop's, as in WSL", async () => {
      assert.equal(addressOf(await find(["/var/run/docker.sock"])), "unix:///var/run/docker.sock");
      const environment = { DOCKER_HOST: "unix:///desktop.sock" };
      assert.equal(addressOf(await find(["/desktop.sock"], { environment })), "unix:///desktop.sock");
    });

    it("is not the engine's beside it, even when its own socket is stale", async () => {
      const daemon = ({ host }: { host: string }): Promise<DaemonFacts> =>
        host === "unix:///var/run/docker.sock" ? Promise.resolve(debian) : Promise.reject(systemError("ECONNREFUSED"));
      const found = await find(["HOME/.docker/desktop/docker.sock", "/var/run/docker.sock"], { endpoints: { daemon } });
      assert.equal(found.facts, undefined);
      assert.deepEqual(found.passedOver, [
        { host: at("unix://HOME/.docker/desktop/docker.sock"), reason: "ECONNREFUSED" },
        { host: at("unix://HOME/.docker/run/docker.sock"), reason: "not there" },
        {
          host: "unix:///var/run/docker.sock",
          reason: "not Docker Desktop's but of Debian GNU/Linux 12 (bookworm)",
        },
      ]);
    });
  });
});
