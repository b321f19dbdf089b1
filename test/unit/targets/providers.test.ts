import assert from "node:assert/strict";
import path from "node:path";

import { declareProviders } from "../../../components/targets/providers";
import type { Target } from "../../../components/targets/resolveTarget";
import type { Builder } from "../../../components/config/image";
import { ownEnvironment } from "../helpers/environment";
import { type Registration, runProgram } from "../helpers/registrations";
import { target } from "../helpers/target";

describe("The providers", () => {
  ownEnvironment();

  const declare = async (builder: Builder, more: Partial<Target> = {}): Promise<Registration[]> => {
    const { resources } = await runProgram(() => {
      declareProviders({ ...target, builder, ...more });
      return {};
    });
    return resources;
  };
  const provider = (type: string, inputs: object): Registration => ({
    type: `pulumi:providers:${type}`,
    name: type,
    parent: "pulumi:pulumi:Stack kubernetes-django-dev",
    provider: undefined,
    inputs: { ...inputs },
    replacementTrigger: undefined,
  });
  const kubernetes = { context: "docker-desktop", clusterIdentifier: "cluster-1", kubeconfig: "" };
  // Providers get what is no text as JSON.
  const unchecked = { disableDockerDaemonCheck: "true" };
  const tls = { host: "tcp://192.168.49.2:2376", certPath: "/certs" };

  it("are docker's for the target's daemon and kubernetes' for its context, identified by the cluster", async () => {
    assert.deepEqual(await declare("docker"), [
      provider("docker", { host: "unix:///var/run/docker.sock", ...unchecked }),
      provider("kubernetes", kubernetes),
    ]);
  });

  it("give docker the folder of the daemon's certificates, and no key", async () => {
    const [docker] = await declare("docker", { daemon: { ...target.daemon, ...tls } });
    assert.deepEqual(docker, provider("docker", { ...tls, ...unchecked }));
  });

  it("are docker-build's in its place", async () => {
    const [dockerBuild, ...others] = await declare("docker-build", { daemon: { ...target.daemon, ...tls } });
    assert.deepEqual(dockerBuild, provider("docker-build", { host: tls.host }));
    assert.deepEqual(others, [provider("kubernetes", kubernetes)]);
  });

  it("leave it to kubernetes' to look KUBECONFIG up, where the target has no kubeconfig of its own", async () => {
    process.env["KUBECONFIG"] = ["/contexts", "/clusters"].join(path.delimiter);
    const [, cluster] = await declare("docker");
    assert.deepEqual(cluster, provider("kubernetes", { ...kubernetes, kubeconfig: "" }));
  });

  it("name the target's own kubeconfig", async () => {
    const [, cluster] = await declare("docker", { cluster: { ...target.cluster, kubeconfig: "/kubeconfig" } });
    assert.deepEqual(cluster, provider("kubernetes", { ...kubernetes, kubeconfig: "/kubeconfig" }));
  });

  for (const builder of ["docker", "docker-build"] as const) {
    it(`have one more with ${builder} where the image has to be loaded into a minikube`, async () => {
      const loadInto = { profile: "minikube", clusterIdentifier: "cluster-1", dockerHost: "unix:///docker.sock" };
      const [, ...others] = await declare(builder, { store: { daemonId: "daemon-1", loadInto } });
      assert.deepEqual(others, [
        provider("kubernetes", kubernetes),
        { ...provider("pulumi-nodejs", {}), name: "dynamic" },
      ]);
    });
  }

  it("are the same where nodes pull the image from a registry", async () => {
    assert.deepEqual(
      await declare("docker", { store: { address: "registry.test", user: undefined, keepsCache: true } }),
      await declare("docker"),
    );
  });
});
