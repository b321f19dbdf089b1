import fs from "node:fs";
import path from "node:path";

import { shellWord } from "../../components/advice";
import { usualDockerfile } from "../../components/image/findDockerfile";
import { Problem } from "../../components/problem";
import { inItsName } from "../app/onApp";
import type { DaemonWatch, Loss } from "../docker/daemonWatch";
import type { EngineEvent } from "../pulumi/engineEvents";
import { withoutMarks } from "../pulumi/engineText";
import type { End } from "../pulumi/operate";
import { type FailedBuild, readFailedBuild } from "./buildOutput";
import { withRetry } from "./diagnosis";

const imageType = /^docker(-build)?:.*:Image$/;
const building = /^(create|update|replace|create-replacement)$/;

/** What an image is built from, as advice names it. */
export interface BuiltProject {
  folder: string;
  dockerfile: string;
}

/** Where a build's output and its daemon are seen. */
export interface BuildSources {
  daemon: Pick<DaemonWatch, "start" | "loss" | "stop">;
  /** What the build printed, if that does not reach the engine. */
  log: { lines: () => string[] };
  /** What is built of an app. */
  projectOf: (app: string) => BuiltProject;
  /** Whether the user has the docker CLI, on a machine that need not. */
  hasDocker: boolean;
  /** What to do when the daemon does not answer, as a clause. */
  daemonHint: () => Promise<string>;
  /** How the update is run again, as the end of a clause; "" where a save does that. */
  retry: string;
}

/** Why an update failed that needs nothing but its Docker daemon to succeed. */
export class DaemonProblem extends Problem {}

/** Finds out why an image could not be built: the engine itself says no more than that it failed. */
export class BuildWatch {
  private readonly shown: string[] = [];
  /** Name of the app whose image could not be built. */
  private failedApp: string | undefined;

  constructor(private readonly sources: BuildSources) {}

  /** Takes in what the engine is doing. */
  readonly onEvent = ({ diagnosticEvent, resourcePreEvent, resOpFailedEvent }: EngineEvent): void => {
    const begun = resourcePreEvent?.metadata;
    if (begun !== undefined && imageType.test(begun.type) && building.test(begun.op)) {
      this.sources.daemon.start();
    }
    const type = diagnosticEvent?.urn?.split("::")[2]?.split("$").at(-1) ?? "";
    if (diagnosticEvent && imageType.test(type)) {
      this.shown.push(
        ...withoutMarks(diagnosticEvent.message)
          .split("\n")
          .filter((line) => !line.startsWith("digest: ")),
      );
    }
    const failed = resOpFailedEvent?.metadata;
    if (failed !== undefined && imageType.test(failed.type)) {
      // An image has the name of its app.
      this.failedApp ??= failed.urn.split("::").at(-1);
    }
  };

  /** Ends the watch. Resolves to why the image could not be built; undefined when it could. */
  async stop(end: End): Promise<Problem | undefined> {
    const { daemon, log, projectOf, hasDocker, daemonHint, retry } = this.sources;
    const app = end === "interrupted" ? undefined : this.failedApp;
    const loss = app === undefined ? undefined : await daemon.loss();
    daemon.stop();
    if (app === undefined) {
      return undefined;
    }
    const project = projectOf(app);
    const logged = log.lines();
    const failed = readFailedBuild(
      logged.length > 0 ? logged : this.shown,
      fs.readFileSync(project.dockerfile, "utf8"),
    );
    if (loss !== undefined) {
      return daemonProblem(loss, failed, await daemonHint(), retry);
    }
    if (failed.output.some((line) => withoutBuildx.test(line))) {
      const step = "install its plugin buildx, as https://docs.docker.com/go/buildx says";
      return new Problem(
        "The image could not be built without buildx, which the docker CLI lacks",
        withRetry(step, retry),
      );
    }
    return failed.output.some((line) => unreached.test(line))
      ? new DaemonProblem("The Docker daemon was away while it built the image", again(retry), failed.output.slice(-5))
      : inItsName(app, buildProblem(failed, project, hasDocker, retry));
  }
}

/** What the docker CLI says when no daemon answers. */
const unreached = /Cannot connect to the Docker daemon|error during connect/;

/** What Pulumi's docker-build plugin says on a machine such as a Debian that has docker.io alone. */
const withoutBuildx = /No such CLI plugin: buildx/;

const again = (retry: string): string => `it answers again${retry === "" ? "" : `: ${retry}`}`;

function buildProblem(
  { line, output }: FailedBuild,
  { folder, dockerfile }: BuiltProject,
  hasDocker: boolean,
  retry: string,
): Problem {
  const file = dockerfile === path.posix.join(folder, usualDockerfile) ? "" : `--file ${shellWord(dockerfile)} `;
  const whole = hasDocker ? ` (\`docker build ${file}${shellWord(folder)}\` shows the whole build)` : "";
  const step = `mend the project in ${folder}/${whole}`;
  return new Problem(
    `The image could not be built${line === undefined ? "" : ` because of line ${line} of ${dockerfile}`}`,
    `what is deployed stays as it is; ${withRetry(step, retry)}`,
    output,
  );
}

function daemonProblem({ host, reason }: Loss, { output }: FailedBuild, hint: string, retry: string): Problem {
  const failed = `The Docker daemon at ${host} went away while it built the image`;
  return reason === undefined
    ? new DaemonProblem(failed, again(retry), output.slice(-5))
    : new DaemonProblem(`${failed} and does not answer (${reason})`, hint, output.slice(-5));
}
