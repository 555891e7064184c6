import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: rows of platform tables', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  it('return managed properties as objects, after all other columns', () => {
    const role = fixture.create('roles', { name: 'Reader' });
    const { json } = fixture.get(`roles(${role})`);
    const managed = (name: string, value: boolean) => ({
      Value: value,
      CanBeChanged: true,
      ManagedPropertyLogicalName: name,
    });
    expect(json.iscustomizable).to.deep.equal(managed('iscustomizableanddeletable', true));
    expect(Object.keys(json).slice(-2)).to.have.members(['iscustomizable', 'canbedeleted']);
    fixture.send('PATCH', `roles(${role})`, { canbedeleted: managed('canbedeleted', false) });
    const changed = fixture.get(`roles?$select=canbedeleted&$filter=roleid eq ${role}`).json.value[0];
    expect(changed.canbedeleted).to.deep.equal(managed('canbedeleted', false));
    expect(fixture.send('PATCH', `roles(${role})`, { canbedeleted: 'no' }).status).to.equal(400);
    expect(fixture.get('$metadata').text).to.include('Type="mscrm.BooleanManagedProperty"');
  });

  it('of system jobs have no version and no ETag', () => {
    const job = fixture.create('asyncoperations', { name: 'Import' });
    const { json, headers } = fixture.get(`asyncoperations(${job})`);
    expect(json).to.include({ name: 'Import', executiontimespan: null, sequence: null });
    expect(json).not.to.have.any.keys('@odata.etag', 'versionnumber');
    expect(headers).not.to.have.property('ETag');
    expect(fixture.get('asyncoperations?$select=versionnumber').status).to.equal(400);
    const [, type = ''] =
      /<EntityType Name="asyncoperation"(.*?)<\/EntityType>/s.exec(fixture.get('$metadata').text) ?? [];
    expect(type).to.include('Name="executiontimespan"').and.not.include('Name="versionnumber"');
  });

  it('have an ETag in expanded rows of a list only when all columns are read', () => {
    const publisher = fixture.create('publishers', {
      uniquename: 'contoso',
      friendlyname: 'Contoso',
      customizationprefix: 'cts',
    });
    fixture.create('solutions', {
      uniquename: 'Parcels',
      friendlyname: 'Parcels',
      version: '1.0',
      'publisherid@odata.bind': `/publishers(${publisher})`,
    });
    const expanded = (options: string) =>
      fixture.get(`solutions?$expand=publisherid${options}`).json.value[0].publisherid;
    expect(expanded('')).to.include.keys('@odata.etag', 'address1_city', '_organizationid_value');
    expect(expanded('($select=uniquename)')).not.to.have.property('@odata.etag');
  });
});
