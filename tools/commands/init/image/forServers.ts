import { bareCommand } from "../processes/bareCommand";
import { serverOf } from "../processes/commandWords";
import { isNamedForDevelopers, startsScriptOfDevelopers } from "../processes/ends";
import { workersIn } from "../processes/workers";
import type { Found, OtherProcess, ProcessFinding, ProcessFindings } from "../findings";
import { readSmallFile } from "../readSmallFile";
import { hasInStage } from "./hasInStage";
import { type ImageFacts, readImageFacts } from "./imageFacts";
import { readStart } from "./start";

/**
 * Compose may build what is for developers, which may get the project by a volume: then what the project has beside it is
 * taken, a Dockerfile for servers, the Dockerfile's last stage or another Dockerfile.
 */
export function withProject(project: string, file: string, named: ProcessFindings): ProcessFindings {
  const others = [
    { ...named, buildTarget: undefined },
    withoutDevelopers(project, { ...named, dockerfile: undefined }),
  ];
  const ways = [...besideIt(project, named), named, ...(named.mountsProject === undefined ? [] : others)];
  const hasProject = (each: ProcessFindings): boolean => {
    const image = readImageFacts(project, each);
    return image !== undefined && hasFile(project, image, each, file);
  };
  return ways.find(hasProject) ?? named;
}

/** With each Dockerfile for servers that is beside one for developers, by its name or by what it starts. */
function besideIt(project: string, named: ProcessFindings): ProcessFindings[] {
  const facts = readImageFacts(project, named);
  const file = facts?.dockerfile ?? "";
  const isTheirs = [facts?.entrypoint, facts?.command].some(
    (line = "") => startsScriptOfDevelopers(line) || serverOf(line)?.startsWith("runserver") === true,
  );
  const ends = [".prod", ".production", "-prod", "-production"];
  return [...forServers(file), ...(isTheirs ? ends.map((end) => `${file}${end}`) : [])]
    .filter((place) => readSmallFile(project, place) !== undefined)
    .map((value) => withoutDevelopers(project, { ...named, dockerfile: { value, where: value } }));
}

/** What compose says, for another image than that of developers: their scripts need what only that has. */
function withoutDevelopers(project: string, named: ProcessFindings): ProcessFindings {
  const { web, others, environment } = named;
  const isTheirs = ({ command = "" }: ProcessFinding): boolean => startsScriptOfDevelopers(command);
  const isTheirSettings = (name: string, { value }: Found<string>): boolean =>
    name === "DJANGO_SETTINGS_MODULE" && isNamedForDevelopers(value);
  return {
    ...named,
    buildTarget: undefined,
    web: web && isTheirs(web) ? { ...web, command: undefined } : web,
    others: others.flatMap((each) => (isTheirs(each) ? workerIn(project, each) : [each])),
    environment: new Map([...environment].filter(([name, found]) => !isTheirSettings(name, found))),
  };
}

/** The worker that a process starts in its script, without the script; none for several, or where it starts something else. */
function workerIn(project: string, each: OtherProcess): OtherProcess[] {
  const [, ...script] = readStart(project, each.command ?? "", each.where, undefined).lines;
  const [only, ...more] = script.flatMap(({ text, where }) => {
    const command = bareCommand(text.trim());
    return workersIn(command).length > 0 ? [{ command, where }] : [];
  });
  return only === undefined || more.length > 0 ? [] : [{ ...each, ...only }];
}

/** In place of a Dockerfile for developers, those of the same name for servers: `deploy/dev/Dockerfile`, `Dockerfile.dev`. */
function forServers(file: string): string[] {
  const kinds = ["production", "prod"].map((kind) =>
    file.replace(/(?<=^|[/._-])(dev|develop|development|local)(?=[/._-]|$)/, kind),
  );
  const plain = file.replace(/[._-](dev|develop|development|local)$|(?<=^|\/)(dev|develop|development|local)[._-]/, "");
  return [...kinds, plain].filter((each) => each !== file);
}

/** Whether an image has a file of the project. */
export function hasFile(project: string, image: ImageFacts, { buildArgs }: ProcessFindings, file: string): boolean {
  const text = readSmallFile(project, image.dockerfile) ?? "";
  return hasInStage(text, file, { stage: image.stage, buildArgs: buildArgs?.value ?? {} });
}
