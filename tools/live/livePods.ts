import type { V1Pod } from "@kubernetes/client-node";

import { processesSelector } from "../app/role";
import { watchList } from "../kubernetes/watchList";
import { podsPath } from "../logs/containerLog";
import type { Place, Pod } from "../rollout/kubernetes";
import { isLive, isRunning, LivePod, type Outcome } from "./livePod";
import type { Wanted } from "./wanted";

export interface LivePodsOptions extends Place {
  wanted: Wanted;
  /** Shows a line. */
  say: (line: string) => void;
  /** Called when another `npm run watch` took over a pod. */
  onSuperseded: () => void;
  /** Called when a pod runs that an update without live reload made. */
  onOther: () => void;
  /** Whether the web process waits for a debugger. */
  isDebugged: boolean;
  signal: AbortSignal;
}

/** The pods of a stack whose files are kept as the project's are. */
export class LivePods {
  private readonly pods = new Map<string, LivePod>();
  private readonly holding = new Set<Promise<void>>();

  constructor(private readonly options: LivePodsOptions) {}

  /** Finds the pods, also those that come later, until `signal` ends it. Throws where the cluster does not let it see them. */
  async follow(): Promise<void> {
    const { context, namespace, signal, say } = this.options;
    const list = { context, path: podsPath(namespace), labelSelector: processesSelector };
    const onAway = (reason: string | undefined): void => {
      say(reason === undefined ? "The cluster answers again" : `${reason}: waiting until it answers`);
    };
    try {
      for await (const pod of watchList<V1Pod>(list, { signal, onAway })) {
        this.see(pod as Pod);
      }
    } finally {
      this.pods.forEach((each) => {
        each.end();
      });
      await Promise.all(this.holding);
    }
  }

  private see(pod: Pod): void {
    const { uid, deletionTimestamp } = pod.metadata;
    if (!isLive(pod)) {
      if (deletionTimestamp === undefined) {
        this.options.onOther();
      }
      return;
    }
    const known = this.pods.get(uid);
    if (!isRunning(pod)) {
      known?.end();
      this.pods.delete(uid);
    } else if (known === undefined) {
      const { wanted, say, onSuperseded, isDebugged, context, namespace } = this.options;
      const live = new LivePod(pod, { context, namespace }, wanted, { say, onSuperseded, isDebugged });
      this.pods.set(uid, live);
      const held = live.hold().finally(() => this.holding.delete(held));
      this.holding.add(held);
    }
  }

  /** Whether every pod that runs has been told everything, and there is one. */
  get areInSync(): boolean {
    return this.pods.size > 0 && [...this.pods.values()].every(({ isInSync }) => isInSync);
  }

  /** Brings all pods to what they are to have now. Undefined is a pod's that has it. None rejects. */
  bring(): Promise<Outcome | undefined>[] {
    return [...this.pods.values()].map(async (each) => await each.bring());
  }
}
