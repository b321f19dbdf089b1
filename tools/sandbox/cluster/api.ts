import fs from "node:fs/promises";
import https from "node:https";
import path from "node:path";

import { authorityFolder, clusterFolder, type ClusterKind } from "./kinds";
import { apiServerOf, type ClusterPlan } from "./plan";

interface Answer {
  status: number;
  body: string;
}

/** A request to the API server as its administrator; undefined when it does not answer. */
async function request(
  kind: ClusterKind,
  plan: ClusterPlan,
  method: string,
  url: string,
  body?: object,
): Promise<Answer | undefined> {
  const pki = path.join(clusterFolder(kind), "pki");
  const [ca, cert, key] = await Promise.all(
    [
      path.join(authorityFolder(kind), "cluster-ca.pem"),
      path.join(pki, "admin.pem"),
      path.join(pki, "admin-key.pem"),
    ].map((file) => fs.readFile(file)),
  );
  const { address: host, port } = apiServerOf(plan);
  const server = { host, port, ca, cert, key, agent: false, timeout: 2000 };
  const headers = body === undefined ? {} : { "Content-Type": "application/apply-patch+yaml" };
  return await new Promise((resolve) => {
    const sent = https.request({ ...server, method, path: url, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: text });
      });
    });
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => {
      resolve(undefined);
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Reads from the API server: the body of a 200, undefined for anything else. */
export async function apiGet(kind: ClusterKind, plan: ClusterPlan, url: string): Promise<string | undefined> {
  const answer = await request(kind, plan, "GET", url);
  return answer?.status === 200 ? answer.body : undefined;
}

/** An object as far as its address needs it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
}

/** Creates an object that is in no namespace, or makes it what it is to be; `plural` is its kind's name in addresses. */
export async function apiApply(
  kind: ClusterKind,
  plan: ClusterPlan,
  plural: string,
  object: KubernetesObject,
): Promise<void> {
  const url = `/apis/${object.apiVersion}/${plural}/${object.metadata.name}`;
  const options = "?fieldManager=kubernetes-django-sandbox&force=true";
  const answer = await request(kind, plan, "PATCH", url + options, object);
  if (answer === undefined || answer.status >= 300) {
    throw new Error(
      `The sandbox's ${object.kind} ${object.metadata.name} could not be made: ${answer?.body ?? "the API server does not answer"}; run \`npm run up -- sandbox\` again.`,
    );
  }
}

/** Deletes an object that may be gone already, from an API server that may be, too. */
export async function apiDelete(kind: ClusterKind, plan: ClusterPlan, url: string): Promise<void> {
  await request(kind, plan, "DELETE", url).catch(() => undefined);
}
