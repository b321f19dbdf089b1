import assert from "node:assert/strict";

import { below, decidedFor, type Project } from "./decided";

const withFile = {
  "shop/models.py": "from django.db import models\nclass A(models.Model):\n    file = models.FileField()\n",
};
const app = "INSTALLED_APPS = ['shop.apps.ShopConfig']\n";
const base = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n";

describe("the volume for uploads that init decides on", () => {
  const cases: [title: string, project: Project, path: string | undefined][] = [
    [
      "is at MEDIA_ROOT below the folder that COPY brings",
      { settings: `${base}MEDIA_ROOT = BASE_DIR / "media"\n` },
      "/app/media",
    ],
    [
      "is there with os.path",
      {
        settings:
          "BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))\nMEDIA_ROOT = os.path.join(BASE_DIR, 'up', 'files/')\n",
      },
      "/app/up/files",
    ],
    [
      "is there with environ.Path",
      { settings: "import environ\nROOT = environ.Path(__file__) - 2\nMEDIA_ROOT = str(ROOT.path('shop')('media'))\n" },
      "/app/shop/media",
    ],
    [
      "is there with variables of the Dockerfile, in a later stage, and a folder that is copied apart",
      {
        settings: `${base}MEDIA_ROOT = f"{BASE_DIR}/media"\n`,
        manageFolder: "src",
        dockerfile:
          'FROM x AS build\nWORKDIR /build\nCOPY requirements.txt .\nFROM x\nARG HOME_DIR=/home/shop\nENV APP_HOME=${HOME_DIR}/web\nWORKDIR $APP_HOME\nCOPY ./src/ ./\nCMD ["gunicorn", "shop.wsgi"]\n',
      },
      "/home/shop/web/media",
    ],
    [
      "is there in the image that init describes",
      { dockerfile: undefined, settings: `${base}MEDIA_ROOT = BASE_DIR / "media"\n` },
      "/app/media",
    ],
    [
      "is beside the folder of the settings where that is copied alone",
      {
        settings: `${base}MEDIA_ROOT = BASE_DIR.parent / "media"\n`,
        manageFolder: "src",
        dockerfile: 'FROM x\nWORKDIR /srv/shop/src\nCOPY ./src ./\nCMD ["gunicorn", "shop.wsgi"]\n',
      },
      "/srv/shop/media",
    ],
    [
      "is above the project where the settings name a folder there",
      {
        settings: `${base}MEDIA_ROOT = BASE_DIR.parent.parent / "media"\n`,
        dockerfile: "FROM x\nCOPY . /srv/web/shop\n",
      },
      "/srv/media",
    ],
    [
      "is where the values of a compose file lead, below WORKDIR where they say no more",
      {
        settings: 'from pathlib import Path\nMEDIA_ROOT = Path(os.environ.get("DATA", "/srv")) / "media"\n',
        files: {
          "compose.yaml": "services: { web: { build: ., command: gunicorn shop.wsgi, environment: { DATA: ./data } } }",
        },
      },
      "/app/data/media",
    ],
    ["is at an absolute path", { settings: "MEDIA_ROOT = '/var/media/'\n" }, "/var/media"],
    [
      "is where a variable says",
      {
        settings: `${base}MEDIA_ROOT = os.environ.get("UPLOADS", BASE_DIR / "media")\n`,
        files: { ".env": "UPLOADS=/data/up\n" },
      },
      "/data/up",
    ],
    [
      "is compose's where nobody can say which path the settings name",
      {
        settings: "MEDIA_ROOT = path_of('media')\n",
        files: {
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi, volumes: ['static:/app/static', 'media:/app/mediafiles'] } }",
        },
      },
      "/app/mediafiles",
    ],
    [
      "is none where files go to a bucket",
      {
        settings: `${app}MEDIA_ROOT = '/media'\nSTORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}\n`,
        files: withFile,
      },
      undefined,
    ],
    ["is none where nothing is uploaded", { settings: app }, undefined],
  ];
  for (const [title, project, path] of cases) {
    it(title, async () => {
      await decidedFor(project, (values) => {
        assert.deepEqual(below("media", values), path === undefined ? {} : { path, size: "1Gi" });
      });
    });
  }

  it("is asked for where a model has files and no setting says where they go", async () => {
    await decidedFor({ settings: app, files: withFile }, (_, { notes }) => {
      assert.match(
        notes.join("\n"),
        /^Uploads \(shop\/models\.py\) go with their pod, since the settings have no MEDIA_ROOT: `pulumi config set --path media\.path \/PATH`/,
      );
    });
  });

  it("is not asked for by a path of files that a model only lists", async () => {
    const files = { "shop/models.py": "from django.db import models\nx = models.FilePathField()  # no FileField\n" };
    await decidedFor({ settings: app, files }, (_, { notes }) => {
      assert.deepEqual(notes, []);
    });
  });
});

describe("files that settings read", () => {
  it("are told where no COPY brings them and no variable names them", async () => {
    const settings = `from pathlib import Path
KEY = open("/run/secrets/key").read()
CONFIG = Path("/etc/shop") / "config.json"
DATA = CONFIG.read_text()
GIVEN = open(os.environ.get("SECRET_KEY_FILE", "/run/secrets/other")).read()
if os.path.exists("/run/secrets/optional"):
    OPTIONAL = open("/run/secrets/optional").read()
try:
    LEFT = open("/run/secrets/left").read()
except FileNotFoundError:
    LEFT = ""
THERE = open("/app/there.txt").read()
`;
    const dockerfile =
      'FROM x\nWORKDIR /app\nCOPY manage.py shop ./\nCOPY there.txt /app/there.txt\nCMD ["gunicorn", "shop.wsgi"]\n';
    await decidedFor({ settings, dockerfile }, (_, { notes }) => {
      assert.deepEqual(
        notes.map((note) => /^The settings read (\S+) \((\S+)\)/.exec(note)?.slice(1)),
        [
          ["/run/secrets/key", "shop/settings.py:3"],
          ["/etc/shop/config.json", "shop/settings.py:5"],
        ],
      );
    });
  });
});
