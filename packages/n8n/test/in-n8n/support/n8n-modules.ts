import { createRequire } from 'node:module';
import { delimiter } from 'node:path';
import type { JsonObject } from 'dynamics365-connector';

const require = createRequire(import.meta.url);

/**
 * Loads n8n's engine. It is not a dependency, so its types are written here, as far as the tests need them.
 * `npm run test:n8n` puts its folder into NODE_PATH, as n8n does for community nodes.
 */
export function loadN8n(): N8n {
  // require, because import() ignores NODE_PATH.
  require(resolveFromHost('reflect-metadata'));
  return { ...require(resolveFromHost('n8n-core')), ...require(resolveFromHost('n8n-workflow')) };
}

function resolveFromHost(name: string): string {
  return require.resolve(name, { paths: (process.env.NODE_PATH ?? '').split(delimiter) });
}

/** The parts of n8n's engine that the tests use. */
export type N8n = N8nCore & N8nWorkflow;

type Class<Args extends readonly unknown[], Made> = new (...args: Args) => Made;

export interface N8nCore {
  readonly PackageDirectoryLoader: Class<[folder: string], PackageLoader>;
  readonly WorkflowExecute: Class<
    [more: AdditionalData, mode: string],
    { run(what: { workflow: N8nWorkflowObject; startNode: unknown }): Promise<WorkflowRun> }
  >;
  readonly ExecutionLifecycleHooks: Class<[mode: string, executionId: string, workflow: object], object>;
  readonly PollContext: Class<
    [workflow: N8nWorkflowObject, node: unknown, more: AdditionalData, mode: string, activation: string],
    object
  >;
  readonly LoadOptionsContext: Class<
    [workflow: N8nWorkflowObject, node: unknown, more: AdditionalData, path: string],
    object
  >;
}

export interface N8nWorkflow {
  readonly Workflow: Class<[parts: object], N8nWorkflowObject>;
  readonly NodeHelpers: {
    getVersionedNodeType(type: NodeType, version?: number): NodeType;
    /** What the editor complains about before a workflow runs: messages by the name of the parameter. */
    getNodeParametersIssues(
      properties: readonly JsonObject[],
      node: object,
      description: NodeType['description'],
    ): { readonly parameters?: Readonly<Record<string, readonly string[]>> } | null;
    /** The stored values merged over the defaults of the properties. */
    getNodeParameters(
      properties: readonly JsonObject[],
      values: JsonObject,
      returnDefaults: boolean,
      returnNoneDisplayed: boolean,
      node: null,
      description: NodeType['description'] | null,
    ): JsonObject;
  };
}

export interface N8nWorkflowObject {
  staticData: JsonObject;
  getNode(name: string): unknown;
  readonly expression: {
    acquireIsolate(): Promise<boolean>;
    releaseIsolate(): Promise<void>;
    getComplexParameterValue(
      node: object,
      value: JsonObject,
      mode: string,
      keys: object,
      executeData: undefined,
      defaultValue: undefined,
      self: JsonObject,
    ): JsonObject;
  };
}

export interface PackageLoader {
  readonly packageName: string;
  readonly nodeTypes: Readonly<Record<string, { readonly type: NodeType }>>;
  readonly credentialTypes: Readonly<Record<string, { readonly type: CredentialType }>>;
  loadAll(): Promise<void>;
}

/** A node type of a package. */
export interface NodeType {
  readonly description: {
    readonly name: string;
    readonly displayName: string;
    readonly version: number | readonly number[];
    readonly properties: readonly JsonObject[];
    readonly [more: string]: unknown;
  };
  execute?(this: unknown): Promise<NodeExecutionData[][]>;
  poll?(this: unknown): Promise<NodeExecutionData[][] | null>;
  readonly methods?: Readonly<
    Record<string, Readonly<Record<string, (this: unknown, ...args: unknown[]) => Promise<unknown>>>>
  >;
}

/** A credential type of a package. */
export interface CredentialType {
  readonly name: string;
  readonly properties: readonly JsonObject[];
  readonly [more: string]: unknown;
}

/** An item. */
export interface NodeExecutionData {
  readonly json: JsonObject;
  readonly pairedItem?: unknown;
  readonly binary?: Readonly<Record<string, { readonly data: string; readonly fileName?: string }>>;
  readonly error?: unknown;
}

/** The result of an execution. */
export interface WorkflowRun {
  readonly status: string;
  readonly data: {
    readonly resultData: {
      readonly error?: RunError;
      readonly runData: Readonly<
        Record<
          string,
          readonly { readonly data?: { readonly main: NodeExecutionData[][] }; readonly error?: RunError }[]
        >
      >;
    };
  };
}

export interface RunError extends Error {
  readonly description?: string;
  readonly httpCode?: string;
}

/** What a host passes to the engine with a workflow. */
export interface AdditionalData {
  readonly credentialsHelper: object;
  readonly currentNodeParameters: JsonObject | undefined;
  readonly [more: string]: unknown;
}
