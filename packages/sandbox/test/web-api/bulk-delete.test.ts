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

  it('deletes the rows of a query and returns a job that can be read', () => {
    const { status, json } = bulkDelete(like('Drop'));
    expect(status).to.equal(200);
    expect(subjects()).to.deep.equal(['Keep']);
    const job = fixture.get(`asyncoperations(${json.JobId})`).json;
    expect(job).to.include({ name: 'Clean up', operationtype: 13, statecode: 3, statuscode: 30 });
    expect(job.completedon).to.equal('2024-05-01T08:00:00Z');
    const [operation] = fixture.get(
      `bulkdeleteoperations?$filter=_asyncoperationid_value eq ${json.JobId}&$select=successcount,failurecount`,
    ).json.value;
    expect(operation).to.include({ successcount: 3, failurecount: 0 });
  });

  it('reads lists of values and nested filters', () => {
    const [{ activityid }] = fixture.get("tasks?$filter=subject eq 'Drop 1'&$select=activityid").json.value;
    const Value = { Value: activityid, Type: 'System.Guid' };
    bulkDelete({
      FilterOperator: 'Or',
      Conditions: [{ AttributeName: 'activityid', Operator: 'In', Values: [Value] }],
      Filters: [like('Drop 2')],
    });
    expect(subjects()).to.deep.equal(['Drop 3', 'Keep']);
  });

  it('a job with a later start waits', () => {
    const { JobId } = bulkDelete(like('Drop'), { StartDateTime: '2024-06-01T00:00:00Z' }).json;
    expect(subjects()).to.have.length(4);
    expect(fixture.get(`asyncoperations(${JobId})`).json).to.include({ statecode: 1, statuscode: 10 });
  });

  const invalidRequests: Readonly<Record<string, object>> = {
    'no recurrence pattern': { RecurrencePattern: undefined },
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
