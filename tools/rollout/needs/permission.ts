import { isWritable, pathIn, placeOf, writableCommand } from "./folder";
import { asDockerRuns, type Context, type Need, type Rule, set } from "./need";

const removeUser = "`pulumi config rm runAsUser`";

/** How programs say that a file is another user's. */
export const permissionRules: readonly Rule[] = [
  // The folder that the image starts in, which its user alone may enter: runc, libcontainer/init_linux.go.
  [
    /chdir to cwd \("([^"]+)"\)[^]*permission denied/,
    ([, folder = ""], context) => ({
      detail: `the process may not enter ${folder}, the image's WORKDIR`,
      nextStep:
        asOwner(context) ?? `let every user read it, such as with \`RUN chmod a+rx ${folder}\` in the Dockerfile`,
    }),
  ],
  // A command in a folder that only another user may enter: runc, before it starts the process.
  [
    /exec: \\?"([^"\\]+)\\?": stat \S+: permission denied/,
    ([, file = ""], context) => ({
      detail: `the process may not enter the folder of ${file}`,
      nextStep: asOwner(context) ?? `let every user enter it, such as with \`RUN chmod a+rx\` in the Dockerfile`,
    }),
  ],
  [
    /\[Errno 13\] Permission denied|\(13: Permission denied\)|: Permission denied$|isn't writable \[PermissionError/,
    (_, context) => permissionNeed(context),
  ],
];

function permissionNeed(context: Context): Need | undefined {
  const { lines, at, run, image } = context;
  const named = pathIn(lines, at);
  if (named === undefined) {
    return undefined;
  }
  const place = placeOf(named, image?.folder);
  const userId = run.userId ?? image?.userId;
  const user = userId === undefined ? "the image's user" : `uid ${userId}`;
  const detail = `${user} may not read or write ${named.path}`;
  const owner = asOwner(context);
  if (owner !== undefined) {
    return { detail, nextStep: owner };
  }
  const inDockerfile = `let ${user} read and write it, such as with \`COPY --chown\` or \`chown\` in the Dockerfile`;
  // A write to a read-only disk is refused for that, whoever writes: this was a read.
  return run.isReadOnly || !place.isKnown || !place.isFit || isWritable(place.folder, run)
    ? { detail, nextStep: inDockerfile }
    : { detail, nextStep: `run \`${writableCommand([place.folder], run.writablePaths)}\`, or ${inDockerfile}` };
}

/** How processes run as the user whose files the image has; undefined where they do. */
function asOwner({ run, image }: Context): string | undefined {
  if (run.userId === undefined || run.userId === image?.userId) {
    return undefined;
  }
  if (image?.userId !== undefined && image.userId !== 0) {
    return `run ${set(`runAsUser ${image.userId}`)}, the uid of the image's user`;
  }
  return run.isNonRoot
    ? `let it run as the image's user, with ${asDockerRuns} and ${removeUser}`
    : `let it run as the image's user, with ${removeUser}`;
}
