import { inApp } from "../../components/config/otherApp";
import { Problem } from "../../components/problem";
import { type Choice, chooseTarget } from "../stack/session";
import { project } from "../stack/stackConfig";

/** A stack and one of its apps; the config is what the stack's file says of that app. */
export interface AppChoice extends Choice {
  /** Name of the app, with which the names of its objects begin. */
  app: string;
}

/** Option of commands that work on one app. */
export interface AppOption {
  /** Its name in index.ts. @default the stack's first app */
  app?: string;
}

/** An app as commands of `npm run` name it: `dev`, or `dev --app blog`. */
export const appWords = ({ stack, app }: AppChoice): string => (app === project ? stack : `${stack} --app ${app}`);

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
  const choice = await chooseTarget(stack, () => undefined);
  if (app === project) {
    return await run({ ...choice, app });
  }
  try {
    return await run({ ...choice, config: choice.config.ofApp(app), app });
  } catch (error) {
    throw error instanceof NoAppProblem ? error : inApp(app, error);
  }
}
