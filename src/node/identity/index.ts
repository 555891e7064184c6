import type { ResolvedCredential } from '../../auth/resolved-credential.ts';
import { resolveCredential, type TokenCredential } from '../../client/credential.ts';
import type { HttpSender } from '../../model/http.ts';
import type { Clock } from '../../model/runtime-services.ts';
import { assertOptions, type OptionsRule } from '../../validation/assert-options.ts';
import { systemClock } from '../clock.ts';
import { createNodeFetchSender } from '../node-fetch-sender.ts';
import type { IdentityChoice } from './identity-source.ts';
import { requestManagedIdentityToken } from './managed-identity.ts';
import { createWorkloadAssertion } from './workload-assertion.ts';

/** Parts that tests and hosts replace. */
export interface IdentityParts {
  readonly send?: HttpSender;
  readonly clock?: Clock;
  /** Default: the variables of the process, read at each sign-in. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const choiceRule: OptionsRule<IdentityChoice> = {
  of: 'managedIdentity',
  types: { clientId: 'text', objectId: 'text', resourceId: 'text' },
  code: 'SETTING_INVALID',
};

const partTypes = { send: 'any', clock: 'any', env: 'any' } as const;

/**
 * The managed identity of this machine as a credential of a connection. It needs an application user in the organization
 * whose application id is the client id of the identity.
 *
 * @param choice which of several identities; none: the one that the system assigned
 * @throws CONNECTION_INVALID at the first sign-in if this machine has no managed identity
 * @example const client = connector.connect({ orgUrl }, managedIdentity());
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
 */
export function managedIdentity(choice: IdentityChoice = {}, parts: IdentityParts = {}): TokenCredential {
  const checked = assertOptions(choice, choiceRule);
  const { env = process.env, clock = systemClock } = assertOptions(parts, {
    ...choiceRule,
    types: partTypes,
  });
  // Without variables, the sender uses no proxy: the endpoints are on this machine.
  const send = parts.send ?? createNodeFetchSender({});
  return {
    async getToken(scopes) {
      const [scope = ''] = [scopes].flat();
      const resource = scope.replace(/\/\.default$/, '');
      const { token, expiresAt } = await requestManagedIdentityToken({ send, clock, env }, resource, checked);
      return { token, expiresOnTimestamp: expiresAt ?? clock.now() + defaultLifetimeMs };
    },
  };
}

/** The managed identity of this machine for one organization, resolved. `clientId` is empty for that of the system. */
export function managedCredential(orgUrl: string, clientId: string): ResolvedCredential {
  const credential = managedIdentity(clientId === '' ? {} : { clientId });
  return resolveCredential(credential, `${new URL(orgUrl).origin}/.default`);
}

const defaultLifetimeMs = 600_000;

/**
 * The `assertion` of an app that signs in without a secret: the token file of AKS, or the OIDC token of a job of GitHub
 * Actions or Azure Pipelines.
 *
 * @example { kind: 'app', app: { clientId, assertion: workloadAssertion() } }
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export function workloadAssertion(parts: IdentityParts = {}): () => Promise<string> {
  const {
    env = process.env,
    clock = systemClock,
    send = createNodeFetchSender(),
  } = assertOptions(parts, { of: 'workloadAssertion', types: partTypes, code: 'SETTING_INVALID' });
  return createWorkloadAssertion({ send, clock, env });
}
