import { expect } from 'chai';
import { createWebApiFixture } from './fixture.ts';

describe('Web API: columns of a row', () => {
  const fixture = createWebApiFixture();
  const namesOf = (path: string): string[] =>
    Object.keys(fixture.get(path).json).filter((name) => !name.includes('@'));

  it('have one order for a table, whatever the order of $select', () => {
    const contact = fixture.create('contacts', { firstname: 'Ann', lastname: 'Lee' });
    const order = [
      'fullname',
      'emailaddress1',
      'contactid',
      'firstname',
      'jobtitle',
      'modifiedon',
      'lastname',
    ];
    for (const selected of [order, [...order].reverse()]) {
      expect(namesOf(`contacts(${contact})?$select=${selected}`)).to.deep.equal(order);
    }
    const all = namesOf(`contacts(${contact})`);
    expect(all.filter((name) => order.includes(name))).to.deep.equal(order);
  });

  it('begin with the shared columns of activities', () => {
    const task = fixture.create('tasks', { subject: 'Call', category: 'a' });
    expect(namesOf(`tasks(${task})?$select=category,subject,percentcomplete,_ownerid_value`)).to.deep.equal([
      'activityid',
      'subject',
      '_ownerid_value',
      'percentcomplete',
      'category',
    ]);
  });

  it('of users and teams begin with ownerid', () => {
    expect(namesOf(`systemusers(${fixture.userId})?$select=systemuserid,fullname`)).to.deep.equal([
      'ownerid',
      'fullname',
      'systemuserid',
    ]);
  });

  it('include the composite address with an address column, in lists only', () => {
    const contact = fixture.create('contacts', { lastname: 'Lee', address1_city: 'Ghent' });
    expect(namesOf(`contacts(${contact})?$select=address1_city`)).to.not.include('address1_composite');
    expect(fixture.get('contacts?$select=address1_city').json.value[0]).to.include.keys('address1_composite');
  });

  it('of a new row have the values that Dataverse adds', () => {
    const contact = fixture.create('contacts', { firstname: 'Ann', lastname: 'Lee' });
    expect(fixture.get(`contacts(${contact})`).json).to.include({ yomifullname: 'Ann Lee' });
    const note = fixture.create('annotations', { subject: 'Note' });
    expect(fixture.get(`annotations(${note})`).json).to.include({ filesize: 0, isdocument: false });
  });

  it('of an e-mail include the safe description with the description', () => {
    const email = fixture.create('emails', { subject: 'Hello', description: '<p>Hi</p>' });
    const { json } = fixture.get(`emails(${email})?$select=description`);
    expect(json).to.include({ description: '<p>Hi</p>', isunsafe: 0 });
    expect(json.safedescription).to.match(
      /^<html>\r\n<head>\r\n.*<body>\r\n<p>Hi<\/p>\r\n<\/body>\r\n<\/html>\r\n$/s,
    );
    expect(namesOf(`emails(${email})?$select=subject`)).to.deep.equal(['activityid', 'subject']);
  });
});
