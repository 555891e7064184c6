import { NodeApiError, NodeOperationError, sleep } from 'n8n-workflow';
import {
  buildActionProperties,
  buildTriggerProperties,
  createListMethods,
  createN8nContext,
} from '../src/index.ts';
import { definition, validator } from './compiled-definition.ts';

/** The context that both nodes share. */
export const n8nContext = createN8nContext({
  definition,
  validator,
  helpers: { NodeApiError, NodeOperationError, sleep },
});

/** Properties and list methods, generated from the definition. */
export const actionProperties = buildActionProperties(definition);
export const triggerProperties = buildTriggerProperties(definition);
export const nodeListMethods = createListMethods(n8nContext);

export { pollTriggerNode, runActions } from '../src/index.ts';
