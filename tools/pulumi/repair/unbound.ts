import { targetNames } from "../../../components/config/cluster";
import type { LiveObject } from "../../../components/targets/endpoints";
import { readIfThere } from "../../../components/kubernetes/client";
import { contextOf } from "../../stack/kubeContext";
import type { PulumiCli } from "../../stack/stack";
import { StackConfig } from "../../stack/stackConfig";
import { askPulumi } from "../cli";
import type { Deployment } from "../state";
import { objectKey } from "./live";

/**
 * Lets claims be replaced that never got a volume, such as for want of a StorageClass: they have no data to protect, and
 * what helps is another claim.
 */
export async function unprotectUnbound(cli: PulumiCli, { resources = [] }: Deployment): Promise<void> {
  const kept = resources.filter(
    ({ type, protect }) => protect === true && type === "kubernetes:core/v1:PersistentVolumeClaim",
  );
  if (kept.length === 0) {
    return;
  }
  const config = StackConfig.of(cli.stack);
  const context = contextOf(config, config.target ?? targetNames[0]);
  for (const resource of kept) {
    const key = objectKey(resource);
    // A cluster that does not answer is told to the user by what comes next.
    const claim = key && (await readIfThere<LiveObject>(context, key).catch(() => undefined));
    if (claim?.spec !== undefined && claim.spec.volumeName === undefined) {
      const { folder, environment, stack } = cli;
      await askPulumi(["state", "unprotect", resource.urn, "--yes"], { folder, environment, stack });
    }
  }
}
