import { type Inputs, plain, secret } from "./registrations";

type Answer = (inputs: Inputs, name: string) => Inputs;

/** What Kubernetes adds to the objects it creates: addresses and ports of a Service, and names that were left open. */
export function createdBy(
  nodePort: number,
  loadBalancer: object = { ip: "203.0.113.7" },
): (type: string, inputs: Inputs, name: string) => Inputs {
  const answers: Record<string, Answer> = {
    "kubernetes:core/v1:Service": ({ spec }) => {
      const { type = "ClusterIP", ports } = spec as { type?: string; ports: object[] };
      const own = type === "ClusterIP" ? {} : { nodePort };
      return {
        spec: { clusterIP: "10.96.0.7", ...(spec as object), ports: ports.map((each) => ({ ...own, ...each })) },
        status: { loadBalancer: type === "LoadBalancer" ? { ingress: [loadBalancer] } : {} },
      };
    },
    "kubernetes:core/v1:Secret": ({ metadata, data, stringData = {} }, name) => {
      const texts = Object.entries(plain(stringData) as Record<string, unknown>);
      const encoded = texts.map(([key, text]) => [key, Buffer.from(String(plain(text))).toString("base64")]);
      return {
        metadata: { ...(metadata as object), name: `${name}-1a2b3c4d` },
        data: data ?? secret(Object.fromEntries(encoded)),
      };
    },
  };
  return (type, inputs, name) => answers[type]?.(inputs, name) ?? {};
}

/** What a builder adds to an image that it pushed. */
export function pushes(type: string, inputs: Inputs): Inputs {
  const digest = "sha256:4567";
  const answers: Record<string, () => Inputs> = {
    "docker:index/image:Image": () => ({
      repoDigest: `${String(inputs["imageName"]).replace(/:[^:]*$/, "")}@${digest}`,
    }),
    "docker-build:index:Image": () => ({ digest }),
  };
  return answers[type]?.() ?? {};
}
