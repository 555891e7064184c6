import {
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
} from 'n8n-workflow';
import { actionProperties, n8nContext, nodeListMethods, runActions } from '../../entry/n8n-context.ts';

/** The action node: runs an action for each item. */
export class Dynamics365 implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Dynamics 365 Customer Service',
    name: 'dynamics365',
    icon: 'file:dynamics365.svg',
    group: ['transform'],
    version: 1,
    subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
    description: 'Work with cases, accounts, contacts, queues and any other table of Dynamics 365',
    defaults: { name: 'Dynamics 365 Customer Service' },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    usableAsTool: true,
    credentials: [{ name: 'dynamics365OAuth2Api', required: true }],
    properties: actionProperties,
  };

  methods = nodeListMethods;

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return await runActions(n8nContext, this);
  }
}
