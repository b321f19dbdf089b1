import assert from "node:assert/strict";

import { temporaryFolder } from "../../helpers/folders";
import { knownPlaces } from "../../helpers/imagePlaces";

describe("A file of the build context is in the image", () => {
  const folder = temporaryFolder();
  // Enough of the project to be one, in a place of its own.
  const sources = ["shop/__init__.py", "shop/urls.py", "shop/views.py", "shop/wsgi.py"];
  const files = [
    "Makefile",
    "a.txt",
    "b.txt",
    "bin/run.sh",
    "data.tar.gz",
    "docs/a.txt",
    "docs/b.md",
    "docs/more/c.md",
  ];
  const placesIn = (lines: string[], file: string, head = ["FROM python:3.13", "WORKDIR /app"]): string[] =>
    knownPlaces(folder, {
      lines: [...head, ...lines, "COPY shop /shop"],
      files: [...files, ...sources],
    }).placesOf(file);

  const rows: [where: string, lines: string[], file: string, places: string[]][] = [
    ["nowhere if nothing copies it", ["RUN make"], "a.txt", []],

    ["in the folder that is current", ["COPY a.txt ."], "a.txt", ["/app/a.txt"]],
    ["in the current folder's folder", ["COPY a.txt data/"], "a.txt", ["/app/data/a.txt"]],
    ["under another name", ["COPY a.txt data"], "a.txt", ["/app/data"]],
    ["in a folder that is absolute", ["COPY a.txt /data/"], "a.txt", ["/data/a.txt"]],
    ["in a folder that ends with a dot", ["COPY a.txt /data/."], "a.txt", ["/data/a.txt"]],
    ["in a folder that a WORKDIR made", ["COPY a.txt /app"], "a.txt", ["/app/a.txt"]],
    ["in a folder that another COPY made", ["COPY docs /data", "COPY a.txt /data"], "a.txt", ["/data/a.txt"]],
    ["in a folder that a RUN made", ["RUN mkdir -p /data && ls", "COPY a.txt /data"], "a.txt", ["/data/a.txt"]],
    ["in a folder that a RUN made from another", ["RUN cd / && mkdir x", "COPY a.txt /x"], "a.txt", ["/x/a.txt"]],
    ["in a folder that every image has", ["COPY a.txt /tmp"], "a.txt", ["/tmp/a.txt"]],
    ["outside of the current folder", ["COPY a.txt ../data/"], "a.txt", ["/data/a.txt"]],

    ["with everything", ["COPY . ."], "docs/more/c.md", ["/app/docs/more/c.md"]],
    ["with everything, as a path that is absolute", ["COPY / ."], "a.txt", ["/app/a.txt"]],
    ["with everything, in exec form", ['COPY [".", "/a b"]'], "docs/a.txt", ["/a b/docs/a.txt"]],
    ["with the folder's contents", ["COPY docs /data"], "docs/more/c.md", ["/data/more/c.md"]],
    ["with the folder's contents, whatever the slashes", ["COPY ./docs/ data/"], "docs/a.txt", ["/app/data/a.txt"]],
    ["with several sources", ["COPY a.txt docs bin/run.sh /data/"], "bin/run.sh", ["/data/run.sh"]],
    ["with several sources, one a folder", ["COPY a.txt docs /data/"], "docs/more/c.md", ["/data/more/c.md"]],
    ["not with a folder whose name begins alike", ["COPY doc* /data/", "COPY doc /x/"], "docs/a.txt", ["/data/a.txt"]],
    ["inside the build context alone", ["COPY ../docs /data"], "docs/a.txt", ["/data/a.txt"]],

    ["as a pattern names it", ["COPY *.txt /data/"], "a.txt", ["/data/a.txt"]],
    ["as a pattern names it, not deeper", ["COPY *.txt /data/"], "docs/a.txt", []],
    ["as a pattern names its folder", ["COPY d?cs/* /data/"], "docs/more/c.md", ["/data/c.md"]],
    ["as a set of characters names it", ["COPY [ab].txt /data/"], "b.txt", ["/data/b.txt"]],
    ["as a pattern names it that matches nothing else", ["COPY z*.txt /data/"], "zoo.txt", ["/data/zoo.txt"]],
    ["although nothing has it yet", ["COPY docs ."], "docs/new/d.md", ["/app/new/d.md"]],

    ["in two places", ["COPY a.txt /x/", "COPY . ."], "a.txt", ["/x/a.txt", "/app/a.txt"]],
    ["once, although it is copied twice", ["COPY a.txt .", "COPY . ."], "a.txt", ["/app/a.txt"]],
    ["not where a later COPY puts another", ["COPY . .", "COPY b.txt a.txt"], "a.txt", []],
    ["where a later COPY puts it instead", ["COPY . .", "COPY b.txt a.txt"], "b.txt", ["/app/b.txt", "/app/a.txt"]],
    ["where a later folder does not have it", ["COPY . .", "COPY docs ."], "b.txt", ["/app/b.txt"]],
    ["not where a later folder has another", ["COPY . .", "COPY docs ."], "a.txt", []],
    ["not where a pattern puts another", ["COPY . .", "COPY d*s/a.* ."], "a.txt", []],

    ["with flags that change no place", ["COPY --link --chown=1:1 --chmod=644 a.txt ."], "a.txt", ["/app/a.txt"]],
    ["with its folders", ["COPY --parents docs/more/c.md /x/"], "docs/more/c.md", ["/x/docs/more/c.md"]],
    ["with its folders below a point", ["COPY --parents docs/./more/c.md /x/"], "docs/more/c.md", ["/x/more/c.md"]],
    ["with its folders, as a pattern names it", ["COPY --parents **/*.md /x/"], "docs/b.md", ["/x/docs/b.md"]],
    ["without its folders where that is off", ["COPY --parents=false docs/b.md /x/"], "docs/b.md", ["/x/b.md"]],
    ["not where it is excluded", ["COPY --exclude=*.txt docs /x/"], "docs/a.txt", []],
    ["unless it is excluded", ["COPY --exclude=*.txt docs /x/"], "docs/b.md", ["/x/b.md"]],
    ["not where its folder is excluded", ["COPY --exclude=docs --exclude=bin . ."], "docs/more/c.md", []],

    ["as ADD copies it", ["ADD docs ."], "docs/a.txt", ["/app/a.txt"]],
    ["not as an archive that ADD unpacks", ["ADD data.tar.gz /x/"], "data.tar.gz", []],
    ["as an archive in a folder", ["ADD . ."], "data.tar.gz", ["/app/data.tar.gz"]],
    ["as an archive that is not unpacked", ["ADD --unpack=false data.tar.gz ."], "data.tar.gz", ["/app/data.tar.gz"]],
    ["not from elsewhere", ["ADD https://example.com/a.txt docs /x/"], "a.txt", []],
    ["beside what the Dockerfile has itself", ["COPY <<END a.txt /x/", "COPY b.txt /y/", "END"], "a.txt", ["/x/a.txt"]],
    ["not as what the Dockerfile has itself", ["COPY <<END a.txt /x/", "COPY b.txt /y/", "END"], "b.txt", []],
    ["not from another image", ["COPY --from=nginx a.txt /x/"], "a.txt", []],

    ["as a variable says", ["ARG HOME=/srv", "ENV D=$HOME/d", "COPY a.txt ${D}/"], "a.txt", ["/srv/d/a.txt"]],
    ["as a variable names it", ["ARG NAME=a", "COPY $NAME.txt ."], "a.txt", ["/app/a.txt"]],
    ["nowhere that is known, without a variable's value", ["COPY a.txt $NOWHERE/"], "a.txt", []],
    ["where lines are continued", ["COPY a.txt \\", "  # here", "  b.txt \\", "  /x/"], "b.txt", ["/x/b.txt"]],
  ];
  for (const [where, lines, file, places] of rows) {
    it(where, () => {
      assert.deepEqual(placesIn(lines, file), places);
    });
  }

  const stage = ["FROM python:3.13 AS build", "WORKDIR /src", "COPY . .", "COPY b.txt /other", "FROM python:3.13"];
  const staged: typeof rows = [
    ["from another stage", ["COPY --from=build /src /app"], "docs/a.txt", ["/app/docs/a.txt"]],
    ["from a stage that a number names", ["COPY --from=0 /src/docs /app"], "docs/a.txt", ["/app/a.txt"]],
    ["from a stage, whatever the case of its name", ["COPY --from=BUILD src/a.txt /x/"], "a.txt", ["/x/a.txt"]],
    ["from a stage, under another name", ["COPY --from=build /other /etc/b"], "b.txt", ["/etc/b"]],
    ["from a stage, as a pattern names it", ["COPY --from=build /src/*.txt /x/"], "b.txt", ["/x/b.txt"]],
    ["not from a folder of a stage that does not have it", ["COPY --from=build /src/bin /x"], "a.txt", []],
    ["not from a stage that only is there", ["RUN make"], "a.txt", []],
    ["not from a stage that is not there yet", ["COPY . /x", "COPY --from=1 /x /y"], "a.txt", ["/x/a.txt"]],
    ["not where a later file of a stage is", ["COPY . /app", "COPY --from=build /other /app/a.txt"], "a.txt", []],
  ];
  for (const [where, lines, file, places] of staged) {
    it(where, () => {
      assert.deepEqual(placesIn(lines, file, stage), places);
    });
  }

  it("as the stage has it that the image's is from", () => {
    const head = ["FROM a AS base", "WORKDIR /x", "COPY a.txt .", "FROM base AS next", "RUN make", "FROM next"];
    assert.deepEqual(placesIn(["COPY docs ."], "a.txt", head), []);
    assert.deepEqual(placesIn(["COPY docs more"], "a.txt", head), ["/x/a.txt"]);
    assert.deepEqual(placesIn(["COPY docs more"], "docs/b.md", head), ["/x/more/b.md"]);
  });
});
