import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { ApiRequest, ApiResponse } from '../../src/http/api-request.ts';
import type { RequestPlan } from '../../src/model/plan.ts';
import { sendAndResolve } from '../../src/run/send-and-resolve.ts';

const url = 'https://contoso.crm.dynamics.com/api/data/v9.2/incidents(1)';
const request: ApiRequest = {
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

/** A pipeline that returns these responses in order, and the requests that it received. */
function script(...responses: (ApiResponse | Error)[]) {
  const requests: ApiRequest[] = [];
  const pipeline = async (received: ApiRequest) => {
    requests.push(received);
    const response = responses[requests.length - 1]!;
    if (response instanceof Error) throw response;
    return response;
  };
  return { requests, pipeline };
}

async function errorOf(work: Promise<unknown>): Promise<ConnectorError> {
  return await work.then(
    () => expect.fail('expected an error'),
    (error) => error as ConnectorError,
  );
}

describe('sendAndResolve: a create with an ambiguous response', () => {
  it('returns the existing row after a 412', async () => {
    const { requests, pipeline } = script(failed(412, true), ok({ incidentid: '1', title: 'ours' }));
    const { response, replayed } = await sendAndResolve(pipeline, planned('create'), request, false);
    expect(replayed).to.equal(true);
    expect(response.body).to.deep.equal({ incidentid: '1', title: 'ours' });
    expect(response.attempts).to.equal(2);
    expect(requests[1]).to.include({ method: 'GET', url, safety: 'repeatable' });
    expect(requests[1]!.headers).to.not.have.property('if-none-match');
    expect(requests[1]).to.not.have.property('body');
  });

  it('fails with DUPLICATE if no row has our id: an alternate key or a duplicate rule rejected it', async () => {
    const { pipeline } = script(failed(412, true), failed(404, false));
    expect((await errorOf(sendAndResolve(pipeline, planned('create'), request, false))).code).to.equal(
      'DUPLICATE',
    );
  });

  it('reads the row after an unambiguous 412 only if the caller gave an idempotency key', async () => {
    const plain = script(failed(412, false));
    expect((await errorOf(sendAndResolve(plain.pipeline, planned('create'), request, false))).code).to.equal(
      'DUPLICATE',
    );
    expect(plain.requests).to.have.length(1);
    const keyed = script(failed(412, false), ok());
    expect((await sendAndResolve(keyed.pipeline, planned('create'), request, true)).replayed).to.equal(true);
  });
});

describe('sendAndResolve: a create without a response', () => {
  const unknown = new ConnectorError('REQUEST_OUTCOME_UNKNOWN', 'the line broke');

  it('returns the row if it exists', async () => {
    const { pipeline } = script(unknown, ok({ incidentid: '1', title: 'ours' }));
    const { response, replayed } = await sendAndResolve(pipeline, planned('create'), request, false);
    expect([response.body, replayed]).to.deep.equal([{ incidentid: '1', title: 'ours' }, true]);
  });

  it('keeps the unknown outcome if the row does not exist, and advises the idempotency key', async () => {
    const { requests, pipeline } = script(unknown, failed(404, false));
    const error = await errorOf(sendAndResolve(pipeline, planned('create'), request, false));
    expect(error.code).to.equal('REQUEST_OUTCOME_UNKNOWN');
    expect(error.advice).to.include('idempotency key');
    expect(requests).to.have.length(2);
  });
});

describe('sendAndResolve: a delete', () => {
  it('succeeds when a second attempt finds the row gone', async () => {
    const { pipeline } = script(failed(404, true));
    const { response, replayed } = await sendAndResolve(pipeline, planned('delete'), request, false);
    expect([response.status, response.error, replayed]).to.deep.equal([204, undefined, true]);
  });

  it('fails with NOT_FOUND if the first attempt finds no row', async () => {
    const { pipeline } = script(failed(404, false));
    expect((await errorOf(sendAndResolve(pipeline, planned('delete'), request, false))).code).to.equal(
      'NOT_FOUND',
    );
  });
});

describe('sendAndResolve: a one-time action without a response', () => {
  const unknown = new ConnectorError('REQUEST_OUTCOME_UNKNOWN', 'the line broke');
  const question = { verifyWith: { url: `${url}?$select=statecode`, expect: { statecode: 1 } } };

  it('succeeds if verifyWith shows the change', async () => {
    const { requests, pipeline } = script(unknown, ok({ statecode: 1 }));
    const { replayed } = await sendAndResolve(pipeline, planned('once', question), request, false);
    expect(replayed).to.equal(true);
    expect(requests.map(({ method }) => method)).to.deep.equal(['PATCH', 'GET']);
  });

  it('keeps the unknown outcome if verifyWith does not show the change, and is not sent again', async () => {
    const { requests, pipeline } = script(unknown, ok({ statecode: 0 }));
    expect(
      (await errorOf(sendAndResolve(pipeline, planned('once', question), request, false))).code,
    ).to.equal('REQUEST_OUTCOME_UNKNOWN');
    expect(requests).to.have.length(2);
  });

  it('keeps the unknown outcome without verifyWith', async () => {
    const { requests, pipeline } = script(unknown);
    expect((await errorOf(sendAndResolve(pipeline, planned('once'), request, false))).code).to.equal(
      'REQUEST_OUTCOME_UNKNOWN',
    );
    expect(requests).to.have.length(1);
  });
});
