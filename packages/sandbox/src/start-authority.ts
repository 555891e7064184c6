import type { Clock } from 'dynamics365-connector';
import { type Authority, createAuthority } from './authority/authority.ts';
import { createDirectory } from './authority/directory.ts';
import { defaultLifetimes } from './authority/lifetimes.ts';
import { authorityCommands, authorityHandle, type SandboxAuthority } from './authority-handle.ts';
import { createFaultPlan } from './faults/plan.ts';
import type { SandboxOptions } from './options.ts';
import type { People } from './people.ts';
import type { Random } from './random.ts';
import { authorityServer } from './server/authority-server.ts';
import type { Listener } from './server/listen.ts';

/** What an authority is started with. */
export interface AuthoritySetUp {
  readonly options: SandboxOptions;
  readonly door: Listener;
  /** Origins that tokens may be had for. */
  readonly origins: ReadonlySet<string>;
  readonly people: People;
  readonly clock: Clock;
  readonly random: Random;
  readonly adminSecret: string;
}

/** Starts the authority of a sandbox behind its listener. */
export async function startAuthority(
  setUp: AuthoritySetUp,
): Promise<{ readonly authority: Authority; readonly handle: SandboxAuthority }> {
  const { options, door, people, clock, random } = setUp;
  const directory = createDirectory({ ...people, id: random.uuid(), domain: domainOf(people) });
  const lifetimes = { ...defaultLifetimes(), ...options.lifetimes };
  const authority = await createAuthority({
    origin: door.origin,
    directory,
    lifetimes,
    origins: setUp.origins,
    strictReuse: options.strictRefreshReuse ?? false,
    now: () => clock.now(),
  });
  const faults = createFaultPlan(random.next);
  const handle = authorityHandle({
    url: door.origin,
    authority,
    directory,
    lifetimes,
    faults,
    now: () => clock.now(),
  });
  const commands = authorityCommands(handle, directory);
  door.serve(
    authorityServer({
      clock,
      faults,
      handle: authority.handle,
      admin: { secret: setUp.adminSecret, commands },
    }),
  );
  return { authority, handle };
}

/** The tenant's domain: that of its first user. */
function domainOf(people: People): string {
  return people.users[0]?.name.split('@')[1]?.toLowerCase() ?? 'contoso.example';
}
