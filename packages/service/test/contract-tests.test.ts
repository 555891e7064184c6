import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import type { ActionDefinition, ContractTest, JsonObject } from 'dynamics365-connector';
import { loadConnector } from 'dynamics365-connector';
import { createClient, openConnection, runtimeOf } from 'dynamics365-connector/host';
import {
  createTestServices,
  testCredential,
  testOrigin,
  withTestServices,
} from '../../../src/authoring/contract/fixture.ts';
import { createScriptedSender } from '../../../src/authoring/contract/scripted-sender.ts';
import { createApp, type ServiceApp } from '../src/app.ts';
import { problemCodes } from '../src/index.ts';
import { scopes } from '../src/keys/scopes.ts';
import { createServiceMetrics } from '../src/service-metrics.ts';
import type { ServiceParts } from '../src/service-parts.ts';

const url = 'http://127.0.0.1:9470';
const apiKey = { id: 'key_1', name: 'test', scopes, connections: ['*'], returnOrigins: [], createdAt: '' };

/** The service with a connection that answers as the test says. */
async function openApp(connector: Awaited<ReturnType<typeof loadConnector>>, test?: ContractTest) {
  const runtime = runtimeOf(connector);
  const script = createScriptedSender(test?.exchanges ?? [], `${testOrigin}/api/data/v9.2`);
  const services = createTestServices(script.send);
  const connection = openConnection(
    withTestServices(runtime, services),
    { orgUrl: testOrigin },
    testCredential,
  );
  const client = createClient(connection);
  // The other parts are not reached by actions without a key.
  const parts = {
    ...{ connector, url, hosts: [], maxBodyBytes: 1e8 },
    keys: { find: async () => apiKey },
    metrics: createServiceMetrics(),
    clients: { open: async () => ({ connection, client }), opened: () => ({ connection, client }) },
  } as unknown as ServiceParts;
  return { app: createApp(parts), script };
}

async function post(app: ServiceApp, { id }: ActionDefinition, { input }: ContractTest) {
  const response = await app.request(`${url}/v1/connections/contoso/actions/${id}`, {
    method: 'POST',
    headers: { authorization: 'Bearer x', host: '127.0.0.1:9470' },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

describe('service: the contract tests of every action over HTTP', () => {
  it('give the same outputs and errors, as the document says', async () => {
    const connector = await loadConnector();
    const { app } = await openApp(connector);
    const response = await app.request(`${url}/openapi.json`, { headers: { host: '127.0.0.1:9470' } });
    const document = (await response.json()) as JsonObject;
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'document', ...document });
    const answerOf = (id: string): ValidateFunction => {
      const path = encodeURIComponent(`/v1/connections/{connection}/actions/${id}`.replaceAll('/', '~1'));
      return ajv.compile({
        $ref: `document#/paths/${path}/post/responses/200/content/application~1json/schema`,
      });
    };
    const isProblem = ajv.compile({ $ref: 'document#/components/schemas/Problem' });
    let count = 0;
    for (const action of Object.values(runtimeOf(connector).definition.actions)) {
      for (const test of action.tests) {
        const { app: scripted, script } = await openApp(connector, test);
        const { status, body } = await post(scripted, action, test);
        const name = `${action.id}: ${test.name}`;
        expect(script.failures(), name).to.deep.equal([]);
        if (test.fails === undefined) {
          expect(status, `${name} ${JSON.stringify(body)}`).to.equal(200);
          const validate = answerOf(action.id);
          expect(validate(body), `${name}: ${JSON.stringify(validate.errors?.[0])}`).to.equal(true);
          if (test.returns !== undefined) expect(body.output, name).to.deep.equal(test.returns);
        } else {
          expect(status, name).to.be.within(400, 599);
          expect(body.code, name).to.equal(test.fails.code);
          expect(isProblem(body), name).to.equal(true);
        }
        count += 1;
      }
    }
    expect(count).to.be.greaterThan(120);
  });

  it('and the problems of the service have a status, a title and advice', () => {
    for (const [code, { status, title, advice }] of Object.entries(problemCodes)) {
      expect(status, code).to.be.within(400, 500);
      expect(title, code).to.match(/\.$/);
      expect(advice, code).to.match(/\.$/);
    }
  });
});
