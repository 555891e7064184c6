import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import { ConnectorError, loadConnector } from 'dynamics365-connector';
import type { NodeRedNode, NodeStatus } from '../src/node-red-api.ts';
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
    const [error] = await failed;
    expect(error).to.be.instanceOf(ConnectorError);
    expect(error.message).to.equal('/priority cannot be evaluated as json');
    expect(node.shown).to.include({ fill: 'red', text: 'INPUT_INVALID' });
    await new Promise<void>((done) => node.emit('close', false, done));
  });
});

/** The part of a node that a trigger uses. */
class FakeNode extends EventEmitter {
  readonly id = 'trigger';
  shown: NodeStatus | undefined;
  status(status: NodeStatus): void {
    this.shown = status;
  }
  error(error: unknown): void {
    this.emit('failed', error);
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
