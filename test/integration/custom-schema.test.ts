import { expect } from 'chai';
import type { JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

const label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });
const column = (type: string, schemaName: string, rest: object = {}) => ({
  '@odata.type': `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
  SchemaName: schemaName,
  DisplayName: label(schemaName),
  ...rest,
});

/** Tables that are created over HTTP, as a deployment script does, and used by the client. */
describe('a table that was created over the Web API', () => {
  let fixture: SandboxClient;

  const post = async (path: string, body: object) => {
    const { organization } = fixture.sandbox;
    const response = await fetch(`${organization.origin}/api/data/v9.2/${path}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${fixture.sandbox.issueToken()}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.text()).to.equal(204);
  };
  const run = async (action: string, input: JsonObject) =>
    (await fixture.client.run(action, input)).output as JsonObject;

  before(async () => {
    fixture = await openSandboxClient();
    await post('EntityDefinitions', {
      SchemaName: 'new_Parcel',
      DisplayName: label('Parcel'),
      DisplayCollectionName: label('Parcels'),
      OwnershipType: 'UserOwned',
      ChangeTrackingEnabled: true,
      Attributes: [
        column('String', 'new_Name', { IsPrimaryName: true, MaxLength: 100 }),
        column('String', 'new_Code', { MaxLength: 20 }),
        column('Decimal', 'new_Weight', { Precision: 2 }),
        column('Picklist', 'new_Size', {
          OptionSet: {
            Options: ['Small', 'Large'].map((text, at) => ({ Value: at + 1, Label: label(text) })),
          },
        }),
      ],
    });
    const path = "EntityDefinitions(LogicalName='new_parcel')/Keys";
    await post(path, { SchemaName: 'new_CodeKey', KeyAttributes: ['new_code'] });
    await post('RelationshipDefinitions', {
      '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
      SchemaName: 'new_account_parcel',
      ReferencedEntity: 'account',
      ReferencingEntity: 'new_parcel',
      Lookup: column('Lookup', 'new_SenderId'),
    });
  });
  after(() => fixture.close());

  it('has a schema with its columns, choices and lookups', async () => {
    const schema = await fixture.client.tableSchema('new_parcel');
    expect(Object.keys(schema!.properties as object)).to.include.members([
      'new_name',
      'new_code',
      'new_weight',
      'new_size',
      'new_senderid',
    ]);
  });

  it('is written and read by the actions for any table', async () => {
    const sender = await run('account.create', { name: 'Fabrikam' });
    const values = { new_name: 'First', new_code: 'P-1', new_weight: 1.5, new_size: 2 };
    const { id } = await run('record.create', {
      table: 'new_parcel',
      values: { ...values, new_senderid: { table: 'account', id: sender.id! } },
    });
    await run('record.update', { table: 'new_parcel', id: id!, values: { new_weight: 2.25 } });
    const row = fixture.sandbox.organization.store.read('new_parcel', String(id))?.values;
    expect(row).to.deep.include({
      ...values,
      new_weight: '2.25',
      new_senderid: { table: 'account', id: sender.id },
    });
    const read = await run('record.get', { table: 'new_parcel', id: id! });
    expect(JSON.stringify(read)).to.contain('First').and.to.contain('P-1');
  });
});
