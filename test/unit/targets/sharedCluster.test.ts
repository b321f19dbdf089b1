import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { refuseOnSharedCluster } from "../../../components/targets/sharedCluster";
import type { FlatSettings } from "../helpers/config";
import { changed, sharedSettings } from "../helpers/host";
import { isProblem } from "../helpers/problems";

describe("A shared cluster", () => {
  const refused: [what: string, more: Partial<FlatSettings>, message: string][] = [
    [
      "no context",
      { kubeContext: undefined },
      'Config key "kubeContext" is not set: target "cluster" has no context of its own; look with `kubectl config get-contexts`, then run `pulumi config set kubeContext NAME`.',
    ],
    [
      "debug",
      { debug: true },
      'Config key "debug" is "true", and target "cluster" is shared: whoever reaches the page could read settings and source code from error pages, and sign cookies with the development key; run `pulumi config set debug false`, and `pulumi config set --secret secretKey "$(openssl rand -base64 48)"`.',
    ],
    [
      "an image repository that names no registry",
      { imageRepository: "shop" },
      'Config key "imageRepository" is "shop": target "cluster" pulls the image from a registry, so allowed is a repository of one; run `pulumi config set imageRepository registry.example.com/team/shop`.',
    ],
    [
      "a database in a file",
      { database: "sqlite", databaseUrl: undefined },
      'Config key "database" is "sqlite": target "cluster" runs several pods, and each would have a file of its own that goes with it; run `pulumi config set database postgres`.',
    ],
    [
      "no database's URL",
      { databaseUrl: undefined },
      'Config key "databaseUrl" is not set: target "cluster" keeps no data in the namespace of an app; have a server managed, or by CloudNativePG in the cluster, and run `pulumi config set --secret databaseUrl postgres://USER:PASSWORD@HOST/NAME`.',
    ],
    [
      "a service that nothing leads to",
      { serviceType: "ClusterIP" },
      'Config key "serviceType" is "ClusterIP", and without ingressHost nothing outside the cluster reaches that; run `pulumi config set ingressHost django.example.com`, or `pulumi config set serviceType LoadBalancer`.',
    ],
  ];
  for (const [what, more, message] of refused) {
    it(`refuses ${what} and says what to run`, () => {
      assert.throws(() => {
        refuseOnSharedCluster(changed(sharedSettings, more));
      }, isProblem(message));
    });
  }

  for (const [index, [what, , message]] of refused.entries()) {
    it(`refuses ${what} before what is below it in this list`, () => {
      const own = refused.slice(index).map(([, more]) => more);
      const all = Object.assign({}, ...own.reverse()) as Partial<FlatSettings>;
      assert.throws(() => {
        refuseOnSharedCluster(changed(sharedSettings, all));
      }, isProblem(message));
    });
  }

  const accepted: [what: string, more: Partial<FlatSettings>][] = [
    ["a load balancer", {}],
    ["a service behind an Ingress", { serviceType: "ClusterIP", ingressHost: "shop.test" }],
    ["an Ingress with a type of service that is left open", { ingressHost: "shop.test" }],
    ["a repository of Docker Hub", { imageRepository: "team/shop" }],
    ["a user of the registry", { registryUsername: "me", registryPassword: pulumi.secret("t0ken") }],
  ];
  for (const [what, more] of accepted) {
    it(`takes ${what}`, () => {
      assert.doesNotThrow(() => {
        refuseOnSharedCluster(changed(sharedSettings, more));
      });
    });
  }
});
