import assert from "node:assert/strict";
import fs from "node:fs";

import { clusterFolder, isolated } from "../../../../sandbox/cluster/kinds";
import {
  buildDebianImage,
  commentOf,
  type DebianImage,
  isOutdated,
  mmdebstrapArguments,
} from "../../../../sandbox/images/debianImage";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("An image of Debian's packages", () => {
  it("consists of the packages without their documentation, at the pinned release", () => {
    assert.deepEqual(mmdebstrapArguments({ packages: ["postgresql-17", "dbus"] }, "/bundle.crt", "/image.tar"), [
      "--variant=minbase",
      "--include=postgresql-17,dbus",
      `--customize-hook=rm -rf "$1"/usr/share/man "$1"/usr/share/doc "$1"/usr/share/locale "$1"/var/cache/apt`,
      "trixie",
      "/image.tar",
    ]);
  });

  it("has its hooks run before the documentation is removed", () => {
    const args = mmdebstrapArguments({ packages: ["dbus"], hooks: ["--hook=one", "--hook=two"] }, undefined, "/i.tar");
    assert.deepEqual(args.slice(2, 4), ["--hook=one", "--hook=two"]);
    assert.match(args[4] ?? "", /rm -rf/);
  });

  describe("whose processes fetch things", () => {
    const image = { packages: ["python3"], trustsMachinesAuthorities: true };
    const copies = (bundle: string | undefined): string[] =>
      mmdebstrapArguments(image, bundle, "/image.tar").filter((each) => each.includes("cp "));

    it("gets the machine's bundle of authorities, and once more for when its own is made again", () => {
      assert.deepEqual(copies("/bundle.crt"), [
        `--customize-hook=cp /bundle.crt "$1/etc/ssl/certs/ca-certificates.crt"`,
        `--customize-hook=cp /bundle.crt "$1/etc/ca-certificates/machine.pem"`,
      ]);
    });

    it("keeps its own bundle where the machine has none", () => {
      assert.deepEqual(copies(undefined), []);
    });
  });

  it("may be of another release", () => {
    assert.ok(mmdebstrapArguments({ release: "bookworm", packages: [] }, undefined, "/i.tar").includes("bookworm"));
  });

  it("is outdated when its recipe has changed, and another image never is", () => {
    const image = { packages: ["dbus"] };
    const comments = [
      commentOf({ packages: ["bash"] }),
      "Imported from -",
      commentOf(image),
      "",
      "buildkit.dockerfile.v0",
    ];
    assert.deepEqual(
      comments.map((comment) => isOutdated(comment, image)),
      [true, true, false, false, false],
    );
  });

  describe("that has copies of files", () => {
    const folder = temporaryFolder();
    const image = (file: string): DebianImage => ({
      packages: ["dbus"],
      copies: [{ file: folder.path(file), folder: "/bin" }],
    });

    it("is the same from another checkout, and another one when they change", () => {
      folder.write({ "one/run.sh": "echo", "two/run.sh": "echo", "three/run.sh": "date" });
      assert.equal(commentOf(image("one/run.sh")), commentOf(image("two/run.sh")));
      assert.notEqual(commentOf(image("one/run.sh")), commentOf(image("three/run.sh")));
    });

    it("takes them from a folder with any name", () => {
      const copies = [{ file: "/my 'own' $x/run.sh", folder: "/bin" }];
      const args = mmdebstrapArguments({ packages: [], copies }, undefined, "/i.tar");
      assert.equal(args[2], String.raw`--customize-hook=copy-in '/my '\''own'\'' $x/run.sh' /bin`);
    });
  });

  describe("that is built", () => {
    ownEnvironment();
    const folder = temporaryFolder();

    const build = async (mmdebstrap: string): Promise<string[]> => {
      process.env["XDG_CACHE_HOME"] = folder.path();
      fs.mkdirSync(clusterFolder(isolated), { recursive: true });
      folder.write({
        "bin/mmdebstrap": { executable: mmdebstrap },
        "bin/docker": { executable: `#!/bin/sh\nshift 2\necho "$* < $(cat)" >${folder.path("log")}\n` },
      });
      const environment = { PATH: `${folder.path("bin")}:/usr/bin:/bin` };
      const image = { packages: ["dbus"], settings: ["CMD sh", "EXPOSE 80"] };
      const shown: string[] = [];
      const progress = { detail: (line: string) => shown.push(line) };
      await buildDebianImage(isolated, environment, folder.path("bin/mmdebstrap"), "some/image:1", image, progress);
      return shown;
    };

    it("is imported under its name with its settings, and shows mmdebstrap's latest line", async () => {
      const shown = await build('#!/bin/sh\necho unpacking >&2\nfor last; do :; done\nprintf archive >"$last"\n');
      assert.deepEqual(shown, ["unpacking"]);
      const log = fs.readFileSync(folder.path("log"), "utf8");
      assert.equal(
        log,
        "import --message kubernetes-django stand-in bf5707992fe1 --change CMD sh --change EXPOSE 80 - some/image:1 < archive\n",
      );
      assert.deepEqual(fs.readdirSync(clusterFolder(isolated)), []);
    });

    it("fails with what mmdebstrap printed", async () => {
      await assert.rejects(build("#!/bin/sh\necho 'E: no such package' >&2; exit 25\n"), {
        message: /exit code 25.*E: no such package/s,
      });
      assert.equal(fs.existsSync(folder.path("log")), false);
    });
  });
});
