import assert from "node:assert/strict";
import path from "node:path";

import execa from "execa";
import { parse, stringify } from "yaml";

import { checkov, kubeScore } from "../../../sandbox/install/catalogue";
import type { InstalledTool, Tool } from "../../../sandbox/install/install";
import type { Workspace } from "./workspace";

export interface Finding {
  check: string;
  /** Such as Deployment/kubernetes-django. */
  object: string;
  finding: string;
}

/** A finding as it is compared. */
export const line = ({ check, object, finding }: Finding): string => `${check} ${object}: ${finding}`;

interface Scored {
  type_meta: { kind: string };
  object_meta: { name: string };
  checks: { check: { id: string }; grade: number; skipped: boolean; comments: { summary: string }[] | null }[];
}

/** Grade that kube-score gives where it finds nothing. */
const flawless = 10;

function readKubeScore(output: string): string[] {
  return (JSON.parse(output) as Scored[]).flatMap(({ type_meta: { kind }, object_meta: { name }, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade < flawless)
      .flatMap(({ check, comments }) =>
        (comments?.length ? comments : [{ summary: "" }]).map(({ summary }) =>
          line({ check: check.id, object: `${kind}/${name}`, finding: summary }),
        ),
      ),
  );
}

interface Checked {
  results: { failed_checks: { check_id: string; check_name: string; resource: string }[] };
  summary: { passed: number; parsing_errors: number };
}

function readCheckov(output: string): string[] {
  const { results, summary } = JSON.parse(output) as Checked;
  assert.ok(summary.passed > 0 && summary.parsing_errors === 0, output);
  return results.failed_checks.map(({ check_id, check_name, resource }) => {
    const [kind = "", , ...name] = resource.split(".");
    return line({ check: check_id, object: `${kind}/${name.join(".")}`, finding: check_name });
  });
}

export const scanners: { tool: Tool; arguments: (file: string) => string[]; read: (output: string) => string[] }[] = [
  {
    tool: kubeScore,
    arguments: (file) => ["score", "--kubernetes-version", "v1.34", "--output-format", "json", file],
    read: readKubeScore,
  },
  {
    tool: checkov,
    arguments: (file) => [
      "--file",
      file,
      "--framework",
      "kubernetes",
      "--output",
      "json",
      "--compact",
      "--skip-download",
    ],
    read: readCheckov,
  },
];

/** What a scanner finds in a file of objects. */
export async function findingsOf(
  { tool, arguments: argumentsFor, read }: (typeof scanners)[number],
  installed: InstalledTool,
  file: string,
): Promise<string[]> {
  const { stdout } = await execa(path.join(installed.folder, tool.name), argumentsFor(file), { reject: false });
  return read(stdout).sort();
}

/** Every object of the stack, as the API server has it. */
export async function readObjects(workspace: Workspace): Promise<string> {
  const state = JSON.parse(await workspace.pulumiOk("stack", "export")) as {
    deployment: { resources: { type: string; id?: string }[] };
  };
  const objects = state.deployment.resources.filter(({ type }) => type.startsWith("kubernetes:"));
  const isScaled = objects.some(({ type }) => type.endsWith(":HorizontalPodAutoscaler"));
  const documents: string[] = [];
  for (const { type, id = "" } of objects) {
    const name = path.posix.basename(id);
    const kind = type.split(":").at(-1) ?? "";
    const live = await workspace.kubectl("get", kind, name, "--namespace", path.posix.dirname(id), "--output", "yaml");
    const object = parse(live) as { kind: string; spec?: { replicas?: number } };
    if (object.kind === "Deployment" && isScaled) {
      // The autoscaler sets it: an update leaves it alone, and without a first one the API server would take it for 1.
      delete object.spec?.replicas;
    }
    documents.push(stringify(object));
  }
  assert.ok(documents.length > 6);
  return documents.join("\n---\n");
}
