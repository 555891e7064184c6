import type { JsonObject } from 'dynamics365-connector';
import { credentialType } from './load-package.ts';

/** A node of a workflow; its name is the end of its type unless told. */
export interface WorkflowNode extends JsonObject {
  readonly name: string;
  readonly type: string;
}

/** Which credential of n8n's store our nodes use. */
export const credentialId = 'credential000001';

/** Makes a node. */
export function createNode(type: string, parameters: JsonObject = {}, more: JsonObject = {}): WorkflowNode {
  const name = type.slice(type.lastIndexOf('.') + 1);
  return { id: `node-${name}`, name, type, typeVersion: 1, position: [0, 0], parameters, ...more };
}

/** Makes a node of ours, with its credential. */
export function createDynamicsNode(
  type: string,
  parameters: JsonObject,
  { id = credentialId, ...more }: JsonObject = {},
): WorkflowNode {
  return createNode(type, parameters, {
    credentials: { [credentialType]: { id, name: 'Contoso' } },
    ...more,
  });
}

/** Nodes one behind the other, as n8n writes them down. */
export function connectNodes(...nodes: readonly WorkflowNode[]): {
  readonly nodes: readonly WorkflowNode[];
  readonly connections: JsonObject;
} {
  const links = nodes.slice(1).map((next, index) => {
    const main = [[{ node: next.name, type: 'main', index: 0 }]];
    return [nodes[index]!.name, { main }];
  });
  return { nodes, connections: Object.fromEntries(links) };
}
