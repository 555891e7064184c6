import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import type { ConnectorError, Json, JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { registerActionNode } from '../src/action-node.ts';
import type { FormFields } from '../src/evaluate-form-fields.ts';
import type { NodeMessage, NodeRedNode } from '../src/node-red-api.ts';
import type { NodeRedContext } from '../src/node-red-context.ts';

describe('Node-RED action node', () => {
  let fixture: SandboxClient;
  let run: (
    action: string,
    payload: JsonObject,
    options?: unknown,
    formOptions?: FormFields,
  ) => Promise<NodeMessage>;
  before(async () => {
    fixture = await openSandboxClient();
    const ActionNode = actionTypeFor(fixture);
    run = (action, payload, options, formOptions) => {
      const node = new FakeNode();
      const config = { connection: 'connection', action, usePayload: true, values: {}, options: formOptions };
      ActionNode.call(node, config);
      return node.process({ payload, dynamics365: { id: 'event-1', options } });
    };
  });
  after(() => fixture.close());

  const errorOf = (work: Promise<NodeMessage>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('no error'),
      (error: ConnectorError) => error,
    );

  it('asUser in msg.dynamics365.options acts as that user, for one message', async () => {
    const { sandbox } = fixture;
    const asUser = sandbox.users[1]!.objectId;
    const asOther = await run('account.create', { name: 'As another user' }, { asUser });
    expect(asOther).to.have.nested.property(
      'payload.owner.id',
      sandbox.organization.findSystemUserId(sandbox.users[1]!),
    );
    const asSelf = await run('account.create', { name: 'As the connection' });
    expect(asSelf).to.have.nested.property(
      'payload.owner.id',
      sandbox.organization.findSystemUserId(sandbox.user),
    );
  });

  it('options of the form override those of the message', async () => {
    const { organization, users, user } = fixture.sandbox;
    const { payload } = await run(
      'account.create',
      { name: 'As the user of the form' },
      { asUser: user.objectId, bypassFlows: true },
      { asUser: { type: 'row', value: users[1]!.objectId } },
    );
    expect(payload).to.have.nested.property('owner.id', organization.findSystemUserId(users[1]!));
  });

  it('rejects an option of the form whose expression has no value', async () => {
    const { store } = fixture.sandbox.organization;
    const before = store.count('account');
    const asUser = { type: 'msg', value: 'agent.id' };
    const error = await errorOf(run('account.create', { name: 'Rejected' }, undefined, { asUser }));
    expect(error).to.include({ code: 'INPUT_INVALID' });
    expect(error.message).to.include('"asUser"');
    expect(store.count('account')).to.equal(before);
  });

  it('ifVersion rejects an update of a row that has changed', async () => {
    const { id, version } = (await run('contact.create', { lastName: 'Lee' })).payload as JsonObject;
    const change = (jobTitle: string) =>
      run('contact.update', { id: id!, jobTitle }, { ifVersion: version as Json });
    await change('Buyer');
    expect(await errorOf(change('Seller'))).to.include({ code: 'CONFLICT' });
    expect((await run('contact.get', { id: id! })).payload).to.include({ jobTitle: 'Buyer' });
  });

  it('removes the options from the message, so the next node does not use them', async () => {
    const { dynamics365 } = await run('account.create', { name: 'Once' }, { bypassFlows: true });
    expect(dynamics365).to.have.all.keys('meta');
  });

  it('rejects unknown options, undefined values and values of a wrong type', async () => {
    const { store } = fixture.sandbox.organization;
    const before = store.count('account');
    const invalid = [
      null,
      'x',
      [],
      { asuser: 'x' },
      { asUser: undefined },
      { asUser: 'x' },
      { bypassFlows: 'true' },
    ];
    for (const options of invalid) {
      const error = await errorOf(run('account.create', { name: 'Rejected' }, options));
      expect(error.code, JSON.stringify(options)).to.equal('INPUT_INVALID');
    }
    expect(store.count('account')).to.equal(before);
  });
});

/** The part of a node that an action uses. */
class FakeNode extends EventEmitter {
  status(): void {}
  /** Resolves with the message that the node sends; rejects with the error that it reports. */
  process(message: NodeMessage): Promise<NodeMessage> {
    return new Promise((resolve, reject) => {
      // The text is for the debug sidebar; Catch nodes read the error of the message.
      this.emit('input', message, resolve, (text?: unknown) => text && reject(errorIn(message)));
    });
  }
}

function errorIn({ dynamics365 }: NodeMessage): unknown {
  return (dynamics365 as { readonly error: unknown }).error;
}

type ActionType = (this: FakeNode, config: object) => void;

/** The constructor of action nodes whose connection is the sandbox client. */
function actionTypeFor({ client, connector }: SandboxClient): ActionType {
  const types: ActionType[] = [];
  const red = {
    // As Node-RED does for a property that the message does not have.
    util: {
      evaluateNodeProperty(...args: readonly unknown[]) {
        (args.at(-1) as (error: null, value: undefined) => void)(null, undefined);
      },
    },
    nodes: {
      createNode: (_: NodeRedNode) => {},
      registerType: (_: string, type: ActionType) => types.push(type),
      getNode: () => ({ connection: { openClient: async () => client } }),
    },
  };
  registerActionNode({ red, connector } as unknown as NodeRedContext);
  return types[0]!;
}
