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

  it('compose the address of the selected columns in lists, and of all columns otherwise', () => {
    const contact = fixture.create('contacts', {
      lastname: 'Maes',
      ...{ address2_line1: '5 Quay', address2_line2: 'Dock 2', address2_city: 'Ghent' },
      ...{
        address2_stateorprovince: 'East Flanders',
        address2_postalcode: '9000',
        address2_country: 'Belgium',
      },
    });
    const all = () => fixture.get(`contacts(${contact})?$select=address2_composite`).json.address2_composite;
    expect(all()).to.equal('5 Quay\r\nDock 2\r\nGhent, East Flanders 9000\r\nBelgium');
    const filter = `$filter=contactid eq ${contact}`;
    const some = fixture.get(`contacts?$select=address2_city,address2_country&${filter}`).json.value[0];
    expect(some).to.include({ address2_composite: 'Ghent\r\nBelgium' });
    fixture.send('PATCH', `contacts(${contact})`, { address2_line2: null, address2_stateorprovince: null });
    expect(all()).to.equal('5 Quay\r\nGhent 9000\r\nBelgium');
  });

  it('of a new activity are null where only the base of activities defines them', () => {
    const task = fixture.get(`tasks(${fixture.create('tasks', { subject: 'Call back' })})`).json;
    expect(task).to.include({ leftvoicemail: null, instancetypecode: null, deliveryprioritycode: null });
    expect(task).to.include({ ismapiprivate: null, isbilled: false, prioritycode: 1 });
    const call = fixture.get(`phonecalls(${fixture.create('phonecalls', { subject: 'Call' })})`).json;
    expect(call).to.include({ leftvoicemail: false, instancetypecode: null, directioncode: true });
  });

  it('of an activity have its duration, and a task without a start starts when it is due', () => {
    const [start, end] = ['2024-05-02T09:00:00Z', '2024-05-02T09:30:00Z'];
    const task = fixture.create('tasks', { subject: 'Review', scheduledend: end });
    const read = () => fixture.get(`tasks(${task})`).json;
    expect(read()).to.include({ scheduledstart: end, scheduledend: end, scheduleddurationminutes: 0 });
    fixture.send('PATCH', `tasks(${task})`, { scheduledstart: start });
    expect(read()).to.include({ scheduledstart: start, scheduleddurationminutes: 30 });
    const call = fixture.create('phonecalls', { subject: 'Call', scheduledend: end });
    expect(fixture.get(`phonecalls(${call})`).json).to.include({ scheduledstart: null });
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
