import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import { loadConnector } from 'dynamics365-connector';
import { evaluateFormFields } from '../src/evaluate-form-fields.ts';
import type { NodeRedApi, NodeRedNode, NodeStatus } from '../src/node-red-api.ts';
import type { NodeRedContext } from '../src/node-red-context.ts';
import { registerTriggerNode } from '../src/trigger-node.ts';

describe('Node-RED trigger node', () => {
  it('reports a field that cannot be evaluated, without its value, and can be closed', async () => {
    const node = new FakeNode();
    const TriggerNode = await triggerTypeWith(() => {
      throw new SyntaxError('a secret value');
    });
    const failed = once(node, 'failed');
    TriggerNode.call(node, { trigger: 'case.created', values: { priority: { type: 'json', value: '{' } } });
    const [text, message] = await failed;
    expect(text).to.match(/^\/priority cannot be evaluated as json .+ \(INPUT_INVALID\)$/);
    expect(text).to.not.include('a secret value');
    expect(message).to.have.nested.property('dynamics365.error.code', 'INPUT_INVALID');
    expect(node.shown).to.include({ fill: 'red', text: '/priority cannot be evaluated as json' });
    await new Promise<void>((done) => node.emit('close', false, done));
  });
});

describe('evaluateFormFields', () => {
  it('reads rows, people and choices as the form stores them', async () => {
    const id = '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';
    const fields = {
      id: { type: 'row', value: id },
      customer: { type: 'lookup', value: `account/${id}` },
      contact: { type: 'lookup', value: id },
      users: { type: 'lookups', value: `${id}, ${id}` },
      to: { type: 'people', value: `contact/${id}, ann@example.com` },
      priority: { type: 'choice', value: 'high' },
      status: { type: 'choice', value: '100000001' },
    };
    const context = { node: new FakeNode() as unknown as NodeRedNode, message: {} };
    const util = {} as NodeRedApi['util'];
    expect(await evaluateFormFields({ util }, fields, context)).to.deep.equal({
      id,
      customer: { table: 'account', id },
      contact: { id },
      users: [{ id }, { id }],
      to: [{ table: 'contact', id }, { address: 'ann@example.com' }],
      priority: 'high',
      status: 100000001,
    });
  });

  it('reads names with commas as a list', async () => {
    const fields = { columns: { type: 'names', value: 'name, telephone1 ,' } };
    const util = {
      evaluateNodeProperty: () => expect.fail('not a property'),
    } as unknown as NodeRedApi['util'];
    const context = { node: new FakeNode() as unknown as NodeRedNode, message: {} };
    expect(await evaluateFormFields({ util }, fields, context)).to.deep.equal({
      columns: ['name', 'telephone1'],
    });
  });
});

/** The part of a node that a trigger uses. */
class FakeNode extends EventEmitter {
  readonly id = 'trigger';
  shown: NodeStatus | undefined;
  status(status: NodeStatus): void {
    this.shown = status;
  }
  error(text: unknown, message: unknown): void {
    this.emit('failed', text, message);
  }
}

type TriggerType = (this: FakeNode, config: object) => void;

/** The constructor of trigger nodes whose fields are evaluated by `evaluateNodeProperty`. */
async function triggerTypeWith(evaluateNodeProperty: () => never): Promise<TriggerType> {
  const types: TriggerType[] = [];
  const red = {
    nodes: {
      createNode: (_: NodeRedNode) => {},
      registerType: (_: string, type: TriggerType) => types.push(type),
    },
    util: { evaluateNodeProperty },
  };
  registerTriggerNode({ red, connector: await loadConnector() } as unknown as NodeRedContext);
  return types[0]!;
}
