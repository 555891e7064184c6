import type { NetworkOptions } from './open-socket.ts';

/** Options of a sender. */
export interface SenderOptions extends NetworkOptions {
  /** Maximum time without a byte from the server. Default: 5 minutes. The connector has shorter limits of its own. */
  readonly idleTimeoutMs?: number;
}

export const defaultIdleTimeoutMs = 300_000;
