import { asDockerRuns, type Context, type Need, type Rule } from "./need";
import { isWritable, pathIn, type Place, placeOf, writableCommand } from "./folder";

/** How programs say that they cannot write, and where: the disk is read-only. */
const readOnly = /Read-only file system|OSError\(30,/i;

/** What ends the rollout at a write to a read-only disk. */
export const diskRules: readonly Rule[] = [[readOnly, (_, context) => diskNeed(context)]];

function diskNeed({ lines, at, run, image }: Context): Need | undefined {
  if (!run.isReadOnly) {
    return undefined;
  }
  const places = lines.flatMap((line, index) => (readOnly.test(line) ? (pathIn(lines, index) ?? []) : []));
  const last = pathIn(lines, at);
  if (last === undefined) {
    return {
      detail: "the process writes to the read-only disk",
      nextStep: `run \`pulumi config set writablePaths /FOLDER\` with the folder that it writes to, or ${asDockerRuns}`,
    };
  }
  const place = placeOf(last, image?.folder);
  if (isWritable(place.folder, run)) {
    return undefined;
  }
  const detail = `the process cannot write to ${last.path}, which is on the read-only disk`;
  if (!place.isFit) {
    const step = `let the project write to another folder than ${place.folder}, which belongs to the system`;
    return { detail, nextStep: `${step}, or run ${asDockerRuns}` };
  }
  const needed = places
    .map((each) => placeOf(each, image?.folder))
    .filter(({ folder, isFit }) => isFit && !isWritable(folder, run));
  return { detail, nextStep: writable(needed, run.writablePaths) };
}

/** The command that makes folders writable, in a clause. */
function writable(places: readonly Place[], configured: readonly string[]): string {
  const command = writableCommand(
    places.map(({ folder }) => folder),
    configured,
  );
  return places.every(({ isKnown }) => isKnown)
    ? `run \`${command}\``
    : `run \`${command}\`, with the folder that the process runs in, the image's WORKDIR, for /WORKDIR`;
}
