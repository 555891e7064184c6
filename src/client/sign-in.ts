import { createAuthorizationCodeSignIn, type StartSignInOptions } from '../auth/authorization-code.ts';
import { createOAuthClient } from '../auth/create-oauth-client.ts';
import { type DeviceCodePrompt, signInWithDeviceCode } from '../auth/device-code.ts';
import { deleteTokens, saveTokens } from '../auth/stored-token-source.ts';
import type { Account, TokenSet } from '../auth/token-set.ts';
import type { GrantType } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import { findSignInAuthority, scopesForGrant } from './open-token-source.ts';
import { signInSettings } from './organizations.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';
import type { UserConnection } from './user-connection.ts';

/** Signs a user in and keeps the sign-in in the vault, where every process that shares it finds it. */
export interface UserSignIn {
  /** Where to send the browser; what comes back goes to `finish`. */
  start(request: StartSignInOptions): Promise<{ readonly url: string; readonly state: string }>;
  /** Takes the address that the browser came back to; answers who signed in. */
  finish(callbackUrl: string, options?: { readonly session?: string }): Promise<Account>;
  /** The way without a browser on this machine: shows a code, waits until it was entered elsewhere. */
  withDevice(
    onPrompt: (prompt: DeviceCodePrompt) => void,
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
  const environmentSettings = signInSettings(runtime, settings, options);
  const { send, clock, store } = runtime.services;
  const prepare = async (grant: GrantType) => {
    const authority = await findSignInAuthority(runtime, environmentSettings, options);
    const scopes = scopesForGrant(runtime.definition, grant, environmentSettings.environment);
    return { oauth: createOAuthClient({ authority, app, send, clock }), scopes, clock };
  };
  const keepTokens = async (tokens: TokenSet): Promise<Account> => {
    await saveTokens(vault, connection, tokens);
    return tokens.account ?? {};
  };
  return {
    async start(request) {
      return createAuthorizationCodeSignIn({ ...(await prepare('authorization_code')), store }).start(
        request,
      );
    },
    async finish(callbackUrl, session) {
      return keepTokens(
        await createAuthorizationCodeSignIn({ ...(await prepare('authorization_code')), store }).finish(
          callbackUrl,
          session,
        ),
      );
    },
    async withDevice(onPrompt, { signal } = {}) {
      const ready = await prepare('device_code');
      return keepTokens(
        await signInWithDeviceCode({ ...ready, onPrompt, ...(signal === undefined ? {} : { signal }) }),
      );
    },
    forget: () => deleteTokens(vault, connection),
  };
}
