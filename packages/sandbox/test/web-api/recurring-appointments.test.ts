import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

const daily = 0;
const weekly = 1;
const monthly = 2;
const yearly = 3;
const namespace = 'Microsoft.Dynamics.CRM';

describe('Web API: recurring appointments', () => {
  let fixture: WebApiFixture;
  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  /** A series from Wednesday, May 1, 2024. */
  const createSeries = (body: object) =>
    fixture.create('recurringappointmentmasters', {
      subject: 'Stand-up',
      interval: 1,
      patternstartdate: '2024-05-01',
      starttime: '2024-05-01T09:00:00Z',
      endtime: '2024-05-01T09:30:00Z',
      patternendtype: 2,
      occurrences: 4,
      ...body,
    });
  const instances = (series: string) =>
    fixture.get(`appointments?$filter=seriesid eq ${series}&$orderby=scheduledstart`).json.value;
  const days = (series: string) =>
    instances(series).map((each: { scheduledstart: string }) => each.scheduledstart.slice(0, 10));

  it('a new series creates its instances, with its values and attendees', () => {
    const contact = fixture.create('contacts', { lastname: 'Lee' });
    const series = createSeries({
      recurrencepatterntype: weekly,
      daysofweekmask: 16,
      location: 'Room 1',
      recurringappointmentmaster_activity_parties: [
        { 'partyid_contact@odata.bind': `/contacts(${contact})`, participationtypemask: 5 },
      ],
    });
    const [first, ...others] = instances(series);
    expect(others).to.have.length(3);
    expect(first).to.include({
      subject: 'Stand-up',
      location: 'Room 1',
      scheduledstart: '2024-05-02T09:00:00Z',
      scheduledend: '2024-05-02T09:30:00Z',
      originalstartdate: '2024-05-02T09:00:00Z',
      scheduleddurationminutes: 30,
      instancetypecode: 2,
      statecode: 3,
    });
    const parties = fixture.get(`appointments(${first.activityid})/appointment_activity_parties`).json.value;
    expect(parties).to.have.length(1);
    expect(parties[0]._partyid_value).to.equal(contact);
    expect(fixture.get(`recurringappointmentmasters(${series})`).json).to.include({
      instancetypecode: 1,
      seriesid: series,
      duration: 30,
      effectivestartdate: '2024-05-02T00:00:00Z',
      expansionstatecode: 2,
      lastexpandedinstancedate: '2024-05-23T09:00:00Z',
    });
  });

  const cases: readonly (readonly [string, object, readonly string[]])[] = [
    ['every second day', { recurrencepatterntype: daily, interval: 2, occurrences: 3 }, ['01', '03', '05']],
    ['Monday to Friday', { recurrencepatterntype: weekly, isweekdaypattern: true }, ['01', '02', '03', '06']],
    [
      'Tuesdays and Wednesdays of every second week',
      { recurrencepatterntype: weekly, interval: 2, daysofweekmask: 12, occurrences: 3 },
      ['01', '14', '15'],
    ],
    [
      'until a date',
      { recurrencepatterntype: daily, patternendtype: 3, patternenddate: '2024-05-02' },
      ['01', '02'],
    ],
    ['the 31st', { recurrencepatterntype: monthly, dayofmonth: 31, occurrences: 2 }, ['31', '2024-06-30']],
    [
      'the second Tuesday',
      { recurrencepatterntype: monthly, isnthmonthly: true, instance: 2, daysofweekmask: 4, occurrences: 2 },
      ['14', '2024-06-11'],
    ],
    [
      'the last weekday of May',
      {
        recurrencepatterntype: yearly,
        isnthyearly: true,
        instance: 5,
        daysofweekmask: 62,
        monthofyear: 5,
        occurrences: 1,
      },
      ['31'],
    ],
  ];
  for (const [name, body, expected] of cases) {
    it(`pattern: ${name}`, () => {
      const full = expected.map((day) => (day.length === 2 ? `2024-05-${day}` : day));
      expect(days(createSeries(body))).to.deep.equal(full);
    });
  }

  it('a series without an end has the instances of the next twelve months', () => {
    const series = createSeries({ recurrencepatterntype: monthly, dayofmonth: 2, patternendtype: 1 });
    expect(instances(series)).to.have.length(12);
    expect(fixture.get(`recurringappointmentmasters(${series})`).json.expansionstatecode).to.equal(1);
  });

  it('old occurrences count, but have no instances', () => {
    const old = { patternstartdate: '1900-01-01', recurrencepatterntype: daily };
    expect(instances(createSeries({ ...old, occurrences: 999 }))).to.be.empty;
    const endless = createSeries({ ...old, interval: 30, patternendtype: 1 });
    expect(instances(endless).length).to.be.within(14, 16);
    const never = { recurrencepatterntype: weekly, patternendtype: 3, patternenddate: '9999-12-30' };
    expect(instances(createSeries(never))).to.be.empty;
  });

  it('changes of the series reach its instances, but not exceptions', () => {
    const series = createSeries({ recurrencepatterntype: daily });
    const [first] = instances(series);
    fixture.send('PATCH', `appointments(${first.activityid})`, { subject: 'Review' });
    expect(fixture.get(`appointments(${first.activityid})`).json.instancetypecode).to.equal(3);
    fixture.send('PATCH', `recurringappointmentmasters(${series})`, { subject: 'Daily' });
    expect(instances(series).map((each: { subject: string }) => each.subject)).to.deep.equal([
      ...['Review', 'Daily', 'Daily', 'Daily'],
    ]);
    fixture.clock.now = Date.parse('2024-05-02T12:00:00Z');
    const later = { starttime: '2024-05-01T15:00:00Z', endtime: '2024-05-01T16:00:00Z' };
    fixture.send('PATCH', `recurringappointmentmasters(${series})`, later);
    const starts = instances(series).map((each: { scheduledstart: string }) =>
      each.scheduledstart.slice(8, 13),
    );
    expect(starts).to.deep.equal(['01T09', '02T09', '02T15', '03T15', '04T15']);
  });

  it('CreateException changes or deletes the instance of the original start', () => {
    const series = createSeries({ recurrencepatterntype: daily });
    const except = (body: object) =>
      fixture.send('POST', `recurringappointmentmasters/${namespace}.CreateException`, {
        Target: { '@odata.type': `${namespace}.appointment`, seriesid: series, ...body },
        OriginalStartDate: '2024-05-02T09:00:00Z',
        IsDeleted: Object.keys(body).length === 0,
      });
    const { json } = except({ subject: 'Moved', scheduledstart: '2024-05-02T11:00:00Z' });
    const [, second] = instances(series);
    expect(second).to.include({
      activityid: json.id,
      subject: 'Moved',
      scheduledstart: '2024-05-02T11:00:00Z',
      originalstartdate: '2024-05-02T09:00:00Z',
      instancetypecode: 3,
    });
    except({});
    expect(days(series)).to.deep.equal(['2024-05-01', '2024-05-03', '2024-05-04']);
  });

  it('DeleteOpenInstances ends a series; a deleted series deletes its open instances', () => {
    const series = createSeries({ recurrencepatterntype: daily });
    const { status } = fixture.send('POST', 'DeleteOpenInstances', {
      Target: {
        '@odata.type': `${namespace}.recurringappointmentmaster`,
        activityid: series,
      },
      SeriesEndDate: '2024-05-02T23:59:00Z',
      StateOfPastInstances: 1,
    });
    expect(status).to.equal(204);
    const states = () =>
      instances(series).map((each: { statecode: number; statuscode: number }) => [
        each.statecode,
        each.statuscode,
      ]);
    expect(states()).to.deep.equal([
      [1, 3],
      [1, 3],
    ]);
    expect(fixture.get(`recurringappointmentmasters(${series})`).json).to.include({
      patternendtype: 3,
      effectiveenddate: '2024-05-02T09:30:00Z',
    });
    const open = createSeries({ recurrencepatterntype: daily });
    expect(fixture.send('DELETE', `recurringappointmentmasters(${open})`).status).to.equal(204);
    expect(instances(open)).to.be.empty;
    expect(instances(series)).to.have.length(2);
  });
});
