import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import execa from "execa";
import { parse } from "yaml";

import { checkov, kubeScore } from "../../sandbox/tools/catalogue";
import { installTool, type Tool } from "../../sandbox/tools/install";
import { availableBuilder, getTools, needPlugin, skip } from "./helpers/cluster";
import { Workspace } from "./helpers/workspace";

interface Waiver {
  tool: string;
  check: string;
  object: string;
  finding: string;
  reason: string;
}

const waivers = parse(fs.readFileSync(path.resolve(__dirname, "../../policy/waivers.yaml"), "utf8")) as Waiver[];
const line = ({ check, object, finding }: Omit<Waiver, "tool" | "reason">): string => `${check} ${object}: ${finding}`;

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

const scanners: { tool: Tool; arguments: (file: string) => string[]; read: (output: string) => string[] }[] = [
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

describe("what the program creates, with debug off, a secretKey and two replicas", () => {
  const namespace = "hardening";
  let workspace: Workspace;
  let objects = "";

  before(async function () {
    const builder = await availableBuilder();
    await needPlugin(this, builder);
    const config = { target: "docker-desktop", debug: false, replicas: "2", builder, namespace };
    workspace = await Workspace.create(await getTools(), "dev", { ...config, imageRepository: namespace });
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    await workspace.pulumiOk("up", "--yes", "--skip-preview", "--policy-pack", "policy");
    objects = path.join(workspace.folder, "objects.yaml");
    fs.writeFileSync(objects, await readObjects(workspace));
  });
  after(async () => {
    await (workspace as Workspace | undefined)?.dispose();
  });

  for (const { tool, arguments: argumentsFor, read } of scanners) {
    it(`has no finding of ${tool.title} that is not waived, and no waiver that nothing needs`, async function () {
      const installed = await installTool(tool).catch((error: unknown) => skip(this, (error as Error).message));
      const executable = path.join(installed.folder, tool.name);
      const { stdout } = await execa(executable, argumentsFor(objects), { reject: false });
      const waived = waivers.filter((waiver) => waiver.tool === tool.name).map(line);
      assert.deepEqual(read(stdout).sort(), waived.sort());
    });
  }

  it("lets no pod into the namespace that is not restricted", async () => {
    const image = await workspace.output("image");
    const output = await workspace.kubectl("--namespace", namespace, "run", "intruder", "--image", image);
    assert.match(output, /pods "intruder" is forbidden: violates PodSecurity "restricted:latest"/);
  });
});

/** Every object of the stack, as the API server has it. */
async function readObjects(workspace: Workspace): Promise<string> {
  const state = JSON.parse(await workspace.pulumiOk("stack", "export")) as {
    deployment: { resources: { type: string; id?: string }[] };
  };
  const documents: string[] = [];
  for (const { type, id = "" } of state.deployment.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
    const name = path.posix.basename(id);
    const kind = type.split(":").at(-1) ?? "";
    documents.push(
      await workspace.kubectl("get", kind, name, "--namespace", path.posix.dirname(id), "--output", "yaml"),
    );
  }
  assert.ok(documents.length > 6);
  return documents.join("\n---\n");
}
