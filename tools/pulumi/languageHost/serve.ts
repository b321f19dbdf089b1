// Serves the program to the engine, as a process of its own.
import { createRequire } from "node:module";

import { type handleUnaryCall, type sendUnaryData, Server, ServerCredentials } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { GetRequiredPackagesResponse, type RunRequest, type RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";

import type { Order, Report } from "./languageHost";

let isRunning = false;

// Ctrl-C reaches this process as well, but the engine needs it until the update has ended.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => {
  // The `npm run` was killed. An update that has started goes on, and this process ends with it.
  if (!isRunning) {
    leave();
  }
});
let takeEnvironment: (environment: NodeJS.ProcessEnv) => void;
const environment = new Promise<NodeJS.ProcessEnv>((resolve) => (takeEnvironment = resolve));
process.on("message", (order: Order) => {
  takeEnvironment(order.environment);
});

function report(message: Report): void {
  process.send?.(message);
}

/** Ends at once, without the SDK's list of promises that still wait. */
function leave(): never {
  process.removeAllListeners("exit");
  process.exit();
}

// `npm run up` has installed them.
const getRequiredPackages: handleUnaryCall<unknown, GetRequiredPackagesResponse> = (_, callback) => {
  callback(null, new GetRequiredPackagesResponse());
};

const getPluginInfo: handleUnaryCall<unknown, PluginInfo> = (_, callback) => {
  callback(null, new PluginInfo());
};

const run: handleUnaryCall<RunRequest, RunResponse> = (call, callback) => {
  isRunning = true;
  call.on("cancelled", () => {
    // The event comes after an answer as well. Before one, it means that the CLI was killed.
    if (isRunning) {
      leave();
    }
  });
  const answer: sendUnaryData<RunResponse> = (...result) => {
    isRunning = false;
    callback(...result);
    if (!process.connected) {
      server.tryShutdown(() => process.exit());
    }
  };
  void environment
    .then((variables) => {
      process.env = variables;
      return loadRunner().runProgram(call.request);
    })
    .then(
      (response) => {
        answer(null, response);
      },
      (error: unknown) => {
        answer(error as Error);
      },
    );
};

function loadRunner(): typeof import("./runProgram") {
  return createRequire(__filename)("./runProgram") as typeof import("./runProgram");
}

const server = new Server();
server.addService(LanguageRuntimeService, { getRequiredPackages, getPluginInfo, run });
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  report({ address: `127.0.0.1:${port}` });
  // Loading blocks for as long as the CLI takes to ask for something, so the CLI needs the address first.
  setImmediate(loadRunner);
});
