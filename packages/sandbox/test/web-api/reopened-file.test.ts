import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { setRoles } from '../../src/security/member-roles.ts';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('organization stored in a file: reopening', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-lasting-'));
  const file = join(folder, 'org.db');
  let fixture: WebApiFixture;

  const again = () => {
    fixture.store.close();
    fixture = createWebApiFixture(file);
  };
  const fileColumn = {
    logicalName: 'new_file',
    schemaName: 'new_File',
    displayName: 'File',
    type: 'File',
    required: 'None',
    validForCreate: true,
    validForUpdate: true,
  } as const;

  before(() => {
    fixture = createWebApiFixture(file);
    fixture.store.addColumn('account', fileColumn);
  });
  after(() => {
    fixture.store.close();
    rmSync(folder, { recursive: true });
  });

  it('keeps the bytes of files until they are deleted', () => {
    const column = `accounts(${fixture.create('accounts', { name: 'A' })})/new_file`;
    fixture.send('PATCH', `${column}?x-ms-file-name=a.bin`, new Uint8Array([1, 2, 255]));
    again();
    expect(fixture.get(`${column}/$value`).headers['x-ms-file-name']).to.equal('a.bin');
    expect(fixture.get(`${column}/$value`).headers['x-ms-file-size']).to.equal('3');
    fixture.send('DELETE', column);
    again();
    expect(fixture.get(`${column}/$value`).status).to.equal(404);
  });

  it('keeps shares', () => {
    const account = fixture.create('accounts', { name: 'A' });
    const user = fixture.create('systemusers', {
      firstname: 'Bob',
      lastname: 'B',
      domainname: 'bob@contoso.test',
    });
    setRoles(fixture.store, user, ['Basic User']);
    const body = {
      Target: { '@odata.type': 'Microsoft.Dynamics.CRM.account', accountid: account },
      PrincipalAccess: {
        AccessMask: 'ReadAccess, WriteAccess',
        Principal: { '@odata.type': 'Microsoft.Dynamics.CRM.systemuser', systemuserid: user },
      },
    };
    expect(fixture.send('POST', 'GrantAccess', body).status).to.equal(204);
    again();
    const target = encodeURIComponent(`{'@odata.id':'accounts(${account})'}`);
    const { json } = fixture.get(
      `systemusers(${user})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t=${target}`,
    );
    expect(json.AccessRights).to.equal('ReadAccess, WriteAccess');
  });

  it('keeps the validity of delta links', () => {
    const link = () =>
      fixture.get('accounts?$select=name', { Prefer: 'odata.track-changes' }).json['@odata.deltaLink'];
    const old = link();
    fixture.webApi.expireDeltaTokens();
    const validLink = link();
    again();
    expect(fixture.get(old).json.error.code).to.equal('0x80044352');
    expect(fixture.get(validLink).status).to.equal(200);
  });
});
