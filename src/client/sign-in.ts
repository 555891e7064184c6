import { createSignIn, type StartSignIn } from '../auth/authorization-code.ts';
import { type DevicePrompt, signInWithDevice } from '../auth/device-code.ts';
import { createOAuth } from '../auth/oauth.ts';
import { forgetTokens, keepTokens } from '../auth/stored-tokens.ts';
import type { Account, TokenSet } from '../auth/tokens.ts';
import type { GrantName } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import { authorityOf, scopesOf } from './open-tokens.ts';
import { signInSite } from './organisations.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';
import type { UserConnection } from './user-connection.ts';

/** Signs a user in and keeps the sign-in in the vault, where every process that shares it finds it. */
export interface UserSignIn {
  /** Where to send the browser; what comes back goes to `finish`. */
  start(request: StartSignIn): Promise<{ readonly url: string; readonly state: string }>;
  /** Takes the address that the browser came back to; answers who signed in. */
  finish(callbackUrl: string, options?: { readonly session?: string }): Promise<Account>;
  /** The way without a browser on this machine: shows a code, waits until it was entered elsewhere. */
  withDevice(
    onPrompt: (prompt: DevicePrompt) => void,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Account>;
  /** Forgets the sign-in. */
  forget(): Promise<void>;
}

/** The sign-in of one user connection. Any process that shares the world's store may finish what another started. */
export function createUserSignIn(
  runtime: Runtime,
  settings: JsonObject,
  { app, vault, connection }: UserConnection,
  options: ConnectOptions = {},
): UserSignIn {
  const site = signInSite(runtime, settings, options);
  const { send, clock, store } = runtime.world;
  const prepare = async (grant: GrantName) => {
    const authority = await authorityOf(runtime, site, options);
    const scopes = scopesOf(runtime.definition, grant, site.environment);
    return { oauth: createOAuth({ authority, app, send, clock }), scopes, clock };
  };
  const keep = async (tokens: TokenSet): Promise<Account> => {
    await keepTokens(vault, connection, tokens);
    return tokens.account ?? {};
  };
  return {
    async start(request) {
      return createSignIn({ ...(await prepare('authorization_code')), store }).start(request);
    },
    async finish(callbackUrl, session) {
      return keep(
        await createSignIn({ ...(await prepare('authorization_code')), store }).finish(callbackUrl, session),
      );
    },
    async withDevice(onPrompt, { signal } = {}) {
      const ready = await prepare('device_code');
      return keep(
        await signInWithDevice({ ...ready, onPrompt, ...(signal === undefined ? {} : { signal }) }),
      );
    },
    forget: () => forgetTokens(vault, connection),
  };
}
