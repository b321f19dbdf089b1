import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { parseApps } from "./apps";
import { declareApps } from "./declareApps";

const config = new pulumi.Config();
const provider = new Provider("kubernetes", {
  context: config.require("kubeContext"),
  kubeconfig: config.require("kubeconfig"),
});
const declared = declareApps(parseApps(config.get("apps"), config.get("image")), provider);

export const namespaces = declared.map(({ namespace }) => namespace);
