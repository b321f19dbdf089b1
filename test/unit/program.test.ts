import assert from "node:assert/strict";

import { createdBy } from "./helpers/kubernetes";
import { machine } from "./helpers/machine";
import { type Inputs, label, only, unknown } from "./helpers/registrations";
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
      const order: string[] = [];
      const answer = async (type: string, inputs: Inputs): Promise<Inputs> => {
        order.push(type);
        if (type === "docker:index/image:Image") {
          await new Promise((resolve) => setTimeout(resolve, 50));
          order.push("built");
        }
        return createdBy(31234)(type, inputs);
      };
      await run("dev", {}, { answer });
      const deployed = order.filter((each) => each === "built" || each.startsWith("kubernetes:"));
      assert.deepEqual(deployed.slice(-2), ["built", "kubernetes:apps/v1:Deployment"]);
      assert.equal(deployed.length, 6);
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
        "app/Dockerfile is missing: the folder app has to hold your Django project with a Dockerfile that listens on port 8000; run `git checkout -- app` to get the example back.",
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
      `The cluster of kube context "${context}" at http://127.0.0.1:${port} cannot be reached (ECONNREFUSED): run \`npm run up -- sandbox\`.`,
    );
  });
});
