import { Problem } from "../problem";
import { dnsName, host, oneOf, wholeNumber } from "./checks";
import { type ConfigReader, optional, textOf } from "./reader";

export const serviceTypes = ["NodePort", "LoadBalancer", "ClusterIP"] as const;
export type ServiceType = (typeof serviceTypes)[number];

/** How the app is reached. */
export function readExposure(config: ConfigReader) {
  return {
    /** 30000 to 32767; undefined to let Kubernetes choose. */
    nodePort: optional(config, "nodePort", wholeNumber({ from: 30000, to: 32767, example: 30080 })),
    /** Undefined for the target's usual one. */
    serviceType: optional(config, "serviceType", oneOf(serviceTypes)),
    /** Host of the URL; undefined for the target's own. */
    urlHost: optional(config, "urlHost", host("localhost")),
    /** Host that an Ingress answers for; undefined for no Ingress. */
    ingressHost: optional(config, "ingressHost", dnsName("django.example.com")),
    /** Class of the Ingress; undefined for the cluster's default class. */
    ingressClassName: ofIngress(config, "ingressClassName", "nginx"),
    /** Secret in the namespace with the certificate of `ingressHost`; undefined for plain HTTP. */
    ingressTlsSecret: ofIngress(config, "ingressTlsSecret", "django-tls"),
  };
}

export type ExposureSettings = ReturnType<typeof readExposure>;

/** A key about the Ingress, which has to be there. */
function ofIngress(config: ConfigReader, key: string, example: string): string | undefined {
  const value = optional(config, key, dnsName(example));
  if (value !== undefined && textOf(config, "ingressHost") === undefined) {
    throw new Problem(
      `Config key "${key}" is "${value}", and there is no Ingress without ingressHost`,
      `run \`pulumi config set ingressHost django.example.com\`, or \`pulumi config rm ${key}\``,
    );
  }
  return value;
}
