import { NodeApiError, NodeOperationError, sleep } from 'n8n-workflow';
import { describeActions, describeTriggers, listMethods, openHouse } from '../src/index.ts';
import { definition, validator } from './compiled.ts';

/** What both nodes share in one n8n. */
export const house = openHouse({
  definition,
  validator,
  kit: { NodeApiError, NodeOperationError, sleep },
});

/** Forms and lists, drawn from the definition. */
export const actionForm = describeActions(definition);
export const triggerForm = describeTriggers(definition);
export const lists = listMethods(house);

export { pollTrigger, runActions } from '../src/index.ts';
