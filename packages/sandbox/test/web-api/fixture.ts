import { createOrganizationJobs } from '../../src/jobs/organization-jobs.ts';
import { createSeededRandom } from '../../src/random.ts';
import { setRoles } from '../../src/security/member-roles.ts';
import { seedRoles } from '../../src/security/seed-roles.ts';
import { seedDuplicateRules } from '../../src/seed-duplicate-rules.ts';
import { openOrganizationStore } from '../../src/store/open-organization-store.ts';
import type { Actor, OrganizationStore } from '../../src/store/types.ts';
import type { Caller } from '../../src/web-api/types.ts';
import { createWebApi, type WebApi } from '../../src/web-api/web-api.ts';
import { createStoreCopies } from '../store/store-copies.ts';

/** A response with its parsed body. */
export interface FixtureResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read JSON of any shape
  readonly json: any;
}

/** An organization with one user, and helpers that send requests to it. */
export interface WebApiFixture {
  readonly store: OrganizationStore;
  readonly webApi: WebApi;
  readonly userId: string;
  /** Milliseconds since the epoch; can be set. */
  readonly clock: { now: number };
  get(path: string, headers?: Readonly<Record<string, string>>): FixtureResponse;
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): FixtureResponse;
  /** Creates a row and returns its id. */
  create(set: string, body: object): string;
  asCaller(caller: Partial<Caller>): Omit<WebApiFixture, 'asCaller'>;
  /** Executes the system jobs and background operations that are ready. */
  runJobs(): Promise<void>;
}

const origin = 'http://org.test';

/** `http://org.test/api/data/v9.2` */
export const base = `${origin}/api/data/v9.2`;

/**
 * A new organization at 2024-05-01T08:00:00Z that has only its business unit, currency and user, or the organization
 * of a file.
 */
export function createWebApiFixture(file?: string): WebApiFixture {
  const clock = { now: Date.parse('2024-05-01T08:00:00Z') };
  const now = () => clock.now;
  const store = file === undefined ? openSeeded({ now }) : openOrganizationStore({ now, file });
  const api = createWebApi({ store, origin, now });
  const runJobs = async () => {
    const { runner } = createOrganizationJobs({
      webApi: api,
      clock: { now, sleep: () => new Promise(() => {}) },
      random: createSeededRandom(1),
      send: async () => ({ status: 200 }),
      callerOf: (userId) => ({ userId, isMember: true }),
    });
    await runner.idle();
    runner.close();
  };
  if (!store.read('systemuser', actor.userId)) seedBaseRows(store);
  return createFixtureFor(
    { store, webApi: api, clock, userId: actor.userId, runJobs },
    { userId: actor.userId, isMember: true },
  );
}

const actor: Actor = { userId: '00000000-0000-0000-0000-00000000000a' };
const openSeeded = createStoreCopies(seedBaseRows);

function seedBaseRows(store: OrganizationStore): void {
  const unit = store.insert('businessunit', { name: 'Contoso' }, actor);
  store.insert(
    'transactioncurrency',
    { currencyname: 'US Dollar', isocurrencycode: 'USD', currencysymbol: '$' },
    actor,
  );
  store.insert(
    'systemuser',
    {
      systemuserid: actor.userId,
      firstname: 'Ada',
      lastname: 'Admin',
      domainname: 'ada@contoso.test',
      businessunitid: { table: 'businessunit', id: unit.id },
    },
    actor,
  );
  seedRoles(store, { organizationId: unit.id, unit: { table: 'businessunit', id: unit.id }, actor });
  setRoles(store, actor.userId, ['System Administrator']);
  seedDuplicateRules(store, actor);
}

function createFixtureFor(
  parts: Pick<WebApiFixture, 'store' | 'webApi' | 'clock' | 'userId' | 'runJobs'>,
  caller: Caller,
): WebApiFixture {
  const send: WebApiFixture['send'] = (method, path, body, headers = {}) => {
    const target = path.startsWith('/') || path.startsWith('http') ? path : `/api/data/v9.2/${path}`;
    const bytes =
      body instanceof Uint8Array
        ? body
        : new TextEncoder().encode(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
    const response = parts.webApi.handle({ method, target, headers, body: bytes, caller });
    const text = typeof response.body === 'string' ? response.body : new TextDecoder().decode(response.body);
    const isJson = response.headers['Content-Type']?.startsWith('application/json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  };
  return {
    ...parts,
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    create(set, body) {
      const { status, headers, text } = send('POST', set, body);
      if (status !== 204) throw new Error(`${set}: ${status} ${text}`);
      return /\(([^)]+)\)$/.exec(headers['OData-EntityId']!)![1]!;
    },
    asCaller: (other) => createFixtureFor(parts, { ...caller, ...other }),
  };
}
