import { type Builder, type BuilderChoice, builderChoices, forSecrets } from "../../components/config/image";
import { Problem } from "../../components/problem";
import { builderNote, chooseBuilder } from "../../components/targets/builder";
import type { DaemonAddress, DaemonFacts } from "../../components/targets/endpoints";
import type { StackConfig } from "./stackConfig";

/** What decides which builder a stack takes on this machine. */
export interface BuilderGrounds {
  choice: BuilderChoice;
  /** Whether the nodes pull the image from a registry. */
  pulls: boolean;
  /** Undefined where the daemon does not answer: the program says why. */
  daemon: (DaemonAddress & Pick<DaemonFacts, "containerdStore">) | undefined;
  hasDockerPlugin: boolean;
}

/** The builder, and the line that names it where it is not the usual one; no builder where nothing decides. */
export interface BuilderHere {
  builder?: Builder;
  note?: string;
}

/**
 * Chooses as the program does, except where docker's plugin cannot be installed.
 *
 * @throws a `Problem` where the config names a builder that does not work
 */
export function builderHere({ choice, pulls, daemon, hasDockerPlugin }: BuilderGrounds): BuilderHere {
  if (choice === "docker" && !hasDockerPlugin) {
    throw new Problem(
      'Config key "builder" is "docker", and Pulumi\'s docker plugin cannot be installed here',
      "run `pulumi config set builder auto`",
    );
  }
  if (choice === "auto" && !hasDockerPlugin) {
    const note = pulls ? {} : { note: "Builder docker-build: Pulumi's docker plugin cannot be installed here" };
    return { builder: "docker-build", ...note };
  }
  if (daemon === undefined) {
    return choice === "auto" ? {} : { builder: choice };
  }
  const builder = chooseBuilder(choice, pulls, daemon);
  const note = pulls ? undefined : builderNote(choice, builder, daemon);
  return { builder, ...(note !== undefined && { note }) };
}

/** What a stack's config says of the builder; undefined for what the program refuses. */
export function builderChoice(config: StackConfig): BuilderChoice | undefined {
  const choice = builderChoices.find((each) => each === config.text("builder"));
  return choice && forSecrets(choice, config);
}
