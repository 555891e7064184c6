import { expect } from 'chai';
import type Nock from 'nock';
import { createTestServices, testCredential, testOrigin } from '../../src/authoring/contract/fixture.ts';
import { type Connector, createConnector, runtimeOf } from '../../src/client/connector.ts';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { loadConnector } from '../../src/index.ts';
import type { ContractTest, ExpectedRequest, MockResponse } from '../../src/model/definition.ts';
import type { Json } from '../../src/model/json.ts';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';
import { createUndiciSender } from '../../src/node/undici-sender.ts';

const api = '/api/data/v9.2';

let nock: typeof Nock;

const senders = { 'node-fetch': createNodeFetchSender, undici: createUndiciSender };

/** Runs the contract tests of the YAML files over real senders with HTTP interception instead of the scripted sender. */
for (const [name, createSender] of Object.entries(senders))
  describe(`contract tests over ${name}`, () => {
    let connector: Connector;

    before(async () => {
      connector = await loadConnector();
      // Loading nock replaces the HTTP client of the process, so it is loaded only while these tests run.
      ({ default: nock } = await import('nock'));
      if (!nock.isActive()) nock.activate();
      nock.disableNetConnect();
    });
    afterEach(() => nock.cleanAll());
    after(() => {
      nock.enableNetConnect();
      nock.restore();
    });

    it('sends exactly the expected requests in every case', async () => {
      let count = 0;
      for (const action of Object.values(runtimeOf(connector).definition.actions)) {
        for (const test of action.tests) {
          await play(action.id, test);
          count++;
        }
      }
      expect(count).to.be.at.least(10);
    });

    it('fails on a request that no case expects', async () => {
      const client = open();
      const error = await client.run('case.list').then(
        () => undefined,
        (reason) => reason as ConnectorError,
      );
      expect(error?.code).to.equal('NETWORK');
    });

    it('reports a mock that is not used', () => {
      mock({ method: 'GET', path: '/WhoAmI' }, { status: 200, body: {} });
      expect(nock.isDone()).to.equal(false);
    });

    function open() {
      const services = createTestServices(createSender({}));
      return createConnector({ ...runtimeOf(connector), services }).connect(
        { orgUrl: testOrigin },
        testCredential,
      );
    }

    async function play(action: string, test: ContractTest): Promise<void> {
      const name = `${action}: ${test.name}`;
      for (const { sends, receives } of test.exchanges) mock(sends, receives);
      const client = open();
      const outcome = await client.run(action, test.input).then(
        (result) => ({ output: result.output as Json }),
        (error: unknown) => ({ error: error as ConnectorError }),
      );
      if (test.fails !== undefined) {
        expect('error' in outcome && outcome.error.code, name).to.equal(test.fails.code);
      } else {
        expect('error' in outcome ? String(outcome.error) : undefined, name).to.equal(undefined);
        if (test.returns !== undefined && 'output' in outcome)
          expect(outcome.output, name).to.deep.equal(test.returns);
      }
      expect(nock.pendingMocks(), name).to.deep.equal([]);
      nock.cleanAll();
    }
  });

function mock(sends: ExpectedRequest, receives: MockResponse): void {
  const { $select: _, ...expected } = sends.query ?? {};
  const interceptor = nock(testOrigin, { reqheaders: { ...sends.headers } })
    .intercept(
      (uri) => decodeURIComponent(uri.split('?')[0]!) === `${api}${sends.path}`,
      sends.method,
      // "*" stands for any body.
      (sends.body === '*' ? undefined : sends.body) as never,
    )
    .query(({ $select: __, ...sent }) => JSON.stringify(sorted(sent)) === JSON.stringify(sorted(expected)));
  interceptor.reply(receives.status, receives.body as never, {
    ...(receives.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...receives.headers,
  });
}

function sorted(query: object): readonly [string, unknown][] {
  return Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1));
}
