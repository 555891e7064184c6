import { expect } from 'chai';
import fc from 'fast-check';
import { explainEntraError, parseEntraError } from '../../src/auth/entra-error.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { refusal } from './support/scripted-authority.ts';

describe('an error of the sign-in authority', () => {
  it('is read in all its members', () => {
    const { body } = refusal(
      'invalid_grant',
      'AADSTS50076: Due to a configuration change you must use MFA.',
      {
        suberror: 'basic_action',
        claims: '{"access_token":{}}',
      },
    );
    expect(parseEntraError(body as Record<string, unknown>)).to.deep.equal({
      error: 'invalid_grant',
      description: 'AADSTS50076: Due to a configuration change you must use MFA.',
      aadstsCodes: [50076],
      suberror: 'basic_action',
      claimsRequired: true,
      traceId: '7f3c9a21-4b8e-4d6a-9c2f-1e5a6b7c8d90',
      correlationId: '3e9d1c20-7a44-4f8b-bb19-2c6f0a8e7d31',
    });
  });

  it('is read from a redirect too, where all is in the description', () => {
    const { error_description: description } = refusal('x', 'AADSTS65004: declined').body as Record<
      string,
      string
    >;
    const read = parseEntraError({ error: 'access_denied', error_description: description });
    expect(read.aadstsCodes).to.deep.equal([65004]);
    expect(read.traceId).to.equal('7f3c9a21-4b8e-4d6a-9c2f-1e5a6b7c8d90');
    expect(read.correlationId).to.equal('3e9d1c20-7a44-4f8b-bb19-2c6f0a8e7d31');
    expect(read.description).to.equal('AADSTS65004: declined');
  });

  it('becomes cause, next step, Microsoft’s page, and the ids that its support asks for', () => {
    const { body, status } = refusal(
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

  it('is judged by the known number among several', () => {
    const read = parseEntraError({
      error: 'invalid_grant',
      error_description: 'AADSTS70002: x. AADSTS50012: y',
    });
    expect(explainEntraError(read, 400).details.serverCode).to.equal('AADSTS70002');
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
    it(`is judged by OAuth’s own ${oauth} when the number is not known`, () => {
      const read = parseEntraError({ error: oauth, error_description: 'AADSTS9999999: New.' });
      const error = explainEntraError(read, 400);
      expect(error.code).to.equal(code);
      expect(error.advice).to.contain('code=9999999');
      expect(error.details.serverMessage).to.equal('AADSTS9999999: New.');
    });
  }

  it('that carries a claims challenge wants the user, whatever it is called', () => {
    const read = parseEntraError({ error: 'something_new', claims: '{}' });
    expect(explainEntraError(read, 400).code).to.equal('RECONNECT_NEEDED');
  });

  it('may be anything at all, and is still explained', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('error', 'error_description', 'error_codes', 'claims', 'suberror', '__proto__'),
          fc.anything(),
        ),
        (answer) => {
          const error = explainEntraError(parseEntraError(answer));
          expect(error).to.be.instanceOf(ConnectorError);
          expect((error.details.serverMessage ?? '').length).to.be.at.most(500);
        },
      ),
    );
  });
});
