import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import type { RegisterResourceOutputsRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

import { project } from "./config";

// Pulumi keeps a stack trace with each of its promises, and ts-node maps it: half of the time that a program takes here.
Object.assign(debuggable, { debuggablePromise: <T>(promise: T): T => promise });

/** A resource as the program asked the engine to register it; other resources in it are named `type name`. */
export interface Registration {
  type: string;
  name: string;
  parent: string | undefined;
  /** The provider it goes to; undefined for a default one, and for components and providers themselves. */
  provider: string | undefined;
  inputs: Inputs;
  replacementTrigger: unknown;
  /** Only where it is protected. */
  protect?: true;
  /** Only where there are some. */
  ignoreChanges?: string[];
  /** Only where they are asked for. */
  deleteBeforeReplace?: true;
  replaceOnChanges?: string[];
  retainOnDelete?: true;
  /** How long its deletion may take, such as `60s`; only where that is said. */
  deleteTimeout?: string;
}

const stackType = "pulumi:pulumi:Stack";

export type Inputs = Record<string, unknown>;

export interface Run {
  /** What the program exported, as the engine was told. */
  outputs: Inputs;
  /** Sorted by type and name, without the stack itself. */
  resources: Registration[];
  /** Outputs of components, by `type name`. */
  componentOutputs: Record<string, Inputs>;
  /** What has to be there before a resource is made or changed, without what is there before that; by `type name`. */
  dependencies: Record<string, string[]>;
}

export interface RunOptions {
  preview?: boolean;
  stack?: string;
  /** What a provider adds to a resource's inputs; Pulumi's mocks add nothing. */
  answer?: (type: string, inputs: Inputs, name: string) => Inputs | Promise<Inputs>;
  /** Resources of the stack's state. @default it has none */
  prior?: { type: string; name: string; outputs: Inputs }[];
}

type Callback = (error: unknown, response: unknown) => void;

/** The part of the mocked engine that is listened to. */
interface Monitor {
  registerResource: (request: RegisterResourceRequest, callback: Callback) => void;
  registerResourceOutputs: (request: RegisterResourceOutputsRequest, callback: Callback) => void;
}

/** Runs a program against Pulumi's mocks and records every request to register a resource. */
export async function runProgram(
  program: () => Inputs | Promise<Inputs>,
  { preview = false, stack = "dev", answer = () => ({}), prior = [] }: RunOptions = {},
): Promise<Run> {
  const mocks: pulumi.runtime.Mocks = {
    newResource: async ({ type, name, inputs }) => {
      const given = inputs as Inputs;
      // Nothing has an id before it exists.
      // The docker provider says it of each image, also of one that it does not push.
      const built = type === "docker:index/image:Image" ? { repoDigest: String(given["imageName"]) } : {};
      const state = { ...given, ...(preview ? {} : built), ...(await answer(type, given, name)) };
      return { id: preview ? undefined : `${name}-id`, state };
    },
    call: ({ token }) => {
      const outputs = Object.fromEntries(
        prior.map(({ name, ...resource }) => [`urn:pulumi:${stack}::${project}::${resource.type}::${name}`, resource]),
      );
      if (token === "pulumi:pulumi:readStackResourceOutputs") {
        return { outputs };
      }
      throw new Error(`The program asks providers nothing, and asked for ${token}`);
    },
  };
  await pulumi.runtime.setMocks(mocks, project, stack, preview, "organization");
  const requests: RegisterResourceRequest[] = [];
  const componentOutputs: Record<string, Inputs> = {};
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const { registerResource, registerResourceOutputs } = monitor;
  monitor.registerResource = (request, callback) => {
    requests.push(request);
    registerResource.call(monitor, request, callback);
  };
  monitor.registerResourceOutputs = (request, callback) => {
    componentOutputs[reference(request.getUrn()) ?? ""] = request.getOutputs()?.toJavaScript() ?? {};
    registerResourceOutputs.call(monitor, request, callback);
  };
  await pulumi.runtime.runInPulumiStack(async () => await program());
  // Resources that no output depends on may still be on their way.
  await pulumi.runtime.disconnect();
  const resources = requests
    .filter((request) => request.getType() !== stackType)
    .map(registration)
    .sort((one, other) => (label(one) < label(other) ? -1 : 1));
  const { [label({ type: stackType, name: `${project}-${stack}` })]: outputs = {}, ...rest } = componentOutputs;
  return { outputs, resources, componentOutputs: rest, dependencies: dependenciesOf(requests) };
}

function dependenciesOf(requests: RegisterResourceRequest[]): Record<string, string[]> {
  return Object.fromEntries(
    requests.map((request) => [
      label({ type: request.getType(), name: request.getName() }),
      request
        .getDependenciesList()
        .map((urn) => reference(urn) ?? "")
        .sort(),
    ]),
  );
}

/** Types of all that has to be there before the one resource of a type is made or changed. */
export function typesBefore(run: Run, type: string): Set<string> {
  const before = new Set([label(only(run, type))]);
  for (const each of before) {
    run.dependencies[each]?.forEach((dependency) => before.add(dependency));
  }
  before.delete(label(only(run, type)));
  return new Set([...before].map((each) => each.split(" ")[0] ?? ""));
}

/** The one resource of a type. */
export function only({ resources }: Run, type: string): Registration {
  const [found, ...others] = resources.filter((each) => each.type === type);
  if (found === undefined || others.length > 0) {
    throw new Error(`There is not one ${type} among ${resources.map(label).join(", ")}`);
  }
  return found;
}

/** `type name` */
export function label({ type, name }: { type: string; name: string }): string {
  return `${type} ${name}`;
}

/** How a value that is not known before the update stands in a request to the engine. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** How a secret stands in a request to the engine. */
export function secret(value: unknown): unknown {
  return { ...secretMark, value };
}

/** What is in it, if it is a secret. */
export function plain(value: unknown): unknown {
  const isSecret = typeof value === "object" && value !== null && Object.keys(secretMark).every((key) => key in value);
  return isSecret ? (value as unknown as { value: unknown }).value : value;
}

function registration(request: RegisterResourceRequest): Registration {
  const ignoreChanges = request.getIgnorechangesList();
  const replaceOnChanges = request.getReplaceonchangesList();
  const deleteTimeout = request.getCustomtimeouts()?.getDelete() ?? "";
  return {
    type: request.getType(),
    name: request.getName(),
    parent: reference(request.getParent()),
    provider: reference(request.getProvider()),
    inputs: request.getObject()?.toJavaScript() ?? {},
    replacementTrigger: request.getReplacementTrigger()?.toJavaScript(),
    ...(request.getProtect() === true ? { protect: true } : {}),
    ...(ignoreChanges.length > 0 ? { ignoreChanges } : {}),
    ...(request.getDeletebeforereplace() ? { deleteBeforeReplace: true } : {}),
    ...(replaceOnChanges.length > 0 ? { replaceOnChanges } : {}),
    ...(request.getRetainondelete() === true ? { retainOnDelete: true } : {}),
    ...(deleteTimeout === "" ? {} : { deleteTimeout }),
  };
}

/** The resource in an URN, or in the `<urn>::<id>` by which a provider is named. */
function reference(urn: string): string | undefined {
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  return type === "" ? undefined : label({ type, name });
}
