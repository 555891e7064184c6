import { expect } from 'chai';
import type { JsonObject, JsonSchema } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { createApp } from '../src/app.ts';
import { createServiceMetrics } from '../src/service-metrics.ts';
import type { ServiceParts } from '../src/service-parts.ts';
import { createDocumentChecks } from './document-checks.ts';
import { openService, type ServiceFixture } from './fixture.ts';

interface Document {
  readonly paths: Readonly<Record<string, { readonly post?: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
  >;
}

describe('service: OpenAPI document', () => {
  let fixture: ServiceFixture;
  let document: Document;
  before(async () => {
    fixture = await openService({ sandbox: { organizations: [{ name: 'contoso' }] } });
    document = (await fixture.call('/openapi.json')).body as unknown as Document;
  });
  after(() => fixture.close());

  it('has every action and trigger, with operation ids of their own', async () => {
    const { body: actions } = await fixture.call('/v1/actions');
    const { body: triggers } = await fixture.call('/v1/triggers');
    for (const { id } of actions.actions as { readonly id: string }[])
      expect(document.paths).to.have.property(`/v1/connections/{connection}/actions/${id}`);
    for (const { id } of triggers.triggers as { readonly id: string }[])
      expect(document.paths).to.have.property(`/v1/connections/{connection}/triggers/${id}/poll`);
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('has every path of the API, and no other', () => {
    const served = createApp({
      connector: fixture.connector,
      ...{
        url: fixture.service.url,
        hosts: [],
        maxBodyBytes: 1,
        metrics: createServiceMetrics(),
        subscriptions: {},
        mirror: {},
      },
    } as unknown as ServiceParts)
      .routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
      .filter((route) => !/\/(?:openapi|swagger)\.json$/.test(route));
    const { definition } = runtimeOf(fixture.connector);
    // An action or a poll has a path of its own in the document.
    const documented = Object.entries(document.paths)
      .filter(([path]) => path.startsWith('/v1/'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
      .map((route) => {
        const [, kind = '', id = ''] = /\/(actions|triggers)\/([^/{}]+)(?:\/poll)?$/.exec(route) ?? [];
        const isOperation = Object.hasOwn(definition.actions, id) || Object.hasOwn(definition.triggers, id);
        return isOperation ? route.replace(id, kind === 'actions' ? '{action}' : '{trigger}') : route;
      });
    expect([...new Set(documented)].sort()).to.deep.equal([...new Set(served)].sort());
  });

  it('names its components after the table files, and has none that nothing refers to', () => {
    expect(document.components.schemas).to.include.keys(
      'Case',
      'CasePriority',
      'Account',
      'Lookup',
      'Problem',
    );
    const text = JSON.stringify(document);
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !text.includes(`"#/components/schemas/${name}"`),
    );
    expect(unused).to.deep.equal([]);
    const missing = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)]
      .map(([, name = '']) => name)
      .filter((name) => !(name in document.components.schemas));
    expect(missing).to.deep.equal([]);
  });

  it('is true of what the service answers', async () => {
    const checks = createDocumentChecks(document);
    const hold = (path: string, body: JsonObject) =>
      expect(checks.answer(path, { status: 200, body }), path).to.equal(undefined);
    const { body } = await fixture.call('/v1/actions');
    let count = 0;
    for (const { id } of body.actions as { readonly id: string }[]) {
      if (!id.endsWith('.list')) continue;
      const list = await fixture.run(id, { limit: 3 });
      if (list.status !== 200) continue;
      hold(`/v1/connections/{connection}/actions/${id}`, list.body);
      count += 1;
      const [row] = list.body.output as readonly { readonly id?: string }[];
      const get = id.replace(/\.list$/, '.get');
      if (row?.id === undefined || !(`/v1/connections/{connection}/actions/${get}` in document.paths))
        continue;
      hold(`/v1/connections/{connection}/actions/${get}`, (await fixture.run(get, { id: row.id })).body);
      count += 1;
    }
    expect(count).to.be.greaterThan(25);
  });

  it('of a connection has the columns of the organization, and can be limited to some actions', async () => {
    const { store } = fixture.sandbox.organization;
    store.addColumn('account', {
      ...{ logicalName: 'new_code', schemaName: 'new_Code', displayName: 'Code', type: 'String' },
      ...{ maxLength: 20, required: 'None', validForCreate: true, validForUpdate: true },
    });
    const { body, status, text } = await fixture.call(
      '/v1/connections/contoso/openapi.json?actions=account.*',
    );
    expect(status, text.slice(0, 500)).to.equal(200);
    expect(JSON.stringify(body)).to.contain('new_code');
    expect(Object.keys(body.paths as object))
      .to.include('/actions/account.create')
      .and.not.include('/actions/case.create');
    const wrong = await fixture.call('/v1/connections/contoso/openapi.json?actions=(a%2B)%2B');
    expect(wrong.body.code).to.equal('INPUT_INVALID');
  });

  it('for Power Platform is Swagger 2.0 without what that does not know', async () => {
    const all = await fixture.call('/v1/connections/contoso/swagger.json');
    expect(all.body.code).to.equal('INPUT_INVALID');
    const { body, text } = await fixture.call(
      '/v1/connections/contoso/swagger.json?actions=case.*,account.*,contact.*',
    );
    expect(body.swagger).to.equal('2.0');
    for (const keyword of ['"anyOf"', '"null"', '"if"', '"patternProperties"', '"const"'])
      expect(text).to.not.contain(keyword);
    expect(text).to.contain('x-ms-dynamic-values').and.contain('x-ms-notification-url');
    expect(text.length).to.be.below(1_000_000);
  });
});
