import type { JsonSchema } from 'dynamics365-connector';

/** A tool that every server has, besides the tools of actions. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
}

/** Finds actions by words. */
export const findTool: ToolDescription = {
  name: 'find_actions',
  description:
    'Finds actions for run_action by words, with their inputs. An id finds all inputs of that action.',
  inputSchema: {
    type: 'object',
    required: ['query'],
    properties: { query: { type: 'string', examples: ['close ticket'] } },
  },
};

/** Describes tables. */
export const tableTool: ToolDescription = {
  name: 'describe_table',
  description:
    'Columns of any table with types and choices, for filters and record actions. Without table: finds tables.',
  inputSchema: {
    type: 'object',
    properties: { table: { type: 'string' }, search: { type: 'string' } },
  },
};

/** Runs an action by its id. */
export const runTool: ToolDescription = {
  name: 'run_action',
  description:
    'Runs any action by its id, table.verb: contact.create, contact.search, queue.pick-next. Tables have the verbs of case.',
  inputSchema: {
    type: 'object',
    required: ['action'],
    properties: { action: { type: 'string', examples: ['lead.qualify'] }, input: { type: 'object' } },
  },
};
