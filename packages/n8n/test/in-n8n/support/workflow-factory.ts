import type { JsonObject } from 'dynamics365-connector';
import type { AdditionalData, N8n, N8nWorkflowObject, NodeType } from './n8n-modules.ts';

/** Creates workflows for n8n's engine, and the data of their host. */
export interface WorkflowFactory {
  /** Creates a workflow of these nodes with its static data. */
  createWorkflow(
    parts: { readonly nodes: readonly object[]; readonly connections: object },
    staticData?: JsonObject,
  ): N8nWorkflowObject;
  /** Creates the data of a new execution. */
  createAdditionalData(workflow: N8nWorkflowObject): AdditionalData;
}

/** A factory with these node types and `test.start`, which returns the items of its parameter `items`. */
export function createWorkflowFactory(
  n8n: N8n,
  packageTypes: Readonly<Record<string, NodeType>>,
  credentialsHelper: object,
): WorkflowFactory {
  const types: Readonly<Record<string, NodeType>> = { ...packageTypes, 'test.start': start };
  const nodeTypes = {
    getByName: (name: string) => types[name],
    getByNameAndVersion: (name: string, version?: number) =>
      n8n.NodeHelpers.getVersionedNodeType(types[name]!, version),
    getKnownTypes: () => ({}),
  };
  let executions = 0;
  return {
    createWorkflow: ({ nodes, connections }, staticData = {}) =>
      new n8n.Workflow({
        id: 'workflow00000001',
        name: 'Test',
        active: false,
        settings: {},
        nodes,
        connections,
        staticData,
        nodeTypes,
      }),
    createAdditionalData(workflow) {
      const executionId = String(++executions);
      return {
        credentialsHelper,
        hooks: new n8n.ExecutionLifecycleHooks('manual', executionId, workflow),
        executionId,
        currentNodeParameters: undefined,
        variables: {},
        ...baseUrls,
        setExecutionStatus() {},
        logAiEvent() {},
        sendDataToUI() {},
      };
    },
  };
}

const start: NodeType = {
  description: {
    displayName: 'Start',
    name: 'start',
    group: ['trigger'],
    version: 1,
    defaults: {},
    inputs: [],
    outputs: ['main'],
    properties: [{ displayName: 'Items', name: 'items', type: 'json', default: '[]' }],
  },
  async execute(this: { getNodeParameter(name: string, item: number): string }) {
    return [JSON.parse(this.getNodeParameter('items', 0)).map((json: JsonObject) => ({ json }))];
  },
};

// n8n rejects empty URLs; these are never requested.
const baseUrls = Object.fromEntries(
  [
    'restApiUrl',
    'instanceBaseUrl',
    'formWaitingBaseUrl',
    'webhookBaseUrl',
    'webhookWaitingBaseUrl',
    'webhookTestBaseUrl',
  ].map((name) => [name, `http://127.0.0.1:1/${name}`]),
);
