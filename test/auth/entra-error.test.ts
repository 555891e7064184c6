import { expect } from 'chai';
import fc from 'fast-check';
import { explainEntraError, parseEntraError } from '../../src/auth/entra-error.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { entraError } from './support/scripted-authority.ts';

describe('parseEntraError and explainEntraError', () => {
  it('parses all members of a token response', () => {
    const { body } = entraError(
      'invalid_grant',
      'AADSTS50076: Due to a configuration change you must use MFA.',
      { claims: '{"access_token":{}}' },
    );
    expect(parseEntraError(body as Record<string, unknown>)).to.deep.equal({
      error: 'invalid_grant',
      description: 'AADSTS50076: Due to a configuration change you must use MFA.',
      aadstsCodes: [50076],
      claimsRequired: true,
      traceId: '7f3c9a21-4b8e-4d6a-9c2f-1e5a6b7c8d90',
      correlationId: '3e9d1c20-7a44-4f8b-bb19-2c6f0a8e7d31',
    });
  });

  it('parses the ids from the description of a redirect', () => {
    const { error_description: description } = entraError('x', 'AADSTS65004: declined').body as Record<
      string,
      string
    >;
    const parsed = parseEntraError({ error: 'access_denied', error_description: description });
    expect(parsed.aadstsCodes).to.deep.equal([65004]);
    expect(parsed.traceId).to.equal('7f3c9a21-4b8e-4d6a-9c2f-1e5a6b7c8d90');
    expect(parsed.correlationId).to.equal('3e9d1c20-7a44-4f8b-bb19-2c6f0a8e7d31');
    expect(parsed.description).to.equal('AADSTS65004: declined');
  });

  it('explains cause and next step, with Microsoft’s page and the ids for its support', () => {
    const { body, status } = entraError(
      'invalid_client',
      'AADSTS7000222: The provided client secret keys are expired.',
    );
    const error = explainEntraError(parseEntraError(body as Record<string, unknown>), status);
    expect(error.toJSON()).to.deep.equal({
      code: 'SECRET_EXPIRED',
      category: 'connection',
      retryable: false,
      message: 'The sign-in was refused: The client secret has expired. (AADSTS7000222)',
      advice:
        'Create a new client secret in Entra > App registrations > your app > Certificates & secrets, and enter its Value (not its id). See https://login.microsoftonline.com/error?code=7000222.',
      serverCode: 'AADSTS7000222',
      status: 401,
      serverMessage: 'AADSTS7000222: The provided client secret keys are expired.',
      requestId: '3e9d1c20-7a44-4f8b-bb19-2c6f0a8e7d31',
      serviceRequestId: '7f3c9a21-4b8e-4d6a-9c2f-1e5a6b7c8d90',
    });
  });

  it('claims nothing for a number that is not listed: it quotes the authority', () => {
    const tell = (error: string, description: string) =>
      explainEntraError(parseEntraError({ error, error_description: description })).message;
    expect(tell('invalid_client', 'AADSTS7999999: The moon is full. Trace ID: x')).to.equal(
      'The sign-in was refused: “The moon is full.” (AADSTS7999999)',
    );
    expect(tell('access_denied', 'AADSTS7999998')).to.equal(
      'The sign-in was refused: The sign-in service gave no reason but a number. (AADSTS7999998)',
    );
    expect(tell('invalid_client', 'The moon is full. AADSTS7999997: Come back later.')).to.equal(
      'The sign-in was refused: “The moon is full. AADSTS7999997: Come back later.” (AADSTS7999997)',
    );
    const withoutNumber = {
      error: 'invalid_grant',
      error_description: 'The moon is full.',
      error_codes: [7999996],
    };
    expect(explainEntraError(parseEntraError(withoutNumber)).message).to.include('“The moon is full.”');
    expect(tell('invalid_client', '')).to.include('client id, secret or certificate is wrong');
  });

  it('explains redirect URIs, scopes and policies by their numbers', () => {
    const tell = (error: string, number: number) =>
      explainEntraError(parseEntraError({ error, error_description: `AADSTS${number}: x` }));
    expect(tell('invalid_client', 500113).message).to.include('no redirect URI');
    expect(tell('invalid_target', 9010010)).to.include({ code: 'ORG_MISMATCH' });
    expect(tell('invalid_request', 9002326).message).to.include('Single-page application');
    expect(tell('access_denied', 530003).message).to.include('managed device');
    expect(tell('invalid_request', 65002)).to.include({ code: 'CONSENT_REQUIRED' });
    expect(tell('invalid_request', 7000216).message).to.include('neither a client secret nor a certificate');
  });

  it('uses the known AADSTS number among several', () => {
    const parsed = parseEntraError({
      error: 'invalid_grant',
      error_description: 'AADSTS70002: x. AADSTS50012: y',
    });
    expect(explainEntraError(parsed, 400).details.serverCode).to.equal('AADSTS70002');
    const listed = parseEntraError({ error: 'invalid_grant', error_codes: [1234567, 50173] });
    expect(explainEntraError(listed, 400).details.serverCode).to.equal('AADSTS50173');
  });

  for (const [oauth, code] of [
    ['invalid_grant', 'RECONNECT_NEEDED'],
    ['interaction_required', 'RECONNECT_NEEDED'],
    ['consent_required', 'CONSENT_REQUIRED'],
    ['invalid_client', 'APP_REGISTRATION_INVALID'],
    ['invalid_resource', 'ORG_MISMATCH'],
    ['invalid_scope', 'ORG_MISMATCH'],
    ['access_denied', 'SIGN_IN_REFUSED'],
    ['temporarily_unavailable', 'UNAVAILABLE'],
    ['constructor', 'SIGN_IN_REFUSED'],
  ] as const) {
    it(`returns ${code} for the OAuth error ${oauth} when the AADSTS number is unknown`, () => {
      const parsed = parseEntraError({ error: oauth, error_description: 'AADSTS9999999: New.' });
      const error = explainEntraError(parsed, 400);
      expect(error.code).to.equal(code);
      expect(error.advice).to.contain('code=9999999');
      expect(error.details.serverMessage).to.equal('AADSTS9999999: New.');
    });
  }

  it('returns RECONNECT_NEEDED for any error with a claims challenge', () => {
    const parsed = parseEntraError({ error: 'something_new', claims: '{}' });
    expect(explainEntraError(parsed, 400).code).to.equal('RECONNECT_NEEDED');
  });

  it('explains a response of any shape', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('error', 'error_description', 'error_codes', 'claims', 'suberror', '__proto__'),
          fc.anything(),
        ),
        (response) => {
          const error = explainEntraError(parseEntraError(response));
          expect(error).to.be.instanceOf(ConnectorError);
          expect((error.details.serverMessage ?? '').length).to.be.at.most(500);
        },
      ),
    );
  });
});
