import type { JsonSchema } from '../../model/json.ts';
import { actionGrammar } from './action-grammar.ts';
import { connectorGrammar } from './connector-grammar.ts';
import { tableGrammar } from './table-grammar.ts';
import { triggerGrammar } from './trigger-grammar.ts';
import { workerGrammar } from './worker-grammar.ts';

/** A file of a manifest. */
export type FileKind = 'connector' | 'action' | 'trigger' | 'table';

/** A file that has a grammar. */
export type GrammarName = FileKind | 'worker';

/**
 * The grammar of each kind of file, draft-07. `schemas/manifest/*.schema.json` are printed from it for
 * editors (`scripts/print-grammar.ts`), so that a package in use never has to read them.
 */
export const grammars: Readonly<Record<GrammarName, JsonSchema>> = {
  connector: connectorGrammar,
  action: actionGrammar,
  trigger: triggerGrammar,
  table: tableGrammar,
  worker: workerGrammar,
};
