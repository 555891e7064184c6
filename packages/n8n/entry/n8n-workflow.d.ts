/**
 * The part of n8n-workflow that the package imports. n8n provides it; it is not installed here, because its license is
 * not an open-source license.
 */
declare module 'n8n-workflow' {
  type Helpers = import('../src/n8n-types.ts').N8nHelpers;
  export const NodeApiError: Helpers['NodeApiError'];
  export const NodeOperationError: Helpers['NodeOperationError'];
  export const sleep: Helpers['sleep'];
  export const NodeConnectionTypes: { readonly Main: 'main' };

  export type IExecuteFunctions = import('../src/n8n-types.ts').ExecuteFunctions;
  export type IPollFunctions = import('../src/n8n-types.ts').PollFunctions;
  export type INodeExecutionData = import('../src/n8n-types.ts').NodeExecutionData;
  export type INodeProperties = import('../src/n8n-types.ts').NodeProperty;

  /** The description of a node type. https://docs.n8n.io/integrations/creating-nodes/build/reference/node-base-files/ */
  export interface INodeTypeDescription {
    readonly displayName: string;
    readonly name: string;
    readonly icon: `file:${string}`;
    readonly group: readonly string[];
    readonly version: number;
    readonly subtitle: string;
    readonly description: string;
    readonly defaults: { readonly name: string };
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    readonly polling?: true;
    readonly usableAsTool?: true;
    readonly credentials: readonly { readonly name: string; readonly required: boolean }[];
    readonly properties: readonly INodeProperties[];
  }
  export interface INodeType {
    readonly description: INodeTypeDescription;
    readonly methods?: import('../src/list-methods.ts').ListMethods;
  }

  /** The request that tests a credential. */
  export interface ICredentialTestRequest {
    readonly request: { readonly baseURL: string; readonly url: string };
    readonly rules?: readonly {
      readonly type: 'responseCode';
      readonly properties: { readonly value: number; readonly message: string };
    }[];
  }
  export interface ICredentialType {
    readonly name: string;
    readonly displayName: string;
    readonly icon: `file:${string}`;
    readonly documentationUrl: string;
    readonly extends: readonly string[];
    readonly properties: readonly ICredentialProperty[];
    readonly test: ICredentialTestRequest;
  }
  export interface ICredentialProperty extends Omit<INodeProperties, 'type'> {
    readonly type: 'hidden' | 'number' | 'options' | 'string';
  }
}
