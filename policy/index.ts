import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
import { Config } from "@pulumi/pulumi";

import { readTarget, type TargetName } from "../components/config/cluster";
import { isKubernetesObject } from "./kubernetesObject";
import {
  imageIsVersioned,
  limitsArePresent,
  namespaceIsNamed,
  type Rule,
  runsAsNonRoot,
  runsItsImage,
  serviceIsAllowed,
} from "./rules";

const policy = (name: string, description: string, rule: Rule): ResourceValidationPolicy => ({
  name,
  description,
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, report) => {
    const violations = isKubernetesObject(type, props) ? rule(props) : [];
    for (const violation of violations) report(violation);
  },
});

const target = (): TargetName => readTarget(new Config());

new PolicyPack("kubernetes-django", {
  policies: [
    policy(
      "versioned-image",
      "Containers run images with a tag other than latest, or with a digest.",
      imageIsVersioned,
    ),
    policy("limits", "Containers have limits of memory and ephemeral storage.", limitsArePresent),
    policy("non-root", "Containers do not run as root.", runsAsNonRoot),
    policy("image-only", "Pods run what their image has.", runsItsImage),
    policy("own-namespace", "Nothing is in the namespace default.", namespaceIsNamed),
    policy("service-type", "Services are published in the ways that the target allows.", serviceIsAllowed(target)),
  ],
});
