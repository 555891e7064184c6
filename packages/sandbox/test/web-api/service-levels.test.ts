import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: service level agreements', () => {
  let fixture: WebApiFixture;
  let account: string;

  beforeEach(() => {
    fixture = createWebApiFixture();
    account = fixture.create('accounts', { name: 'Contoso' });
  });
  afterEach(() => fixture.store.close());

  function createSla(sla: object = {}): string {
    const id = fixture.create('slas', {
      name: 'Gold',
      applicablefrom: 'createdon',
      primaryentityotc: 112,
      allowpauseresume: true,
      ...sla,
    });
    for (const [relatedfield, warnafter, failureafter] of [
      ['firstresponsebykpiid', 30, 60],
      ['resolvebykpiid', 240, 480],
    ] as const) {
      const item = { name: relatedfield, relatedfield, warnafter, failureafter, applicablewhenxml: '' };
      fixture.create('slaitems', { ...item, successconditionsxml: '', 'slaid@odata.bind': `/slas(${id})` });
    }
    fixture.send('PATCH', `slas(${id})`, { statecode: 1, statuscode: 2 });
    return id;
  }
  const createCase = (body: object = {}): string =>
    fixture.create('incidents', {
      title: 'Printer',
      'customerid_account@odata.bind': `/accounts(${account})`,
      ...body,
    });
  const kpis = (id: string) =>
    fixture.get(
      `slakpiinstances?$select=name,status,failuretime,warningtime,succeededon&$filter=_regarding_value eq ${id}&$orderby=failuretime`,
    ).json.value;
  const statuses = (id: string) => kpis(id).map(({ status }: { status: number }) => status);
  const passMinutes = (minutes: number) => {
    fixture.clock.now += minutes * 60_000;
  };
  const close = (id: string) =>
    fixture.send('POST', 'CloseIncident', {
      IncidentResolution: { subject: 'Done', 'incidentid@odata.bind': `/incidents(${id})` },
      Status: 5,
    });

  it('a case with an active SLA gets an instance of each KPI with its deadlines', () => {
    const sla = createSla();
    const id = createCase({ 'slaid_sla@odata.bind': `/slas(${sla})` });
    const [first, resolve] = kpis(id);
    expect(first).to.include({
      name: 'First Response By KPI',
      status: 0,
      warningtime: '2024-05-01T08:30:00Z',
      failuretime: '2024-05-01T09:00:00Z',
    });
    expect(resolve).to.include({ name: 'Resolve By KPI', failuretime: '2024-05-01T16:00:00Z' });
    const { json } = fixture.get(`incidents(${id})`);
    expect(json).to.include({
      _slainvokedid_value: sla,
      responseby: '2024-05-01T09:00:00Z',
      resolveby: '2024-05-01T16:00:00Z',
      firstresponseslastatus: 1,
      _firstresponsebykpiid_value: first.slakpiinstanceid,
      _resolvebykpiid_value: resolve.slakpiinstanceid,
    });
  });

  it('the default SLA applies to a case that names none; a case has no KPI without one', () => {
    expect(kpis(createCase())).to.deep.equal([]);
    createSla({ isdefault: true });
    expect(statuses(createCase())).to.deep.equal([0, 0]);
  });

  it('an SLA in draft cannot be applied', () => {
    const draft = fixture.create('slas', {
      name: 'Draft',
      applicablefrom: 'createdon',
      primaryentityotc: 112,
    });
    const { status, json } = fixture.send('POST', 'incidents', {
      title: 'Printer',
      'customerid_account@odata.bind': `/accounts(${account})`,
      'slaid_sla@odata.bind': `/slas(${draft})`,
    });
    expect([status, json.error.code]).to.deep.equal([400, '0x80055001']);
    expect(fixture.get('incidents').json.value).to.deep.equal([]);
  });

  it('the clock moves a KPI to nearing noncompliance and to noncompliant', () => {
    const id = createCase({ 'slaid_sla@odata.bind': `/slas(${createSla()})` });
    passMinutes(30);
    expect(statuses(id)).to.deep.equal([2, 0]);
    expect(fixture.get(`incidents(${id})`).json.firstresponseslastatus).to.equal(2);
    passMinutes(30);
    expect(statuses(id)).to.deep.equal([1, 0]);
    expect(fixture.get(`incidents(${id})`).json).to.include({
      firstresponseslastatus: 4,
      modifiedon: '2024-05-01T09:00:00Z',
    });
    passMinutes(600);
    expect(statuses(id)).to.deep.equal([1, 1]);
  });

  it('a first response in time succeeds its KPI, and resolving the case the other one', () => {
    const id = createCase({ 'slaid_sla@odata.bind': `/slas(${createSla()})` });
    passMinutes(10);
    fixture.send('PATCH', `incidents(${id})`, { firstresponsesent: true });
    expect(kpis(id)[0]).to.include({ status: 4, succeededon: '2024-05-01T08:10:00Z' });
    expect(fixture.get(`incidents(${id})`).json.firstresponseslastatus).to.equal(3);
    passMinutes(600);
    expect(close(id).status).to.equal(204);
    expect(statuses(id)).to.deep.equal([4, 1]);
  });

  it('resolving a case in time succeeds its KPI; canceling it cancels those that are open', () => {
    const sla = createSla();
    const resolved = createCase({ 'slaid_sla@odata.bind': `/slas(${sla})` });
    close(resolved);
    expect(statuses(resolved)).to.deep.equal([0, 4]);
    const canceled = createCase({ 'slaid_sla@odata.bind': `/slas(${sla})` });
    fixture.send('PATCH', `incidents(${canceled})`, { statecode: 2, statuscode: 6 });
    expect(statuses(canceled)).to.deep.equal([5, 5]);
  });

  it('on hold pauses the KPIs, and their deadlines move by the pause', () => {
    const id = createCase({ 'slaid_sla@odata.bind': `/slas(${createSla()})` });
    passMinutes(20);
    fixture.send('PATCH', `incidents(${id})`, { statuscode: 2 });
    expect(statuses(id)).to.deep.equal([3, 3]);
    passMinutes(100);
    expect(statuses(id)).to.deep.equal([3, 3]);
    fixture.send('PATCH', `incidents(${id})`, { statuscode: 1 });
    expect(kpis(id)[0]).to.include({ status: 0, failuretime: '2024-05-01T10:40:00Z' });
    expect(fixture.get(`incidents(${id})`).json).to.include({
      onholdtime: 100,
      lastonholdtime: '2024-05-01T08:20:00Z',
      responseby: '2024-05-01T10:40:00Z',
    });
  });

  it('an SLA that does not allow pauses counts the time on hold', () => {
    const sla = createSla({ allowpauseresume: false });
    const id = createCase({ 'slaid_sla@odata.bind': `/slas(${sla})` });
    fixture.send('PATCH', `incidents(${id})`, { statuscode: 2 });
    passMinutes(90);
    expect(statuses(id)).to.deep.equal([1, 0]);
  });

  it('another SLA cancels the KPIs of the first', () => {
    const id = createCase({ 'slaid_sla@odata.bind': `/slas(${createSla()})` });
    const other = createSla({ name: 'Silver' });
    fixture.send('PATCH', `incidents(${id})`, { 'slaid_sla@odata.bind': `/slas(${other})` });
    expect(statuses(id).toSorted()).to.deep.equal([0, 0, 5, 5]);
    expect(fixture.get(`incidents(${id})`).json._slainvokedid_value).to.equal(other);
  });
});
