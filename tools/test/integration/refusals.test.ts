import assert from "node:assert/strict";

import { writeTree } from "../../../test/unit/helpers/folders";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools } from "./helpers/cluster";
import { Workspace } from "./helpers/workspace";

const namespace = "refusals";
const stack = "dev";

/** Its user is a name, owns its home alone, and it writes into a folder beside its sources. */
const dockerfile = `FROM python:3.13-slim
RUN useradd --uid 1234 --create-home shop && chmod 700 /home/shop
WORKDIR /home/shop/web
COPY --chown=shop . .
USER shop
ENTRYPOINT ["/home/shop/web/start.sh"]
CMD ["python", "serve.py"]
`;
const serve = `import http.server, os, pathlib
media = pathlib.Path("media")
(media / "new").write_text("written")
os.chdir(media)
http.server.test(http.server.SimpleHTTPRequestHandler, port=int(os.environ["PORT"]))
`;
const start = '#!/bin/sh\necho starts\nexec "$@"\n';

describe("an image that the cluster refuses something", () => {
  let checkout: Checkout;
  const config: Record<string, string | boolean> = {
    target: "docker-desktop",
    debug: true,
    namespace,
    imageRepository: namespace,
    project: "shop",
    podSecurity: "restricted",
  };

  before(async () => {
    config["builder"] = await availableBuilder();
    checkout = new Checkout(await Workspace.create(await getTools(), stack, config));
    writeTree(checkout.path("shop"), {
      Dockerfile: dockerfile,
      "serve.py": serve,
      "start.sh": { executable: start },
      "media/index.html": "<title>The media folder</title>",
    });
  });
  after(async () => {
    await checkout.npm("down", stack);
    await checkout.clean(namespace);
  });

  /** What `npm run up` says in the end with some more config, the pod's name left out. */
  const refusal = async (more: Record<string, string>): Promise<string> => {
    checkout.configure(stack, Object.assign(config, more));
    const { exitCode, output } = await checkout.npm("up", stack);
    assert.notEqual(exitCode, 0, output);
    const error = output.indexOf("error: Pod ");
    return output
      .slice(error)
      .trimEnd()
      .replace(/kubernetes-django-\w+-\w+/, "NAME");
  };
  const retry = "and run `npm run up -- dev` again.";

  it("is told with the uid of a user who is a name", async () => {
    assert.equal(
      await refusal({}),
      `error: Pod NAME does not become ready: CreateContainerConfigError, the image's user is the name shop, which does not tell Kubernetes whether it is root; nothing is served yet; run \`npm run pulumi -- config set runAsUser 1234 --stack dev\`, which is its uid, or \`npm run pulumi -- config set podSecurity baseline --stack dev\`, ${retry}`,
    );
  });

  it("is told with the folder that a process writes to, as the traceback and the image's WORKDIR say", async () => {
    const said = await refusal({ runAsUser: "1234" });
    assert.ok(
      said.startsWith(
        "error: Pod NAME does not become ready: CrashLoopBackOff, the process cannot write to media/new, which is on the read-only disk:\n  | ",
      ),
      said,
    );
    assert.ok(
      said.endsWith(
        `  | OSError: [Errno 30] Read-only file system: 'media/new'\nNothing is served yet; run \`npm run pulumi -- config set writablePaths /home/shop/web/media --stack dev\` ${retry}`,
      ),
      said,
    );
  });

  it("is served with what was told, and with what the image has in the folder", async () => {
    checkout.configure(stack, Object.assign(config, { writablePaths: "/home/shop/web/media" }));
    const { exitCode, stdout, output } = await checkout.npm("up", stack);
    assert.equal(exitCode, 0, output);
    const url = stdout.trimEnd().split("\n").at(-1) ?? "";
    assert.match(await (await fetch(url)).text(), /The media folder/);
    assert.equal(await (await fetch(new URL("new", url))).text(), "written");
  });

  it("is served as `docker run` runs it on level baseline, with a line on what level restricted would refuse", async () => {
    const { runAsUser, writablePaths, ...rest } = config;
    assert.ok(runAsUser !== undefined && writablePaths !== undefined);
    checkout.configure(stack, { ...rest, podSecurity: "baseline" });
    const { stdout, output } = await checkout.npm("up", stack);
    const note =
      'shop/Dockerfile runs the image as shop, a name in place of a uid, which podSecurity "baseline" allows and "restricted" would refuse';
    assert.ok(output.includes(note), output);
    const url = stdout.trimEnd().split("\n").at(-1) ?? "";
    assert.equal(await (await fetch(new URL("new", url))).text(), "written");
  });

  it("is told of an entrypoint that was saved with the line ends of Windows", async () => {
    writeTree(checkout.path("shop"), { "start.sh": { executable: start.replaceAll("\n", "\r\n") } });
    assert.match(
      await refusal({}),
      /^error: Pod NAME does not become ready: (RunContainerError|CrashLoopBackOff), the program that the first line of \/home\/shop\/web\/start\.sh names is not in the image:\n/,
    );
  });
});
