import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { cacheFolder } from "../../../../components/targets/sandbox";
import { baseImage } from "../../../sandbox/images/baseImage";
import { clusterData, clusterFolder, local } from "../../../sandbox/cluster/kinds";
import { type Kubectl, restricted } from "./kubectl";

/**
 * The folders of a user who ran the sandbox with an earlier release, which kept objects, keys and volumes in the cache.
 * A pod mounts a volume by the path that it had there.
 */
export class EarlierRelease {
  readonly namespace = "earlier-release";
  private readonly folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "kdj-earlier-"));
  private readonly before = {
    XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"],
    XDG_DATA_HOME: process.env["XDG_DATA_HOME"],
  };

  readonly dataHome = path.join(this.folder, "data");
  private readonly cache = path.join(this.folder, "cache", "kubernetes-django");
  private readonly volume = path.join(this.cache, "clusters", "shared", "volumes", "pvc-earlier");

  /** Declares the pod, which waits for its volume. */
  async deploy(kubectl: Kubectl): Promise<void> {
    const { namespace } = this;
    const storage = "1Mi";
    const user = restricted(999);
    const labels = { app: "reader" };
    await kubectl.makeNamespace(namespace);
    await kubectl.apply(
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "pvc-earlier" },
        spec: {
          capacity: { storage },
          accessModes: ["ReadWriteOnce"],
          storageClassName: "none",
          hostPath: { path: this.volume, type: "Directory" },
          // Otherwise the two may find each other half a minute later.
          claimRef: { name: "data", namespace },
        },
      },
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "data", namespace },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "none",
          volumeName: "pvc-earlier",
          resources: { requests: { storage } },
        },
      },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "reader", namespace },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              securityContext: user.pod,
              containers: [
                {
                  name: "reader",
                  image: baseImage,
                  command: ["sleep", "3600"],
                  securityContext: user.container,
                  volumeMounts: [{ name: "data", mountPath: "/data" }],
                },
              ],
              volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
            },
          },
        },
      },
    );
    const ask = ["get", "pods", "--namespace", namespace, "--output", "jsonpath={.items[0].metadata.uid}"];
    // The node may have those of other pods still.
    await kubectl.until(async () => this.podFolders().includes(await kubectl.run(ask)));
  }

  /** Puts the data of the stopped sandbox where that release had them, and acts as its user from now on. */
  become(): void {
    const data = clusterData(local);
    const own = path.join(this.cache, "clusters", "shared");
    fs.mkdirSync(own, { recursive: true });
    fs.symlinkSync(path.join(cacheFolder(), "tools"), path.join(this.cache, "tools"));
    fs.symlinkSync(path.join(clusterFolder(local), "docker"), path.join(own, "docker"));
    for (const name of ["etcd", "pki"]) {
      fs.renameSync(path.join(data, name), path.join(own, name));
    }
    // What is left are new data, which know nothing of the pods that the node knows.
    fs.rmSync(path.join(data, "id"));
    assert.notDeepEqual(this.podFolders(), []);
    fs.mkdirSync(this.volume, { recursive: true });
    fs.writeFileSync(path.join(this.volume, "rows"), "1\n");
    Object.assign(process.env, { XDG_CACHE_HOME: path.dirname(this.cache), XDG_DATA_HOME: this.dataHome });
  }

  /** What the pod reads from its volume. */
  async rows(kubectl: Kubectl): Promise<string> {
    const read = ["exec", "--namespace", this.namespace, "deployment/reader", "--", "cat", "/data/rows"];
    await kubectl.until(async () => (await kubectl.run(read)) !== "");
    return await kubectl.run(read);
  }

  /** Acts as the user of before again. */
  leave(): void {
    for (const [name, value] of Object.entries(this.before)) {
      if (value === undefined) {
        Reflect.deleteProperty(process.env, name);
      } else {
        process.env[name] = value;
      }
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the node keeps of each pod. */
  podFolders(): string[] {
    const folder = path.join(clusterFolder(local), "kubelet", "pods");
    return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  }
}
