import { expect } from 'chai';
import { loadConnector, type UntypedOperations } from '../../../src/index.ts';
import { type KnownIssueFixture, openFixture } from '../known-issues/fixture.ts';

/** Errors that depend on who calls say which of the users and organizations is meant. */
describe('callers', () => {
  let fixture: KnownIssueFixture;
  before(async () => {
    fixture = await openFixture();
  });
  after(() => fixture.close());

  it('an unknown asUser is named, not the user of the connection', async () => {
    const asUser = '0c0a7b1e-2222-4c39-9d55-0a3c1c5d7e90';
    const error = await fixture.errorOf(fixture.client.run('account.create', { name: 'A' }, { asUser }));
    expect(error.code).to.equal('USER_NOT_IN_ORG');
    expect(error.message).to.include('The user in the option "asUser"');
    expect(error.advice).to.include('Microsoft Entra object ID');
  });

  it('a valid token of another organization is ORG_MISMATCH in run, and is not sent', async () => {
    const { origin } = fixture.organization;
    const claims = { aud: 'https://fabrikam.crm.dynamics.com', oid: 'x', exp: 4_000_000_000 };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none' })}.${part(claims)}.x`;
    const sent: string[] = [];
    const connector = await loadConnector<UntypedOperations>({
      send: async (request) => {
        sent.push(request.url);
        throw new Error('nothing is sent');
      },
    });
    const host = { kind: 'host', getToken: () => ({ token }) } as const;
    const client = connector.connect({ orgUrl: origin }, host, { allowLoopback: true });
    for (const call of [() => client.run('account.count', {}), () => client.check()]) {
      const error = await fixture.errorOf(call());
      expect(error.code).to.equal('ORG_MISMATCH');
      expect(error.message).to.equal(
        `The access token is for https://fabrikam.crm.dynamics.com, not for ${origin}.`,
      );
    }
    expect(sent).to.deep.equal([]);
  });
});
