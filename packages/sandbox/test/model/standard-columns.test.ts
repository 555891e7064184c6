import { expect } from 'chai';
import { isLookup } from '../../src/model/attribute.ts';
import { createStandardModel } from '../../src/model/standard-model.ts';
import type { Attribute } from '../../src/model/types.ts';

describe('createStandardModel: columns', () => {
  const model = createStandardModel();
  const columns = [...model.tables.values()].flatMap(({ logicalName, attributes }) =>
    attributes.map((attribute) => ({ path: `${logicalName}.${attribute.logicalName}`, attribute })),
  );
  const paths = (test: (attribute: Attribute) => boolean) =>
    columns.filter(({ attribute }) => test(attribute)).map(({ path }) => path);
  const column = (path: string): Attribute => {
    const found = columns.find((each) => each.path === path);
    if (!found) throw new Error(`The model has no column ${path}.`);
    return found.attribute;
  };

  it('types every address code as a choice with options', () => {
    const codes = /^address\d_(addresstype|freightterms|shippingmethod)code$/;
    expect(paths(({ logicalName, type }) => codes.test(logicalName) && type === 'Integer')).to.deep.equal([]);
    expect(column('account.address1_addresstypecode').options?.map(({ label }) => label)).to.deep.equal([
      ...['Bill To', 'Ship To', 'Primary', 'Other'],
    ]);
  });

  it('gives every choice at least one option', () => {
    expect(paths(({ type, options }) => type === 'Picklist' && !options?.length)).to.deep.equal([]);
  });

  it('labels both values of a Yes/No column whose labels are not No and Yes', () => {
    expect(column('account.donotemail').options?.map(({ label }) => label)).to.deep.equal([
      ...['Allow', 'Do Not Allow'],
    ]);
    expect(
      paths(({ type, options }) => type === 'Boolean' && options !== undefined && options.length !== 2),
    ).to.deep.equal([]);
  });

  it('requires the owner and the state of every row', () => {
    const isSystem = ({ type }: Attribute) => type === 'Owner' || type === 'State';
    expect(
      paths((attribute) => isSystem(attribute) && attribute.required !== 'SystemRequired'),
    ).to.deep.equal([]);
  });

  it('knows the targets of the lookups that every organization has', () => {
    expect(column('account.slaid').targets).to.deep.equal([{ table: 'sla', navigation: 'slaid' }]);
    const regarding = column('appointment.regardingobjectid').targets?.map(({ table }) => table);
    expect(regarding).to.include.members(['account', 'contact', 'incident', 'lead']);
    const withoutTarget = paths((attribute) => isLookup(attribute) && !attribute.targets);
    expect(
      withoutTarget.filter((path) => !/^audit\.|\.(adx|msdyn|msfp|mspp|msa|cr17b)\w*_/.test(path)),
    ).to.deep.equal([]);
  });

  it('names columns with the casing and the labels of organizations', () => {
    expect(column('account.address1_city')).to.include({
      schemaName: 'Address1_City',
      displayName: 'Address 1: City',
    });
    expect(column('account.websiteurl')).to.include({ format: 'Url' });
  });

  it('limits numbers and marks what only the system writes', () => {
    expect(column('account.address1_latitude')).to.include({ min: -90, max: 90, precision: 5 });
    expect(column('incident.escalatedon')).to.include({ validForCreate: false, validForUpdate: false });
    expect(column('account.statecode')).to.include({ validForCreate: false, validForUpdate: true });
  });

  it('fills new rows with the defaults of organizations', () => {
    expect(column('incident.routecase').default).to.equal(true);
    expect(column('contact.address2_shippingmethodcode').default).to.equal(1);
  });
});
