import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('BulkDelete', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
    for (const subject of ['Keep', 'Drop 1', 'Drop 2', 'Drop 3']) fixture.create('tasks', { subject });
  });
  afterEach(() => fixture.store.close());

  const like = (value: string) => ({
    FilterOperator: 'And',
    Conditions: [
      { AttributeName: 'subject', Operator: 'BeginsWith', Values: [{ Value: value, Type: 'System.String' }] },
    ],
  });
  const bulkDelete = (criteria: object, more: object = {}) =>
    fixture.send('POST', 'BulkDelete', {
      QuerySet: [{ EntityName: 'task', Criteria: criteria }],
      JobName: 'Clean up',
      SendEmailNotification: false,
      ToRecipients: [],
      CCRecipients: [],
      RecurrencePattern: '',
      StartDateTime: '2024-01-01T00:00:00Z',
      ...more,
    });
  const subjects = () =>
    fixture
      .get('tasks?$select=subject&$orderby=subject')
      .json.value.map(({ subject }: { subject: string }) => subject);

  it('deletes the rows of a query in a job that can be read', async () => {
    const { status, json } = bulkDelete(like('Drop'));
    expect(status).to.equal(200);
    expect(subjects()).to.have.length(4);
    const ready = fixture.get(`asyncoperations(${json.JobId})?$select=statecode,statuscode,message`).json;
    expect(ready).to.include({ statecode: 0, statuscode: 0, message: null });
    await fixture.runJobs();
    expect(subjects()).to.deep.equal(['Keep']);
    const job = fixture.get(`asyncoperations(${json.JobId})`).json;
    expect(job).to.include({ name: 'Clean up', operationtype: 13, statecode: 3, statuscode: 30 });
    expect(job.completedon).to.equal('2024-05-01T08:00:00Z');
    const [operation] = fixture.get(
      `bulkdeleteoperations?$filter=_asyncoperationid_value eq ${json.JobId}&$select=successcount,failurecount`,
    ).json.value;
    expect(operation).to.include({ successcount: 3, failurecount: 0 });
  });

  it('reads lists of values and nested filters', async () => {
    const [{ activityid }] = fixture.get("tasks?$filter=subject eq 'Drop 1'&$select=activityid").json.value;
    const Value = { Value: activityid, Type: 'System.Guid' };
    bulkDelete({
      FilterOperator: 'Or',
      Conditions: [{ AttributeName: 'activityid', Operator: 'In', Values: [Value] }],
      Filters: [like('Drop 2')],
    });
    await fixture.runJobs();
    expect(subjects()).to.deep.equal(['Drop 3', 'Keep']);
  });

  it('a job with a later start waits for it', async () => {
    const { JobId } = bulkDelete(like('Drop'), { StartDateTime: '2024-06-01T00:00:00Z' }).json;
    await fixture.runJobs();
    expect(subjects()).to.have.length(4);
    expect(fixture.get(`asyncoperations(${JobId})`).json).to.include({ statecode: 1, statuscode: 10 });
    fixture.clock.now = Date.parse('2024-06-01T00:00:00Z');
    await fixture.runJobs();
    expect(subjects()).to.deep.equal(['Keep']);
  });

  it('a recurring job starts again', async () => {
    const { JobId } = bulkDelete(like('Drop'), { RecurrencePattern: 'FREQ=DAILY;INTERVAL=3;' }).json;
    await fixture.runJobs();
    expect(subjects()).to.deep.equal(['Keep']);
    const job = fixture.get(`asyncoperations(${JobId})`).json;
    expect(job).to.include({ statecode: 1, statuscode: 10, postponeuntil: '2024-05-03T00:00:00Z' });
    fixture.create('tasks', { subject: 'Drop 4' });
    fixture.clock.now = Date.parse('2024-05-03T00:00:00Z');
    await fixture.runJobs();
    expect(subjects()).to.deep.equal(['Keep']);
  });

  it('a query can have conditions on linked tables', async () => {
    const account = fixture.create('accounts', { name: 'Contoso' });
    fixture.create('tasks', {
      subject: 'Linked',
      'regardingobjectid_account_task@odata.bind': `/accounts(${account})`,
    });
    fixture.send('POST', 'BulkDelete', {
      QuerySet: [
        {
          EntityName: 'task',
          LinkEntities: [
            {
              LinkFromEntityName: 'task',
              LinkFromAttributeName: 'regardingobjectid',
              LinkToEntityName: 'account',
              LinkToAttributeName: 'accountid',
              JoinOperator: 'Inner',
              LinkCriteria: {
                FilterOperator: 'And',
                Conditions: [{ AttributeName: 'name', Operator: 'Equal', Values: ['Contoso'] }],
              },
            },
          ],
        },
      ],
      JobName: 'Clean up',
      SendEmailNotification: false,
      ToRecipients: [],
      CCRecipients: [],
      RecurrencePattern: '',
      StartDateTime: '2024-01-01T00:00:00Z',
    });
    await fixture.runJobs();
    expect(subjects()).to.deep.equal(['Drop 1', 'Drop 2', 'Drop 3', 'Keep']);
  });

  it('a waiting job can be canceled, and its end is final', async () => {
    const { JobId } = bulkDelete(like('Drop')).json;
    const cancel = () => fixture.send('PATCH', `asyncoperations(${JobId})`, { statecode: 3, statuscode: 32 });
    expect(fixture.send('DELETE', `asyncoperations(${JobId})`).json.error.code).to.equal('0x8004416a');
    expect(cancel().status).to.equal(204);
    await fixture.runJobs();
    expect(subjects()).to.have.length(4);
    expect(cancel().json.error.code).to.equal('0x80044162');
    expect(fixture.send('DELETE', `asyncoperations(${JobId})`).status).to.equal(204);
  });

  const invalidRequests: Readonly<Record<string, object>> = {
    'no recurrence pattern': { RecurrencePattern: undefined },
    'an unknown recurrence': { RecurrencePattern: 'FREQ=SOMETIMES' },
    'an empty QuerySet': { QuerySet: [] },
    'an unknown table': { QuerySet: [{ EntityName: 'taks' }] },
    'an unknown operator': {
      QuerySet: [
        {
          EntityName: 'task',
          Criteria: { Conditions: [{ AttributeName: 'subject', Operator: 'Resembles', Values: ['a'] }] },
        },
      ],
    },
  };
  for (const [title, more] of Object.entries(invalidRequests)) {
    it(`refuses ${title} and deletes nothing`, () => {
      expect(bulkDelete(like('Drop'), more).status).to.be.within(400, 404);
      expect(subjects()).to.have.length(4);
    });
  }
});
