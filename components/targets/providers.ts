import * as dockerBuild from "@pulumi/docker-build";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { DockerProvider } from "../image/dockerPlugin";
import { refuseLosingApp } from "../safeguards/protectedData";
import type { Target } from "./resolveTarget";
import type { Builder } from "../config/image";

const imageProviders: Record<Builder, (name: string, target: Target) => pulumi.ProviderResource> = {
  // Its `context` argument is ignored when it builds: only host and certPath count.
  docker: (name, { daemon: { host, certPath } }) =>
    new DockerProvider(name, {
      host,
      ...(certPath === undefined ? {} : { certPath }),
      // The program has just asked it, and `destroy` must work when a restarted minikube has another port.
      disableDockerDaemonCheck: true,
    }),
  "docker-build": (name, { daemon: { host } }) => new dockerBuild.Provider(name, { host }),
};

/** Runs dynamic resources: default providers are off, and the SDK has no class for this provider. */
class DynamicProvider extends pulumi.ProviderResource {
  constructor(name: string) {
    super("pulumi-nodejs", name, {});
  }
}

/** What builds images and what makes objects of the cluster. */
export interface Providers {
  image: pulumi.ProviderResource[];
  cluster: pulumi.ProviderResource[];
}

/**
 * Declares the providers through which everything of a stack goes to its target.
 *
 * @param others the targets of the stack's other apps, which may have another builder
 * @throws a `Problem` where data is kept of an app that is not among them
 */
export function declareProviders(target: Target, ...others: Target[]): Providers {
  refuseLosingApp([target, ...others].map(({ keptBeside }) => keptBeside));
  const { context, kubeconfig, clusterIdentifier } = target.cluster;
  const builders = new Set([target, ...others].map(({ builder }) => builder));
  const image = [...builders].map((builder) => imageProviders[builder](builder, target));
  if ("daemonId" in target.store && target.store.loadInto !== undefined) {
    image.push(new DynamicProvider("dynamic"));
  }
  const cluster = new KubernetesProvider("kubernetes", {
    context,
    clusterIdentifier,
    // Without one the SDK would put KUBECONFIG here, a list of files included, of which the provider reads one only.
    // Given "" it looks KUBECONFIG up by itself, as kubectl does, and the state is the same on every machine.
    kubeconfig: kubeconfig ?? "",
  });
  return { image, cluster: [cluster] };
}
