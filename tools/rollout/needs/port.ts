import { shellWord } from "../../../components/advice";
import { asDockerRuns, type Context, type Need, type Rule, setOwn } from "./need";

const usualPort = 8000;
/** Lines of a traceback in which the call stands that failed. */
const callLines = 4;
/** The first port that everybody may listen on. */
const firstOpen = 1024;

/** How servers say that they may not listen on a port, and on which. */
export const portRules: readonly Rule[] = [
  // asyncio: uvicorn, hypercorn, aiohttp
  [/\[Errno 13\] error while attempting to bind on address \('[^']*', (\d+)/i, portNeed],
  // gunicorn, 23 and before, and 24
  [/connection to \('[^']*', (\d+)\) failed: \[Errno 13\]/, portNeed],
  // twisted: daphne
  [/Couldn't listen on \S*?:(\d+): \[Errno 13\]/, portNeed],
  // nginx
  [/bind\(\) to \S*:(\d+) failed \(13: Permission denied\)/, portNeed],
  // uwsgi
  [/bind\(\): Permission denied/, portNeed],
  // Servers in Python that say nothing of their own
  [
    /PermissionError: \[Errno 13\] Permission denied$/,
    (match, context) => {
      const call = context.lines.slice(Math.max(0, context.at - callLines), context.at).join("\n");
      return /\bbind\(/.test(call) ? portNeed(match, context) : undefined;
    },
  ],
  // Django's runserver
  [/You don't have permission to access that port/, portNeed],
];

function portNeed([, named]: RegExpExecArray, { run, image }: Context): Need {
  const port = Number(named ?? run.port);
  const command = run.args ?? image?.command ?? [];
  const changed = command.map((word) => word.replace(new RegExp(`(?<![\\d.])${port}(?!\\d)`, "g"), String(usualPort)));
  const isKnown = changed.some((word, index) => word !== command[index]);
  const line = isKnown ? changed.map(shellWord).join(" ") : `COMMAND --bind 0.0.0.0:${usualPort}`;
  const other = `let it listen on another port, with ${setOwn(run, "port", String(usualPort))} and ${setOwn(run, "command", line)}`;
  const wasRoot = run.userId !== undefined && image?.userId === 0;
  return {
    detail:
      port < firstOpen
        ? `the process may not listen on port ${port}, which is below ${firstOpen}`
        : "the process may not listen on its port or socket",
    nextStep: wasRoot ? `${other}, or let it run as the image's user, with ${rootAgain(run)}` : other,
  };
}

const rootAgain = ({ isNonRoot }: Context["run"]): string =>
  isNonRoot ? `${asDockerRuns} and \`pulumi config rm runAsUser\`` : "`pulumi config rm runAsUser`";
