import assert from "node:assert/strict";

import { containerOf, podOf, types, variable } from "./helpers/app";
import { createdBy, pushes } from "./helpers/kubernetes";
import { machine } from "./helpers/machine";
import {
  type Inputs,
  label,
  only,
  plain,
  type RunOptions,
  secret,
  typesBefore,
  unknown,
} from "./helpers/registrations";
import { closedPort } from "./helpers/servers";

describe("The program", () => {
  const { folder, writeKubeconfig, serveDaemon, serveMinikube, run, refuse } = machine();

  const stacks: {
    stack: string;
    context: string;
    urlHost: string;
    setUp: () => Promise<{ docker: Inputs; kubeconfig?: string }>;
  }[] = [
    {
      stack: "dev",
      context: "docker-desktop",
      urlHost: "localhost",
      setUp: async () => {
        await writeKubeconfig("home/.kube/config", "docker-desktop");
        return { docker: { host: await serveDaemon("home/.docker/desktop/docker.sock") } };
      },
    },
    {
      stack: "minikube",
      context: "minikube",
      urlHost: "192.168.49.2",
      setUp: async () => {
        const port = await writeKubeconfig("kubeconfig", "minikube");
        process.env["KUBECONFIG"] = folder.path("kubeconfig");
        return { docker: { ...(await serveMinikube(port)) } };
      },
    },
    {
      stack: "sandbox",
      context: "kubernetes-django-sandbox",
      urlHost: "localhost",
      setUp: async () => {
        const cluster = "cache/kubernetes-django/clusters/shared";
        await writeKubeconfig(`${cluster}/kubeconfig`, "kubernetes-django-sandbox");
        const docker = { host: await serveDaemon(`${cluster}/docker.sock`) };
        return { docker, kubeconfig: folder.path(cluster, "kubeconfig") };
      },
    },
  ];

  for (const { stack, context, urlHost, setUp } of stacks) {
    for (const preview of [true, false]) {
      it(`${preview ? "previews" : "updates"} the stack ${stack}`, async () => {
        const { docker, kubeconfig = "" } = await setUp();
        const answer = preview ? () => ({}) : createdBy(31234);
        const result = await run(stack, {}, { preview, answer });
        assert.deepEqual(result.resources.map(label), [
          "django:index:DjangoApp kubernetes-django",
          "django:index:DjangoImage kubernetes-django",
          "docker:index/image:Image kubernetes-django",
          "kubernetes:apps/v1:Deployment kubernetes-django",
          "kubernetes:core/v1:Namespace kubernetes-django-namespace",
          "kubernetes:core/v1:Secret kubernetes-django-key",
          "kubernetes:core/v1:Service kubernetes-django-service",
          "kubernetes:core/v1:ServiceAccount kubernetes-django-account",
          "kubernetes:networking.k8s.io/v1:NetworkPolicy kubernetes-django-ingress",
          "pulumi:providers:docker docker",
          "pulumi:providers:kubernetes kubernetes",
        ]);
        assert.deepEqual(only(result, "pulumi:providers:docker").inputs, {
          ...docker,
          disableDockerDaemonCheck: "true",
        });
        assert.deepEqual(only(result, "pulumi:providers:kubernetes").inputs, {
          context,
          clusterIdentifier: "cluster-1",
          kubeconfig,
        });
        const { inputs, replacementTrigger } = only(result, "docker:index/image:Image");
        assert.equal(replacementTrigger, "daemon-1");
        assert.match(String(inputs["imageName"]), /^kubernetes-django:[0-9a-f]{12}$/);
        assert.equal((inputs["build"] as Inputs)["platform"], "linux/amd64");
        assert.deepEqual(result.outputs, {
          url: preview ? unknown : `http://${urlHost}:31234/`,
          nodePort: preview ? unknown : 31234,
          image: inputs["imageName"],
          namespace: "kubernetes-django",
          deployment: "kubernetes-django",
          service: "kubernetes-django-service",
        });
      });
    }
  }

  describe("on the stack dev", () => {
    let socket = "";
    beforeEach(async () => {
      await writeKubeconfig("home/.kube/config", "docker-desktop");
      socket = await serveDaemon("home/.docker/desktop/docker.sock");
    });

    it("gives every resource below its components to an explicit provider", async () => {
      const { resources } = await run("dev", { debug: false, secretKey: "s3cr3t" });
      const children = resources.filter(({ parent }) => parent !== "pulumi:pulumi:Stack kubernetes-django-dev");
      assert.equal(children.length, 7);
      for (const { type, provider, parent } of children) {
        const image = type.startsWith("docker:");
        const [component, providerType] = image ? ["DjangoImage", "docker"] : ["DjangoApp", "kubernetes"];
        assert.equal(parent, `django:index:${component} kubernetes-django`);
        assert.equal(provider, `pulumi:providers:${providerType} ${providerType}`);
      }
    });

    it("deploys the image only after it was built, and everything else in the meantime", async () => {
      const result = await run("dev");
      const objects = result.resources.map(({ type }) => type).filter((type) => type.startsWith("kubernetes:"));
      const afterImage = objects.filter((type) => typesBefore(result, type).has("docker:index/image:Image"));
      assert.deepEqual(afterImage, [types.deployment]);
    });

    it("hands every setting to the component it is for", async () => {
      process.env["DOCKER_HOST"] = socket;
      const result = await run("dev", {
        builder: "docker-build",
        buildArgs: { PYTHON_VERSION: "3.12" },
        platform: "linux/arm64",
        imageRepository: "registry.test/shop",
        namespace: "shop",
        replicas: "3",
        nodePort: "30080",
        urlHost: "shop.test",
        cpuRequest: "250m",
        memoryRequest: "64Mi",
        memoryLimit: "1Gi",
        rolloutTimeoutSeconds: "45",
      });
      const { inputs: image } = only(result, "docker-build:index:Image");
      assert.deepEqual([image["buildArgs"], image["platforms"]], [{ PYTHON_VERSION: "3.12" }, ["linux/arm64"]]);
      assert.match(String(result.outputs["image"]), /^registry\.test\/shop:[0-9a-f]{12}$/);
      assert.deepEqual(image["tags"], [result.outputs["image"]]);
      const spec = only(result, "kubernetes:apps/v1:Deployment").inputs["spec"] as {
        replicas: number;
        progressDeadlineSeconds: number;
        template: { spec: { containers: [{ image: string; resources: unknown }] } };
      };
      assert.deepEqual([spec.replicas, spec.progressDeadlineSeconds], [3, 45]);
      const [container] = spec.template.spec.containers;
      assert.equal(container.image, result.outputs["image"]);
      assert.deepEqual(container.resources, {
        requests: { cpu: "250m", memory: "64Mi", "ephemeral-storage": "64Mi" },
        limits: { memory: "1Gi", "ephemeral-storage": "1Gi" },
      });
      assert.deepEqual([result.outputs["url"], result.outputs["namespace"]], ["http://shop.test:30080/", "shop"]);
    });

    it("hands every setting of a project and its processes to what it is for", async () => {
      folder.write({
        "shop/manage.py": "",
        "shop/docker/Dockerfile": [
          "FROM scratch AS web",
          "EXPOSE 5000",
          "LABEL kubernetes-django.liveness=/up kubernetes-django.readiness=/ready",
          "FROM scratch",
          "",
        ].join("\n"),
        "checkout/Pulumi.yaml": "",
      });
      process.chdir(folder.path("checkout"));
      const project = { project: "../shop", buildTarget: "web" };
      const podSpecOf = async (more: Inputs): Promise<Inputs> =>
        podOf(await run("dev", { ...project, ...more })) as never;
      const result = await run("dev", project);
      const build = only(result, "docker:index/image:Image").inputs["build"] as Inputs;
      assert.deepEqual(
        [build["context"], build["dockerfile"], build["target"]],
        ["../shop", "../shop/docker/Dockerfile", "web"],
      );
      const byImage = containerOf(result);
      assert.deepEqual(byImage.ports, [{ name: "http", containerPort: 5000 }]);
      const path = ({ httpGet }: { httpGet?: { path: string } }): string | undefined => httpGet?.path;
      const paths = ({ livenessProbe, readinessProbe, startupProbe }: typeof byImage): unknown[] =>
        [livenessProbe, readinessProbe, startupProbe].map((each) => path(each as { httpGet?: { path: string } }));
      assert.deepEqual(paths(byImage), ["/up", "/ready", "/ready"]);

      const changed = await run("dev", {
        ...project,
        command: "serve --bind :$(PORT)",
        release: "none",
        port: "6000",
        env: { EMAIL_HOST: "smtp.test" },
        secretEnv: { TOKEN: "t0ken" },
        debugValues: "yes,no",
        livenessPath: "/a",
        readinessPath: "/b",
        startPath: "/c",
      });
      const container = containerOf(changed) as typeof byImage & { args: string[] };
      assert.deepEqual(container.args, ["serve", "--bind", ":$(PORT)"]);
      assert.deepEqual(container.ports, [{ name: "http", containerPort: 6000 }]);
      assert.deepEqual(
        ["PORT", "DEBUG", "EMAIL_HOST"].map((name) => variable(changed, name)),
        ["6000", "yes", "smtp.test"],
      );
      assert.ok(container.env.some(({ name, value }) => name === "TOKEN" && value === undefined));
      assert.deepEqual(paths(container), ["/a", "/b", "/c"]);
      assert.deepEqual(paths(containerOf(await run("dev", { ...project, readinessPath: "/b" }))), ["/up", "/b", "/b"]);

      const restricted = await podSpecOf({ runAsUser: "1000", writablePaths: "/app/media" });
      assert.equal((restricted["securityContext"] as Inputs)["runAsUser"], 1000);
      assert.equal((restricted["initContainers"] as unknown[]).length, 1);
      const baseline = await podSpecOf({ podSecurity: "baseline" });
      assert.equal((baseline["securityContext"] as Inputs)["runAsNonRoot"], undefined);
    });

    it("names the same image in a preview and in the update after it, and another for other settings", async () => {
      const imageOf = async (more: Inputs, preview: boolean): Promise<unknown> =>
        (await run("dev", more, { preview })).outputs["image"];
      const image = await imageOf({}, true);
      assert.equal(await imageOf({}, false), image);
      assert.equal(await imageOf({ replicas: "2", debug: false, secretKey: "s3cr3t" }, false), image);
      assert.notEqual(await imageOf({ buildArgs: { PYTHON_VERSION: "3.12" } }, false), image);
      assert.notEqual(await imageOf({ platform: "linux/arm64" }, false), image);
    });

    it("declares nothing with a bad setting", async () => {
      await refuse(
        "dev",
        { replicas: "-1" },
        'Config key "replicas" is "-1": allowed is a whole number from 0 to 1000; run `pulumi config set replicas 1`.',
      );
    });

    it("declares nothing for a context that is not there", async () => {
      const file = folder.path("home", ".kube", "config");
      await refuse(
        "dev",
        { kubeContext: "prod" },
        `Kube context "prod" is not in ${file}: there are docker-desktop; start Docker Desktop and turn on Settings > Kubernetes > Enable Kubernetes, or run \`pulumi config set kubeContext NAME\`.`,
      );
    });

    it("declares nothing when the project has no Dockerfile", async () => {
      folder.write({ "checkout/app/manage.py": "" });
      process.chdir(folder.path("checkout"));
      await refuse(
        "dev",
        {},
        "app has no Dockerfile, which says how the image of your project is built; run `git checkout -- app` to get the example back, or `npm run init -- FOLDER` with the folder of your project.",
      );
    });
  });

  describe("on the stack dev with a Postgres in the namespace", () => {
    const database = { database: "postgres" };
    beforeEach(async () => {
      await writeKubeconfig("home/.kube/config", "docker-desktop");
      await serveDaemon("home/.docker/desktop/docker.sock");
    });

    it("declares a server with a password that stays and data that cannot be deleted", async () => {
      const { resources, outputs } = await run("dev", { ...database, databaseStorage: "5Gi" });
      assert.deepEqual(resources.filter(({ name }) => name.includes("database")).map(label), [
        "django:index:Postgres kubernetes-django-database",
        "kubernetes:apps/v1:StatefulSet kubernetes-django-database",
        "kubernetes:core/v1:PersistentVolumeClaim kubernetes-django-database-data",
        "kubernetes:core/v1:Secret kubernetes-django-database-password",
        "kubernetes:core/v1:Service kubernetes-django-database-service",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy kubernetes-django-database-ingress",
      ]);
      const named = (name: string): (typeof resources)[number] | undefined =>
        resources.find((each) => each.name === `kubernetes-django-database-${name}`);
      assert.deepEqual(named("password")?.ignoreChanges, ["data"]);
      assert.equal(named("data")?.protect, true);
      assert.deepEqual((named("data")?.inputs["spec"] as Inputs)["resources"], { requests: { storage: "5Gi" } });
      assert.deepEqual(
        resources.flatMap(({ name, protect }) => (protect ? [name] : [])),
        ["kubernetes-django-database-data", "kubernetes-django-database-password"],
      );
      assert.equal(outputs["url"], "http://localhost:31234/");
    });

    it("gives every resource below its components to an explicit provider", async () => {
      const { resources } = await run("dev", database);
      const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
      assert.equal(objects.length, 13);
      assert.deepEqual(
        [...new Set(objects.map(({ provider }) => provider))],
        ["pulumi:providers:kubernetes kubernetes"],
      );
    });

    it("lets the data go with the stack where it is told to", async () => {
      const { resources } = await run("dev", { ...database, protectData: false });
      assert.ok(resources.every(({ protect }) => protect === undefined));
    });

    it("migrates it after the image was built and it is there, and before the Deployment", async () => {
      const result = await run("dev", database, { answer: createdBy(31234) });
      const before = typesBefore(result, types.job);
      for (const type of ["docker:index/image:Image", "kubernetes:apps/v1:StatefulSet", types.secret]) {
        assert.ok(before.has(type), type);
      }
      assert.ok(typesBefore(result, types.deployment).has(types.job));
    });

    it("uses one that is there instead, where it is given its URL", async () => {
      const databaseUrl = "postgres://shop:pa55word@db.test/shop";
      const result = await run("dev", { ...database, databaseUrl });
      const own = result.resources.find(({ name }) => name === "kubernetes-django-secret");
      assert.deepEqual(
        own?.inputs["stringData"],
        secret({
          "database-url": databaseUrl,
          "database-host": "db.test",
          "database-port": "5432",
          "database-name": "shop",
          "database-user": "shop",
          "database-password": "pa55word",
        }),
      );
      assert.ok(result.resources.every(({ type }) => type !== "django:index:Postgres"));
      assert.match(only(result, types.job).name, /^kubernetes-django-migrate-[0-9a-f]{12}$/);
    });
  });

  describe("on the stack cluster", () => {
    const byHand = { secretKey: "s3cr3t", databaseUrl: "postgres://shop:pa55word@db.test/shop" };
    const user = { registryUsername: "me", registryPassword: "t0ken" };
    const repository = "registry.example.com/team/kubernetes-django";
    const images = { docker: "docker:index/image:Image", "docker-build": "docker-build:index:Image" };
    const created: RunOptions["answer"] = (type, inputs, name) => ({
      ...createdBy(31234)(type, inputs, name),
      ...pushes(type, inputs),
    });
    let host = "";
    beforeEach(async () => {
      await writeKubeconfig("home/.kube/config", "production");
      host = await serveDaemon("home/.docker/desktop/docker.sock");
      process.env["DOCKER_HOST"] = host;
    });

    for (const builder of ["docker", "docker-build"] as const) {
      for (const preview of [true, false]) {
        it(`${preview ? "previews" : "updates"} it with builder ${builder}`, async () => {
          const answer = preview ? () => ({}) : created;
          const result = await run("cluster", { ...byHand, builder }, { preview, answer });
          assert.deepEqual(
            result.resources.map((each) => label(each).replace(/(-migrate)-[0-9a-f]{12}$/, "$1")),
            [
              "django:index:DjangoApp kubernetes-django",
              "django:index:DjangoImage kubernetes-django",
              `${images[builder]} kubernetes-django`,
              "kubernetes:apps/v1:Deployment kubernetes-django",
              "kubernetes:autoscaling/v2:HorizontalPodAutoscaler kubernetes-django-autoscaler",
              "kubernetes:batch/v1:Job kubernetes-django-migrate",
              "kubernetes:core/v1:Namespace kubernetes-django-namespace",
              "kubernetes:core/v1:Secret kubernetes-django-secret",
              "kubernetes:core/v1:Service kubernetes-django-service",
              "kubernetes:core/v1:ServiceAccount kubernetes-django-account",
              "kubernetes:networking.k8s.io/v1:Ingress kubernetes-django-ingress-host",
              "kubernetes:networking.k8s.io/v1:NetworkPolicy kubernetes-django-acme",
              "kubernetes:networking.k8s.io/v1:NetworkPolicy kubernetes-django-ingress",
              "kubernetes:policy/v1:PodDisruptionBudget kubernetes-django-budget",
              `pulumi:providers:${builder} ${builder}`,
              "pulumi:providers:kubernetes kubernetes",
            ].sort(),
          );
          assert.deepEqual(only(result, "pulumi:providers:kubernetes").inputs, {
            context: "production",
            clusterIdentifier: "cluster-1",
            kubeconfig: "",
          });
          const { inputs, replacementTrigger } = only(result, images[builder]);
          assert.equal(replacementTrigger, undefined);
          const [name, pushed] =
            builder === "docker" ? [inputs["imageName"], !inputs["skipPush"]] : [inputs["tags"], inputs["push"]];
          const [, tag] = new RegExp(`^${repository}:([0-9a-f]{12})$`).exec(String(name)) ?? [];
          assert.ok(tag !== undefined && pushed === true);
          const image = preview ? unknown : `${repository}:${tag}@sha256:4567`;
          assert.deepEqual(result.outputs, {
            url: "https://django.example.com/",
            image,
            namespace: "kubernetes-django",
            deployment: "kubernetes-django",
            service: "kubernetes-django-service",
          });
          assert.equal(variable(result, "IMAGE_TAG"), tag);
          for (const type of [types.deployment, types.job]) {
            assert.equal(containerOf(result, type).image, image);
            assert.equal(variable(result, "SERVED_OVER_HTTPS", type), "1");
            assert.equal(podOf(result, type).imagePullSecrets, undefined);
          }
          assert.match(
            String((only(result, types.job).inputs["metadata"] as Inputs)["name"]),
            /^kubernetes-django-migrate-[0-9a-f]{12}$/,
          );
        });
      }

      it(`signs in with the registry's user, to push with builder ${builder} and on the nodes to pull`, async () => {
        const result = await run("cluster", { ...byHand, ...user, builder }, { answer: created });
        const { inputs } = only(result, images[builder]);
        const [own] = [inputs["registry"], ...((inputs["registries"] ?? []) as unknown[])].filter(Boolean) as Inputs[];
        assert.deepEqual([own?.["username"], own?.["password"]], ["me", secret("t0ken")]);
        const pull = result.resources.find(({ name }) => name === "kubernetes-django-registry");
        assert.equal(pull?.inputs["type"], "kubernetes.io/dockerconfigjson");
        const config = plain(pull.inputs["stringData"]) as { ".dockerconfigjson": string };
        const { auths } = JSON.parse(config[".dockerconfigjson"]) as { auths: object };
        assert.deepEqual(Object.keys(auths), ["registry.example.com"]);
        for (const type of [types.deployment, types.job]) {
          assert.deepEqual(podOf(result, type).imagePullSecrets, [{ name: "kubernetes-django-registry-1a2b3c4d" }]);
        }
      });

      it(`shows secrets where they are needed and nowhere else, with builder ${builder}`, async () => {
        const { resources, ...rest } = await run("cluster", { ...byHand, ...user, builder }, { answer: created });
        const secrets = resources.filter(({ type }) => type === types.secret || type === images[builder]);
        assert.deepEqual(secrets.map(({ name }) => name).sort(), [
          "kubernetes-django",
          "kubernetes-django-registry",
          "kubernetes-django-secret",
        ]);
        const others = resources.filter((each) => !secrets.includes(each));
        assert.doesNotMatch(JSON.stringify({ others, ...rest }), /s3cr3t|pa55word|t0ken|bWU6dDBrZW4/);
      });
    }

    it("migrates the database with the image that was pushed, and deploys it only then", async () => {
      const result = await run("cluster", byHand, { answer: created });
      assert.ok(typesBefore(result, types.job).has(images["docker-build"]));
      assert.ok(typesBefore(result, types.deployment).has(types.job));
    });

    it("hands every setting to the component it is for", async () => {
      const more = {
        replicas: "3",
        maxReplicas: "9",
        cpuTargetPercent: "60",
        cpuLimit: "2",
        platform: "linux/arm64",
        ingressHost: "shop.test",
        ingressClassName: "nginx",
        ingressTlsSecret: "shop-tls",
      };
      const result = await run("cluster", { ...byHand, ...more }, { answer: created });
      const specOf = (type: string): Inputs => only(result, type).inputs["spec"] as Inputs;
      const { minReplicas, maxReplicas, metrics } = specOf(types.autoscaler);
      assert.deepEqual([minReplicas, maxReplicas], [3, 9]);
      assert.match(JSON.stringify(metrics), /"averageUtilization":60/);
      assert.deepEqual(containerOf(result).resources, {
        requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
        limits: { cpu: "2", memory: "512Mi", "ephemeral-storage": "1Gi" },
      });
      assert.equal(containerOf(result).imagePullPolicy, "Always");
      assert.deepEqual(only(result, images["docker-build"]).inputs["platforms"], ["linux/arm64"]);
      assert.equal(specOf(types.ingress)["ingressClassName"], "nginx");
      assert.deepEqual(specOf(types.ingress)["tls"], [{ hosts: ["shop.test"], secretName: "shop-tls" }]);
      assert.equal(specOf(types.service)["type"], "ClusterIP");
    });

    it("is found by its load balancer's address without an Ingress", async () => {
      const more = { ...byHand, ingressHost: "", ingressTlsSecret: "" };
      const { outputs } = await run("cluster", more, { answer: created });
      assert.deepEqual([outputs["url"], outputs["nodePort"]], ["http://203.0.113.7/", 31234]);
    });

    it("declares nothing without a database's URL", async () => {
      await refuse(
        "cluster",
        { secretKey: "s3cr3t" },
        'Config key "databaseUrl" is not set: target "cluster" keeps no data in the namespace of an app; have a server managed, or by CloudNativePG in the cluster, and run `pulumi config set --secret databaseUrl postgres://USER:PASSWORD@HOST/NAME`.',
      );
    });

    it("declares nothing where the shell's docker context does not exist", async () => {
      delete process.env["DOCKER_HOST"];
      process.env["DOCKER_CONTEXT"] = "gone";
      await refuse(
        "cluster",
        byHand,
        'DOCKER_CONTEXT names the Docker context "gone", which does not exist: there are default; run `unset DOCKER_CONTEXT`.',
      );
    });
  });

  it("declares nothing and says how to start the sandbox when it does not run", async () => {
    const port = await closedPort();
    const cluster = "cache/kubernetes-django/clusters/shared";
    const context = "kubernetes-django-sandbox";
    await writeKubeconfig(`${cluster}/kubeconfig`, context, port);
    await serveDaemon(`${cluster}/docker.sock`);
    await refuse(
      "sandbox",
      {},
      `The cluster of kube context "${context}" at http://127.0.0.1:${port} cannot be reached (ECONNREFUSED); run \`npm run up -- sandbox\`.`,
    );
  });
});
