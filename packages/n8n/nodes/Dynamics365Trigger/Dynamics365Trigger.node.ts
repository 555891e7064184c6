import {
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  type IPollFunctions,
  NodeConnectionTypes,
} from 'n8n-workflow';
import { n8nContext, nodeListMethods, pollTriggerNode, triggerProperties } from '../../entry/n8n-context.ts';

/** The trigger node: starts the workflow when rows are created, changed or deleted. */
export class Dynamics365Trigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Dynamics 365 Customer Service Trigger',
    name: 'dynamics365Trigger',
    icon: 'file:dynamics365.svg',
    group: ['trigger'],
    version: 1,
    subtitle: '={{$parameter["event"]}}',
    // n8n's panel shows this text for both nodes, as one entry.
    description:
      'Work with cases, accounts, contacts and any other table, or start when rows are created, changed or deleted',
    defaults: { name: 'Dynamics 365 Customer Service Trigger' },
    polling: true,
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'dynamics365OAuth2Api', required: true }],
    properties: triggerProperties,
  };

  methods = nodeListMethods;

  async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
    return await pollTriggerNode(n8nContext, this);
  }
}
