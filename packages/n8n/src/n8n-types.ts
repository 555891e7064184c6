import type { JsonObject } from 'dynamics365-connector';

/**
 * n8n as far as we use it. Its own types are under a license that is no open-source license, so that these are ours.
 * https://docs.n8n.io/integrations/creating-nodes/
 */

/** A field of a node's form. */
export interface NodeProperty {
  readonly displayName: string;
  readonly name: string;
  readonly type:
    | 'boolean'
    | 'collection'
    | 'dateTime'
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
  readonly options?: readonly (NodePropertyOption | NodeProperty)[];
  readonly modes?: readonly ResourceLocatorMode[];
  readonly typeOptions?: JsonObject;
  readonly displayOptions?: { readonly show: Readonly<Record<string, readonly unknown[]>> };
}

/** One of the values that a field offers. */
export interface NodePropertyOption {
  readonly name: string;
  readonly value: string | number;
  readonly description?: string;
  /** What the canvas calls a node of this operation. */
  readonly action?: string;
}

/** A way to say which row is meant. */
export interface ResourceLocatorMode {
  readonly displayName: string;
  readonly name: string;
  readonly type: 'list' | 'string';
  readonly placeholder?: string;
  readonly hint?: string;
  readonly typeOptions?: JsonObject;
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

/** What flows between nodes. */
export interface NodeExecutionData {
  readonly json: JsonObject;
  readonly binary?: Readonly<Record<string, BinaryData>>;
  readonly pairedItem?: { readonly item: number };
}

/** A file beside an item; its bytes are n8n's to keep. */
export interface BinaryData {
  readonly mimeType: string;
  readonly fileName?: string;
}

/** A request as n8n's HTTP helper takes it. */
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

/** What n8n hands to a node, whatever the node is about to do. */
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

/** While a node runs. */
export interface ExecuteFunctions extends FunctionsBase {
  getInputData(): readonly NodeExecutionData[];
  /** `fallback` is answered where the parameter is absent; without one n8n throws. */
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

/** While a trigger polls. */
export interface PollFunctions extends FunctionsBase {
  getNodeParameter(name: string, fallback: unknown): unknown;
  getMode(): string;
  /** An object that n8n keeps with the workflow. */
  getWorkflowStaticData(type: 'node'): Record<string, unknown>;
}

/** While the editor fills a list. */
export interface LoadOptionsFunctions extends FunctionsBase {
  getCurrentNodeParameter(name: string): unknown;
}

interface NodeErrorOptions {
  readonly message: string;
  readonly description: string;
  readonly itemIndex?: number;
  readonly httpCode?: string;
}

/** What the nodes bring from the package `n8n-workflow`, which only n8n has. */
export interface N8nHelpers {
  readonly NodeApiError: new (node: WorkflowNode, answer: JsonObject, options: NodeErrorOptions) => Error;
  readonly NodeOperationError: new (node: WorkflowNode, cause: Error, options: NodeErrorOptions) => Error;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}
