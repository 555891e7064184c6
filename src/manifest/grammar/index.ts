import type { JsonSchema } from '../../model/json.ts';
import { actionGrammar } from './action-grammar.ts';
import { connectorGrammar } from './connector-grammar.ts';
import { mirrorGrammar } from './mirror-grammar.ts';
import { tableGrammar } from './table-grammar.ts';
import { triggerGrammar } from './trigger-grammar.ts';
import { workerGrammar } from './worker-grammar.ts';

/** The kinds of files in a manifest. */
export type FileKind = 'connector' | 'action' | 'trigger' | 'table';

/** The kinds of files that have a grammar. */
export type GrammarName = FileKind | 'worker' | 'mirror';

/**
 * The grammar of each kind of file, as JSON Schema draft-07. `scripts/write-grammar.ts` writes them to
 * `schemas/manifest/*.schema.json` for editors; the engine does not read those files.
 */
export const grammars: Readonly<Record<GrammarName, JsonSchema>> = {
  connector: connectorGrammar,
  action: actionGrammar,
  trigger: triggerGrammar,
  table: tableGrammar,
  worker: workerGrammar,
  mirror: mirrorGrammar,
};
