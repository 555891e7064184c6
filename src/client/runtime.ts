import type { ConnectorDefinition } from '../model/definition.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { Validator } from '../validation/validator.ts';
import type { Limiters } from './limiters.ts';

/** What belongs to the process: the definition, the world, the validators, the limiters. */
export interface Runtime {
  readonly definition: ConnectorDefinition;
  readonly validator: Validator;
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
}
