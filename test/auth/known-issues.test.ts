import { expect } from 'chai';
import { createAppTokenSource } from '../../src/auth/app-token-source.ts';
import { checkConnection } from '../../src/auth/check-connection.ts';
import type { Organization } from '../../src/auth/organization-discovery.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { ErrorCode } from '../../src/errors/error-codes.ts';
import { Secret } from '../../src/model/secret.ts';
import { errorOf } from './support/expect-error.ts';
import { createAuthFixture, environment } from './support/fixture.ts';
import { clientId, entraError, jwt, origin, scopes } from './support/scripted-authority.ts';

/** Sign-in problems that users of other connectors report, and our error for each. */
describe('known issues: sign-in', () => {
  async function failWith(error: string, description: string, code: ErrorCode): Promise<ConnectorError> {
    const { authority, clock, oauth } = createAuthFixture();
    authority.intercept = () => entraError(error, description);
    const tokens = createAppTokenSource({ oauth, scopes, clock });
    const whoAmI = () => Promise.reject(new Error('WhoAmI was sent'));
    return errorOf(checkConnection({ environment, tokens, whoAmI }), code);
  }

  const entra: readonly (readonly [
    title: string,
    error: string,
    description: string,
    code: ErrorCode,
    cause: string,
    advice: string,
  ])[] = [
    [
      'expired client secret',
      'invalid_client',
      'AADSTS7000222: The provided client secret keys for app are expired.',
      'SECRET_EXPIRED',
      'The client secret has expired.',
      'Create a new client secret',
    ],
    [
      'the ID of a secret instead of its value, or a wrong secret',
      'invalid_client',
      'AADSTS7000215: Invalid client secret provided.',
      'APP_REGISTRATION_INVALID',
      'The client secret is wrong.',
      'enter its Value (not its id)',
    ],
    [
      'missing consent',
      'invalid_grant',
      'AADSTS65001: The user or administrator has not consented.',
      'CONSENT_REQUIRED',
      'No consent was granted',
      'Grant admin consent',
    ],
    [
      'only an administrator may consent',
      'access_denied',
      'AADSTS90094: Administrator consent is required.',
      'CONSENT_REQUIRED',
      'only administrators can consent',
      'Grant admin consent',
    ],
    [
      'wrong client id, or app not in this tenant',
      'unauthorized_client',
      'AADSTS700016: Application was not found in the directory.',
      'APP_REGISTRATION_INVALID',
      'has no app with this client id',
      'registered (or consented to) in the tenant',
    ],
    [
      'wrong organization or region in the URL',
      'invalid_resource',
      'AADSTS500011: The resource principal was not found.',
      'ORG_MISMATCH',
      'no organization at this environment URL',
      'name and region',
    ],
    [
      'wrong tenant',
      'invalid_request',
      "AADSTS90002: Tenant 'x' not found.",
      'CONNECTION_INVALID',
      'tenant does not exist',
      'Check the tenant',
    ],
    [
      'redirect URI not registered',
      'invalid_request',
      'AADSTS50011: The redirect URI does not match.',
      'APP_REGISTRATION_INVALID',
      'redirect URI is not registered',
      'Add exactly this redirect URI',
    ],
    [
      'app of one tenant used through organizations',
      'invalid_request',
      'AADSTS50194: Application is not configured as multi-tenant.',
      'APP_REGISTRATION_INVALID',
      'is for a single tenant',
      'Set the tenant id of the connection',
    ],
    [
      'multifactor authentication that was enabled later',
      'interaction_required',
      'AADSTS50076: you must use multi-factor authentication.',
      'RECONNECT_NEEDED',
      'Multifactor authentication is required',
      'in a browser',
    ],
    [
      'Conditional Access',
      'access_denied',
      'AADSTS53003: Access has been blocked by Conditional Access policies.',
      'SIGN_IN_REFUSED',
      'Conditional Access policy blocks',
      'Sign-in logs',
    ],
    [
      'guest or account of another tenant',
      'invalid_grant',
      'AADSTS50020: User account does not exist in tenant.',
      'SIGN_IN_REFUSED',
      'does not exist in the tenant that owns',
      'invite this one as a guest',
    ],
    [
      'sign-in unused for 90 days',
      'invalid_grant',
      'AADSTS700082: The refresh token has expired due to inactivity.',
      'RECONNECT_NEEDED',
      'not used for a long time',
      'Sign in to this connection again',
    ],
    [
      'password changed, sessions revoked',
      'invalid_grant',
      'AADSTS50173: The provided grant has expired due to it being revoked.',
      'RECONNECT_NEEDED',
      'was revoked',
      'Sign in to this connection again',
    ],
  ];
  for (const [title, oauthError, description, code, cause, advice] of entra) {
    it(`explains: ${title}`, async () => {
      const error = await failWith(oauthError, description, code);
      expect(error.message).to.contain(cause);
      expect(error.message).to.match(/^The sign-in was refused: .+\. \(AADSTS\d+\)$/);
      expect(error.advice).to.contain(advice);
      expect(error.details.serverMessage, 'the server’s message is kept').to.equal(description);
    });
  }

  it('explains: a token for another organization', async () => {
    const tokens = {
      getToken: async () => ({
        token: new Secret(jwt({ aud: 'https://graph.microsoft.com' })),
        expiresAt: 1,
      }),
    };
    const whoAmI = () => Promise.reject(new Error('WhoAmI was sent'));
    const error = await errorOf(checkConnection({ environment, tokens, whoAmI }), 'ORG_MISMATCH');
    expect(error.message).to.equal(`The access token is for https://graph.microsoft.com, not for ${origin}.`);
  });

  it('suggests an organization when the tenant does not know the subdomain', async () => {
    const { authority, clock, oauth } = createAuthFixture();
    authority.intercept = () => entraError('invalid_resource', 'AADSTS500011: The resource was not found.');
    const tokens = createAppTokenSource({ oauth, scopes, clock });
    const whoAmI = () => Promise.reject(new Error('WhoAmI was sent'));
    const organizations = async () => [{ url: 'https://contoso2.crm4.dynamics.com' } as Organization];
    const error = await errorOf(
      checkConnection({ environment, tokens, whoAmI, organizations }),
      'ORG_MISMATCH',
    );
    expect(error.advice).to.equal('Did you mean https://contoso2.crm4.dynamics.com?');
  });

  it('keeps the server’s message and its ids for an unknown error', async () => {
    const message = 'AADSTS7654321: Something entirely new.';
    const error = await failWith('invalid_request', message, 'SIGN_IN_REFUSED');
    expect(error.details.serverMessage).to.equal(message);
    expect(error.details.serverCode).to.equal('AADSTS7654321');
    expect(error.details.requestId).to.equal('3e9d1c20-7a44-4f8b-bb19-2c6f0a8e7d31');
    expect(error.advice).to.contain('7654321');
  });

  it('explains: a missing application user (403)', async () => {
    const tokens = {
      getToken: async () => ({ token: new Secret(jwt({ aud: origin, appid: clientId })), expiresAt: 1 }),
    };
    const rejection = new ConnectorError('ACCESS_DENIED', 'The user is not a member of the organization.', {
      serverCode: '0x80072560',
      serverMessage: 'The user is not a member of the organization.',
    });
    const whoAmI = async () => ({ status: 403, headers: {}, body: undefined, error: rejection });
    const error = await errorOf(checkConnection({ environment, tokens, whoAmI }), 'USER_NOT_IN_ORG');
    expect(error.message).to.contain('has no application user');
    expect(error.advice).to.contain('New app user');
    expect(error.details.serverMessage).to.equal('The user is not a member of the organization.');
  });
});
