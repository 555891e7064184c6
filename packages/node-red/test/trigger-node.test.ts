import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import { ConnectorError, loadConnector } from 'dynamics365-connector';
import type { NodeRedNode, NodeStatus } from '../src/node-red-api.ts';
import type { NodeRedContext } from '../src/node-red-context.ts';
import { registerTriggerNode } from '../src/trigger-node.ts';

describe('the trigger node of Node-RED', () => {
  it('shows that a field cannot be read, and can be closed: Node-RED itself goes on', async () => {
    const node = new FakeNode();
    const Trigger = await triggerType(() => {
      throw new SyntaxError('a value that nobody shall see');
    });
    const told = once(node, 'told');
    Trigger.call(node, { trigger: 'case.created', values: { priority: { type: 'json', value: '{' } } });
    const [problem] = await told;
    expect(problem).to.be.instanceOf(ConnectorError);
    expect(problem.message).to.equal('/priority: cannot be read as json');
    expect(node.shown).to.include({ fill: 'red', text: 'INPUT_INVALID' });
    await new Promise<void>((done) => node.emit('close', false, done));
  });
});

/** A node as far as a trigger uses it. */
class FakeNode extends EventEmitter {
  readonly id = 'trigger';
  shown: NodeStatus | undefined;
  status(status: NodeStatus): void {
    this.shown = status;
  }
  error(problem: unknown): void {
    this.emit('told', problem);
  }
}

type TriggerType = (this: FakeNode, config: object) => void;

/** What Node-RED makes trigger nodes with, where fields are read by `evaluateNodeProperty`. */
async function triggerType(evaluateNodeProperty: () => never): Promise<TriggerType> {
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
