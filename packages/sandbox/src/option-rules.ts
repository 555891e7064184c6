import { assertOptions, type OptionsRule } from 'dynamics365-connector/base';
import type { TokenLifetimes } from './authority/token-lifetimes.ts';
import type { LimitSettings } from './limits/limiter.ts';
import type {
  AppOptions,
  OrganizationOptions,
  SandboxOptions,
  UserOptions,
  WebhookOptions,
} from './options.ts';

const code = 'SETTING_INVALID';

const sandboxRule: OptionsRule<SandboxOptions> = {
  of: 'createSandbox',
  types: {
    organizations: 'any',
    users: 'any',
    apps: 'any',
    port: 'any',
    seed: 'any',
    clock: 'any',
    lifetimes: 'any',
    webhooks: 'any',
    limits: 'any',
    assumptions: 'any',
    detectRefreshTokenReuse: 'flag',
  },
  code,
};

const limitsRule: OptionsRule<LimitSettings> = {
  of: 'limits',
  types: {
    maxRequests: 'any',
    maxExecutionMs: 'any',
    maxConcurrentRequests: 'any',
    degreeOfParallelism: 'any',
  },
  code,
};

const lifetimesRule: OptionsRule<TokenLifetimes> = {
  of: 'lifetimes',
  types: {
    accessTokenSeconds: 'any',
    refreshTokenSeconds: 'any',
    codeSeconds: 'any',
    deviceCodeSeconds: 'any',
    devicePollSeconds: 'any',
  },
  code,
};

const webhooksRule: OptionsRule<WebhookOptions> = {
  of: 'webhooks',
  types: { hosts: 'any', send: 'function' },
  code,
};

const organizationRule: OptionsRule<OrganizationOptions> = {
  of: 'an organization',
  types: { name: 'any', data: 'any', languages: 'any', file: 'any', metadata: 'any' },
  code,
};

const userRule: OptionsRule<UserOptions> = {
  of: 'a user',
  types: { name: 'any', displayName: 'any', password: 'any', organizations: 'any', roles: 'any' },
  code,
};

const appRule: OptionsRule<AppOptions> = {
  of: 'an app',
  types: {
    name: 'any',
    clientId: 'any',
    secrets: 'any',
    certificates: 'any',
    redirectUris: 'any',
    consent: 'any',
    multiTenant: 'any',
    organizations: 'any',
    roles: 'any',
  },
  code,
};

/** A copy of the options. Throws SETTING_INVALID for a name that does not exist, with the nearest one. */
export function assertSandboxOptions(given: SandboxOptions): SandboxOptions {
  const options = assertOptions(given, sandboxRule);
  for (const organization of options.organizations ?? []) assertOptions(organization, organizationRule);
  for (const user of options.users ?? []) assertOptions(user, userRule);
  for (const app of options.apps ?? []) assertOptions(app, appRule);
  assertOptions<Partial<LimitSettings>>(options.limits, limitsRule);
  assertOptions<Partial<TokenLifetimes>>(options.lifetimes, lifetimesRule);
  assertOptions(options.webhooks, webhooksRule);
  return options;
}
