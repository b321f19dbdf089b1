import { projectFolder } from "../../components/image/buildContext";
import { Problem } from "../../components/problem";
import type { DaemonWatch, Loss } from "../docker/daemonWatch";
import type { EngineEvent } from "../pulumi/engineEvents";
import { type FailedBuild, readFailedBuild } from "./buildOutput";

const imageType = /^docker(-build)?:.*:Image$/;
const building = /^(create|update|replace|create-replacement)$/;

/** Where a build's output and its daemon are seen. */
export interface BuildSources {
  daemon: Pick<DaemonWatch, "start" | "loss" | "stop">;
  /** What the build printed, if that does not reach the engine. */
  log: { lines: () => string[] };
  /** Text of the Dockerfile. */
  dockerfile: () => string;
  /** What to do when the daemon does not answer, as a clause. */
  daemonHint: () => Promise<string>;
}

/** Finds out why an image could not be built: the engine itself says no more than that it failed. */
export class BuildWatch {
  private readonly shown: string[] = [];
  private hasFailed = false;

  constructor(private readonly sources: BuildSources) {}

  /** Takes in what the engine is doing. */
  readonly onEvent = ({ diagnosticEvent, resourcePreEvent, resOpFailedEvent }: EngineEvent): void => {
    const begun = resourcePreEvent?.metadata;
    if (begun !== undefined && imageType.test(begun.type) && building.test(begun.op)) {
      this.sources.daemon.start();
    }
    const type = diagnosticEvent?.urn?.split("::")[2]?.split("$").at(-1) ?? "";
    if (diagnosticEvent && imageType.test(type)) {
      this.shown.push(...diagnosticEvent.message.split("\n").filter((line) => !line.startsWith("digest: ")));
    }
    this.hasFailed ||= imageType.test(resOpFailedEvent?.metadata.type ?? "");
  };

  /** Ends the watch. Resolves to why the image could not be built; undefined when it could. */
  async stop(): Promise<Problem | undefined> {
    const loss = this.hasFailed ? await this.sources.daemon.loss() : undefined;
    this.sources.daemon.stop();
    if (!this.hasFailed) {
      return undefined;
    }
    const logged = this.sources.log.lines();
    const failed = readFailedBuild(logged.length > 0 ? logged : this.shown, this.sources.dockerfile());
    return loss === undefined ? buildProblem(failed) : daemonProblem(loss, failed, await this.sources.daemonHint());
  }
}

function buildProblem({ line, output }: FailedBuild): Problem {
  return new Problem(
    `The image could not be built${line === undefined ? "" : ` because of line ${line} of ${projectFolder}/Dockerfile`}`,
    `what is deployed stays as it is; mend the project in ${projectFolder}/ (\`docker build ${projectFolder}\` shows the whole build) and run \`npm run up\` again`,
    output,
  );
}

function daemonProblem({ host, reason }: Loss, { output }: FailedBuild, hint: string): Problem {
  const failed = `The Docker daemon at ${host} went away while it built the image`;
  return reason === undefined
    ? new Problem(failed, "it answers again: run `npm run up` again", output.slice(-5))
    : new Problem(`${failed} and does not answer (${reason})`, hint, output.slice(-5));
}
