import assert from "node:assert/strict";

import { type ImagePlaces, imagePlaces } from "../../../../components/image/places/imagePlaces";
import { readProject } from "../../../../components/image/project";
import { checkout } from "../../helpers/checkout";
import { ownEnvironment } from "../../helpers/environment";

describe("The places of the files of a project in test/projects", () => {
  ownEnvironment();
  beforeEach(() => {
    process.chdir(checkout);
  });

  const placesIn = (folder: string): { places: ImagePlaces; files: string[] } => {
    const options = { builder: "docker-build" as const, buildArgs: {}, platform: undefined };
    const project = readProject({ folder, dockerfile: undefined, stage: undefined }, options);
    const places = imagePlaces({ ...project, buildArgs: {} });
    assert.ok(!("refused" in places), JSON.stringify(places));
    return { places, files: project.files };
  };
  const requirements = "requirements.txt";
  const compose = "compose/production/django";

  const rows: [folder: string, roots: string[], file: string, place: string, builds: string[]][] = [
    ["app", ["/app"], "config/views.py", "/app/config/views.py", [requirements]],
    ["test/projects/tutorial", ["/code"], "polls/views.py", "/code/polls/views.py", ["Dockerfile", requirements]],
    [
      "test/projects/celery",
      ["/code"],
      "parcels/tasks.py",
      "/code/parcels/tasks.py",
      [".dockerignore", "Dockerfile", requirements],
    ],
    [
      "test/projects/compose/app",
      ["/usr/src/app"],
      "upload/views.py",
      "/usr/src/app/upload/views.py",
      ["Dockerfile", "entrypoint.sh", requirements],
    ],
    [
      "test/projects/src-layout",
      ["/home/store/src"],
      "src/catalog/views.py",
      "/home/store/src/catalog/views.py",
      [".dockerignore", "Dockerfile", "entrypoint.sh", requirements],
    ],
    [
      "test/projects/docker-folder",
      ["/srv/inventory/app"],
      "stock/views.py",
      "/srv/inventory/app/stock/views.py",
      [".dockerignore", "docker/Dockerfile", "docker/uwsgi.ini", requirements],
    ],
    [
      "test/projects/production",
      ["/app"],
      "newsletter/views.py",
      "/app/newsletter/views.py",
      [
        ".dockerignore",
        ...["Dockerfile", "entrypoint", "start"].map((name) => `${compose}/${name}`),
        ...["base", "local", "production"].map((name) => `requirements/${name}.txt`),
      ],
    ],
  ];
  for (const [folder, roots, file, place, builds] of rows) {
    it(`are known for ${folder}, with what has to be built`, () => {
      const { places, files } = placesIn(folder);
      assert.deepEqual(places.roots, roots);
      assert.deepEqual(places.placesOf(file), [place]);
      assert.deepEqual(
        files.filter((each) => places.needsBuild(each, { debug: true }) !== undefined),
        builds,
      );
    });
  }
});
