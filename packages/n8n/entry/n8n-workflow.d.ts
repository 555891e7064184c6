/**
 * The part of n8n that our package imports. n8n brings it; it is never installed here, since its license is no
 * open-source license.
 */
declare module 'n8n-workflow' {
  type Kit = import('../src/n8n-types.ts').N8nHelpers;
  export const NodeApiError: Kit['NodeApiError'];
  export const NodeOperationError: Kit['NodeOperationError'];
  export const sleep: Kit['sleep'];
  export const NodeConnectionTypes: { readonly Main: 'main' };

  export type IExecuteFunctions = import('../src/n8n-types.ts').ExecuteFunctions;
  export type IPollFunctions = import('../src/n8n-types.ts').PollFunctions;
  export type INodeExecutionData = import('../src/n8n-types.ts').NodeExecutionData;
  export type INodeProperties = import('../src/n8n-types.ts').NodeProperty;

  /** A node as the palette shows it. https://docs.n8n.io/integrations/creating-nodes/build/reference/node-base-files/ */
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

  /** A request that tries a credential, and the credential itself. */
  export interface ICredentialTestRequest {
    readonly request: { readonly baseURL: string; readonly url: string };
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
    readonly type: 'hidden' | 'options' | 'string';
  }
}
