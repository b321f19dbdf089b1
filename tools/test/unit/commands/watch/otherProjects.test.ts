import assert from "node:assert/strict";
import fs from "node:fs";

import { readConfig } from "../../../../../test/unit/helpers/config";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { followedProject } from "../../../../commands/watch/followedProject";
import { OtherProjects } from "../../../../commands/watch/otherProjects";
import { StackConfig } from "../../../../stack/stackConfig";

const first = "kubernetes-django";

describe("The projects of other apps, while one is watched", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  /** Projects of apps, by their folders; those beside one, after an update took in what is there. */
  const beside = (app: string, projects: Record<string, string>): OtherProjects => {
    const lines = Object.entries(projects).map(([name, place]) => `  ${name}:project: ${place}\n`);
    folder.write({ "Pulumi.dev.yaml": `config:\n${lines.join("")}` });
    const others = OtherProjects.beside(app, StackConfig.in("Pulumi.dev.yaml"));
    others.take();
    return others;
  };
  const watched = (app: string): ReturnType<typeof followedProject> =>
    followedProject({ app, config: StackConfig.in("Pulumi.dev.yaml").ofApp(app) });

  beforeEach(() => {
    folder.write({ "Pulumi.yaml": JSON.stringify({ name: first, config: readConfig("Pulumi.yaml") }) });
    const project = { Dockerfile: "FROM python:3.13\n", "views.py": "", ".dockerignore": "notes.txt\n" };
    for (const name of ["shop", "blog", "news"]) {
      folder.write(Object.fromEntries(Object.entries(project).map(([file, text]) => [`${name}/${file}`, text])));
    }
    process.chdir(folder.path());
  });
  const apps = { [first]: "shop", blog: "blog", news: "news" };

  it("are those of all apps that the stack's file has, whichever one is watched", () => {
    const appsBeside = (app: string): string[] => beside(app, apps).projects.map((each) => each.app);
    assert.deepEqual(appsBeside(first), ["blog", "news"]);
    assert.deepEqual(appsBeside("blog"), [first, "news"]);
    assert.deepEqual(beside("blog", apps).folders, ["shop", "news"]);
  });

  it("are changed by a save that another image would have, until an update takes it in", () => {
    const others = beside(first, apps);
    const changed = (): unknown => others.changed(["blog/views.py"], watched(first));
    assert.equal(changed(), undefined);
    folder.write({ "blog/notes.txt": "", "blog/views.py": "from django import shortcuts\n" });
    fs.rmSync("blog/Dockerfile");
    assert.deepEqual(changed(), { app: "blog", names: ["blog/views.py", "blog/Dockerfile"] });
    others.take();
    assert.equal(changed(), undefined);
  });

  it("are all looked at where no event told of a file, and only the one that it is in where one did", () => {
    const others = beside(first, apps);
    folder.write({ "news/views.py": "import os\n" });
    assert.equal(others.changed(["shop/views.py"], watched(first)), undefined);
    assert.deepEqual(others.changed([], watched(first)), { app: "news", names: ["news/views.py"] });
  });

  it("leave a file to the project within them, and to one of the same folder that is watched", () => {
    const inner = { [first]: ".", blog: "blog", news: "blog" };
    const outer = beside("blog", inner);
    folder.write({ "blog/views.py": "import os\n" });
    assert.equal(outer.changed([], watched("blog")), undefined);
    folder.write({ "shop/views.py": "import os\n" });
    assert.deepEqual(outer.changed([], watched("blog")), { app: first, names: ["shop/views.py"] });
    const within = beside(first, inner);
    folder.write({ "blog/views.py": "" });
    assert.deepEqual(within.changed([], watched(first)), { app: "blog", names: ["blog/views.py"] });
  });

  it("have no files where there is no folder, which is no change until there is one", () => {
    const others = beside(first, { ...apps, gcp: "my-project" });
    assert.deepEqual(others.folders, ["blog", "news"]);
    assert.equal(others.changed([], watched(first)), undefined);
    folder.write({ "my-project/Dockerfile": "" });
    assert.deepEqual(others.changed([], watched(first)), { app: "gcp", names: ["my-project/Dockerfile"] });
    fs.rmSync("blog", { recursive: true });
    assert.equal(others.changed(["blog"], watched(first))?.app, "blog");
  });

  it("leave out what the program refuses for its config", () => {
    assert.deepEqual(beside(first, { ...apps, blog: "/srv/blog" }).folders, ["news"]);
  });
});
