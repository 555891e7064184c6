import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import type { ConnectorError, Json, JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { registerActionNode } from '../src/action-node.ts';
import type { NodeMessage, NodeRedNode } from '../src/node-red-api.ts';
import type { NodeRedContext } from '../src/node-red-context.ts';

describe('the action node of Node-RED with options of the call', function () {
  this.timeout(30_000);
  let bench: SandboxClient;
  let run: (action: string, payload: JsonObject, options?: unknown) => Promise<NodeMessage>;
  before(async () => {
    bench = await openSandboxClient();
    const Action = actionType(bench);
    run = (action, payload, options) => {
      const node = new FakeNode();
      Action.call(node, { connection: 'connection', action, usePayload: true, values: {} });
      return node.take({ payload, dynamics365: { id: 'of an event', options } });
    };
  });
  after(() => bench.close());

  const failure = (work: Promise<NodeMessage>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('it went well'),
      (error: ConnectorError) => error,
    );

  it('creates in the name of the user whom the message names, and of its own without one', async () => {
    const { sandbox } = bench;
    const asUser = sandbox.users[1]!.objectId;
    const theirs = await run('account.create', { name: 'Theirs' }, { asUser });
    expect(theirs).to.have.nested.property(
      'payload.owner.id',
      sandbox.organization.findSystemUserId(sandbox.users[1]!),
    );
    const ours = await run('account.create', { name: 'Ours' });
    expect(ours).to.have.nested.property(
      'payload.owner.id',
      sandbox.organization.findSystemUserId(sandbox.user),
    );
  });

  it('leaves a row alone that changed since its version was read', async () => {
    const { id, version } = (await run('contact.create', { lastName: 'Lee' })).payload as JsonObject;
    const change = (jobTitle: string) =>
      run('contact.update', { id: id!, jobTitle }, { ifVersion: version as Json });
    await change('Buyer');
    expect(await failure(change('Seller'))).to.include({ code: 'CONFLICT' });
    expect((await run('contact.get', { id: id! })).payload).to.include({ jobTitle: 'Buyer' });
  });

  it('takes them off the message, so that the next node does not find them', async () => {
    const { dynamics365 } = await run('account.create', { name: 'Once' }, { bypassFlows: true });
    expect(dynamics365).to.have.all.keys('meta');
  });

  it('refuses what is no option, what came to nothing and what is of another type', async () => {
    const { store } = bench.sandbox.organization;
    const before = store.count('account');
    const wrong = [
      null,
      'x',
      [],
      { asuser: 'x' },
      { asUser: undefined },
      { asUser: 'x' },
      { bypassFlows: 'true' },
    ];
    for (const options of wrong) {
      const error = await failure(run('account.create', { name: 'Refused' }, options));
      expect(error.code, JSON.stringify(options)).to.equal('INPUT_INVALID');
    }
    expect(store.count('account')).to.equal(before);
  });
});

/** A node as far as an action uses it. */
class FakeNode extends EventEmitter {
  status(): void {}
  /** Resolves with what it sends on, or fails with what it is done with. */
  take(message: NodeMessage): Promise<NodeMessage> {
    return new Promise((resolve, reject) => {
      this.emit('input', message, resolve, (problem?: unknown) => problem && reject(problem));
    });
  }
}

type ActionType = (this: FakeNode, config: object) => void;

/** What Node-RED makes action nodes with, where the only connection is the one to the sandbox. */
function actionType({ client }: SandboxClient): ActionType {
  const types: ActionType[] = [];
  const red = {
    nodes: {
      createNode: (_: NodeRedNode) => {},
      registerType: (_: string, type: ActionType) => types.push(type),
      getNode: () => ({ connection: { openClient: async () => client } }),
    },
  };
  registerActionNode({ red } as unknown as NodeRedContext);
  return types[0]!;
}
