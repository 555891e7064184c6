import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: entitlements', () => {
  let fixture: WebApiFixture;
  let account: string;
  beforeEach(() => {
    fixture = createWebApiFixture();
    account = fixture.create('accounts', { name: 'Contoso' });
  });
  afterEach(() => fixture.store.close());

  const body = (rest: object = {}) => ({
    name: 'Gold',
    'customerid_account@odata.bind': `/accounts(${account})`,
    startdate: '2024-05-01',
    enddate: '2024-05-31',
    totalterms: 2,
    decreaseremainingon: 1,
    ...rest,
  });
  const create = (rest?: object) => fixture.create('entitlements', body(rest));
  const patch = (id: string, values: object) => fixture.send('PATCH', `entitlements(${id})`, values);
  const activate = (id: string) => patch(id, { statecode: 1, statuscode: 1 });
  const read = (id: string) => fixture.get(`entitlements(${id})`).json;
  const caseBody = (entitlement: string, rest: object = {}) => ({
    title: 'Printer',
    'customerid_account@odata.bind': `/accounts(${account})`,
    'entitlementid@odata.bind': `/entitlements(${entitlement})`,
    ...rest,
  });
  const code = ({ status, json }: { status: number; json: { error?: { code: string } } }) =>
    status < 400 ? status : json.error?.code;
  const days = (count: number) => {
    fixture.clock.now += count * 86_400_000;
  };

  it('a new entitlement is a draft with all its terms', () => {
    const entitlement = read(create());
    expect(entitlement).to.include({ statecode: 0, statuscode: 0, totalterms: 2, remainingterms: 2 });
  });

  for (const [what, rest, expected] of [
    ['more remaining terms than terms', { remainingterms: 3 }, '0x80060624'],
    ['a part of a case', { totalterms: 1.5 }, '0x80060619'],
    ['an end before its start', { enddate: '2024-04-30' }, '0x80060600'],
  ] as const) {
    it(`refuses an entitlement with ${what}`, () => {
      expect(code(fixture.send('POST', 'entitlements', body(rest)))).to.equal(expected);
    });
  }

  it('expires after its last day, also if its activation was committed late', () => {
    const id = create();
    fixture.store.commitLater(fixture.clock.now + 60_000, () => activate(id));
    fixture.create('accounts', { name: 'Fabrikam' });
    expect(read(id)).to.include({ statecode: 0 });
    fixture.clock.now += 60_000;
    expect(read(id)).to.include({ statecode: 1 });
    days(40);
    expect(read(id)).to.include({ statecode: 3 });
  });

  it('only a draft can be edited, activated or deleted', () => {
    const id = create();
    expect(activate(id).status).to.equal(204);
    expect(code(patch(id, { totalterms: 9 }))).to.equal('0x80060613');
    expect(code(activate(id))).to.equal('0x80060615');
    expect(code(fixture.send('DELETE', `entitlements(${id})`))).to.equal('0x80060601');
    expect(code(patch(id, { statecode: 3, statuscode: 3 }))).to.equal('0x80060618');
    expect(patch(id, { statecode: 2, statuscode: 2 }).status).to.equal(204);
    expect(code(patch(id, { statecode: 2, statuscode: 2 }))).to.equal('0x80044208');
    expect(code(activate(id))).to.equal('0x80060606');
  });

  it('a draft cannot be canceled, and terms cannot be blank when it is activated', () => {
    const id = create({ totalterms: undefined });
    expect(code(patch(id, { statecode: 2, statuscode: 2 }))).to.equal('0x80060607');
    expect(code(activate(id))).to.equal('0x80060622');
  });

  it('waits for its first day, and expires after its last', () => {
    const id = create({ startdate: '2024-05-03' });
    activate(id);
    expect(read(id)).to.include({ statecode: 4, statuscode: 1200 });
    days(2);
    expect(read(id)).to.include({ statecode: 1, modifiedon: '2024-05-03T00:00:00Z' });
    days(28);
    expect(read(id).statecode).to.equal(1);
    days(1);
    expect(read(id)).to.include({ statecode: 3, statuscode: 3 });
  });

  it('a case takes a term when it is created, and none is left for a third', () => {
    const id = create({ restrictcasecreation: true });
    activate(id);
    fixture.create('incidents', caseBody(id));
    expect(read(id).remainingterms).to.equal(1);
    fixture.create('incidents', caseBody(id));
    expect(code(fixture.send('POST', 'incidents', caseBody(id)))).to.equal('0x80060609');
    expect(read(id).remainingterms).to.equal(0);
  });

  it('a case takes a term when it is resolved, unless it does not count', () => {
    const id = create({ decreaseremainingon: 0 });
    activate(id);
    const close = (incident: string) =>
      fixture.send('POST', 'CloseIncident', {
        IncidentResolution: { subject: 'Done', 'incidentid@odata.bind': `/incidents(${incident})` },
        Status: 5,
      });
    const first = fixture.create('incidents', caseBody(id));
    expect(read(id).remainingterms).to.equal(2);
    close(first);
    expect(read(id).remainingterms).to.equal(1);
    close(fixture.create('incidents', caseBody(id, { decremententitlementterm: false })));
    expect(read(id).remainingterms).to.equal(1);
  });

  it('hours are taken by the billable time of the resolution', () => {
    const id = create({ decreaseremainingon: 0, allocationtypecode: 1, totalterms: 10.5 });
    activate(id);
    const incident = fixture.create('incidents', caseBody(id));
    const resolution = { subject: 'Done', timespent: 90, 'incidentid@odata.bind': `/incidents(${incident})` };
    fixture.send('POST', 'CloseIncident', { IncidentResolution: resolution, Status: 5 });
    expect(read(id).remainingterms).to.equal(9);
  });

  it('terms of a case origin belong to a draft, are part of its terms, and are taken too', () => {
    const id = create();
    const channel = { channel: 2, 'entitlementid@odata.bind': `/entitlements(${id})` };
    expect(code(fixture.send('POST', 'entitlementchannels', { ...channel, totalterms: 3 }))).to.equal(
      '0x80060605',
    );
    expect(code(fixture.send('POST', 'entitlementchannels', { channel: 2, totalterms: 1 }))).to.equal(
      '0x80060612',
    );
    const channelId = fixture.create('entitlementchannels', { ...channel, totalterms: 1 });
    activate(id);
    expect(code(fixture.send('DELETE', `entitlementchannels(${channelId})`))).to.equal('0x80060603');
    fixture.create('incidents', caseBody(id, { caseorigincode: 2 }));
    fixture.create('incidents', caseBody(id, { caseorigincode: 1 }));
    expect(fixture.get(`entitlementchannels(${channelId})`).json.remainingterms).to.equal(0);
    expect(read(id).remainingterms).to.equal(0);
  });

  it('a case needs an active entitlement of its customer', () => {
    const id = create();
    expect(code(fixture.send('POST', 'incidents', caseBody(id)))).to.equal('0x80060616');
    activate(id);
    const other = fixture.create('accounts', { name: 'Fabrikam' });
    const customer = { 'customerid_account@odata.bind': `/accounts(${other})` };
    expect(code(fixture.send('POST', 'incidents', caseBody(id, customer)))).to.equal('0x8004f866');
  });

  it('a case gets the default entitlement of its customer and its SLA', () => {
    const sla = fixture.create('slas', { name: 'Gold', applicablefrom: 'createdon', primaryentityotc: 112 });
    fixture.send('PATCH', `slas(${sla})`, { statecode: 1, statuscode: 2 });
    const id = create({ isdefault: true, 'slaid@odata.bind': `/slas(${sla})` });
    activate(id);
    const customer = { 'customerid_account@odata.bind': `/accounts(${account})` };
    const incident = fixture.create('incidents', { title: 'Printer', ...customer });
    expect(fixture.get(`incidents(${incident})`).json).to.include({
      _entitlementid_value: id,
      _slainvokedid_value: sla,
    });
  });

  it('an expired entitlement can be renewed for the same time, others cannot', () => {
    const id = create();
    const renew = (status: number) =>
      fixture.send('POST', `entitlements(${id})/Microsoft.Dynamics.CRM.RenewEntitlement`, { Status: status });
    activate(id);
    expect(code(renew(0))).to.equal('0x80060610');
    days(31);
    const { status, json } = renew(1);
    expect(status).to.equal(200);
    expect(json).to.include({ name: 'Gold', statecode: 1, remainingterms: 2 });
    expect([json.startdate, json.enddate]).to.deep.equal(['2024-06-01T00:00:00Z', '2024-07-01T00:00:00Z']);
    expect(json['@odata.context']).to.match(/\$metadata#entitlements\/\$entity$/);
  });
});
