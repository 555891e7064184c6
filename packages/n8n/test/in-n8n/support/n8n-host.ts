import type { JsonObject } from 'dynamics365-connector';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import { type CredentialStore, credentialDataFor, openCredentialStore } from './credential-store.ts';
import { actionType, type LoadedPackage, loadPackage, triggerType } from './load-package.ts';
import { loadN8n, type NodeExecutionData, type RunError } from './n8n-modules.ts';
import { createWorkflowFactory } from './workflow-factory.ts';
import { connectNodes, createDynamicsNode, createNode } from './workflow-nodes.ts';

/** n8n's engine with the package and one credential for a sandbox. */
export interface N8nHost extends LoadedPackage {
  readonly credentials: CredentialStore;
  /** Runs a workflow with these items and an action node with these parameters. `more` has settings of the node. */
  run(parameters: JsonObject, items?: readonly JsonObject[], more?: JsonObject): Promise<NodeRunResult>;
  /** Polls the trigger node once, by default as in an active workflow. Reads and updates `state`. */
  poll(
    parameters: JsonObject,
    state: WorkflowState,
    mode?: 'trigger' | 'manual',
  ): Promise<readonly NodeExecutionData[]>;
  /** Calls a list method of the action node, as the editor does: `callListMethod('loadOptions', 'tables')`. */
  callListMethod(
    kind: string,
    name: string,
    parameters?: JsonObject,
    ...args: readonly unknown[]
  ): Promise<unknown>;
}

/** The result of the action node. */
export interface NodeRunResult {
  readonly status: string;
  readonly items: readonly NodeExecutionData[];
  readonly error: RunError | undefined;
}

/** The static data of a workflow between polls, as JSON text like in n8n's database. */
export interface WorkflowState {
  staticData: string;
}

/** Loads the package as n8n does and stores the credential. */
export async function openN8nHost(sandbox: Sandbox): Promise<N8nHost> {
  const n8n = loadN8n();
  const loaded = await loadPackage(n8n);
  const credentials = openCredentialStore(n8n, loaded.credential, credentialDataFor(sandbox));
  const engine = createWorkflowFactory(n8n, loaded.types, credentials.helper);

  return {
    ...loaded,
    credentials,
    async run(parameters, items = [{}], more = {}) {
      const action = createDynamicsNode(actionType, parameters, more);
      const workflow = engine.createWorkflow(
        connectNodes(createNode('test.start', { items: JSON.stringify(items) }), action),
      );
      const execution = new n8n.WorkflowExecute(engine.createAdditionalData(workflow), 'cli');
      const { status, data } = await execution.run({ workflow, startNode: workflow.getNode('start') });
      const ran = data.resultData.runData[action.name]?.[0];
      return { status, items: ran?.data?.main[0] ?? [], error: data.resultData.error ?? ran?.error };
    },
    async poll(parameters, state, mode = 'trigger') {
      const trigger = createDynamicsNode(triggerType, parameters);
      const workflow = engine.createWorkflow(connectNodes(trigger), JSON.parse(state.staticData));
      const additionalData = engine.createAdditionalData(workflow);
      const context = new n8n.PollContext(
        workflow,
        workflow.getNode(trigger.name),
        additionalData,
        mode,
        'activate',
      );
      const items = await loaded.trigger.poll!.call(context);
      state.staticData = JSON.stringify(workflow.staticData);
      return items?.[0] ?? [];
    },
    async callListMethod(kind, name, parameters = {}, ...args) {
      const action = createDynamicsNode(actionType, parameters);
      const workflow = engine.createWorkflow(connectNodes(action));
      const additionalData = { ...engine.createAdditionalData(workflow), currentNodeParameters: parameters };
      const context = new n8n.LoadOptionsContext(workflow, workflow.getNode(action.name), additionalData, '');
      return await loaded.action.methods![kind]![name]!.call(context, ...args);
    },
  };
}
