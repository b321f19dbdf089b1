import { inApp, withKeys } from "../../components/config/otherApp";
import { Problem } from "../../components/problem";
import { type Choice, chooseTarget } from "../stack/session";
import { project } from "../stack/stackConfig";
import type { AppOfStack } from "./appWords";

/** A stack and one of its apps; the config is what the stack's file says of that app. */
export interface AppChoice extends Choice, AppOfStack {}

/** Option of commands that work on one app. */
export interface AppOption {
  /** Its name in index.ts. @default the stack's first app */
  app?: string;
}

/** A stack that has no app of a name. */
export class NoAppProblem extends Problem {}

/**
 * Chooses a stack and one of its apps, and does something with it.
 *
 * @throws a `Problem` that names the app, if it is not the first one
 */
export async function onApp<T>(
  stack: string,
  { app = project }: AppOption,
  run: (choice: AppChoice) => Promise<T>,
): Promise<T> {
  const choice = appOf(await chooseTarget(stack, () => undefined), app);
  try {
    return await run(choice);
  } catch (error) {
    throw inItsName(app, error);
  }
}

/** An app of a stack that was chosen. */
export const appOf = (choice: Choice, app: string): AppChoice => ({ ...choice, config: choice.config.ofApp(app), app });

/** What went wrong with an app: a `Problem` that names it, if it is not the first one. */
export function inItsName(app: string, error: Problem): Problem;
export function inItsName(app: string, error: unknown): unknown;
export function inItsName(app: string, error: unknown): unknown {
  return app === project || error instanceof NoAppProblem ? error : inApp(app, error);
}

/** Advice on an app: that to set a key names how the keys of another than the first begin. */
export const helpFor = (app: string, help: string): string => (app === project ? help : withKeys(app, help));

/** Runs what may find a mistake of an app, which it names as `inItsName` does. */
export function aboutOne<T>(app: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw inItsName(app, error);
  }
}

/**
 * Refuses a name that no app has.
 *
 * @param known all apps that there are
 * @param ifNew what makes one of that name known, as the end of a sentence
 * @throws a `Problem` with them
 */
export function refuseNoApp({ stack, app }: AppOfStack, known: readonly string[], ifNew: string): void {
  if (!known.includes(app)) {
    throw new NoAppProblem(
      `Stack ${stack} has no app "${app}": there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`,
      `name one of them after --app, or ${ifNew}`,
    );
  }
}

/** The same for an app that the stack's file has no project of, so that nothing can be deployed of it. */
export function refuseNotInConfig({ stack, config }: Pick<Choice, "stack" | "config">, app: string): void {
  const ifNew = `run \`pulumi config set ${app}:project FOLDER --stack ${stack}\` if it is new in index.ts`;
  refuseNoApp({ stack, app }, config.apps, ifNew);
}
