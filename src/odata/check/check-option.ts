import { applyEdits } from '../../model/apply-edits.ts';
import type { Edit } from '../../model/diagnostic.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type {
  ApplyStep,
  ExpandItem,
  Filter,
  OrderItem,
  ParameterAliases,
  ParseResult,
  PropertyPath,
} from '../query/ast.ts';
import { parseApply } from '../query/parse-apply.ts';
import { parseOrderBy, parseSelect } from '../query/parse-columns.ts';
import { parseExpand } from '../query/parse-expand.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { printFilter } from '../query/print-filter.ts';
import { checkApply } from './check-apply.ts';
import { checkOrderBy, checkSelect } from './check-columns.ts';
import type { CheckContext } from './check-context.ts';
import { checkExpand } from './check-expand.ts';
import { checkFilter } from './check-filter.ts';
import { type CheckResult, hasErrors, type QueryDiagnostic } from './query-diagnostic.ts';
import { displayNameRule } from './repair/repair-display-names.ts';
import {
  deletionCost,
  mapToOriginalSpan,
  type RepairEvaluator,
  repairSyntax,
} from './repair/repair-syntax.ts';
import type { MetadataSchema, TableIndex } from './table-index.ts';

/** The metadata that an option is checked against. Without a `table`, only the syntax is checked. */
export interface OptionCheckContext {
  readonly schema: MetadataSchema;
  readonly table: TableIndex | undefined;
  /** The values of parameter aliases, if the text can use them. */
  readonly aliases?: ParameterAliases;
}

/** How one query option is parsed and checked. */
interface OptionGrammar<T> {
  readonly parse: (text: string, aliases?: ParameterAliases) => ParseResult<T>;
  readonly check: (context: CheckContext, tree: T) => void;
  /** Whether parentheses change its meaning; of several repairs for a missing one, this is the likelier. */
  readonly grouped?: (tree: T) => boolean;
}

const grammars = {
  $filter: {
    parse: parseFilter,
    check: checkFilter,
    grouped: (filter) => /(?<![\w])\(/.test(printFilter(filter)),
  } satisfies OptionGrammar<Filter>,
  $orderby: { parse: parseOrderBy, check: checkOrderBy } satisfies OptionGrammar<readonly OrderItem[]>,
  $select: { parse: parseSelect, check: checkSelect } satisfies OptionGrammar<readonly PropertyPath[]>,
  $expand: { parse: parseExpand, check: checkExpand } satisfies OptionGrammar<readonly ExpandItem[]>,
  $apply: { parse: parseApply, check: checkApply } satisfies OptionGrammar<readonly ApplyStep[]>,
};

/** The query options that name columns. */
export type CheckedOptionName = keyof typeof grammars;

/** A repair can reveal another error: after the name of a column is corrected, its value is checked. */
const maxRounds = 3;

/** Of a text with more errors, only the first ones are reported in a round. */
const maxReported = 100;

/** Checks the decoded text of one query option: its syntax, then names, types, choices and lookups. Never throws. */
export function checkOption(name: CheckedOptionName, text: string, context: OptionCheckContext): CheckResult {
  const grammar = grammars[name] as unknown as OptionGrammar<unknown>;
  const diagnostics: QueryDiagnostic[] = [];
  const edits: Edit[] = [];
  let repaired = text;
  let isClean = false;
  for (let round = 0; round < maxRounds && !isClean; round++) {
    const found = checkOnce(grammar, repaired, context);
    isClean = found.isParsed && !hasErrors(found.diagnostics);
    // A second diagnostic at the same position follows from the first one.
    const moved = found.diagnostics.map((diagnostic) => mapToOriginal(diagnostic, edits));
    diagnostics.push(...moved.filter(({ start }) => !diagnostics.some((known) => known.start === start)));
    if (found.edits.length === 0) break;
    edits.push(...found.edits);
    repaired = found.edits.reduce((now, edit) => applyEdits(now, [edit]), repaired);
  }
  const sorted = diagnostics.sort((a, b) => a.start - b.start);
  return isClean && repaired !== text
    ? { diagnostics: sorted, corrected: repaired }
    : { diagnostics: sorted };
}

interface RoundResult {
  readonly diagnostics: readonly QueryDiagnostic[];
  /** Edits to apply one after the other, each to the result of the one before. */
  readonly edits: readonly Edit[];
  readonly isParsed: boolean;
}

function checkOnce(grammar: OptionGrammar<unknown>, text: string, context: OptionCheckContext): RoundResult {
  const fixed = repairSyntax(text, createRepairEvaluator(grammar, text, context));
  if (fixed.tree === undefined) return { diagnostics: fixed.diagnostics, edits: [], isParsed: false };
  const found = collectDiagnostics(grammar, fixed.text, fixed.tree, context).slice(0, maxReported);
  const own = found.flatMap(({ edit }) => edit ?? []).sort((a, b) => b.start - a.start);
  return {
    diagnostics: [...fixed.diagnostics, ...found.map((diagnostic) => mapToOriginal(diagnostic, fixed.edits))],
    // From the end to the start, so that no edit changes the position of another. Of overlapping edits, only one is used.
    edits: [
      ...fixed.edits,
      ...own.filter(({ end }, index) => end <= (own[index - 1]?.start ?? Number.POSITIVE_INFINITY)),
    ],
    isParsed: true,
  };
}

function mapToOriginal(diagnostic: QueryDiagnostic, edits: readonly Edit[]): QueryDiagnostic {
  if (edits.length === 0) return diagnostic;
  const { edit, ...rest } = diagnostic;
  const moved = edit && { ...edit, ...mapToOriginalSpan(edit, edits) };
  return omitUndefined({ ...rest, ...mapToOriginalSpan(diagnostic, edits), edit: moved });
}

function collectDiagnostics(
  grammar: OptionGrammar<unknown>,
  text: string,
  tree: unknown,
  { schema, table }: OptionCheckContext,
): readonly QueryDiagnostic[] {
  const diagnostics: QueryDiagnostic[] = [];
  grammar.check({ text, schema, table, variables: [], diagnostics }, tree);
  return diagnostics;
}

function createRepairEvaluator(
  grammar: OptionGrammar<unknown>,
  original: string,
  context: OptionCheckContext,
): RepairEvaluator<unknown> {
  const isGrouped = (tree: unknown) => grammar.grouped?.(tree) ?? true;
  const parentheses = (text: string) => text.match(/[()]/g)?.length ?? 0;
  // A missing parenthesis probably changed the meaning, so a group that changes nothing is proposed last.
  const isRedundant = (text: string, tree: unknown) =>
    parentheses(text) > parentheses(original) && !isGrouped(tree);
  return {
    parse: (text) => grammar.parse(text, context.aliases),
    rules: [displayNameRule(context.table)],
    cost: (text, tree) =>
      10 * collectDiagnostics(grammar, text, tree, context).length +
      (isRedundant(text, tree) ? deletionCost + 1 : 0),
  };
}
