/** Our nodes for n8n, as the package in `n8n/` puts them together. */
export { describeActions } from './describe-actions.ts';
export { describeTriggers } from './describe-triggers.ts';
export { type House, openHouse } from './house.ts';
export { type ListMethods, listMethods } from './lists.ts';
export type { ExecuteContext, Item, Kit, PollContext, Property } from './n8n.ts';
export { pollTrigger } from './poll-trigger.ts';
export { runActions } from './run-actions.ts';
