import type { JsonSchema } from '../../model/json.ts';
import { actionGrammar } from './action.ts';
import { connectorGrammar } from './connector.ts';
import { tableGrammar } from './table.ts';
import { triggerGrammar } from './trigger.ts';

export type FileKind = 'connector' | 'action' | 'trigger' | 'table';

/**
 * The grammar of each kind of file, draft-07. `schemas/manifest/*.schema.json` are printed from it for
 * editors (`scripts/print-grammar.ts`), so that a package in use never has to read them.
 */
export const grammar: Readonly<Record<FileKind, JsonSchema>> = {
  connector: connectorGrammar,
  action: actionGrammar,
  trigger: triggerGrammar,
  table: tableGrammar,
};
