import type { JsonObject } from 'dynamics365-connector';

/**
 * The part of n8n's API that the nodes use. n8n's own types are not under an open-source license, so these are written
 * for this package.
 * https://docs.n8n.io/integrations/creating-nodes/
 */

/** A property of a node: one field of its form. */
export interface NodeProperty {
  readonly displayName: string;
  readonly name: string;
  readonly type:
    | 'boolean'
    | 'collection'
    | 'dateTime'
    | 'fixedCollection'
    | 'json'
    | 'multiOptions'
    | 'notice'
    | 'number'
    | 'options'
    | 'resourceLocator'
    | 'resourceMapper'
    | 'string';
  readonly default: unknown;
  readonly description?: string;
  readonly placeholder?: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly noDataExpression?: boolean;
  readonly options?: readonly (NodePropertyOption | NodeProperty | NodePropertyGroup)[];
  readonly modes?: readonly ResourceLocatorMode[];
  readonly typeOptions?: JsonObject;
  readonly displayOptions?: { readonly show: Readonly<Record<string, readonly unknown[]>> };
}

/** The fields of one entry of a fixed collection. */
export interface NodePropertyGroup {
  readonly displayName: string;
  readonly name: string;
  readonly values: readonly NodeProperty[];
}

/** One value of a list. */
export interface NodePropertyOption {
  readonly name: string;
  readonly value: string | number;
  readonly description?: string;
  /** The name of a node with this operation on the canvas. */
  readonly action?: string;
  /** The address of a row, for a link in a resource locator. */
  readonly url?: string;
}

/** One way to select a row in a resource locator. */
export interface ResourceLocatorMode {
  readonly displayName: string;
  readonly name: string;
  readonly type: 'list' | 'string';
  readonly placeholder?: string;
  readonly hint?: string;
  readonly typeOptions?: JsonObject;
  /** What the editor checks before the workflow runs. */
  readonly validation?: readonly {
    readonly type: 'regex';
    readonly properties: { readonly regex: string; readonly errorMessage: string };
  }[];
}

/** A column in a resource mapper. */
export interface ResourceMapperField {
  readonly id: string;
  readonly displayName: string;
  readonly required: boolean;
  readonly defaultMatch: boolean;
  readonly display: boolean;
  readonly type: 'array' | 'boolean' | 'dateTime' | 'number' | 'object' | 'options' | 'string';
  readonly options?: readonly NodePropertyOption[];
}

/** An item that nodes receive and return. */
export interface NodeExecutionData {
  readonly json: JsonObject;
  readonly binary?: Readonly<Record<string, BinaryData>>;
  readonly pairedItem?: { readonly item: number };
}

/** A file of an item; n8n stores its content. */
export interface BinaryData {
  readonly mimeType: string;
  readonly fileName?: string;
}

/** A request to n8n's HTTP helper. */
export interface N8nHttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly encoding: 'arraybuffer';
  readonly returnFullResponse: true;
  readonly disableFollowRedirect: true;
  readonly ignoreHttpStatusErrors: { readonly ignore: true; readonly except: readonly number[] };
  readonly abortSignal?: AbortSignal;
}

export interface N8nHttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array;
}

/** The node in a workflow. */
export interface WorkflowNode {
  readonly id: string;
  readonly name: string;
  readonly credentials?: Readonly<Record<string, { readonly id?: string | null } | undefined>>;
}

/** The functions that n8n passes to a node in every situation. */
export interface FunctionsBase {
  getNode(): WorkflowNode;
  getTimezone(): string;
  getCredentials(type: string): Promise<object>;
  readonly helpers: {
    httpRequestWithAuthentication(
      this: FunctionsBase,
      type: string,
      request: N8nHttpRequest,
    ): Promise<N8nHttpResponse>;
  };
}

/** The functions for running a node. */
export interface ExecuteFunctions extends FunctionsBase {
  getInputData(): readonly NodeExecutionData[];
  /** Returns `fallback` if the parameter is absent; n8n throws without a fallback. */
  getNodeParameter(name: string, itemIndex: number, fallback: unknown): unknown;
  getWorkflow(): { readonly id?: string };
  getExecutionId(): string;
  getWorkflowDataProxy(itemIndex: number): { readonly $runIndex: number };
  getExecutionCancelSignal?(): AbortSignal | undefined;
  continueOnFail(): boolean;
  readonly helpers: FunctionsBase['helpers'] & {
    assertBinaryData(itemIndex: number, name: string): BinaryData;
    getBinaryDataBuffer(itemIndex: number, name: string): Promise<Uint8Array>;
    prepareBinaryData(bytes: Uint8Array, fileName: string, mimeType: string): Promise<BinaryData>;
  };
}

/** The functions for polling a trigger. */
export interface PollFunctions extends FunctionsBase {
  getNodeParameter(name: string, fallback: unknown): unknown;
  getMode(): string;
  /** An object that n8n saves with the workflow. */
  getWorkflowStaticData(type: 'node'): Record<string, unknown>;
}

/** The functions for filling a list in the editor. */
export interface LoadOptionsFunctions extends FunctionsBase {
  getCurrentNodeParameter(name: string): unknown;
}

interface NodeErrorOptions {
  readonly message: string;
  readonly description: string;
  readonly itemIndex?: number;
  readonly httpCode?: string;
}

/** What the nodes use of the package `n8n-workflow`, which n8n provides. */
export interface N8nHelpers {
  readonly NodeApiError: new (
    node: WorkflowNode,
    errorResponse: JsonObject,
    options: NodeErrorOptions,
  ) => Error;
  readonly NodeOperationError: new (node: WorkflowNode, cause: Error, options: NodeErrorOptions) => Error;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}
