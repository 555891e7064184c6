import { ConnectorError } from 'dynamics365-connector';
import type { NodeRedNode } from './node-red-api.ts';

/** Characters of an error below a node. */
const maxStatusLength = 60;

/** `14:05:09`: the local time of the Node-RED process, as its log has it. */
export function clockTime(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8);
}

/** Shows what a node has done or waits for, in words. */
export function showDone(node: NodeRedNode, text: string): void {
  node.status({ fill: 'green', shape: 'dot', text });
}

/** Shows the beginning of an error's message. */
export function showFailure(node: NodeRedNode, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const [line = ''] = message.split('\n');
  const text = line.length > maxStatusLength ? `${line.slice(0, maxStatusLength - 1)}\u2026` : line;
  node.status({ fill: 'red', shape: 'ring', text });
}

/**
 * The error for the debug sidebar and the log, with the next step and the code. It is a text: the sidebar shows an Error as
 * an object whose message is cut. Catch nodes get the whole error as `msg.dynamics365.error`.
 */
export function toNodeError(error: unknown): unknown {
  if (!(error instanceof ConnectorError)) return error;
  const { message, advice, code } = error;
  return `${message} ${advice} (${code})`;
}
