import { manifestsFrom } from "./manifests";
import { OtherWay, type Start } from "./otherWay";

const deployment = "kubernetes-django";
const container = "django-web";
const manifestFile = "manifests.json";
const rolloutTimeout = "60s";

/** The commands of someone who has a Dockerfile and manifests. */
export class ByHand extends OtherWay {
  readonly title = "by hand";
  private version = 0;

  constructor(start: Start) {
    super(start, "bench-by-hand");
    this.writeManifests();
  }

  async first(): Promise<void> {
    await this.apply();
  }

  async unchanged(): Promise<void> {
    await this.apply();
  }

  async edited(): Promise<void> {
    this.version++;
    await this.build();
    await this.kubectl("set", "image", `deployment/${deployment}`, `${container}=${this.image}`);
    await this.rolledOut();
  }

  async destroyed(): Promise<void> {
    await this.kubectl("delete", "namespace", this.namespace, "--ignore-not-found");
  }

  /** Writes the edited image into the manifests, so that applying them again changes nothing. */
  async settle(): Promise<void> {
    this.writeManifests();
    await this.apply();
  }

  private get image(): string {
    return `${this.namespace}:${this.version}`;
  }

  private writeManifests(): void {
    const { namespace, image } = this;
    const items = manifestsFrom(this.start.live, { namespace, image });
    this.write(manifestFile, JSON.stringify({ apiVersion: "v1", kind: "List", items }, undefined, 2));
  }

  private async apply(): Promise<void> {
    await this.build();
    await this.kubectl("apply", "--filename", manifestFile);
    await this.rolledOut();
  }

  private async build(): Promise<void> {
    await this.commands.run("docker", "build", "--tag", this.image, "app");
  }

  private async rolledOut(): Promise<void> {
    await this.kubectl("rollout", "status", `deployment/${deployment}`, "--timeout", rolloutTimeout);
  }
}
