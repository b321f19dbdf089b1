import { wrapper } from "../dockerfile/staticFiles";
import { managePath } from "./release";
import { type Decision, emptyDecision, type Findings } from "./decision";

/** Servers that answer with what Django does alone. uWSGI may map folders of its own. */
const djangoAlone = /\b(gunicorn|uvicorn|daphne|hypercorn|granian|waitress-serve)\b/;
/** A Dockerfile that init wrote has a module of its own that does. */
const servesFiles = new RegExp(`\\brunserver(_plus)?\\b|\\bnginx\\b|\\bcaddy\\b|\\b${wrapper.module}:`);

/**
 * Tells of an image whose server leaves static files to a web server beside it, which a stack does not run.
 *
 * @param command that the stack's config gets; undefined where the image's own runs
 */
export function decideStaticFiles(findings: Findings, command: string | undefined): Decision {
  const decision = emptyDecision();
  const { image, settings, start } = findings;
  const starts = [start.entrypoint, command === undefined ? start.image : start.process];
  const lines = [command ?? "", ...starts.flatMap((each) => each?.lines.map(({ text }) => text) ?? [])];
  const isUsed = settings.installedApps.includes("django.contrib.staticfiles");
  const isServed = settings.servesStaticFiles !== undefined || settings.servesStaticFilesInDebug !== undefined;
  const isLeft = lines.some((line) => djangoAlone.test(line)) && !lines.some((line) => servesFiles.test(line));
  if (image !== undefined && isUsed && !isServed && isLeft) {
    decision.notes.push(
      `Nothing serves static files, such as the admin's style sheets: add WhiteNoise to MIDDLEWARE, or, with debug on, let Django do it with \`pulumi config set command 'python ${managePath(findings)} runserver 0.0.0.0:8000'\``,
    );
  }
  return decision;
}
