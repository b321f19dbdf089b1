// Serves the program to the engine, as a process of its own.
import { createRequire } from "node:module";

import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { GetRequiredPackagesResponse, type RunRequest, type RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";

import type { Message } from "./languageHost";

type Answer<Response> = (call: unknown, callback: sendUnaryData<Response>) => void;

let mayRead = false;
let isRunning = false;

// Ctrl-C reaches this process as well, and the engine needs it until it has ended the update.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => {
  // An update goes on when the `npm run` that began it was killed, and this process ends with it.
  if (!isRunning || !mayRead) {
    leave();
  }
});
let takeEnvironment: (environment: NodeJS.ProcessEnv) => void;
const environment = new Promise<NodeJS.ProcessEnv>((resolve) => (takeEnvironment = resolve));
let takeLeave: () => void;
const leaveToRead = new Promise<void>((resolve) => (takeLeave = resolve));
process.on("message", (message: Message) => {
  if (message === "read") {
    mayRead = true;
    takeLeave();
  } else {
    takeEnvironment(message.environment);
  }
});

/** Ends at once; the SDK would list what it still waits for. */
function leave(): never {
  process.removeAllListeners("exit");
  process.exit();
}

// `npm run up` has them installed before.
const getRequiredPackages: Answer<GetRequiredPackagesResponse> = (_, callback) => {
  callback(null, new GetRequiredPackagesResponse());
};

const getPluginInfo: Answer<PluginInfo> = (_, callback) => {
  callback(null, new PluginInfo());
};

const run = (call: ServerUnaryCall<RunRequest, RunResponse>, callback: sendUnaryData<RunResponse>): void => {
  isRunning = true;
  call.on("cancelled", () => {
    // After the answer it is said as well; before it, the CLI was killed.
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
      return loadRunner().runProgram(call.request, leaveToRead);
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
  process.send?.(`127.0.0.1:${port}`);
  // It blocks for as long as the CLI needs until it asks for something, so that the CLI has to know the address first.
  setImmediate(loadRunner);
});
