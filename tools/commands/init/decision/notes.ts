import { defaultPython } from "../dependencies/python";
import { pinned } from "../dockerfile/versions";
import type { Findings } from "./decision";

/** Servers that projects use beside their database, by what their images and packages are called. */
const others: [name: string, image: RegExp, packages: string[]][] = [
  ["Redis", /redis|valkey|keydb/, ["redis", "django-redis", "channels-redis", "django-rq", "valkey"]],
  ["RabbitMQ", /rabbitmq/, ["pika"]],
  ["Memcached", /memcached/, ["pymemcache", "pylibmc", "python-memcached"]],
  ["Elasticsearch", /elasticsearch|opensearch/, ["elasticsearch", "django-elasticsearch-dsl", "opensearch-py"]],
  ["MinIO", /minio/, []],
  ["Mailpit", /mailpit|mailhog/, []],
];

/** What the stack does not run of what the project has, and what could not be read: a line each. */
export function notesOf(findings: Findings): string[] {
  const { processes, dependencies, settings, env } = findings;
  const notRun = [
    ...processes.others.map(({ name, command, where }) => `${name} (${command ?? where})`),
    ...others.flatMap(([name, image, packages]) => {
      const service = processes.services.find(({ value }) => image.test(value));
      const used = packages.find((each) => dependencies.packages.has(each));
      const why = service?.where ?? (used && `package ${used}`);
      return why === undefined ? [] : [`${name} (${why})`];
    }),
  ];
  const { moduleWithoutKey: other, inspectedModule = "" } = settings;
  const unreadable = [...settings.unreadable, ...processes.unreadable, ...env.unreadable];
  return [
    ...notesOnDependencies(findings),
    ...(other === undefined
      ? []
      : [`${other.value} (${other.where}) sets no SECRET_KEY, so ${inspectedModule} is used`]),
    ...(notRun.length === 0 ? [] : [`Not run yet: ${notRun.join(", ")}`]),
    ...(unreadable.length === 0 ? [] : [`Not understood, and left out: ${unreadable.join(", ")}`]),
  ];
}

/** Where a Dockerfile is written and Django is not among what it installs. */
function notesOnDependencies({ image, dependencies }: Findings): string[] {
  const { tool, packages, needsSources, needsGit, python } = dependencies;
  if (image !== undefined || packages.size > 0 || needsSources || needsGit) {
    return [];
  }
  return tool === undefined
    ? [
        `No file names the project's dependencies: the Dockerfile installs ${pinned("django", python?.value ?? defaultPython)} alone`,
      ]
    : [`${tool.where} names no packages: without Django among them, the image cannot be built`];
}
