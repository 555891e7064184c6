/** The implementation of the n8n nodes; `entry/` builds the package from it. */
export { buildActionProperties } from './action-properties.ts';
export { createListMethods, type ListMethods } from './list-methods.ts';
export { createN8nContext, type N8nContext } from './n8n-context.ts';
export type {
  ExecuteFunctions,
  N8nHelpers,
  NodeExecutionData,
  NodeProperty,
  PollFunctions,
} from './n8n-types.ts';
export { pollTriggerNode } from './poll-trigger-node.ts';
export { runActions } from './run-actions.ts';
export { buildTriggerProperties } from './trigger-properties.ts';
