import { inspect } from 'node:util';
import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors/connector-error.ts';
import type { HttpRequest, HttpResponse, HttpSender } from '../../../src/model/http.ts';
import { type SecretOptions, secretFrom } from '../../../src/node/secret-managers/index.ts';
import { attacks, canary } from '../../auth/support/attacks.ts';
import { clientId, respond, tenantId } from '../../auth/support/scripted-authority.ts';

type Responder = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** Error responses that repeat the whole request: address, headers and body. */
const echoes: Readonly<Record<string, Responder>> = Object.fromEntries(
  [200, 302, 400, 401, 403, 404, 405, 429, 500, 503].map((status) => [
    `${status} that repeats the request`,
    (request: HttpRequest) => {
      const text = `${JSON.stringify(request)} ${new URLSearchParams(String(request.body))}`;
      const error = { code: text, message: text, innererror: { code: text } };
      const body = { error, errors: [text], __type: text, Message: text, value: [text], data: text };
      return respond({ status, body }, { location: `https://evil.example/${text}`, 'x-echo': text });
    },
  ]),
);

const token = respondWith({ access_token: `${canary}-token`, token_type: 'Bearer', expires_in: 3600 });
const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:d365-AbCdEf';
const vault = 'https://vault.contoso.com/v1/kv/data/d365#keys';
const keyVault = 'https://contoso.vault.azure.net/secrets/d365';
const azureApp = {
  AZURE_TENANT_ID: tenantId,
  AZURE_CLIENT_ID: clientId,
  AZURE_CLIENT_SECRET: `${canary}~se+cr&et %`,
};
const awsKeys = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: `${canary}/key` };
const appRole = { VAULT_ROLE_ID: 'role', VAULT_SECRET_ID: `${canary}-secret-id` };
const container = {
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:4000/keys',
  AWS_CONTAINER_AUTHORIZATION_TOKEN: `${canary}-container`,
};
const platform = { IDENTITY_ENDPOINT: 'http://127.0.0.1:4000/msi', IDENTITY_HEADER: `${canary}-header` };

/** Each request that carries a secret: what is read, and the host that attacks. */
const reads: Readonly<Record<string, readonly [address: string, attacker: string, options: SecretOptions]>> =
  {
    'the sign-in to Key Vault': [keyVault, 'login.microsoftonline.com', { env: azureApp }],
    'the managed identity for Key Vault': [keyVault, '127.0.0.1:4000', { env: platform }],
    'Key Vault': [keyVault, 'contoso.vault.azure.net', { env: azureApp }],
    'the sign-in to HashiCorp Vault': [vault, 'vault.contoso.com', { env: appRole }],
    'HashiCorp Vault': [vault, 'vault.contoso.com', { env: { VAULT_TOKEN: `${canary}-token` } }],
    'the keys of a container': [arn, '127.0.0.1:4000', { env: container }],
    'AWS Secrets Manager': [
      arn,
      'secretsmanager.eu-west-1.amazonaws.com',
      { env: { ...awsKeys, AWS_SESSION_TOKEN: `${canary}-session` } },
    ],
  };

function respondWith(body: unknown): Responder {
  return () => respond({ status: 200, body });
}

/** Pauses between tries take no time, and time limits do not end. */
const clock = {
  now: () => Date.UTC(2026, 0, 1),
  sleep: (_ms: number, signal?: AbortSignal) =>
    signal === undefined ? Promise.resolve() : new Promise<void>(() => {}),
};

describe('secretFrom: secrets in errors', () => {
  let failed = 0;
  for (const [read, [address, attacker, options]] of Object.entries(reads)) {
    for (const [name, attack] of Object.entries({ ...attacks, ...echoes })) {
      it(`do not appear for ${read} with ${name}`, async () => {
        const send: HttpSender = async (request) =>
          new URL(request.url).host === attacker ? attack(request) : token(request);
        const error: unknown = await secretFrom(address, { ...options, send, clock })().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error === undefined) return;
        failed += 1;
        expect(error).to.be.instanceOf(ConnectorError);
        const { stack } = error as Error;
        const printed = [
          JSON.stringify(error),
          String(error),
          stack,
          inspect(error, { depth: 10, showHidden: true }),
        ];
        expect(printed.join('\n')).to.not.contain(canary);
      });
    }
  }

  it('were searched on at least 150 failing paths', () => {
    expect(failed).to.be.at.least(150);
  });
});
