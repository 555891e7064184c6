import type { LimitSettings } from '../http/rate-limit/service-limits.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { CompiledActions } from '../run/compiled-action.ts';
import type { Validator } from '../validation/validator.ts';
import type { Limiters } from './limiters.ts';

/** What belongs to the process: the definition, the world, the validators, the limiters. */
export interface Runtime {
  readonly definition: ConnectorDefinition;
  readonly validator: Validator;
  readonly compiled: CompiledActions;
  readonly services: RuntimeServices;
  readonly limiters: Limiters;
}

/** Settings of the operator, never of a workflow. */
export interface ConnectOptions {
  /** Lets the environment URL be a sandbox on this machine (`http://127.0.0.1:...`). */
  readonly allowLoopback?: boolean;
  /** The sandbox's sign-in authority (`http://127.0.0.1:...`); only for an environment on this machine. */
  readonly localAuthority?: string;
  /** The sandbox's discovery service (`http://127.0.0.1:...`), in the place of the cloud's own. */
  readonly localDiscovery?: string;
  /**
   * Whether the store remembers what this connection writes, for triggers with `ignoreChangesBy: 'self'`; true by
   * default. It starts when such a trigger is first opened for the user and the store; until then a write reads one value
   * of the store. Each remembered write costs one read and one write of the store, and no further request. The writes of
   * a day are remembered, up to five for each of 4,096 groups of rows.
   */
  readonly rememberWrites?: boolean;
  /** The service protection limits that this connection keeps to, in place of those of the connector. */
  readonly limits?: LimitSettings;
}
