import { type AuthorizationServer, createAuthorizationServer } from './authority/authorization-server.ts';
import { createDirectory } from './authority/directory.ts';
import { defaultTokenLifetimes } from './authority/token-lifetimes.ts';
import { createRequestFaultPlan } from './faults/fault-plan.ts';
import type { SandboxOptions } from './options.ts';
import type { Principals } from './principals.ts';
import type { Random } from './random.ts';
import {
  createAuthorityCommands,
  createSandboxAuthority,
  type SandboxAuthority,
} from './sandbox-authority.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import { createAuthorityHandler } from './server/authority-handler.ts';
import type { Listener } from './server/listen.ts';

/** What the authority of a sandbox is started with. */
export interface AuthoritySetup {
  readonly options: SandboxOptions;
  readonly listener: Listener;
  /** Origins that tokens can be issued for. */
  readonly origins: ReadonlySet<string>;
  readonly principals: Principals;
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly adminSecret: string;
}

/** Starts the authority of a sandbox on its listener. */
export function startAuthority(setup: AuthoritySetup): {
  readonly authority: AuthorizationServer;
  readonly handle: SandboxAuthority;
} {
  const { options, listener, principals, clock, random } = setup;
  const directory = createDirectory({ ...principals, id: random.uuid(), domain: tenantDomain(principals) });
  const lifetimes = { ...defaultTokenLifetimes(), ...options.lifetimes };
  const authority = createAuthorizationServer({
    origin: listener.origin,
    directory,
    lifetimes,
    origins: setup.origins,
    detectReuse: options.detectRefreshTokenReuse ?? false,
    now: () => clock.now(),
    random: random.fork('tokens'),
  });
  const faults = createRequestFaultPlan(random.fork('faults').next);
  const handle = createSandboxAuthority({
    url: listener.origin,
    authority,
    directory,
    lifetimes,
    faults,
    now: () => clock.now(),
    newId: random.fork('traces').uuid,
  });
  const commands = createAuthorityCommands(handle, directory, clock);
  listener.serve(
    createAuthorityHandler({
      clock,
      faults,
      handle: authority.handle,
      admin: { secret: setup.adminSecret, commands },
    }),
  );
  return { authority, handle };
}

/** The domain of the tenant is that of its first user. */
function tenantDomain(principals: Principals): string {
  return principals.users[0]?.name.split('@')[1]?.toLowerCase() ?? 'contoso.example';
}
