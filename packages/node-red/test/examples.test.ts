import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ConnectorDefinition, type JsonObject, loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';

const folder = join(import.meta.dirname, '../examples');

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly action?: string;
  readonly trigger?: string;
  readonly values?: JsonObject;
  readonly connection?: string;
  readonly wires?: readonly (readonly string[])[];
}

describe('Node-RED example flows', () => {
  let definition: ConnectorDefinition;
  before(async () => {
    ({ definition } = runtimeOf(await loadConnector()));
  });

  for (const file of globSync('*.json', { cwd: folder })) {
    it(`"${file}" uses existing operations, inputs and nodes`, () => {
      const flow = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly FlowNode[];
      const ids = flow.map(({ id }) => id);
      expect(new Set(ids).size).to.equal(ids.length);
      for (const { id, type, action, trigger, values = {}, connection, wires = [] } of flow) {
        expect(ids, id).to.include.members(wires.flat());
        if (type !== 'dynamics365-action' && type !== 'dynamics365-trigger') continue;
        expect(ids, id).to.include(connection);
        const operation = action === undefined ? definition.triggers[trigger!] : definition.actions[action];
        const { properties = {}, required = [] } = operation!.input as {
          readonly properties?: JsonObject;
          readonly required?: readonly string[];
        };
        expect(Object.keys(properties), id).to.include.members(Object.keys(values));
        expect(Object.keys(values), id).to.include.members(required);
      }
    });
  }
});
