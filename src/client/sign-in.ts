import type { StartSignInOptions } from '../auth/authorization-code.ts';
import type { DeviceCodePrompt } from '../auth/device-code.ts';
import type { Account, TokenSet } from '../auth/token-set.ts';
import { guardAsync } from '../errors/guard-errors.ts';
import type { GrantType } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import {
  assertFunction,
  assertOptions,
  assertText,
  copyObject,
  type OptionsRule,
} from '../validation/assert-options.ts';
import { resolveUserConnection, type UserConnection } from './credential.ts';
import { findSignInAuthority, scopesForGrant } from './open-token-source.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';
import { signInSettings } from './sign-in-settings.ts';

/** Signs a user in and keeps the sign-in in the vault, where every process that shares it finds it. */
export interface UserSignIn {
  /**
   * Begins an authorization code sign-in with PKCE (RFC 7636).
   * @returns The address to send the browser to, and the `state` that comes back with it.
   */
  start(request: StartSignInOptions): Promise<{ readonly url: string; readonly state: string }>;
  /**
   * Finishes the sign-in with the address that the browser came back to.
   * @returns Who signed in.
   * @throws SIGN_IN_INVALID for a foreign, old or repeated `state`, SIGN_IN_REFUSED when the authority refuses.
   */
  finish(callbackUrl: string, options?: { readonly session?: string }): Promise<Account>;
  /** Signs in on another device (RFC 8628): `onPrompt` receives the code to show; resolves when it was entered. */
  withDevice(
    onPrompt: (prompt: DeviceCodePrompt) => void,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Account>;
  /** Deletes the sign-in from the vault. */
  forget(): Promise<void>;
}

const startRule: OptionsRule<StartSignInOptions> = {
  of: 'start',
  types: { redirectUri: 'any', session: 'text', loginHint: 'text', prompt: 'text' },
};

/** The sign-in of one user connection. Any process that shares the store may finish what another process started. */
export function createUserSignIn(
  runtime: Runtime,
  settings: JsonObject,
  user: UserConnection,
  options: ConnectOptions = {},
): UserSignIn {
  const { app, vault, connection } = resolveUserConnection(user);
  const environmentSettings = signInSettings(runtime, settings, options);
  const { send, clock, store } = runtime.services;
  const prepare = async (grant: GrantType) => {
    const authority = await findSignInAuthority(runtime, environmentSettings, options);
    const scopes = scopesForGrant(runtime.definition, grant, environmentSettings.environment);
    const { createOAuthClient } = await import('../auth/create-oauth-client.ts');
    const { readRequiredClaims } = await import('../auth/stored-token-source.ts');
    // What the organization asked for since the last sign-in.
    const claims = await readRequiredClaims(vault, connection);
    return { oauth: createOAuthClient({ authority, app, send, clock }), scopes, clock, claims };
  };
  const openCodeSignIn = async () => {
    const { createAuthorizationCodeSignIn } = await import('../auth/authorization-code.ts');
    return createAuthorizationCodeSignIn({ ...(await prepare('authorization_code')), store });
  };
  const keepTokens = async (tokens: TokenSet): Promise<Account> => {
    const { saveTokens } = await import('../auth/stored-token-source.ts');
    await saveTokens(vault, connection, tokens);
    return tokens.account ?? {};
  };
  return {
    start: (request) =>
      guardAsync(async () => {
        const checked = assertOptions(copyObject(request, 'The request of a sign-in'), startRule);
        return await (await openCodeSignIn()).start(checked);
      }),
    finish: (callbackUrl, session) =>
      guardAsync(async () => {
        assertText(callbackUrl, 'The callback URL');
        const checked = assertOptions(session, { of: 'finish', types: { session: 'text' } });
        return await keepTokens(await (await openCodeSignIn()).finish(callbackUrl, checked));
      }),
    withDevice: (onPrompt, given) =>
      guardAsync(async () => {
        assertFunction(onPrompt, 'onPrompt');
        const { signal } = assertOptions(given, { of: 'withDevice', types: { signal: 'signal' } });
        const prepared = await prepare('device_code');
        const { signInWithDeviceCode } = await import('../auth/device-code.ts');
        return await keepTokens(await signInWithDeviceCode({ ...prepared, onPrompt, signal }));
      }),
    forget: () =>
      guardAsync(async () => {
        const { deleteTokens } = await import('../auth/stored-token-source.ts');
        await deleteTokens(vault, connection);
      }),
  };
}
