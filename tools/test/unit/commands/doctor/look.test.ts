import assert from "node:assert/strict";

import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import {
  daemonFacts,
  fakeHost,
  type FakeHostOptions,
  kubeconfigOf,
  systemError,
} from "../../../../../test/unit/helpers/host";
import type { Finding } from "../../../../commands/doctor/findings";
import { type CheckedCluster, checkCluster } from "../../../../commands/doctor/look";
import { pluginVersion } from "../../../../sandbox/install/plugins";
import { StackConfig } from "../../../../stack/stackConfig";

describe("the check of a stack's cluster", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  /** Checks stack dev, whose target is docker-desktop. */
  async function check(contexts: string[], options: FakeHostOptions = {}): Promise<CheckedCluster> {
    const kubeconfig = folder.path("kubeconfig");
    folder.write({ kubeconfig: kubeconfigOf(...contexts), "Pulumi.dev.yaml": "config: {}\n" });
    for (const name of ["docker", "docker-build"] as const) {
      const plugin = `plugins/resource-${name}-v${pluginVersion(name)}/pulumi-resource-${name}`;
      folder.write({ [plugin]: { executable: "" } });
    }
    process.env["PULUMI_HOME"] = folder.path();
    const config = StackConfig.in(folder.path("Pulumi.dev.yaml"));
    const host = fakeHost({ ...options, environment: { KUBECONFIG: kubeconfig, ...options.environment } });
    return await checkCluster({ stack: "dev", config, target: "docker-desktop", host });
  }
  const about = ({ findings }: CheckedCluster): string[] =>
    findings.map(({ status, subject }) => `${status} ${subject}`);
  const helps = (findings: Finding[]): (string | undefined)[] => findings.map(({ help }) => help);

  it("finds the Docker daemon and the cluster, and says where they are", async () => {
    const checked = await check(["docker-desktop"]);
    assert.deepEqual(about(checked), ["ok Docker daemon", "ok builder", "ok plugin docker", "ok kube context"]);
    assert.equal(checked.context?.name, "docker-desktop");
    assert.ok(checked.location);
  });

  it("fails for a daemon that does not answer, and still asks the cluster", async () => {
    const checked = await check(["docker-desktop"], {
      endpoints: { daemon: () => Promise.reject(systemError("ENOENT")) },
    });
    assert.deepEqual(about(checked), ["failed Docker daemon", "ok kube context"]);
    assert.deepEqual(helps(checked.findings), [
      "start Docker Desktop, then look with `docker --context desktop-linux info`",
      undefined,
    ]);
    assert.equal(checked.location, undefined);
  });

  it("fails for a cluster that does not answer", async () => {
    const checked = await check(["docker-desktop"], {
      endpoints: { cluster: () => Promise.reject(systemError("ECONNREFUSED")) },
    });
    assert.deepEqual(about(checked), ["ok Docker daemon", "ok builder", "ok plugin docker", "failed kube context"]);
    assert.equal(checked.context, undefined);
  });

  it("fails for a kube context that does not exist", async () => {
    const checked = await check(["minikube"]);
    assert.deepEqual(about(checked), ["ok Docker daemon", "ok builder", "ok plugin docker", "failed kube context"]);
    assert.match(checked.findings.at(-1)?.detail ?? "", /^Kube context "docker-desktop" is not in /);
    assert.equal(checked.context, undefined);
  });

  it("names the builder that an image store needs, and checks that one's plugin", async () => {
    const facts = { ...daemonFacts, containerdStore: true };
    const checked = await check(["docker-desktop"], { endpoints: { daemon: () => Promise.resolve(facts) } });
    assert.deepEqual(about(checked), ["ok Docker daemon", "ok builder", "ok plugin docker-build", "ok kube context"]);
  });

  it("fails for a shell whose Docker commands go to another cluster's minikube", async () => {
    const checked = await check(["docker-desktop"], { environment: { MINIKUBE_ACTIVE_DOCKERD: "minikube" } });
    assert.deepEqual(about(checked), [
      "failed this shell",
      "ok Docker daemon",
      "ok builder",
      "ok plugin docker",
      "ok kube context",
    ]);
  });
});
