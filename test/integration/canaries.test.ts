import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { printError } from '../../packages/cli/src/print-error.ts';
import { createTerminal } from '../../packages/cli/src/terminal.ts';
import { saveTokens } from '../../src/auth/stored-token-source.ts';
import { createConnector } from '../../src/client/connector.ts';
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
  Secret,
} from '../../src/index.ts';
import { systemClock } from '../../src/node/clock.ts';
import { createLog } from '../../src/node/log.ts';
import { attacks, canary } from '../auth/support/attacks.ts';
import { createCertificate } from '../auth/support/certificate.ts';
import { respond, tenantId } from '../auth/support/scripted-authority.ts';

const orgUrl = 'https://contoso.crm.dynamics.com';
const login = 'https://login.microsoftonline.com';
const discovery = 'https://globaldisco.crm.dynamics.com';
const clientId = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc';
const redirectUri = 'https://host.example/callback';
const accessToken = `eyJ${canary}.${canary}-access.${canary}`;
const settings = { orgUrl, tenant: tenantId };

type Reply = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** What an organization may say while it repeats the token that it was shown. */
const organizationMisdeeds: Readonly<Record<string, Reply>> = Object.fromEntries(
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

/** A world of one tenant, in which one host misbehaves; everything that is written is kept to be searched. */
async function openStage(
  loaded: Connector,
  folder: string,
  [host, misdeed]: readonly [host: string, misdeed: Reply],
) {
  const logged: string[] = [];
  let lateMs = 0;
  const store = openSqliteStore(join(folder, 'data/state.sqlite'));
  const keys = createFileKeyProvider({
    file: join(folder, 'keys/vault.key'),
    dataFolder: join(folder, 'data'),
  });
  const { definition, validator, services } = loaded;
  const connector = createConnector({
    definition,
    validator,
    limits: undefined,
    services: {
      ...services,
      store,
      log: createLog({ format: 'json', level: 'debug', write: (line) => void logged.push(line) }),
      clock: {
        now: () => Date.now() + lateMs,
        // A wait before a repetition takes no time here; a time limit does.
        async sleep(ms, signal) {
          if (ms === 20_000 || ms === 60_000) return systemClock.sleep(ms, signal);
          lateMs += ms;
        },
      },
      send: async (request) => {
        const { origin } = new URL(request.url);
        return origin === host
          ? misdeed(request)
          : (decent[origin]?.(request) ?? respond({ status: 404, body: '' }));
      },
    },
  });
  return { connector, store, vault: await openVault({ store, keys }), logged };
}

const decent: Readonly<Record<string, Reply>> = {
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

type Stage = Awaited<ReturnType<typeof openStage>>;
const keyPair = createCertificate();
const withSecret = { clientId, clientSecret: new Secret(`${canary}~se+cr&et %`) };
const { privateKey } = keyPair;
const keyCanary = privateKey.split('\n')[5]!;

const app: Credential = { kind: 'app', app: withSecret };
const host: Credential = { kind: 'host', getToken: () => ({ token: accessToken }) };
const userOf = ({ vault }: Stage) => ({ kind: 'user', app: withSecret, vault, connection: 'me' }) as const;

/** Signed in an hour ago: the access token has just expired. */
async function signedIn(stage: Stage) {
  await saveTokens(stage.vault, 'me', {
    accessToken: { token: new Secret(`${canary}-old`), expiresAt: 1 },
    refreshAt: 1,
    refreshToken: new Secret(`${canary}-refresh`),
  });
  return userOf(stage);
}

const connect = ({ connector }: { readonly connector: Connector }, credential: Credential) =>
  connector.connect(settings, credential);

const signIns: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  'client credentials with a secret': (stage) => connect(stage, app).check(),
  'client credentials with a certificate': (stage) => {
    const certificate = { certificate: keyPair.certificate, privateKey: new Secret(privateKey) };
    return connect(stage, { kind: 'app', app: { clientId, certificate } }).check();
  },
  'a sign-in by browser': async (stage) => {
    const session = stage.connector.signIn(settings, userOf(stage));
    const { state } = await session.start({ redirectUri });
    return session.finish(`${redirectUri}?code=${canary}-code&state=${state}`);
  },
  'a sign-in on another device': (stage) =>
    stage.connector.signIn(settings, userOf(stage)).withDevice(() => {}),
  'a refresh': async (stage) => connect(stage, await signedIn(stage)).check(),
  'a token for discovery': async (stage) => stage.connector.organizations(settings, await signedIn(stage)),
};

const calls: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  'a check': (stage) => connect(stage, host).check(),
  'a create': (stage) => connect(stage, host).run('account.create', { name: 'Contoso' }),
  'a list': async (stage) => {
    for await (const _ of connect(stage, host).list('account.list'));
  },
  'a poll': (stage) => connect(stage, host).poll('case.created'),
  'a call of a signed-in user': async (stage) =>
    connect(stage, await signedIn(stage)).run('account.get', { id: tenantId }),
};

const paths = [
  ...pathsOf(login, signIns, attacks),
  ...pathsOf(orgUrl, calls, { ...attacks, ...organizationMisdeeds }),
  ...pathsOf(discovery, { 'a list of organizations': signIns['a token for discovery']! }, attacks),
];

function pathsOf(
  where: string,
  journeys: Readonly<Record<string, (stage: Stage) => Promise<unknown>>>,
  all: Readonly<Record<string, Reply>>,
) {
  return Object.entries(journeys).flatMap(([journey, go]) =>
    Object.entries(all).map(([name, misdeed]) => ({
      name: `${journey} that meets ${name}`,
      where,
      go,
      misdeed,
    })),
  );
}

describe('secrets on error paths, with debug logging', function () {
  this.timeout(120_000);
  let folder: string;
  let loaded: Connector;
  let failed = 0;
  let lines = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'canaries-'));
    loaded = await loadConnector();
  });
  after(() => rm(folder, { recursive: true }));

  for (const { name, where, go, misdeed } of paths) {
    it(`stay hidden in ${name}`, async () => {
      const stage = await openStage(loaded, folder, [where, misdeed]);
      const error: unknown = await go(stage).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) failed += 1;
      lines += stage.logged.length;
      const written = [...stage.logged, ...shown(error), ...(await filesIn(join(folder, 'data')))];
      stage.store.close();
      for (const text of written) {
        expect(text.includes(canary), text.slice(0, 2000)).to.equal(false);
        expect(text.includes(keyCanary)).to.equal(false);
      }
      expect(error === undefined || error instanceof ConnectorError, String(error)).to.equal(true);
    });
  }

  it('were looked for on at least 150 paths that ended in an error, and in a log that was written', () => {
    expect(failed).to.be.at.least(150);
    expect(lines).to.be.at.least(150);
  });
});

/** The error in every form that it is ever shown in. */
function shown(error: unknown): readonly string[] {
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
