import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { signAwsRequest } from '../../../src/node/secret-managers/aws-signature.ts';
import { secretFrom } from '../../../src/node/secret-managers/index.ts';
import { errorOf } from '../../auth/support/expect-error.ts';
import { findFreePort } from '../../support/free-port.ts';

/**
 * A server of another origin, which checks signatures with Amazon's botocore: `npm run test:secret-managers`. It needs
 * Python with `pip install "moto[server]"`; MOTO_SERVER names its command.
 */
describe('secretFrom: AWS Secrets Manager, with moto', () => {
  const region = 'eu-west-1';
  let server: ChildProcess;
  let origin: string;
  let folder: string;
  let arn: string;
  let keys: { readonly AWS_ACCESS_KEY_ID: string; readonly AWS_SECRET_ACCESS_KEY: string };
  before(async () => {
    const port = await findFreePort();
    origin = `http://127.0.0.1:${port}/`;
    folder = mkdtempSync(join(tmpdir(), 'd365-moto-'));
    server = spawn(process.env.MOTO_SERVER ?? 'moto_server', ['-H', '127.0.0.1', '-p', String(port)]);
    await once(server, 'spawn');
    await waitForServer();
    await createReader();
    arn = await createSecret();
  });
  after(() => {
    server?.kill();
    rmSync(folder, { recursive: true });
  });

  const read = (env: object, address = arn) =>
    secretFrom(address, {
      env: { AWS_ENDPOINT_URL_SECRETS_MANAGER: origin, AWS_ENDPOINT_URL_STS: origin, ...env },
    })();

  it('assumes the role of a pod with its token file', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwb2QifQ.c2ln');
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pod' };
    expect((await read(env)).reveal()).to.equal('k1:the secret');
  });

  /** From here on, the server checks signatures and policies; it then refuses requests that need no signature. */
  describe('with authorization', () => {
    before(async () => {
      await fetch(`${origin}moto-api/reset-auth`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: '0',
      });
    });

    it('reads a secret with keys whose signature the server accepts', async () => {
      expect((await read(keys)).reveal()).to.equal('k1:the secret');
    });

    it('is refused with a wrong key, an unknown key and another secret', async () => {
      const wrong = { ...keys, AWS_SECRET_ACCESS_KEY: `${keys.AWS_SECRET_ACCESS_KEY}x` };
      for (const env of [wrong, { ...keys, AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN000000000' }])
        await errorOf(read(env), 'SETTING_INVALID');
      const error = await errorOf(read(keys, arn.replace('d365', 'other')), 'SETTING_INVALID');
      expect(error.message).to.contain('ResourceNotFoundException');
    });
  });

  async function waitForServer(): Promise<void> {
    for (;;) {
      const isUp = await fetch(origin).then(
        () => true,
        () => false,
      );
      if (isUp) return;
      if (server.exitCode !== null) throw new Error(`moto_server ended with ${server.exitCode}.`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Until authorization is switched on, any key may do anything. */
  async function call(service: string, headers: Readonly<Record<string, string>>, body: string) {
    const request = { method: 'POST', url: origin, headers, body } as const;
    const anyKey = { accessKeyId: 'AKIAANY', secretAccessKey: 'any' };
    const signed = signAwsRequest(request, anyKey, { region, service, now: Date.now() });
    const response = await fetch(origin, { method: 'POST', headers: { ...signed.headers }, body });
    const text = await response.text();
    expect(response.status, text).to.equal(200);
    return text;
  }

  async function createReader(): Promise<void> {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const iam = (parameters: Record<string, string>) =>
      call('iam', form, new URLSearchParams({ Version: '2010-05-08', ...parameters }).toString());
    const allow = (Action: string, principal = {}) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, ...principal }] });
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' }],
    });
    await iam({ Action: 'CreateUser', UserName: 'reader' });
    await iam({
      Action: 'PutUserPolicy',
      UserName: 'reader',
      PolicyName: 'read',
      PolicyDocument: policy,
    });
    const trust = allow('sts:AssumeRoleWithWebIdentity', { Principal: { Federated: '*' } });
    await iam({ Action: 'CreateRole', RoleName: 'pod', AssumeRolePolicyDocument: trust });
    await iam({ Action: 'PutRolePolicy', RoleName: 'pod', PolicyName: 'read', PolicyDocument: policy });
    const created = await iam({ Action: 'CreateAccessKey', UserName: 'reader' });
    const member = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(created)?.[1] ?? '';
    keys = { AWS_ACCESS_KEY_ID: member('AccessKeyId'), AWS_SECRET_ACCESS_KEY: member('SecretAccessKey') };
  }

  async function createSecret(): Promise<string> {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.CreateSecret',
    };
    const body = JSON.stringify({
      Name: 'd365',
      SecretString: 'k1:the secret',
      ClientRequestToken: crypto.randomUUID(),
    });
    return (JSON.parse(await call('secretsmanager', headers, body)) as { readonly ARN: string }).ARN;
  }
});
