import { expect } from 'chai';
import type { UntypedOperations } from '../../src/client/operation-types.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { loadConnector } from '../../src/node/load-connector.ts';

/** What a host without types may hand in: all of it must end in a ConnectorError, before anything is sent. */
describe('client: invalid arguments', () => {
  function throwing(name: string): object {
    return Object.defineProperty({}, name, {
      enumerable: true,
      get() {
        throw new Error('not today');
      },
    });
  }
  const circle: Record<string, unknown> = { title: 'x' };
  circle.customer = circle;
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const odd: Readonly<Record<string, unknown>> = {
    null: null,
    'a list': [],
    'a text': 'x',
    'a circle': circle,
    'a deep list': { title: deep },
    'an object that throws': throwing('title'),
  };

  async function open() {
    const connector = await loadConnector<UntypedOperations>();
    return connector.connect(
      { orgUrl: 'https://contoso.crm.dynamics.com' },
      { kind: 'host', getToken: () => expect.fail('a token was asked for') },
    );
  }

  async function codeOf(work: () => unknown): Promise<unknown> {
    try {
      return await work();
    } catch (error) {
      return (error as { readonly code?: string }).code ?? error;
    }
  }

  for (const [name, input] of Object.entries(odd)) {
    it(`${name} as an input is INPUT_INVALID for run, list, poll and explain`, async () => {
      const client = await open();
      const given = input as JsonObject;
      const rows = client.list('case.list', given)[Symbol.asyncIterator]();
      const codes = await Promise.all([
        codeOf(() => client.run('case.create', given)),
        codeOf(() => rows.next()),
        codeOf(() => client.poll('case.created', given)),
        codeOf(() => client.explain('case.create', given)),
      ]);
      expect(codes).to.deep.equal(Array(4).fill('INPUT_INVALID'));
    });
  }

  for (const settings of [null, undefined, 5, 'x', [], {}, throwing('orgUrl')]) {
    it(`${settings === undefined ? 'nothing' : JSON.stringify(Object.keys(settings ?? [])) + typeof settings} as settings is CONNECTION_INVALID`, async () => {
      const connector = await loadConnector<UntypedOperations>();
      const credential = { kind: 'host', getToken: () => expect.fail('a token was asked for') } as const;
      expect(await codeOf(() => connector.connect(settings as JsonObject, credential))).to.equal(
        'CONNECTION_INVALID',
      );
    });
  }

  for (const credential of [null, undefined, 5, {}, { kind: 'password' }, { kind: '__proto__' }]) {
    it(`${JSON.stringify(credential)} as a credential is CONNECTION_INVALID`, async () => {
      const connector = await loadConnector<UntypedOperations>();
      const settings = { orgUrl: 'https://contoso.crm.dynamics.com' };
      expect(await codeOf(() => connector.connect(settings, credential as never))).to.equal(
        'CONNECTION_INVALID',
      );
    });
  }

  for (const id of [undefined, null, 5, {}, '__proto__']) {
    it(`${String(id)} as the name of an operation is OPERATION_UNKNOWN`, async () => {
      const client = await open();
      const codes = await Promise.all([
        codeOf(() => client.run(id as string)),
        codeOf(() => client.list(id as string)),
        codeOf(() => client.poll(id as string)),
      ]);
      expect(codes).to.deep.equal(Array(3).fill('OPERATION_UNKNOWN'));
    });
  }

  for (const bypassLogic of [null, 'sync', 5, ['all'], {}]) {
    it(`${JSON.stringify(bypassLogic)} as custom logic to pass over is INPUT_INVALID`, async () => {
      const client = await open();
      const options = { bypassLogic } as never;
      expect(await codeOf(() => client.run('case.list', {}, options))).to.equal('INPUT_INVALID');
    });
  }

  it('rejects ifVersion for actions that do not change or delete one existing row', async () => {
    const client = await open();
    const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
    const inputs: Readonly<Record<string, JsonObject>> = {
      'account.create': { name: 'Contoso' },
      'case.resolve': { id, subject: 'New fuse' },
      'case.get': { id },
      'account.create-many': { rows: [{ name: 'Contoso' }] },
      'changeset.run': { steps: [{ action: 'account.delete', input: { id } }] },
    };
    for (const [action, input] of Object.entries(inputs)) {
      const refused = await client.run(action, input, { ifVersion: '1' }).catch((error: Error) => error);
      expect(refused)
        .to.have.property('message')
        .that.matches(/"ifVersion" applies to the update or delete of one row/);
    }
  });

  it('reports missing options, steps and rows as INPUT_INVALID', async () => {
    const client = await open();
    const none = null as never;
    expect(await codeOf(() => client.changeSet(none))).to.equal('INPUT_INVALID');
    expect(await codeOf(() => client.changeSet([none]))).to.equal('INPUT_INVALID');
    const job = { verb: 'create', table: 'account', rows: none } as const;
    expect(await codeOf(() => client.writeMany(job)[Symbol.asyncIterator]().next())).to.equal(
      'INPUT_INVALID',
    );
    expect(await codeOf(() => client.writeMany(none)[Symbol.asyncIterator]().next())).to.equal(
      'INPUT_INVALID',
    );
    expect(await codeOf(() => client.run('case.list', {}, none))).to.equal('INPUT_INVALID');
  });

  it('writeMany: rejects an unknown verb with INPUT_INVALID', async () => {
    const client = await open();
    const job = { verb: 'updat' as never, table: 'account', rows: [{ name: 'Contoso' }] };
    expect(await codeOf(() => client.writeMany(job)[Symbol.asyncIterator]().next())).to.equal(
      'INPUT_INVALID',
    );
  });
});
