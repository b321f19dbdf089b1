import { project } from "../stack/stackConfig";

/** One of a stack's apps. */
export interface AppOfStack {
  stack: string;
  /** Name of the app, with which the names of its objects begin. */
  app: string;
}

/** An app as commands of `npm run` name it: `dev`, or `dev --app blog`. */
export const appWords = ({ stack, app }: AppOfStack): string => (app === project ? stack : `${stack} --app ${app}`);

/** The same in a sentence: `stack dev`, or `app blog of stack dev`. */
export const appInWords = ({ stack, app }: AppOfStack): string =>
  app === project ? `stack ${stack}` : `app ${app} of stack ${stack}`;

/** What is of an app, such as `process web`, or `process web of app blog`. */
export const whatOf = (app: string, what: string): string => (app === project ? what : `${what} of app ${app}`);

/** A key of an app as Pulumi's commands name it: `port`, or `blog:port`. */
export const appKey = (app: string, key: string): string => (app === project ? key : `${app}:${key}`);
