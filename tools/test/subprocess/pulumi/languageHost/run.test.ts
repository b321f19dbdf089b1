import assert from "node:assert/strict";

import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity, SetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import { RunRequest, type RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  type RegisterResourceRequest,
  RegisterResourceResponse,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";

import { LanguageHost } from "../../../../pulumi/languageHost/languageHost";

type Call<Request> = { request: Request };
type Callback<Response> = (error: null, response: Response) => void;

const nothing = ResourceMonitorService.registerResourceOutputs.responseDeserialize(Buffer.alloc(0));

/** An engine that notes what it is asked for. */
class FakeEngine {
  readonly registered: string[] = [];
  readonly errors: string[] = [];
  private readonly server = new Server();

  /** Resolves to its address. */
  async start(): Promise<string> {
    const empty = (_: unknown, callback: Callback<typeof nothing>): void => {
      callback(null, nothing);
    };
    this.server.addService(EngineService, {
      setRootResource: (_: unknown, callback: Callback<SetRootResourceResponse>) => {
        callback(null, new SetRootResourceResponse());
      },
      log: ({ request }: Call<LogRequest>, callback: Callback<typeof nothing>) => {
        if (request.getSeverity() === LogSeverity.ERROR) {
          this.errors.push(request.getMessage());
        }
        callback(null, nothing);
      },
    });
    this.server.addService(ResourceMonitorService, {
      supportsFeature: (_: unknown, callback: Callback<SupportsFeatureResponse>) => {
        callback(null, new SupportsFeatureResponse());
      },
      registerResource: ({ request }: Call<RegisterResourceRequest>, callback: Callback<RegisterResourceResponse>) => {
        this.registered.push(request.getType());
        const response = new RegisterResourceResponse();
        response.setUrn(`urn:pulumi:dev::shop::${request.getType()}::${request.getName()}`);
        callback(null, response);
      },
      registerResourceOutputs: empty,
      signalAndWaitForShutdown: empty,
    });
    const port = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) {
          resolve(bound);
        } else {
          reject(error);
        }
      });
    });
    return `127.0.0.1:${port}`;
  }

  stop(): void {
    this.server.forceShutdown();
  }
}

describe("The process that runs the program for an engine", () => {
  let engine: FakeEngine;
  let host: LanguageHost;
  let client: LanguageRuntimeClient;

  beforeEach(() => {
    engine = new FakeEngine();
    host = new LanguageHost();
  });
  afterEach(() => {
    client.close();
    host.stop();
    engine.stop();
  });

  /** Asks for a run of the program without any config. */
  const run = async (): Promise<RunResponse> => {
    const address = await engine.start();
    client = new LanguageRuntimeClient(await host.address(), credentials.createInsecure());
    const request = new RunRequest();
    request.setProject("kubernetes-django");
    request.setStack("dev");
    request.setMonitorAddress(address);
    request.setArgsList([address]);
    return await new Promise((resolve, reject) => {
      client.run(request, (error, response) => {
        if (error === null) {
          resolve(response);
        } else {
          reject(error);
        }
      });
    });
  };

  it("runs the program once it has its environment, and reports its errors in a sentence", async () => {
    const response = run();
    await host.setEnvironment(process.env);
    assert.equal((await response).getBail(), true);
    const [said = "", ...more] = engine.errors;
    assert.match(said, /"target" is not set/);
    assert.deepEqual(more, []);
  });
});
