import { NodeApiError, NodeOperationError, sleep } from 'n8n-workflow';
import {
  buildActionProperties,
  buildTriggerProperties,
  createListMethods,
  createN8nContext,
} from '../src/index.ts';
import { definition, validator } from './compiled-definition.ts';

/** What both nodes share in one n8n. */
export const n8nContext = createN8nContext({
  definition,
  validator,
  kit: { NodeApiError, NodeOperationError, sleep },
});

/** Forms and lists, drawn from the definition. */
export const actionProperties = buildActionProperties(definition);
export const triggerProperties = buildTriggerProperties(definition);
export const nodeListMethods = createListMethods(n8nContext);

export { pollTriggerNode, runActions } from '../src/index.ts';
