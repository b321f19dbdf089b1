import type { Settings } from "../config/settings";
import { Problem } from "../problem";

/** Refuses what works only on a developer's cluster. */
export function refuseOnSharedCluster(settings: Settings): void {
  for (const refusal of refusals) {
    const problem = refusal(settings);
    if (problem !== undefined) {
      throw problem;
    }
  }
}

const refusals: ((settings: Settings) => Problem | undefined)[] = [
  ({ cluster: { kubeContext } }) =>
    kubeContext === undefined
      ? new Problem(
          'Config key "kubeContext" is not set: target "cluster" has no context of its own',
          "look with `kubectl config get-contexts`, then run `pulumi config set kubeContext NAME`",
        )
      : undefined,
  ({ web: { debug } }) =>
    debug
      ? new Problem(
          'Config key "debug" is "true", and target "cluster" is shared: whoever reaches the page could read settings and source code from error pages, and sign cookies with the development key',
          'run `pulumi config set debug false`, and `pulumi config set --secret secretKey "$(openssl rand -base64 48)"`',
        )
      : undefined,
  ({ process: { liveReload } }) =>
    liveReload
      ? new Problem(
          'Config key "liveReload" is "true", and target "cluster" is shared: what its pods run is what their image has',
          "run `pulumi config set liveReload false`",
        )
      : undefined,
  ({ image: { imageRepository } }) =>
    imageRepository.includes("/")
      ? undefined
      : new Problem(
          `Config key "imageRepository" is "${imageRepository}": target "cluster" pulls the image from a registry, so allowed is a repository of one`,
          `run \`pulumi config set imageRepository registry.example.com/team/${imageRepository}\``,
        ),
  ({ database: { database } }) =>
    database === "sqlite"
      ? new Problem(
          'Config key "database" is "sqlite": target "cluster" runs several pods, and each would have a file of its own that goes with it',
          "run `pulumi config set database postgres`",
        )
      : undefined,
  ({ database: { databaseUrl } }) =>
    databaseUrl === undefined
      ? new Problem(
          'Config key "databaseUrl" is not set: target "cluster" keeps no data in the namespace of an app',
          "have a server managed, or by CloudNativePG in the cluster, and run `pulumi config set --secret databaseUrl postgres://USER:PASSWORD@HOST/NAME`",
        )
      : undefined,
  ({ exposure: { serviceType, ingressHost } }) =>
    serviceType === "ClusterIP" && ingressHost === undefined
      ? new Problem(
          'Config key "serviceType" is "ClusterIP", and without ingressHost nothing outside the cluster reaches that',
          "run `pulumi config set ingressHost django.example.com`, or `pulumi config set serviceType LoadBalancer`",
        )
      : undefined,
];
