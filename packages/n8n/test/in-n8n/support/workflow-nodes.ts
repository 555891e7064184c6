import type { JsonObject } from 'dynamics365-connector';
import { credentialType } from './load-package.ts';

/** A node of a workflow. */
export interface WorkflowNode extends JsonObject {
  readonly name: string;
  readonly type: string;
}

/** The id of the credential in n8n's store. */
export const credentialId = 'credential000001';

/** Creates a node whose name is the last part of its type. */
export function createNode(type: string, parameters: JsonObject = {}, more: JsonObject = {}): WorkflowNode {
  const name = type.slice(type.lastIndexOf('.') + 1);
  return { id: `node-${name}`, name, type, typeVersion: 1, position: [0, 0], parameters, ...more };
}

/** Creates a node of the package with its credential. */
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

/** Connects nodes in a row, in n8n's format. */
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
