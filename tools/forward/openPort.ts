import type WebSocket from "ws";

import { openWebSocket } from "../kubernetes/webSocket";
import type { Place } from "../rollout/kubernetes";

/** A port of a pod. */
export interface PodPort extends Place {
  pod: string;
  port: number;
}

/** Opens a WebSocket that leads to a port of a pod, for one connection, as `openWebSocket` does. */
export async function openPort({ context, namespace, pod, port }: PodPort, signal: AbortSignal): Promise<WebSocket> {
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/portforward`;
  return await openWebSocket(context, { path, query: [["ports", String(port)]] }, signal);
}
