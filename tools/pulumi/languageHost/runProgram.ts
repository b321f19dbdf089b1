// The first import has to come before Pulumi's.
import "./lazyModules";

import { createRequire } from "node:module";

import * as pulumi from "@pulumi/pulumi";
import { isGrpcError } from "@pulumi/pulumi/errors";
import { type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";

type Program = () => Promise<unknown>;

/** Starts before the engine asks for a run, which then reports why the program cannot be loaded. */
const loading = new Promise<Program>((resolve) => {
  resolve(createRequire(__filename)("../../../index") as Program);
});
loading.catch(() => undefined);

const reported = new Set<unknown>();

/** Reports an error to the engine as Pulumi's own host does, once: it rejects each promise that waits for what failed. */
function report(error: unknown): void {
  // The engine knows its own errors.
  if (reported.has(error) || isGrpcError(error as Error)) {
    return;
  }
  reported.add(error);
  const { message, stack = message } = error as Error;
  const isSentence = pulumi.RunError.isInstance(error) || (pulumi.ResourceError.isInstance(error) && error.hideStack);
  const resource = pulumi.ResourceError.isInstance(error) ? error.resource : undefined;
  void pulumi.log.error(isSentence ? message : stack, resource);
}

/** Runs the program as the engine asks. A process can do so once. */
export async function runProgram(request: RunRequest): Promise<RunResponse> {
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
  pulumi.runtime.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    request.getArgsList()[0] ?? "",
    request.getMonitorAddress(),
    request.getDryrun(),
    request.getOrganization(),
  );
  const config = Object.fromEntries(request.getConfigMap().toArray());
  pulumi.runtime.setAllConfig(config, request.getConfigsecretkeysList());
  let hasEnded = false;
  try {
    await pulumi.runtime.runInPulumiStack(async () => {
      const program = await loading;
      return await program();
    });
    hasEnded = true;
  } catch (error) {
    report(error);
  }
  await pulumi.runtime.disconnect(hasEnded && !pulumi.log.hasErrors());
  const response = new RunResponse();
  // After an error the engine has all its messages already.
  response.setBail(!hasEnded || pulumi.log.hasErrors());
  return response;
}
