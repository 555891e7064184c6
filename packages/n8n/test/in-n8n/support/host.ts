import type { JsonObject } from 'dynamics365-connector';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import { type CredentialStore, credentialFor, openCredentialStore } from './credential.ts';
import { createEngine } from './engine.ts';
import { type Item, loadN8n, type RunError } from './n8n.ts';
import { actionType, type LoadedPackage, loadPackage, triggerType } from './package.ts';
import { chain, node, ourNode } from './workflow.ts';

/** n8n's engine with our package in it, and one credential for a sandbox. */
export interface N8nHost extends LoadedPackage {
  readonly credentials: CredentialStore;
  /** Runs a workflow: these items, then our action node with these parameters. `more` are settings of the node. */
  run(parameters: JsonObject, items?: readonly JsonObject[], more?: JsonObject): Promise<Ran>;
  /** One poll of our trigger, as of an activated workflow unless told; what it remembers is read and written. */
  poll(parameters: JsonObject, memory: Memory, mode?: 'trigger' | 'manual'): Promise<readonly Item[]>;
  /** What a dynamic list of the action node shows: `ask('loadOptions', 'getTables', …)`, as the editor asks. */
  ask(kind: string, name: string, parameters?: JsonObject, ...args: readonly unknown[]): Promise<unknown>;
}

/** What our node came to. */
export interface Ran {
  readonly status: string;
  readonly items: readonly Item[];
  readonly error: RunError | undefined;
}

/** What n8n keeps of a workflow between polls, as its database does: JSON text. */
export interface Memory {
  staticData: string;
}

/** Loads the package as n8n does, and stores the credential. */
export async function openN8n(sandbox: Sandbox): Promise<N8nHost> {
  const n8n = loadN8n();
  const loaded = await loadPackage(n8n);
  const credentials = openCredentialStore(n8n, loaded.credential, credentialFor(sandbox));
  const engine = createEngine(n8n, loaded.types, credentials.helper);

  return {
    ...loaded,
    credentials,
    async run(parameters, items = [{}], more = {}) {
      const action = ourNode(actionType, parameters, more);
      const workflow = engine.workflow(chain(node('test.start', { items: JSON.stringify(items) }), action));
      const execution = new n8n.WorkflowExecute(engine.around(workflow), 'cli');
      const { status, data } = await execution.run({ workflow, startNode: workflow.getNode('start') });
      const ran = data.resultData.runData[action.name]?.[0];
      return { status, items: ran?.data?.main[0] ?? [], error: data.resultData.error ?? ran?.error };
    },
    async poll(parameters, memory, mode = 'trigger') {
      const trigger = ourNode(triggerType, parameters);
      const workflow = engine.workflow(chain(trigger), JSON.parse(memory.staticData));
      const around = engine.around(workflow);
      const context = new n8n.PollContext(workflow, workflow.getNode(trigger.name), around, mode, 'activate');
      const items = await loaded.trigger.poll!.call(context);
      memory.staticData = JSON.stringify(workflow.staticData);
      return items?.[0] ?? [];
    },
    async ask(kind, name, parameters = {}, ...args) {
      const action = ourNode(actionType, parameters);
      const workflow = engine.workflow(chain(action));
      const around = { ...engine.around(workflow), currentNodeParameters: parameters };
      const context = new n8n.LoadOptionsContext(workflow, workflow.getNode(action.name), around, '');
      return await loaded.action.methods![kind]![name]!.call(context, ...args);
    },
  };
}
