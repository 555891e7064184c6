import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { ApiRequest, ApiResponse } from '../../src/http/api-request.ts';
import type { RequestPlan } from '../../src/model/plan.ts';
import { sendAndResolve } from '../../src/run/outcome.ts';

const url = 'https://contoso.crm.dynamics.com/api/data/v9.2/incidents(1)';
const call: ApiRequest = {
  operation: 'x',
  method: 'PATCH',
  url,
  headers: { 'if-none-match': '*' },
  safety: 'create',
  requestId: 'r',
  body: {},
};
const ok = (body: ApiResponse['body'] = { incidentid: '1' }): ApiResponse => ({
  status: 200,
  headers: {},
  body,
  attempts: 1,
  ambiguous: false,
});
const failed = (status: number, ambiguous: boolean): ApiResponse => ({
  ...ok(),
  status,
  ambiguous,
  error: new ConnectorError(status === 404 ? 'NOT_FOUND' : 'DUPLICATE', 'no'),
});
const planned = (safety: RequestPlan['safety'], more: Partial<RequestPlan> = {}) =>
  ({
    operation: 'x',
    method: 'PATCH',
    url,
    headers: {},
    safety,
    output: { kind: 'none' },
    omittedClauses: [],
    ...more,
  }) as RequestPlan;

/** Answers in order, and what was asked. */
function script(...answers: (ApiResponse | Error)[]) {
  const calls: ApiRequest[] = [];
  const exchange = async (asked: ApiRequest) => {
    calls.push(asked);
    const answer = answers[calls.length - 1]!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { calls, exchange };
}

async function failure(work: Promise<unknown>): Promise<ConnectorError> {
  return await work.then(
    () => expect.fail('it succeeded'),
    (error) => error as ConnectorError,
  );
}

describe('a create whose line broke', () => {
  it('returns the row that exists after a 412', async () => {
    const { calls, exchange } = script(failed(412, true), ok({ incidentid: '1', title: 'ours' }));
    const { response, replayed } = await sendAndResolve(exchange, planned('create'), call, false);
    expect(replayed).to.equal(true);
    expect(response.body).to.deep.equal({ incidentid: '1', title: 'ours' });
    expect(response.attempts).to.equal(2);
    expect(calls[1]).to.include({ method: 'GET', url, safety: 'repeatable' });
    expect(calls[1]!.headers).to.not.have.property('if-none-match');
    expect(calls[1]).to.not.have.property('body');
  });

  it('is a duplicate when our id is not there: an alternate key or a duplicate rule refused it', async () => {
    const { exchange } = script(failed(412, true), failed(404, false));
    expect((await failure(sendAndResolve(exchange, planned('create'), call, false))).code).to.equal(
      'DUPLICATE',
    );
  });

  it('is looked into after a plain 412 only when the caller gave a key', async () => {
    const plain = script(failed(412, false));
    expect((await failure(sendAndResolve(plain.exchange, planned('create'), call, false))).code).to.equal(
      'DUPLICATE',
    );
    expect(plain.calls).to.have.length(1);
    const keyed = script(failed(412, false), ok());
    expect((await sendAndResolve(keyed.exchange, planned('create'), call, true)).replayed).to.equal(true);
  });
});

describe('a create that ended without any answer', () => {
  const unknown = new ConnectorError('REQUEST_OUTCOME_UNKNOWN', 'the line broke');

  it('returns the row when it is there', async () => {
    const { exchange } = script(unknown, ok({ incidentid: '1', title: 'ours' }));
    const { response, replayed } = await sendAndResolve(exchange, planned('create'), call, false);
    expect([response.body, replayed]).to.deep.equal([{ incidentid: '1', title: 'ours' }, true]);
  });

  it('stays unknown when it is not, and advises the key', async () => {
    const { calls, exchange } = script(unknown, failed(404, false));
    const error = await failure(sendAndResolve(exchange, planned('create'), call, false));
    expect(error.code).to.equal('REQUEST_OUTCOME_UNKNOWN');
    expect(error.advice).to.include('idempotency key');
    expect(calls).to.have.length(2);
  });
});

describe('a delete whose line broke', () => {
  it('is done when the row is gone on the second attempt', async () => {
    const { exchange } = script(failed(404, true));
    const { response, replayed } = await sendAndResolve(exchange, planned('delete'), call, false);
    expect([response.status, response.error, replayed]).to.deep.equal([204, undefined, true]);
  });

  it('is NOT_FOUND when the row was never there', async () => {
    const { exchange } = script(failed(404, false));
    expect((await failure(sendAndResolve(exchange, planned('delete'), call, false))).code).to.equal(
      'NOT_FOUND',
    );
  });
});

describe('a one-time action whose line broke', () => {
  const unknown = new ConnectorError('REQUEST_OUTCOME_UNKNOWN', 'the line broke');
  const question = { verifyWith: { url: `${url}?$select=statecode`, expect: { statecode: 1 } } };

  it('is done when its own question says so', async () => {
    const { calls, exchange } = script(unknown, ok({ statecode: 1 }));
    const { replayed } = await sendAndResolve(exchange, planned('once', question), call, false);
    expect(replayed).to.equal(true);
    expect(calls.map(({ method }) => method)).to.deep.equal(['PATCH', 'GET']);
  });

  it('stays unknown when the question says no, and is never sent again', async () => {
    const { calls, exchange } = script(unknown, ok({ statecode: 0 }));
    expect((await failure(sendAndResolve(exchange, planned('once', question), call, false))).code).to.equal(
      'REQUEST_OUTCOME_UNKNOWN',
    );
    expect(calls).to.have.length(2);
  });

  it('stays unknown when nobody can be asked', async () => {
    const { calls, exchange } = script(unknown);
    expect((await failure(sendAndResolve(exchange, planned('once'), call, false))).code).to.equal(
      'REQUEST_OUTCOME_UNKNOWN',
    );
    expect(calls).to.have.length(1);
  });
});
