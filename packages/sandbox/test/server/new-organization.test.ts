import { expect } from 'chai';
import { createSandbox, type Sandbox } from '../../src/index.ts';

interface View {
  readonly savedqueryid: string;
  readonly name: string;
  readonly isdefault: boolean;
  readonly returnedtypecode: string;
}

describe('new organization', () => {
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await createSandbox();
  });
  after(() => sandbox.close());

  const get = async <T>(path: string) => {
    const response = await fetch(`${sandbox.organization.origin}/api/data/v9.2/${path}`, {
      headers: { authorization: `Bearer ${sandbox.issueToken()}` },
    });
    return { status: response.status, ...((await response.json()) as { value: readonly T[] }) };
  };
  const listViews = (table: string) =>
    get<View>(
      `savedqueries?$select=name,isdefault,returnedtypecode&$filter=returnedtypecode eq '${table}' and querytype eq 0`,
    );

  it('every organization has the public views of its tables, one of them the default', async () => {
    const { value } = await listViews('account');
    expect(value.map(({ name, isdefault }) => [name, isdefault])).to.have.deep.members([
      ['My Active Accounts', false],
      ['Active Accounts', true],
      ['Inactive Accounts', false],
    ]);
    const cases = await listViews('incident');
    expect(cases.value.map(({ name }) => name)).to.include.members(['Active Cases', 'Resolved Cases']);
  });

  it('savedQuery returns the rows of a view', async () => {
    const { value } = await listViews('incident');
    for (const [name, state] of [
      ['Active Cases', 0],
      ['Resolved Cases', 1],
    ] as const) {
      const view = value.find((each) => each.name === name);
      const { value: rows } = await get<object>(`incidents?savedQuery=${view?.savedqueryid}`);
      const { value: expected } = await get<object>(`incidents?$select=title&$filter=statecode eq ${state}`);
      expect(rows).to.have.length(expected.length).above(0);
    }
  });

  it('all public and lookup views run', async () => {
    const { value: definitions } = await get<{ LogicalName: string; EntitySetName: string }>(
      'EntityDefinitions?$select=LogicalName,EntitySetName',
    );
    const sets = new Map(definitions.map(({ LogicalName, EntitySetName }) => [LogicalName, EntitySetName]));
    const { value } = await get<View>('savedqueries?$select=name,returnedtypecode&$filter=querytype ne 4');
    expect(value.length).to.be.above(50);
    for (const { savedqueryid, name, returnedtypecode } of value) {
      const { status } = await get(`${sets.get(returnedtypecode)}?savedQuery=${savedqueryid}`);
      expect(status, name).to.equal(200);
    }
  });

  it('every member has user settings under its own id', async () => {
    const { organization, users } = sandbox;
    const userId = users[0] && organization.findSystemUserId(users[0]);
    const columns = '$select=uilanguageid,localeid,timezonecode';
    expect(await get(`usersettingscollection(${userId})?${columns}`)).to.include({
      systemuserid: userId,
      uilanguageid: 1033,
      timezonecode: 92,
    });
  });

  it('the ids of views are the same in each organization', async () => {
    const { value } = await listViews('account');
    const view = value.find(({ name }) => name === 'Active Accounts');
    expect(view?.savedqueryid).to.equal('00000000-0000-0000-00aa-000010001002');
  });
});
