import assert from "node:assert/strict";
import fs from "node:fs";

import { createStack } from "../../pulumi/stacks";
import { until } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools } from "./helpers/cluster";
import { DebugAdapter, type Stop } from "./helpers/debugAdapter";
import { untilPageShows } from "./helpers/page";
import { RunningCommand } from "../../terminal/runningCommand";
import { Workspace } from "./helpers/workspace";

const project: Record<string, string> = {
  Dockerfile: `FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER 10001
EXPOSE 8000
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]
`,
  "requirements.txt": "django==5.2.*\ndebugpy\n",
  "manage.py": `import os, sys
from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
execute_from_command_line(sys.argv)
`,
  "settings.py": `DEBUG = True
SECRET_KEY = "not a secret"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
`,
  "urls.py": `from django.urls import path

import views

urlpatterns = [path("", views.index)]
`,
  "views.py": `from django.http import HttpResponse


def index(request):
    word = "first"
    return HttpResponse(word)
`,
};
/** Of the line of \`views.py\` at which \`word\` is known. */
const line = 6;

describe("`npm run watch -- --debugger`", () => {
  const name = `debugged-${process.pid}`;
  const stack = "dev";
  let checkout: Checkout;
  let url: string;
  let watch: RunningCommand | undefined;
  let editor: DebugAdapter | undefined;

  before(async () => {
    const config = {
      target: "docker-desktop",
      builder: await availableBuilder(),
      namespace: name,
      imageRepository: name,
      cpuRequest: "10m",
      project: "shop",
      debug: true,
    };
    checkout = new Checkout(await Workspace.create(await getTools(), stack, config));
    fs.mkdirSync(checkout.path("shop"));
    Object.entries(project).forEach(([file, text]) => {
      fs.writeFileSync(checkout.path("shop", file), text);
    });
    await createStack(checkout.workspace.cli);
    watch = new RunningCommand(checkout.startNpm({}, "watch", stack, "--debugger"));
    await watch.until("Waiting for changes");
    url = (await checkout.workspace.run("pulumi", ["stack", "output", "url", "--stack", stack])).output.trim();
  });
  after(async () => {
    editor?.destroy();
    await watch?.interrupt();
    await checkout.workspace.deleteNamespaces(name);
    await checkout.clean(name);
  });

  /** Attaches as an editor does, once a process is there to attach to. */
  const attach = async (): Promise<void> => {
    editor?.destroy();
    await until(
      async () => {
        const next = await DebugAdapter.connect();
        try {
          const pathMappings = [{ localRoot: checkout.path("shop"), remoteRoot: "/app" }];
          const lines = await next.attach({ pathMappings, file: checkout.path("shop", "views.py"), lines: [line] });
          assert.deepEqual(lines, [line]);
        } catch (error) {
          next.destroy();
          throw error;
        }
        editor = next;
      },
      { seconds: 120, pauseMilliseconds: 500 },
    );
  };

  /** Requests the page, looks at a variable where it stops, and goes on. */
  const stopAndGoOn = async (word: string): Promise<void> => {
    assert.ok(editor !== undefined);
    const page = fetch(url, { headers: { connection: "close" } }).then(async (answer) => await answer.text());
    const { reason, threadId, frame }: Stop = await Promise.race([
      editor.stopped(),
      page.then((text) => {
        throw new Error(`The page came without a stop: ${text}`);
      }),
    ]);
    assert.equal(reason, "breakpoint");
    const { name: inFunction, path: file, line: at } = frame;
    assert.deepEqual(
      { inFunction, file, at },
      { inFunction: "index", file: checkout.path("shop", "views.py"), at: line },
    );
    assert.equal((await editor.locals(frame.id))["word"], `'${word}'`);
    await editor.continue(threadId);
    assert.equal(await page, word);
  };

  it("lets an editor stop in a view and read its variables, also after a save and in a pod that is new", async () => {
    assert.match(watch?.printed ?? "", /^A debugger can attach to localhost:5678$/m);
    await attach();
    await stopAndGoOn("first");
    checkout.workspace.edit("shop/views.py", (text) => text.replace("first", "second"));
    await watch?.until("views.py: web started again");
    await attach();
    await stopAndGoOn("second");
    await checkout.workspace.kubectl("-n", name, "delete", "pod", "--selector", "app=django-container");
    // Nothing stops there until an editor attaches.
    await untilPageShows(url, /second/);
    await attach();
    await stopAndGoOn("second");
  });
});
