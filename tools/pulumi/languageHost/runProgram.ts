// The first import has to come before Pulumi's.
import "./standIns";

import { createRequire } from "node:module";

import * as pulumi from "@pulumi/pulumi";
import { isGrpcError } from "@pulumi/pulumi/errors";
import { type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";

type Program = (leaveToRead: Promise<void>) => Promise<unknown>;

/** Begun before anybody asks for it; why it cannot be loaded is told when it is run. */
const loading = new Promise<Program>((resolve) => {
  resolve(createRequire(__filename)("../../../index") as Program);
});
loading.catch(() => undefined);

const reported = new Set<unknown>();

/** Tells the engine of an error as Pulumi's own host does, once: it reaches each promise that waits for what failed. */
function report(error: unknown): void {
  // Those are the engine's own.
  if (reported.has(error) || isGrpcError(error as Error)) {
    return;
  }
  reported.add(error);
  const { message, stack = message } = error as Error;
  const isSentence = pulumi.RunError.isInstance(error) || (pulumi.ResourceError.isInstance(error) && error.hideStack);
  const resource = pulumi.ResourceError.isInstance(error) ? error.resource : undefined;
  void pulumi.log.error(isSentence ? message : stack, resource);
}

/**
 * Runs it as the engine asks. A process can do so once.
 *
 * @param leaveToRead settles when it may read the sources
 */
export async function runProgram(request: RunRequest, leaveToRead: Promise<void>): Promise<RunResponse> {
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
    await pulumi.runtime.runInPulumiStack(async () => await (await loading)(leaveToRead));
    hasEnded = true;
  } catch (error) {
    report(error);
  }
  await pulumi.runtime.disconnect(hasEnded && !pulumi.log.hasErrors());
  const response = new RunResponse();
  // With errors it has been told all there is to tell.
  response.setBail(!hasEnded || pulumi.log.hasErrors());
  return response;
}
