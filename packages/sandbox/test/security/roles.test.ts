import { expect } from 'chai';
import { columnDefinition, tableDefinition } from '../web-api/schema-definitions.ts';
import { createSecurityHarness, type HttpResponse, type HttpUser, type SecurityHarness } from './harness.ts';

const errorOf = ({ status, json }: HttpResponse) => [status, json.error?.code];
const type = 'Microsoft.Dynamics.CRM.';

describe('security roles over the Web API', () => {
  let harness: SecurityHarness;
  let admin: HttpUser;
  let user: HttpUser;
  let root: string;
  const unused: string[] = [];
  /** A user with the role Basic User and without rows. */
  const nextUser = () => harness.as(unused.pop() ?? '');
  before(async () => {
    const names = Array.from({ length: 20 }, (_, index) => `user${index}`);
    harness = await createSecurityHarness(Object.fromEntries(names.map((name) => [name, ['Basic User']])));
    admin = harness.admin;
    root = (await admin.get('WhoAmI')).json.BusinessUnitId;
    unused.push(...names);
  });
  beforeEach(() => {
    user = nextUser();
  });
  after(() => harness.close());

  const privilegeIds = async (...names: string[]): Promise<string[]> => {
    const list = names.map((name) => `'${name}'`).join(',');
    const path = `privileges?$select=privilegeid,name&$filter=Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=[${list}])`;
    const { json } = await admin.get(path);
    return names.map(
      (name) => json.value.find((row: { name: string }) => row.name === name)?.privilegeid as string,
    );
  };
  const createRole = (name: string) =>
    admin.create('roles', { name, 'businessunitid@odata.bind': `businessunits(${root})` });
  const add = async (role: string, depth: unknown, ...names: string[]) => {
    const ids = await privilegeIds(...names);
    const Privileges = ids.map((PrivilegeId) => ({
      '@odata.type': `${type}RolePrivilege`,
      PrivilegeId,
      Depth: depth,
      BusinessUnitId: root,
    }));
    return admin.send('POST', `roles(${role})/${type}AddPrivilegesRole`, { Privileges });
  };
  const assign = (userId: string, role: string) =>
    admin.send('POST', `systemusers(${userId})/systemuserroles_association/$ref`, {
      '@odata.id': `${harness.sandbox.organization.origin}/api/data/v9.2/roles(${role})`,
    });

  it('a new role has few privileges; AddPrivilegesRole and its assignment give access at once', async () => {
    const role = await createRole('Reader');
    const start = await admin.get(`roles(${role})?$expand=roleprivileges_association($select=name)`);
    expect(start.json.roleprivileges_association.map(({ name }: { name: string }) => name)).to.include(
      'prvReadSdkMessage',
    );
    expect((await user.get('incidents')).status).to.equal(403);
    expect((await add(role, 'Global', 'prvReadIncident')).status).to.equal(204);
    expect((await assign(user.id, role)).status).to.equal(204);
    expect((await user.get('incidents')).status).to.equal(200);
    const remove = await admin.send(
      'DELETE',
      `systemusers(${user.id})/systemuserroles_association(${role})/$ref`,
    );
    expect(remove.status).to.equal(204);
    expect((await user.get('incidents')).status).to.equal(403);
  });

  it('ReplacePrivilegesRole and RemovePrivilegeRole take privileges away', async () => {
    const role = await createRole('Changing');
    await add(role, 2, 'prvReadAccount', 'prvWriteAccount');
    const [read, write] = await privilegeIds('prvReadAccount', 'prvWriteAccount');
    const names = async () => {
      const { json } = await admin.get(`RetrieveRolePrivilegesRole(RoleId=${role})`);
      return json.RolePrivileges.map(
        ({ PrivilegeName, Depth }: { PrivilegeName: string; Depth: string }) => `${PrivilegeName} ${Depth}`,
      );
    };
    expect(await names()).to.include.members(['prvReadAccount Deep', 'prvWriteAccount Deep']);
    const Privileges = [{ PrivilegeId: read, Depth: 'Local', BusinessUnitId: root }];
    await admin.send('POST', `roles(${role})/${type}ReplacePrivilegesRole`, { Privileges });
    expect(await names()).to.deep.equal(['prvReadAccount Local']);
    expect(write).to.be.a('string');
    await admin.send('POST', `roles(${role})/${type}RemovePrivilegeRole`, { PrivilegeId: read });
    expect(await names()).to.deep.equal([]);
  });

  it('a level that a privilege cannot have, and an unknown privilege, are refused', async () => {
    const role = await createRole('Refused');
    expect(errorOf(await add(role, 'Basic', 'prvReadUser'))).to.deep.equal([400, '0x8004140b']);
    const Privileges = [{ PrivilegeId: root, Depth: 'Global' }];
    const unknown = await admin.send('POST', `roles(${role})/${type}AddPrivilegesRole`, { Privileges });
    expect(errorOf(unknown)).to.deep.equal([400, '0x800404ce']);
  });

  it('functions return the privileges of a user, also through a team', async () => {
    const role = await createRole('Of a team');
    await add(role, 'Global', 'prvReadIncident');
    const team = await admin.create('teams', {
      name: 'Readers',
      'businessunitid@odata.bind': `/businessunits(${root})`,
    });
    await admin.send('POST', `teams(${team})/teamroles_association/$ref`, { '@odata.id': `roles(${role})` });
    const call = (name: string, args: string) => admin.get(`systemusers(${user.id})/${type}${name}${args}`);
    const byName = "(PrivilegeName='prvReadIncident')";
    expect((await call('RetrieveUserPrivilegeByPrivilegeName', byName)).json.RolePrivileges).to.deep.equal(
      [],
    );
    await admin.send('POST', `teams(${team})/${type}AddMembersTeam`, {
      Members: [{ '@odata.type': `${type}systemuser`, systemuserid: user.id }],
    });
    const [held] = (await call('RetrieveUserPrivilegeByPrivilegeName', byName)).json.RolePrivileges;
    expect(held).to.include({ Depth: 'Global', PrivilegeName: 'prvReadIncident', BusinessUnitId: root });
    expect((await user.get('incidents')).status).to.equal(200);
    const some = await call(
      'RetrieveUserSetOfPrivilegesByNames',
      '(PrivilegeNames=@p)?@p=["prvReadIncident","prvReadAccount","prvDeleteIncident"]',
    );
    expect(
      some.json.RolePrivileges.map((each: { PrivilegeName: string }) => each.PrivilegeName),
    ).to.have.members(['prvReadIncident', 'prvReadAccount']);
    const all = await call('RetrieveUserPrivileges', '()');
    const [row] = all.json.RolePrivileges;
    expect(Object.keys(row)).to.deep.equal([
      ...['Depth', 'PrivilegeId', 'BusinessUnitId', 'PrivilegeName', 'RecordFilterId'],
      'RecordFilterUniqueName',
    ]);
    const byObject = await admin.get(`RetrieveAadUserPrivileges(DirectoryObjectId=${user.user.objectId})`);
    expect(byObject.json.RolePrivileges).to.have.length(all.json.RolePrivileges.length);
  });

  it('a custom activity shares the privileges of all activities: adding and deleting it changes no role', async () => {
    const customizer = (await admin.get("roles?$filter=name eq 'System Customizer'")).json.value[0].roleid;
    const levels = async () => (await admin.get(`RetrieveRolePrivilegesRole(RoleId=${customizer})`)).json;
    const before = await levels();
    const subject = columnDefinition('String', 'Subject', { IsPrimaryName: true, MaxLength: 100 });
    const body = tableDefinition('new_Visit', { IsActivity: true, Attributes: [subject] });
    expect((await admin.send('POST', 'EntityDefinitions', body)).status).to.equal(204);
    expect(await levels()).to.deep.equal(before);
    const deleted = await admin.send('DELETE', "EntityDefinitions(LogicalName='new_visit')");
    expect(deleted.status).to.equal(204);
    expect(await levels()).to.deep.equal(before);
    expect((await user.get('tasks')).status).to.equal(200);
  });

  it('roles, privileges and memberships are rows: sets, links and FetchXML', async () => {
    const { json } = await admin.get(
      `systemusers(${user.id})?$select=fullname&$expand=systemuserroles_association($select=name)`,
    );
    expect(json.systemuserroles_association.map((role: { name: string }) => role.name)).to.deep.equal([
      'Basic User',
    ]);
    const pairs = await admin.get(`systemuserrolescollection?$filter=systemuserid eq ${user.id}`);
    expect(pairs.json.value).to.have.length(1);
    const fetchXml = `<fetch><entity name="roleprivileges"><attribute name="privilegedepthmask"/><link-entity name="privilege" from="privilegeid" to="privilegeid"><attribute name="name" alias="name"/><filter><condition attribute="name" operator="eq" value="prvReadAccount"/></filter></link-entity><link-entity name="role" from="parentrootroleid" to="roleid"><filter><condition attribute="name" operator="eq" value="Basic User"/></filter></link-entity></entity></fetch>`;
    const depths = await admin.get(`roleprivilegescollection?fetchXml=${encodeURIComponent(fetchXml)}`);
    expect(depths.json.value).to.have.length(1);
    expect(depths.json.value[0]).to.include({ privilegedepthmask: 1, name: 'prvReadAccount' });
    const refused = await admin.send('POST', 'systemuserrolescollection', {});
    expect(errorOf(refused)).to.deep.equal([400, '0x80040800']);
  });

  it('business units: the levels Local and Deep include the rows of their units', async () => {
    const unit = (name: string, parent: string) =>
      admin.create('businessunits', { name, 'parentbusinessunitid@odata.bind': `/businessunits(${parent})` });
    const north = await unit('North', root);
    const south = await unit('South', north);
    const roles = await admin.get(`roles?$filter=_businessunitid_value eq ${north}&$select=name`);
    expect(roles.json.value.map(({ name }: { name: string }) => name)).to.include('Basic User');
    const teams = await admin.get(`teams?$filter=_businessunitid_value eq ${south} and isdefault eq true`);
    expect(teams.json.value).to.have.length(1);
    const [southTeam] = teams.json.value;
    const role = (
      await admin.get(`roles?$filter=_businessunitid_value eq ${north} and name eq 'CSR Manager'`)
    ).json.value[0];
    await admin.send('PATCH', `systemusers(${user.id})`, {
      'businessunitid@odata.bind': `/businessunits(${north})`,
    });
    harness.sandbox.organization.setRoles(user.user, ['CSR Manager']);
    expect(role.parentrootroleid ?? role._parentrootroleid_value).to.be.a('string');
    const below = await admin.create('accounts', {
      name: 'South',
      'ownerid@odata.bind': `/teams(${southTeam.teamid})`,
    });
    const write = () => user.send('PATCH', `accounts(${below})`, { name: 'Renamed' });
    expect(errorOf(await write())).to.deep.equal([403, '0x80048306']);
    harness.sandbox.organization.setPrivilege(user.user, 'prvWriteAccount', 'Deep');
    expect((await write()).status).to.equal(204);
    const above = await admin.create('accounts', { name: 'Root' });
    expect(errorOf(await user.send('PATCH', `accounts(${above})`, { name: 'x' }))).to.deep.equal([
      403,
      '0x80048306',
    ]);
  });

  it('shares give rights to single rows; RevokeAccess and a deleted row end them', async () => {
    const account = await admin.create('accounts', { name: 'Shared' });
    const Target = { '@odata.type': `${type}account`, accountid: account };
    const Principal = { '@odata.type': `${type}systemuser`, systemuserid: user.id };
    const share = (mask: string) =>
      admin.send('POST', 'GrantAccess', { Target, PrincipalAccess: { Principal, AccessMask: mask } });
    expect((await user.get(`accounts(${account})`)).status).to.equal(403);
    await share('ReadAccess');
    expect((await user.get(`accounts(${account})?$select=name`)).json.name).to.equal('Shared');
    expect((await user.get('accounts')).json.value).to.have.length(1);
    expect((await user.send('PATCH', `accounts(${account})`, { name: 'x' })).status).to.equal(403);
    const forbidden = await user.send('POST', 'GrantAccess', {
      Target,
      PrincipalAccess: { Principal, AccessMask: 'WriteAccess' },
    });
    expect(errorOf(forbidden)).to.deep.equal([403, '0x80048306']);
    await share('WriteAccess');
    expect((await user.send('PATCH', `accounts(${account})`, { name: 'x' })).status).to.equal(204);
    const target = encodeURIComponent(JSON.stringify({ '@odata.id': `accounts(${account})` }));
    const shares = await admin.get(`RetrieveSharedPrincipalsAndAccess(Target=@t)?@t=${target}`);
    expect(shares.json.PrincipalAccesses).to.have.length(1);
    expect(shares.json.PrincipalAccesses[0].AccessMask).to.equal('ReadAccess, WriteAccess');
    const stored = await admin.get(`principalobjectaccessset?$filter=objectid eq ${account}`);
    expect(stored.json.value[0]).to.include({ accessrightsmask: 3, objecttypecode: 'account' });
    await admin.send('POST', 'RevokeAccess', { Target, Revokee: Principal });
    expect((await user.get(`accounts(${account})`)).status).to.equal(403);
    await share('ReadAccess');
    await admin.send('DELETE', `accounts(${account})`);
    const left = await admin.get(`principalobjectaccessset?$filter=objectid eq ${account}`);
    expect(left.json.value).to.deep.equal([]);
  });

  it('a row of a team, or shared with a team, is accessible to its members', async () => {
    const team = await admin.create('teams', { name: 'Owners' });
    const basic = (await admin.get("roles?$filter=name eq 'Basic User'")).json.value[0].roleid;
    await admin.send('POST', `teams(${team})/teamroles_association/$ref`, { '@odata.id': `roles(${basic})` });
    const owned = await admin.create('accounts', { name: 'Team', 'ownerid@odata.bind': `/teams(${team})` });
    expect((await user.get(`accounts(${owned})`)).status).to.equal(403);
    await admin.send('POST', `teams(${team})/teammembership_association/$ref`, {
      '@odata.id': `systemusers(${user.id})`,
    });
    expect((await user.get(`accounts(${owned})`)).status).to.equal(200);
    expect((await user.send('PATCH', `accounts(${owned})`, { name: 'x' })).status).to.equal(204);
    const access = await admin.create('teams', { name: 'Access', teamtype: 1 });
    const row = await admin.create('contacts', { lastname: 'Shared' });
    await admin.send('POST', 'GrantAccess', {
      Target: { '@odata.type': `${type}contact`, contactid: row },
      PrincipalAccess: {
        Principal: { '@odata.type': `${type}team`, teamid: access },
        AccessMask: 'ReadAccess',
      },
    });
    expect((await user.get(`contacts(${row})`)).status).to.equal(403);
    await admin.send('POST', `teams(${access})/teammembership_association/$ref`, {
      '@odata.id': `systemusers(${user.id})`,
    });
    expect((await user.get(`contacts(${row})`)).status).to.equal(200);
  });

  it('impersonation gives the privileges that both users have, for the rows of the impersonated user', async () => {
    const other = nextUser();
    const own = await other.create('accounts', { name: 'Of the other' });
    const as = { CallerObjectId: other.user.objectId };
    expect(errorOf(await user.get(`accounts(${own})`, as))).to.deep.equal([403, '0x80040220']);
    harness.sandbox.organization.setRoles(user.user, ['Basic User', 'Delegate']);
    expect((await user.get(`accounts(${own})`, as)).status).to.equal(200);
    expect((await admin.get(`accounts(${own})`, as)).status).to.equal(200);
    harness.sandbox.organization.setPrivilege(user.user, 'prvDeleteAccount', false);
    const denied = await user.send('DELETE', `accounts(${own})`, undefined, as);
    expect(denied.json.error.message).to.include('prvDeleteAccount');
    const asAdmin = { MSCRMCallerID: admin.id };
    expect((await user.get('incidents', asAdmin)).status).to.equal(403);
  });

  it('setRoles and setPrivilege reject unknown names with a suggestion', () => {
    const { organization } = harness.sandbox;
    expect(() => organization.setRoles(user.user, ['Basic Usr'])).to.throw(
      /There is no security role "Basic Usr"/,
    );
    expect(() => organization.setPrivilege(user.user, 'prvReadAcount', true)).to.throw(
      /no privilege "prvReadAcount"/,
    );
    expect(() => organization.setPrivilege(user.user, 'prvReadUser', 'Basic')).to.throw(
      /no access level "Basic"/,
    );
  });
});
