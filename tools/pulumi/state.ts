import fs from "node:fs";

import { appType } from "../../components/safeguards/priorState";
import type { PulumiCli } from "../stack/stack";
import { project } from "../stack/stackConfig";
import { askPulumi } from "./cli";
import { ownStateFolder, stateFile } from "./ownState";
import { type BackendCall, stackNames } from "./stacks";

/** A resource as a stack's state has it; what is not named here is carried along. */
export interface StoredResource {
  urn: string;
  type: string;
  /** Name that the provider knows it by; absent for a component, and until it was created. */
  id?: string;
  /** Whether it was replaced and is still to be deleted. */
  delete?: boolean;
  /** Whether it must not be deleted. */
  protect?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  [key: string]: unknown;
}

/** What the engine was at when it was killed: "creating", "updating", "deleting" and the like. */
export interface PendingOperation {
  type: string;
  resource: StoredResource;
}

/** What is deployed, and what was begun. */
export interface Deployment {
  resources?: StoredResource[];
  pending_operations?: PendingOperation[];
  [key: string]: unknown;
}

/** A stack's state, as `pulumi stack export` writes it. */
export interface StackState {
  version: number;
  deployment: Deployment;
}

/** What a stack has deployed: from its file where the state is the checkout's own, else from Pulumi. */
export async function readDeployment(cli: Pick<PulumiCli, "stack" | "folder" | "environment">): Promise<Deployment> {
  return readOwnDeployment(cli) ?? (await exportState(cli, cli.stack)).deployment;
}

/** The same without asking Pulumi; undefined where the state is not the checkout's own, or there is none. */
export function readOwnDeployment(cli: Pick<PulumiCli, "stack" | "folder" | "environment">): Deployment | undefined {
  const folder = ownStateFolder(cli);
  return folder === undefined ? undefined : readStateFile(stateFile(folder, cli.stack));
}

/** What a stack has deployed, from its file, since Pulumi takes half a second to answer; undefined without a file. */
export function readStateFile(file: string): Deployment | undefined {
  // With PULUMI_DIY_BACKEND_GZIP the file has another name.
  if (!fs.existsSync(file)) {
    return undefined;
  }
  const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8")) as { checkpoint: { latest?: Deployment } };
  return checkpoint.latest ?? {};
}

/** A stack's state as `importState` takes it. */
export async function exportState({ folder, environment }: BackendCall, stack: string): Promise<StackState> {
  return JSON.parse(await askPulumi(["stack", "export"], { folder, environment, stack })) as StackState;
}

/** The state of every stack of this project in the backend, by its name. */
export async function readStates(backend: BackendCall): Promise<Map<string, StackState>> {
  const names = await stackNames(backend);
  return new Map(await Promise.all(names.map(async (name) => [name, await exportState(backend, name)] as const)));
}

/** Type of the component that builds an app's image. */
const imageType = "django:index:DjangoImage";

/** What a stack's app says of what was deployed of it, whatever index.ts exports; undefined where the stack has no such app. */
export function appOutputs({ resources = [] }: Deployment, app: string): Record<string, unknown> | undefined {
  const isApps = ({ type, urn, delete: isOld }: StoredResource): boolean =>
    type === appType && isOld !== true && urn.endsWith(`::${app}`);
  const found = resources.find(isApps);
  return found && (found.outputs ?? {});
}

/** An image that a stack deployed last. */
export interface DeployedImage {
  /** The app that it is of. */
  app: string;
  image: string;
}

/** The images of a stack's apps that its nodes run from the Docker daemon that built them: one with a digest is in a registry. */
export function imagesOnDaemon(deployment: Deployment): DeployedImage[] {
  return imagesOf(deployment).filter(({ image }) => !image.includes("@"));
}

/** The images that a stack's apps deployed last, the first one's first. */
export function imagesOf(deployment: Deployment): DeployedImage[] {
  const first = imageOf(deployment);
  const components = (deployment.resources ?? []).filter((each) => each.type === imageType && each.delete !== true);
  const others = components.flatMap(({ urn, outputs }): DeployedImage[] => {
    const { reference } = outputs ?? {};
    const app = urn.split("::").at(-1) ?? "";
    return typeof reference === "string" && app !== project ? [{ app, image: reference }] : [];
  });
  return [...(first === undefined ? [] : [{ app: project, image: first }]), ...others];
}

/** The image that a stack's first app deployed last: the stack's output. */
export function imageOf({ resources }: Deployment): string | undefined {
  const stack = resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const image = stack?.outputs?.["image"];
  return typeof image === "string" ? image : undefined;
}

/** Forgets everything that a stack has deployed, and deletes nothing of it. */
export async function clearState(backend: BackendCall, stack: string): Promise<void> {
  const { version, deployment } = await exportState(backend, stack);
  await importState(backend, stack, { version, deployment: { ...deployment, resources: [], pending_operations: [] } });
}

/** Lets a stack's resources be deleted that were protected. */
export async function unprotect({ folder, environment }: BackendCall, stack: string): Promise<void> {
  await askPulumi(["state", "unprotect", "--all", "--yes"], { folder, environment, stack });
}

/** Replaces a stack's state. Pulumi drops operations that are still pending in it. */
export async function importState(
  { folder, environment }: BackendCall,
  stack: string,
  state: StackState,
): Promise<void> {
  await askPulumi(["stack", "import"], { folder, environment, stack }, JSON.stringify(state));
}
