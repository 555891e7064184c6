import type { ErrorRule } from '../model/definition.ts';
import type { TokenSource } from '../model/token.ts';
import type { World } from '../model/world.ts';
import type { Exchange } from './call.ts';

/** What a connection's pipeline is made of. Times in milliseconds. */
export interface ExchangeOptions {
  readonly world: Pick<World, 'send' | 'clock' | 'random' | 'log'>;
  /** `https://contoso.crm.dynamics.com` */
  readonly origin: string;
  /** Path of the API below the origin: `/api/data/v9.2`. */
  readonly basePath: string;
  readonly tokens: TokenSource;
  readonly retry: { readonly attempts: number; readonly budgetMs: number };
  readonly timeoutMs: number;
  /** Largest body that is read, after decompression. */
  readonly maxBytes?: number;
  readonly rules: readonly ErrorRule[];
}

export declare function createExchange(options: ExchangeOptions): Exchange;
