import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { printError } from '../../packages/cli/src/print-error.ts';
import { createTerminal } from '../../packages/cli/src/terminal.ts';
import { saveTokens } from '../../src/auth/stored-token-source.ts';
import { createConnector, runtimeOf } from '../../src/client/connector.ts';
import {
  type Connector,
  ConnectorError,
  type Credential,
  createFileKeyProvider,
  type HttpRequest,
  type HttpResponse,
  loadConnector,
  openSqliteStore,
  openVault,
  type RuntimeServices,
  Secret,
} from '../../src/index.ts';
import { systemClock } from '../../src/node/clock.ts';
import { createLog } from '../../src/node/log.ts';
import { attacks, canary } from '../auth/support/attacks.ts';
import { respond, tenantId } from '../auth/support/scripted-authority.ts';
import { createCertificate } from '../support/certificate.ts';

const orgUrl = 'https://contoso.crm.dynamics.com';
const login = 'https://login.microsoftonline.com';
const discovery = 'https://globaldisco.crm.dynamics.com';
const clientId = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc';
const redirectUri = 'https://host.example/callback';
const accessToken = `eyJ${canary}.${canary}-access.${canary}`;
const settings = { orgUrl, tenant: tenantId };

type Responder = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** Error responses of an organization that repeat the access token. */
const organizationAttacks: Readonly<Record<string, Responder>> = Object.fromEntries(
  [400, 401, 403, 404, 412, 413, 429, 500, 501, 502, 503].map((status) => [
    `${status} that repeats the token`,
    ({ headers }: HttpRequest) => {
      const message = `Refused. Authorization: ${headers.authorization}`;
      const body = { error: { code: '0x80040216', message, innererror: { trace: message } } };
      return respond(
        { status, body },
        { 'x-echo': String(headers.authorization), 'www-authenticate': message },
      );
    },
  ]),
);

/** A claims challenge with the access token in it. */
const claimsAttacks: Readonly<Record<string, Responder>> = {
  '401 with a claims challenge that repeats the token': ({ headers }) => {
    const token = String(headers.authorization);
    const claims = { access_token: { acrs: { value: token }, [token]: { value: token } } };
    const encoded = Buffer.from(JSON.stringify(claims)).toString('base64');
    const challenge = `Bearer error="insufficient_claims", claims="${encoded}"`;
    return respond({ status: 401, body: '' }, { 'www-authenticate': challenge });
  },
};

/** A connector in one tenant, in which one host sends attacks. Everything that is logged and stored is kept for the search. */
async function openFixture(
  loaded: Connector,
  folder: string,
  [host, attack]: readonly [host: string, attack: Responder],
) {
  const logged: string[] = [];
  const observed: string[] = [];
  let lateMs = 0;
  const store = openSqliteStore(join(folder, 'data/state.sqlite'));
  const keys = createFileKeyProvider({
    file: join(folder, 'keys/vault.key'),
    dataFolder: join(folder, 'data'),
  });
  const { definition, validator, services } = runtimeOf(loaded);
  const connector = createConnector({
    definition,
    validator,
    limits: undefined,
    services: {
      ...services,
      store,
      log: createLog({ format: 'json', level: 'debug', write: (line) => void logged.push(line) }),
      ...recordObservations(observed),
      clock: {
        now: () => Date.now() + lateMs,
        // Waits before a retry take no time; timeouts do.
        async sleep(ms, signal) {
          if (ms === 20_000 || ms === 60_000) return systemClock.sleep(ms, signal);
          lateMs += ms;
        },
      },
      send: async (request) => {
        const { origin } = new URL(request.url);
        return origin === host
          ? attack(request)
          : (normalResponses[origin]?.(request) ?? respond({ status: 404, body: '' }));
      },
    },
  });
  return { connector, store, vault: await openVault({ store, keys }), logged, observed };
}

/** Everything that spans and audit lines get. */
function recordObservations(texts: string[]): Pick<RuntimeServices, 'telemetry' | 'audit'> {
  const record = (value: unknown) => void texts.push(JSON.stringify(value));
  return {
    telemetry: {
      start(work) {
        record(work);
        return { run: (body) => body(), headers: () => ({}), end: record };
      },
    },
    audit: { write: record, runAs: (_actor, work) => work() },
  };
}

const normalResponses: Readonly<Record<string, Responder>> = {
  [login]: () =>
    respond({
      status: 200,
      body: {
        access_token: accessToken,
        refresh_token: `${canary}-refresh`,
        token_type: 'Bearer',
        expires_in: 3600,
        device_code: `${canary}-device`,
        user_code: 'ABCD',
        verification_uri: 'https://microsoft.com/devicelogin',
      },
    }),
};

type Fixture = Awaited<ReturnType<typeof openFixture>>;
/** A value of a row: it is no secret, but it does not belong into logs, spans and audit lines. */
const valueCanary = 'Kettle-of-Anna-4711';
const keyPair = createCertificate();
const withSecret = { clientId, clientSecret: new Secret(`${canary}~se+cr&et %`) };
const { privateKey } = keyPair;
const keyCanary = privateKey.split('\n')[5]!;

const app: Credential = { kind: 'app', app: withSecret };
const host: Credential = { kind: 'host', getToken: () => ({ token: accessToken }) };
const userOf = ({ vault }: Fixture) => ({ kind: 'user', app: withSecret, vault, connection: 'me' }) as const;

/** A user whose access token has expired. */
async function signedIn(fixture: Fixture) {
  await saveTokens(fixture.vault, 'me', {
    accessToken: { token: new Secret(`${canary}-old`), expiresAt: 1 },
    refreshAt: 1,
    refreshToken: new Secret(`${canary}-refresh`),
  });
  return userOf(fixture);
}

const connect = ({ connector }: { readonly connector: Connector }, credential: Credential) =>
  connector.connect(settings, credential);

const signIns: Readonly<Record<string, (fixture: Fixture) => Promise<unknown>>> = {
  'client credentials with a secret': (fixture) => connect(fixture, app).check(),
  'client credentials with a certificate': (fixture) => {
    const certificate = { certificate: keyPair.certificate, privateKey: new Secret(privateKey) };
    return connect(fixture, { kind: 'app', app: { clientId, certificate } }).check();
  },
  'client credentials with a secret that is read': (fixture) =>
    connect(fixture, {
      kind: 'app',
      app: { clientId, clientSecret: async () => `${canary}~read` },
    }).check(),
  'client credentials of a workload': (fixture) =>
    connect(fixture, { kind: 'app', app: { clientId, assertion: () => `eyJ.${canary}.x` } }).check(),
  'on behalf of a user': (fixture) =>
    connect(fixture, {
      kind: 'on-behalf-of',
      app: withSecret,
      userToken: () => `eyJ.${canary}-user.x`,
    }).check(),
  'a sign-in by browser': async (fixture) => {
    const session = fixture.connector.signIn(settings, userOf(fixture));
    const { state } = await session.start({ redirectUri });
    return session.finish(`${redirectUri}?code=${canary}-code&state=${state}`);
  },
  'a sign-in on another device': (fixture) =>
    fixture.connector.signIn(settings, userOf(fixture)).withDevice(() => {}),
  'a refresh': async (fixture) => connect(fixture, await signedIn(fixture)).check(),
  'a token for discovery': async (fixture) =>
    fixture.connector.organizations(settings, await signedIn(fixture)),
};

const calls: Readonly<Record<string, (fixture: Fixture) => Promise<unknown>>> = {
  'a check': (fixture) => connect(fixture, host).check(),
  'a create': (fixture) => connect(fixture, host).run('account.create', { name: valueCanary }),
  'a change set': (fixture) =>
    connect(fixture, host).changeSet([{ action: 'account.create', input: { name: valueCanary } }]),
  'a bulk write': async (fixture) => {
    const rows = [{ name: valueCanary }, { name: valueCanary }];
    const job = { table: 'account', verb: 'create', route: 'batch', rows } as const;
    for await (const { error } of connect(fixture, host).writeMany(job)) if (error !== undefined) throw error;
  },
  'a list': async (fixture) => {
    for await (const _ of connect(fixture, host).list('account.list'));
  },
  'a poll': (fixture) => connect(fixture, host).poll('case.created'),
  'a call of a signed-in user': async (fixture) =>
    connect(fixture, await signedIn(fixture)).run('account.get', { id: tenantId }),
};

const paths = [
  ...pathsOf(login, signIns, attacks),
  ...pathsOf(orgUrl, calls, { ...attacks, ...organizationAttacks, ...claimsAttacks }),
  ...pathsOf(discovery, { 'a list of organizations': signIns['a token for discovery']! }, attacks),
];

function pathsOf(
  where: string,
  flows: Readonly<Record<string, (fixture: Fixture) => Promise<unknown>>>,
  all: Readonly<Record<string, Responder>>,
) {
  return Object.entries(flows).flatMap(([flow, run]) =>
    Object.entries(all).map(([name, attack]) => ({
      name: `${flow} with ${name}`,
      where,
      run,
      attack,
    })),
  );
}

describe('secrets on error paths with debug logging', () => {
  let folder: string;
  let loaded: Connector;
  let failed = 0;
  let lines = 0;
  let observations = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'canaries-'));
    loaded = await loadConnector();
  });
  after(() => rm(folder, { recursive: true }));

  for (const { name, where, run, attack } of paths) {
    it(`do not appear for ${name}`, async () => {
      const fixture = await openFixture(loaded, folder, [where, attack]);
      const error: unknown = await run(fixture).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) failed += 1;
      lines += fixture.logged.length;
      observations += fixture.observed.length;
      for (const text of [...fixture.logged, ...fixture.observed])
        expect(text.includes(valueCanary), text).to.equal(false);
      const written = [
        ...fixture.logged,
        ...fixture.observed,
        ...printedForms(error),
        ...(await filesIn(join(folder, 'data'))),
      ];
      fixture.store.close();
      for (const text of written) {
        expect(text.includes(canary), text.slice(0, 2000)).to.equal(false);
        expect(text.includes(keyCanary)).to.equal(false);
      }
      expect(error === undefined || error instanceof ConnectorError, String(error)).to.equal(true);
    });
  }

  it('were searched on at least 250 failing paths, in a written log, spans and audit lines', () => {
    expect(failed).to.be.at.least(250);
    expect(lines).to.be.at.least(250);
    expect(observations).to.be.at.least(1000);
  });
});

/** An error in every form in which it is printed. */
function printedForms(error: unknown): readonly string[] {
  const printed: string[] = [];
  const stream = () =>
    new Writable({
      write(chunk, _encoding, done) {
        printed.push(String(chunk));
        done();
      },
    });
  for (const json of [true, false])
    printError(createTerminal({ stdout: stream(), stderr: stream() }, { json }), error);
  const stack = error instanceof Error ? String(error.stack) : '';
  return [
    ...printed,
    JSON.stringify(error) ?? '',
    String(error),
    stack,
    inspect(error, { depth: 10, showHidden: true }),
  ];
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return Promise.all(names.map((file) => readFile(join(folder, file), 'latin1')));
}
