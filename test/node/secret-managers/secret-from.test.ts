import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ErrorCode } from '../../../src/errors/error-codes.ts';
import { type SecretOptions, secretFrom } from '../../../src/node/secret-managers/index.ts';
import { errorOf } from '../../auth/support/expect-error.ts';
import { clientId, tenantId } from '../../auth/support/scripted-authority.ts';
import { type Answers, canary, createStandIn } from './stand-in.ts';

const keyVault = 'https://contoso.vault.azure.net/secrets/d365-keys';
const hashiCorp = 'https://vault.contoso.com:8200/v1/kv/data/d365#keys';
const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:d365/keys-AbCdEf';
const aws = 'POST secretsmanager.eu-west-1.amazonaws.com/';
const awsEnv = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: `${canary}-key` };
const awsKeys = { AccessKeyId: 'ASIA', SecretAccessKey: `${canary}-temporary`, Token: `${canary}-session` };
const entra = `POST login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;
const token = { access_token: `${canary}-token`, token_type: 'Bearer', expires_in: 3600 };
const noHome = { HOME: '/nonexistent' };

/** A clock whose sleeps end at once, except those that a signal ends: timeouts of requests. */
const clock = {
  now: () => Date.UTC(2026, 0, 1),
  sleep: (_ms: number, signal?: AbortSignal) =>
    signal === undefined ? Promise.resolve() : new Promise<void>(() => {}),
};

/** Reads a secret from servers that answer in this way. */
function open(address: string, answers: Answers, options: SecretOptions = {}) {
  const { send, requests } = createStandIn(answers);
  const read = secretFrom(address, { send, clock, env: noHome, ...options });
  return { requests, read: async () => (await read()).reveal(), readSecret: read };
}

async function codeOf(address: string, answers: Answers, env: SecretOptions['env'], code: ErrorCode) {
  const { read } = open(address, answers, { env: { ...noHome, ...env } });
  const error = await errorOf(read, code);
  expect(JSON.stringify(error)).to.not.contain(canary);
  return error.message;
}

describe('secretFrom: Azure Key Vault', () => {
  const path = 'GET contoso.vault.azure.net/secrets/d365-keys';
  const value = { [path]: { body: { value: ' k1:secret\n', id: keyVault, attributes: { enabled: true } } } };
  const app = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: `${canary}-app` };

  it('signs in as the app of the environment at the authority of the cloud, and sends the token to the vault alone', async () => {
    const { read, requests } = open(
      keyVault,
      { [entra]: { body: token, headers: json }, ...value },
      { env: app },
    );
    expect(await read()).to.equal('k1:secret');
    expect(Object.fromEntries(new URLSearchParams(String(requests[0]!.body)))).to.include({
      grant_type: 'client_credentials',
      scope: 'https://vault.azure.net/.default',
    });
    const holders = requests.filter(({ headers }) => JSON.stringify(headers).includes('canary'));
    expect(holders.map(({ url }) => url)).to.deep.equal([`${keyVault}?api-version=7.4`]);
    expect(holders[0]!.headers).to.include({ authorization: `Bearer ${token.access_token}` });
  });

  it('signs in with the managed identity of the machine, or with a TokenCredential, for the audience of the vault', async () => {
    const platform = { IDENTITY_ENDPOINT: 'http://127.0.0.1:4141/msi', IDENTITY_HEADER: 'h' };
    const managed = open(
      keyVault,
      { 'GET 127.0.0.1:4141/msi': { body: { ...token, expires_on: '1900000000' } }, ...value },
      { env: { ...platform, AZURE_CLIENT_ID: clientId } },
    );
    expect(await managed.read()).to.equal('k1:secret');
    const asked = new URL(managed.requests[0]!.url).searchParams;
    expect([asked.get('resource'), asked.get('client_id')]).to.deep.equal([
      'https://vault.azure.net',
      clientId,
    ]);
    const scopes: unknown[] = [];
    const azureCredential = {
      getToken: async (scope: string | string[]) => {
        scopes.push(scope);
        return { token: canary, expiresOnTimestamp: 1 };
      },
    };
    expect(await open(keyVault, value, { azureCredential }).read()).to.equal('k1:secret');
    expect(scopes).to.deep.equal(['https://vault.azure.net/.default']);
  });

  it('reads the token file of a workload identity when the secret is read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'd365-secret-'));
    const file = join(folder, 'token');
    const env = { ...app, AZURE_CLIENT_SECRET: '', AZURE_FEDERATED_TOKEN_FILE: file };
    const { read, requests } = open(keyVault, { [entra]: { body: token, headers: json }, ...value }, { env });
    writeFileSync(file, 'eyJh.eyJi.c2ln');
    expect(await read()).to.equal('k1:secret');
    expect(String(requests[0]!.body)).to.contain('client_assertion=eyJh.eyJi.c2ln');
    rmSync(folder, { recursive: true });
  });

  it('reads it again with each call, so that a new version is found', async () => {
    const azureCredential = { getToken: async () => ({ token: 't', expiresOnTimestamp: 1 }) };
    const versions = [{ body: { value: 'old' } }, { body: { value: 'new' } }];
    const { read } = open(keyVault, { [path]: versions }, { azureCredential });
    expect([await read(), await read()]).to.deep.equal(['old', 'new']);
  });

  it('says what is wrong when the vault refuses, and waits out what passes', async () => {
    const answers = (answer: object) => ({ [entra]: { body: token, headers: json }, [path]: answer });
    const error = (code: string, innererror?: string) => ({
      error: { code, message: `Caller: appid=${canary}`, innererror: { code: innererror } },
    });
    for (const [answer, code, part] of [
      [{ status: 404, body: error('SecretNotFound') }, 'SETTING_INVALID', 'no such secret (SecretNotFound)'],
      [{ status: 403, body: error('Forbidden', 'ForbiddenByRbac') }, 'SETTING_INVALID', '(ForbiddenByRbac)'],
      [{ status: 403, body: error('Forbidden', 'SecretDisabled') }, 'SETTING_INVALID', '(SecretDisabled)'],
      [{ status: 401, body: canary }, 'SETTING_INVALID', 'does not let this process read'],
      [{ status: 302, headers: { location: `https://evil.example/${canary}` } }, 'SETTING_INVALID', '302'],
      [{ status: 200, body: `<html>${canary}` }, 'RESPONSE_INVALID', '200'],
      [{ status: 200, body: { value: 7 } }, 'RESPONSE_INVALID', '200'],
      [{ status: 200, body: { value: ' ' } }, 'SETTING_INVALID', 'empty'],
      [{ status: 503, body: canary }, 'UNAVAILABLE', '503'],
      [{ status: 429, headers: { 'retry-after': '5' } }, 'THROTTLED', '429'],
    ] as const)
      expect(await codeOf(keyVault, answers(answer), app, code)).to.contain(part);
    const later = [
      { status: 503 },
      { status: 429, headers: { 'retry-after': '5' } },
      { body: { value: 'x' } },
    ];
    expect(await open(keyVault, answers(later), { env: app }).read()).to.equal('x');
  });
});

const json = { 'content-type': 'application/json' };

describe('secretFrom: HashiCorp Vault', () => {
  const path = 'GET vault.contoso.com:8200/v1/kv/data/d365';
  const login = (mount: string) => `POST vault.contoso.com:8200/v1/auth/${mount}/login`;
  const version2 = { data: { data: { keys: 'k1:secret', other: canary }, metadata: { version: 3 } } };
  const value = { [path]: { body: version2 } };
  const signedIn = { body: { auth: { client_token: `hvs.${canary}`, lease_duration: 60 } } };

  it('reads a field of both versions of the key-value engine, with the token and the namespace of the environment', async () => {
    const env = {
      VAULT_TOKEN: `hvs.${canary}`,
      VAULT_NAMESPACE: 'support',
      VAULT_ADDR: 'https://vault.contoso.com:8200',
    };
    const { read, requests } = open(hashiCorp, value, { env });
    expect(await read()).to.equal('k1:secret');
    expect(requests[0]!.headers).to.include({
      'x-vault-token': `hvs.${canary}`,
      'x-vault-namespace': 'support',
      'x-vault-request': 'true',
    });
    const old = { [path]: { body: { data: { keys: 'k1:old' } } } };
    expect(await open(hashiCorp, old, { env }).read()).to.equal('k1:old');
    expect(await open(hashiCorp.split('#')[0]!, old, { env }).read()).to.equal('k1:old');
    await codeOf(hashiCorp.split('#')[0]!, value, env, 'SETTING_INVALID');
    await codeOf(hashiCorp.replace('#keys', '#kyes'), value, env, 'SETTING_INVALID');
  });

  it('signs in with AppRole for each read, and uses the mount of VAULT_AUTH_PATH', async () => {
    const env = { VAULT_ROLE_ID: 'r', VAULT_SECRET_ID: `${canary}-secret-id` };
    const { read, requests } = open(hashiCorp, { [login('approle')]: signedIn, ...value }, { env });
    expect([await read(), await read()]).to.deep.equal(['k1:secret', 'k1:secret']);
    expect(requests.map(({ method }) => method)).to.deep.equal(['POST', 'GET', 'POST', 'GET']);
    expect(JSON.parse(String(requests[0]!.body))).to.deep.equal({
      role_id: 'r',
      secret_id: env.VAULT_SECRET_ID,
    });
    expect(requests[0]!.headers).to.include({ 'content-type': 'application/json' });
    expect(requests[1]!.headers).to.include({ 'x-vault-token': `hvs.${canary}` });
    const mounted = { [login('team/roles')]: signedIn, ...value };
    expect(
      await open(hashiCorp, mounted, { env: { ...env, VAULT_AUTH_PATH: 'team/roles' } }).read(),
    ).to.equal('k1:secret');
  });

  it('uses the file of `vault login`, and no token at all for an agent on this machine', async () => {
    const home = mkdtempSync(join(tmpdir(), 'd365-secret-'));
    writeFileSync(join(home, '.vault-token'), `hvs.${canary}\n`);
    const fromFile = open(hashiCorp, value, { env: { HOME: home } });
    expect(await fromFile.read()).to.equal('k1:secret');
    expect(fromFile.requests[0]!.headers).to.include({ 'x-vault-token': `hvs.${canary}` });
    rmSync(home, { recursive: true });
    const agent = open('http://127.0.0.1:8100/v1/kv/data/d365#keys', {
      'GET 127.0.0.1:8100/v1/kv/data/d365': { body: version2 },
    });
    expect(await agent.read()).to.equal('k1:secret');
    expect(agent.requests[0]!.headers).to.not.have.property('x-vault-token');
  });

  it('sends nothing without a token, to another server than VAULT_ADDR, or with a token that is no header', async () => {
    for (const env of [
      {},
      { VAULT_ROLE: 'd365' },
      { VAULT_TOKEN: canary, VAULT_ADDR: 'https://other.contoso.com:8200' },
      { VAULT_TOKEN: `${canary}\r\nx: y` },
    ]) {
      const { read, requests } = open(hashiCorp, value, { env: { ...noHome, ...env } });
      const error = await errorOf(read, 'SETTING_INVALID');
      expect(JSON.stringify(error)).to.not.contain(canary);
      expect(requests).to.have.length(0);
    }
  });

  it('says what is wrong when the server refuses', async () => {
    const env = { VAULT_TOKEN: `hvs.${canary}` };
    const errors = { errors: [`permission denied ${canary}`] };
    for (const [answer, code, part] of [
      [{ status: 404, body: { errors: [] } }, 'SETTING_INVALID', 'no such secret'],
      [{ status: 403, body: errors }, 'SETTING_INVALID', 'does not let this process read'],
      [{ status: 307, headers: { location: `https://evil.example/${canary}` } }, 'SETTING_INVALID', '307'],
      [{ status: 503, body: { errors: ['Vault is sealed'] } }, 'UNAVAILABLE', '503'],
      [{ status: 200, body: '[]' }, 'RESPONSE_INVALID', '200'],
    ] as const)
      expect(await codeOf(hashiCorp, { [path]: answer }, env, code)).to.contain(part);
    const appRole = { VAULT_ROLE_ID: 'r', VAULT_SECRET_ID: canary };
    for (const answer of [
      { status: 400, body: errors },
      { status: 403, body: errors },
    ])
      expect(await codeOf(hashiCorp, { [login('approle')]: answer }, appRole, 'SETTING_INVALID')).to.contain(
        'rejects the sign-in',
      );
    await codeOf(hashiCorp, { [login('approle')]: { body: { auth: {} } } }, appRole, 'RESPONSE_INVALID');
  });
});

describe('secretFrom: AWS Secrets Manager', () => {
  const value = { [aws]: { body: { ARN: arn, Name: 'd365/keys', SecretString: 'k1:secret' } } };

  it('asks the region of the ARN, signed with the keys of the environment', async () => {
    const { read, requests } = open(arn, value, { env: awsEnv });
    expect(await read()).to.equal('k1:secret');
    const [{ headers, body }] = requests as [(typeof requests)[number]];
    expect(headers).to.include({ 'x-amz-target': 'secretsmanager.GetSecretValue' });
    expect(headers.authorization).to.match(
      /^AWS4-HMAC-SHA256 Credential=AKID\/20260101\/eu-west-1\/secretsmanager\/aws4_request, /,
    );
    expect(JSON.parse(String(body))).to.deep.equal({ SecretId: arn });
    const fields = { [aws]: { body: { SecretString: JSON.stringify({ keys: 'k2:x', other: 'y' }) } } };
    expect(await open(`${arn}#keys`, fields, { env: awsEnv }).read()).to.equal('k2:x');
  });

  it('finds the keys of a host, a container, a pod and a virtual machine, and signs with their session', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'd365-secret-'));
    const file = join(folder, 'token');
    writeFileSync(file, `${canary}.jwt\n`);
    const xml = `<R><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>${canary}</SecretAccessKey><SessionToken>${canary}-session</SessionToken></Credentials></R>`;
    const machine = '169.254.169.254/latest';
    const roles = `GET ${machine}/meta-data/iam/security-credentials/`;
    const cases: readonly (readonly [Answers, SecretOptions])[] = [
      [
        {},
        {
          awsCredentials: async () => ({
            accessKeyId: 'ASIA',
            secretAccessKey: canary,
            sessionToken: `${canary}-session`,
          }),
        },
      ],
      [
        { 'GET 169.254.170.2/v2/keys': { body: awsKeys } },
        { env: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/keys' } },
      ],
      [
        { 'GET 169.254.170.23/v1/credentials': { body: awsKeys } },
        {
          env: {
            AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
          },
        },
      ],
      [
        { 'POST sts.eu-west-1.amazonaws.com/': { body: xml } },
        { env: { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: 'arn:aws:iam::1:role/d365' } },
      ],
      [
        {
          [`PUT ${machine}/api/token`]: { body: `${canary}-imds` },
          [roles]: { body: 'd365-role' },
          [`${roles}d365-role`]: { body: awsKeys },
        },
        { env: {} },
      ],
    ];
    for (const [answers, options] of cases) {
      const { read, requests } = open(arn, { ...answers, ...value }, { ...options, clock: waitingClock });
      expect(await read()).to.equal('k1:secret');
      expect(requests.at(-1)!.headers).to.include({ 'x-amz-security-token': `${canary}-session` });
      expect(requests.at(-1)!.headers.authorization).to.contain('Credential=ASIA/');
    }
    rmSync(folder, { recursive: true });
  });

  it('asks for keys only on this machine, and says so where there are none', async () => {
    for (const env of [
      {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://evil.example/',
        AWS_CONTAINER_AUTHORIZATION_TOKEN: canary,
      },
      { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '@evil.example/' },
      { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://10.0.0.1/' },
      { ...awsEnv, AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://evil.example/' },
      { AWS_EC2_METADATA_DISABLED: 'true' },
      { AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent', AWS_ROLE_ARN: 'x' },
      { ...awsEnv, AWS_SESSION_TOKEN: `${canary}\n` },
    ]) {
      const { read, requests } = open(arn, value, { env });
      const error = await errorOf(read, 'SETTING_INVALID');
      expect(JSON.stringify(error)).to.not.contain(canary);
      expect(requests).to.have.length(0);
    }
    // No answer within a second: not a machine of AWS.
    await codeOf(arn, value, {}, 'SETTING_INVALID');
  });

  it('says what is wrong when AWS refuses, and waits out its limits', async () => {
    const error = (type: string) => ({ status: 400, body: { __type: type, Message: canary } });
    for (const [answer, code, part] of [
      [error('ResourceNotFoundException'), 'SETTING_INVALID', 'no such secret (ResourceNotFoundException)'],
      [error('com.amazon.coral#AccessDeniedException'), 'SETTING_INVALID', '(AccessDeniedException)'],
      [error('InvalidSignatureException'), 'SETTING_INVALID', 'rejects the keys'],
      [error('ExpiredTokenException'), 'SETTING_INVALID', 'rejects the keys'],
      [error('ThrottlingException'), 'THROTTLED', 'limits'],
      [{ status: 200, body: { SecretBinary: canary } }, 'SETTING_INVALID', 'no text'],
      [{ status: 500, body: canary }, 'UNAVAILABLE', '500'],
      [{ status: 301, headers: { location: `https://evil.example/${canary}` } }, 'SETTING_INVALID', '301'],
      [{ status: 404, body: `<html>${canary}` }, 'RESPONSE_INVALID', '404'],
    ] as const)
      expect(await codeOf(arn, { [aws]: answer }, awsEnv, code)).to.contain(part);
    const later = [error('ThrottlingException'), { body: { SecretString: 'x' } }];
    expect(await open(arn, { [aws]: later }, { env: awsEnv }).read()).to.equal('x');
  });
});

/** A clock whose probe of a second does not end before the answer. */
const waitingClock = { ...clock, sleep: () => new Promise<void>(() => {}) };

describe('secretFrom', () => {
  it('refuses what is no address or no option, and returns a Secret that cannot be printed', async () => {
    for (const address of [undefined, null, 7, {}, ''])
      await errorOf(() => secretFrom(address as never), 'SETTING_INVALID');
    await errorOf(() => secretFrom(keyVault, { tokens: 1 } as never), 'SETTING_INVALID');
    const azureCredential = { getToken: async () => ({ token: canary, expiresOnTimestamp: 1 }) };
    const path = 'GET contoso.vault.azure.net/secrets/d365-keys';
    const { readSecret } = open(keyVault, { [path]: { body: { value: canary } } }, { azureCredential });
    expect(`${await readSecret()}${JSON.stringify(await readSecret())}`).to.not.contain(canary);
  });
});
