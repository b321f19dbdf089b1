import fs from "node:fs";
import path from "node:path";

import { shellWord } from "../../../components/advice";
import { refuseAppName } from "../../../components/config/otherApp";
import { projectFolder } from "../../../components/config/project";
import { IgnoreFile, type Matches } from "../../../components/image/ignoreFile";
import { Problem } from "../../../components/problem";
import { targets } from "../../../components/targets/target";
import { appInWords, type AppOfStack, appWords } from "../../app/appWords";
import { type AppChoice, appOf, type AppOption } from "../../app/onApp";
import { localFolder } from "../../stack/backend";
import { type Choice, chooseTarget } from "../../stack/session";
import { project as firstApp } from "../../stack/stackConfig";
import { stackFileName } from "../../stack/stackFiles";
import { nextUp } from "../nextUp";
import { decide } from "./decision/decide";
import { type Findings, nameOf, type Setting } from "./decision/decision";
import { planDockerfile } from "./dockerfile/planDockerfile";
import { writeDockerfile } from "./dockerfile/writeDockerfile";
import { writeDockerignore } from "./dockerfile/writeDockerignore";
import { inspect } from "./inspect";
import type { Found } from "./findings";
import { activatedIn } from "./image/start";
import { locate, type Place } from "./locate";
import { isWithin } from "./readSmallFile";
import { report } from "./report";
import { compare, type Comparison } from "./stackFile/compare";
import { StackFileText } from "./stackFile/editStackFile";
import { refuseUnknownKeysIn } from "./stackFile/refuseUnknownKeysIn";
import { unchangedSecrets } from "./stackFile/unchangedSecrets";
import { type NewFile, writeAll } from "./stackFile/writeAll";

export interface InitOptions extends AppOption {
  /** Stack whose file is written. @default the one that `npm run up` would choose */
  stack?: string;
  /** Whether nothing is written. */
  dryRun?: boolean;
  /** Whether what the stack's file says is replaced. */
  force?: boolean;
}

/** Finds what a Django project needs, says so, and writes it into a stack's file; a Dockerfile where there is none. */
export async function init(folder: string, options: InitOptions): Promise<void> {
  const place = locate(folder, typedIn(folder));
  const { app = firstApp } = options;
  const chosen = await chooseTarget(options.stack);
  refuseAppOption(chosen, app);
  const choice = appOf(chosen, app);
  const { stack, target, config } = choice;
  const file = stackFileName(stack);
  const text = new StackFileText(fs.readFileSync(file, "utf8"), file, app);
  refuseUnknownKeysIn(text);
  const folderInConfig = relativeFolder(place.project);
  refuseOtherProject(text, folderInConfig, choice, options);
  const debug = config.get("debug") === "true";
  const findings = inspect(place, debug, ownDockerfile(text, choice, file));
  const decision = decide({ value: folderInConfig, where: place.where }, findings, {
    target,
    debug,
    has: (key) => config.has(key),
  });
  const comparison = compare(decision, text, {
    force: options.force ?? false,
    defaultOf: (key) => config.defaultText(key),
    isLocal: !targets[target].pulls,
  });
  if (options.force === true && options.dryRun !== true) {
    const unchanged = await unchangedSecrets(stack, text, comparison.secrets);
    const isSame = (secret: Setting): boolean => unchanged.has(nameOf(secret));
    comparison.same.push(...comparison.secrets.filter(isSame));
    comparison.secrets = comparison.secrets.filter((secret) => !isSame(secret));
  }
  const files = findings.image === undefined ? newFiles(place, findings) : [];
  const missing = decision.missing.filter(({ key, name }) => !isSet(text, key, name, comparison));
  const notes = [...decision.notes, ...noteOnCheckout(place, findings), ...noteOnProgram(app)];
  report({ folder: folderInConfig, stack, app, findings, comparison, missing, notes });
  await finish({ choice, text, comparison, files, dryRun: options.dryRun ?? false });
}

function refuseAppOption({ config }: Choice, app: string): void {
  if (app !== firstApp) {
    const help = `name one that is there (${config.apps.join(", ")}), or a new one such as news`;
    refuseAppName(firstApp, app, `--app is "${app}"`, help);
  }
}

interface Finish {
  choice: AppChoice;
  text: StackFileText;
  comparison: Comparison;
  files: NewFile[];
  dryRun: boolean;
}

async function finish({ choice, text, comparison, files, dryRun }: Finish): Promise<void> {
  const { stack } = choice;
  const { settings, secrets, removed } = comparison;
  const isChanged = settings.length + secrets.length + removed.length > 0;
  const names = [...(isChanged ? [stackFileName(stack)] : []), ...files.map(({ place }) => path.relative("", place))];
  if (names.length === 0) {
    console.log(`\nNothing to write: ${stackFileName(stack)} says all of this already.\n${nextUp(stack)}`);
    return;
  }
  const list = names.join(", ");
  if (dryRun) {
    console.log(`\nNothing was written. Without --dry-run, these would be: ${list}`);
    return;
  }
  await writeAll({ stack, text, settings, secrets, removed, files });
  console.log(`\nWrote ${list}.\n${nextUp(stack)}`);
}

/** npm runs a script in the checkout, wherever it was typed. */
function typedIn(folder: string): string {
  const typed = process.env["INIT_CWD"];
  return typed === undefined || fs.existsSync(folder) ? process.cwd() : typed;
}

/** A folder as the key `project` takes it. */
function relativeFolder(project: string): string {
  const relative = path.relative(fs.realpathSync("."), project).split(path.sep).join("/") || ".";
  if (path.isAbsolute(relative)) {
    throw new Problem(
      `${project} is on another disk than this checkout, and no relative path leads there`,
      "put the two on one disk",
    );
  }
  return relative;
}

/** A stack is of one project: the keys of two would be mixed. */
function refuseOtherProject(
  text: StackFileText,
  project: string,
  { stack, app }: AppChoice,
  { force }: InitOptions,
): void {
  const named = text.current({ key: "project" });
  if (named !== undefined && projectFolder(named) !== project && force !== true) {
    throw new Problem(
      `${sentence(appInWords({ stack, app }))} is of the project ${named}, and ${project} is another one`,
      `run \`npm run init -- ${shellWord(project)} --stack ${appWords({ stack, app })} --force\` to replace it, or ${otherWay({ stack, app })}`,
    );
  }
}

/** Where a second project goes. */
const otherWay = ({ stack, app }: AppOfStack): string =>
  app === firstApp
    ? `name another stack, whose file you copy from ${stackFileName(stack)}, or another app of it after --app`
    : "name another app after --app";

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** For another app than the first, whose lines in index.ts are the user's to write. */
function noteOnProgram(app: string): string[] {
  const program = "index.ts";
  if (app === firstApp || (fs.existsSync(program) && fs.readFileSync(program, "utf8").includes(`Config("${app}")`))) {
    return [];
  }
  return [`${program} has no app "${app}" yet: docs/more-apps.md shows the lines that deploy it`];
}

/** The Dockerfile that the stack's file names, for a project that it names, too. */
function ownDockerfile(text: StackFileText, { config }: AppChoice, file: string): Found<string> | undefined {
  const value = text.current({ key: "project" }) === undefined ? undefined : config.text("dockerfile");
  return value === undefined ? undefined : { value, where: file };
}

function newFiles(place: Place, { settings, dependencies, start, startOf }: Findings): NewFile[] {
  const dockerfile = path.join(place.project, "Dockerfile");
  if (fs.lstatSync(dockerfile, { throwIfNoEntry: false }) !== undefined) {
    throw new Problem(
      `${path.relative("", dockerfile)} is there, but is no text file inside the project, and is not replaced`,
      "move it out of the way, and run the command again",
    );
  }
  const ignoreFile = path.join(place.project, ".dockerignore");
  const activated = activatedIn([start.process, ...startOf.values()]);
  const text = writeDockerfile(planDockerfile(settings, dependencies, activated));
  return [
    { place: dockerfile, text },
    ...(fs.lstatSync(ignoreFile, { throwIfNoEntry: false }) === undefined
      ? [{ place: ignoreFile, text: writeDockerignore(settings, checkoutIn(place)) }]
      : []),
  ];
}

/** In a project with a `.dockerignore` of its own, or with a Dockerfile and none. */
function noteOnCheckout(place: Place, { image }: Findings): string[] {
  const checkout = checkoutIn(place);
  const hasOwn = image !== undefined || fs.existsSync(path.join(place.project, ".dockerignore"));
  if (checkout === undefined || !hasOwn || !isSent(place.project, checkout, image?.dockerfile)) {
    return [];
  }
  return [
    `This checkout's state is in the project, and changes with each update: add ${checkout} to .dockerignore, so that they are not in the image`,
  ];
}

function isSent(project: string, folder: string, dockerfile = "Dockerfile"): boolean {
  const ignored = IgnoreFile.of(project, dockerfile);
  let parent: Matches | undefined;
  let isExcluded = false;
  for (const [at] of folder.split("/").entries()) {
    const part = folder
      .split("/")
      .slice(0, at + 1)
      .join("/");
    ({ isExcluded, matches: parent } = ignored.check(part, parent));
  }
  return !isExcluded;
}

/**
 * Folder in the project that changes with each update, with forward slashes: this checkout's or, where that is the
 * project, its state's; undefined for a checkout that is elsewhere.
 */
function checkoutIn({ project }: Place): string | undefined {
  const here = fs.realpathSync(".");
  const changing = here === project ? path.join(here, path.basename(localFolder)) : here;
  return isWithin(project, here) ? path.relative(project, changing).split(path.sep).join("/") : undefined;
}

function isSet(text: StackFileText, key: string, name: string | undefined, { removed }: Comparison): boolean {
  const isThere = (map: string): boolean =>
    !removed.some((each) => each.key === map && each.name === undefined) &&
    text.current({ key: map, ...(name !== undefined && { name }) }) !== undefined;
  return isThere(key) || (name !== undefined && key !== "buildSecrets" && (isThere("env") || isThere("secretEnv")));
}
