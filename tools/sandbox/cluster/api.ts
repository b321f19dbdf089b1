import fs from "node:fs/promises";
import path from "node:path";

import { Problem } from "../../../components/problem";
import type { KubeContext } from "../../../components/targets/kubeconfig";
import type { HttpAnswer } from "../../../components/http";
import { type ApiRequest, send } from "../../../components/kubernetes/client";
import { objectPath } from "../../../components/kubernetes/objectPath";
import type { ObjectKey } from "../../../components/kubernetes/types";
import { authorityFolder, type ClusterKind, pkiFolder } from "./kinds";
import { apiServerOf, type ClusterPlan } from "./plan";

/** The API server as its administrator reaches it: the kubeconfig is written later than it is asked first. */
async function administrator(kind: ClusterKind, plan: ClusterPlan): Promise<KubeContext> {
  const pki = pkiFolder(kind);
  const [ca, cert, key] = await Promise.all([
    fs.readFile(path.join(authorityFolder(kind), "cluster-ca.pem"), "utf8"),
    fs.readFile(path.join(pki, "admin.pem"), "utf8"),
    fs.readFile(path.join(pki, "admin-key.pem"), "utf8"),
  ]);
  const { address, port } = apiServerOf(plan);
  const server = `https://${address}:${port}`;
  return { name: kind.context, server, ca, skipTlsVerify: false, client: { cert, key } };
}

/** The answer to a request; undefined when there is none, or nothing to sign it with. */
async function ask(kind: ClusterKind, plan: ClusterPlan, request: ApiRequest): Promise<HttpAnswer | undefined> {
  try {
    return await send(await administrator(kind, plan), { ...request, timeoutSeconds: 10 });
  } catch {
    return undefined;
  }
}

/** Reads from the API server: the body of a 200, undefined for anything else. */
export async function apiGet(
  kind: ClusterKind,
  plan: ClusterPlan,
  path: string,
  query: Record<string, string> = {},
): Promise<string | undefined> {
  const answer = await ask(kind, plan, { path, query });
  return answer?.status === 200 ? answer.body : undefined;
}

/** Creates an object, or changes it to what is given. Throws a `Problem` when the API server does not take it. */
export async function apiApply(kind: ClusterKind, plan: ClusterPlan, object: ObjectKey): Promise<void> {
  const query = { fieldManager: "kubernetes-django-sandbox", force: "true" };
  const answer = await ask(kind, plan, { method: "PATCH", path: objectPath(object), query, object });
  if (answer === undefined || answer.status >= 300) {
    throw new Problem(
      `The sandbox's ${object.kind} ${object.metadata.name} cannot be created`,
      "run `npm run up -- sandbox` again",
      [answer?.body ?? "the API server does not answer"],
    );
  }
}

/** Deletes an object, if the API server answers and has it. */
export async function apiDelete(kind: ClusterKind, plan: ClusterPlan, path: string): Promise<void> {
  await ask(kind, plan, { method: "DELETE", path });
}
