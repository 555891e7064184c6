import { expect } from 'chai';
import {
  ConnectorError,
  type ContractTest,
  type ErrorCode,
  errorCodes,
  type JsonObject,
  loadConnector,
} from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { problemCodes, toProblem } from '../src/index.ts';
import { createDocumentChecks } from './document-checks.ts';
import { type ScriptedService, startScriptedService } from './scripted-service.ts';

describe('service: the contract tests of every action over HTTP', () => {
  let connector: Awaited<ReturnType<typeof loadConnector>>;
  let service: ScriptedService;
  before(async () => {
    connector = await loadConnector();
    service = await startScriptedService(connector);
  });
  after(() => service.close());

  const post = async (id: string, { input }: ContractTest) => {
    const response = await fetch(`${service.url}/v1/connections/contoso/actions/${id}`, {
      method: 'POST',
      headers: { authorization: 'Bearer x' },
      body: JSON.stringify(input),
    });
    return { status: response.status, body: (await response.json()) as JsonObject };
  };

  it('give the same outputs and errors, and requests and answers are as the document says', async () => {
    const document = await (await fetch(`${service.url}/openapi.json`)).json();
    const checks = createDocumentChecks(document as Parameters<typeof createDocumentChecks>[0]);
    const { actions } = runtimeOf(connector).definition;
    let count = 0;
    for (const { id, tests } of Object.values(actions))
      for (const test of tests) {
        const path = `/v1/connections/{connection}/actions/${id}`;
        const name = `${id}: ${test.name}`;
        const script = service.play(test);
        const answer = await post(id, test);
        expect(script.failures(), name).to.deep.equal([]);
        expect(checks.answer(path, answer), name).to.equal(undefined);
        if (test.fails?.code !== 'INPUT_INVALID')
          expect(checks.request(path, test.input), name).to.equal(undefined);
        if (test.fails === undefined)
          expect(answer.status, `${name} ${JSON.stringify(answer.body)}`).to.equal(200);
        else expect(answer.body.code, name).to.equal(test.fails.code);
        if (test.returns !== undefined) expect(answer.body.output, name).to.deep.equal(test.returns);
        count += 1;
      }
    expect(count).to.be.greaterThan(120);
  });

  it('and every error code has a status that says who can act, never 500', () => {
    for (const code of Object.keys(errorCodes) as ErrorCode[]) {
      const { status, category } = toProblem(new ConnectorError(code, 'Something is wrong.'));
      expect(status, code).to.be.within(400, 599).and.not.equal(500);
      const isOfCaller = ['input', 'data', 'manifest', 'connection', 'permission', 'checkpoint', 'throttled'];
      const isClientError = isOfCaller.includes(category) || code === 'ACTION_NOT_ALLOWED';
      expect(status < 500, code).to.equal(isClientError);
    }
    expect(toProblem(new Error('secret')).status).to.equal(500);
    expect(JSON.stringify(toProblem(new Error('secret')))).to.not.contain('secret');
  });

  it('and the problems of the service have a status, a title and advice', () => {
    for (const [code, { status, title, advice }] of Object.entries(problemCodes)) {
      expect(status, code).to.be.within(400, 500);
      expect(title, code).to.match(/\.$/);
      expect(advice, code).to.match(/\.$/);
    }
  });
});
