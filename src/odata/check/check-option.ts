import { parseApply } from '../query/apply.ts';
import type { Aliases, ApplyStep, ExpandItem, Filter, OrderItem, Parsed, Path } from '../query/ast.ts';
import { parseOrderBy, parseSelect } from '../query/columns.ts';
import { parseExpand } from '../query/expand.ts';
import { parseFilter } from '../query/filter.ts';
import { printFilter } from '../query/print-filter.ts';
import { checkApply } from './apply.ts';
import type { Checking } from './checking.ts';
import { checkOrderBy, checkSelect } from './columns.ts';
import { checkExpand } from './expand.ts';
import { applyEdits, type Checked, type Edit, hasErrors, type QueryFault } from './fault.ts';
import { checkFilter } from './filter.ts';
import { displayNames } from './repair/display-names.ts';
import { back, costOfLoss, type Judge, repair } from './repair/repair.ts';
import type { Schema, TableIndex } from './table-index.ts';

/** What a text is checked against. Without a `table` only its syntax is. */
export interface Against {
  readonly schema: Schema;
  readonly table: TableIndex | undefined;
  /** Values of parameter aliases, where the text may use them. */
  readonly aliases?: Aliases;
}

/** How one query option is read and judged. */
interface Grammar<T> {
  readonly parse: (text: string, aliases?: Aliases) => Parsed<T>;
  readonly check: (checking: Checking, tree: T) => void;
  /** Whether parentheses carry meaning in it; of several places for a lost one that is the likelier. */
  readonly grouped?: (tree: T) => boolean;
}

const grammars = {
  $filter: {
    parse: parseFilter,
    check: checkFilter,
    grouped: (filter) => /(?<![\w])\(/.test(printFilter(filter)),
  } satisfies Grammar<Filter>,
  $orderby: { parse: parseOrderBy, check: checkOrderBy } satisfies Grammar<readonly OrderItem[]>,
  $select: { parse: parseSelect, check: checkSelect } satisfies Grammar<readonly Path[]>,
  $expand: { parse: parseExpand, check: checkExpand } satisfies Grammar<readonly ExpandItem[]>,
  $apply: { parse: parseApply, check: checkApply } satisfies Grammar<readonly ApplyStep[]>,
};

/** The query options that name columns. */
export type OptionName = keyof typeof grammars;

/** A repair may bring to light what it hid: the label behind a misspelt choice, say. */
const maxRounds = 3;

/** Checks the decoded text of one query option: syntax, then names, types, choices and lookups. Never throws. */
export function checkOption(name: OptionName, text: string, against: Against): Checked {
  const grammar = grammars[name] as unknown as Grammar<unknown>;
  const faults: QueryFault[] = [];
  const edits: Edit[] = [];
  let repaired = text;
  let isClean = false;
  for (let round = 0; round < maxRounds && !isClean; round++) {
    const found = checkOnce(grammar, repaired, against);
    isClean = found.isRead && !hasErrors(found.faults);
    // What is found at a place that was complained about already is only an echo.
    const moved = found.faults.map((fault) => moveBack(fault, edits));
    faults.push(...moved.filter(({ start }) => !faults.some((known) => known.start === start)));
    if (found.edits.length === 0) break;
    edits.push(...found.edits);
    repaired = found.edits.reduce((now, edit) => applyEdits(now, [edit]), repaired);
  }
  const sorted = faults.sort((a, b) => a.start - b.start);
  return isClean && repaired !== text ? { faults: sorted, corrected: repaired } : { faults: sorted };
}

interface Found {
  readonly faults: readonly QueryFault[];
  /** One after the other, each in the text that the one before it left. */
  readonly edits: readonly Edit[];
  readonly isRead: boolean;
}

function checkOnce(grammar: Grammar<unknown>, text: string, against: Against): Found {
  const fixed = repair(text, judgeOf(grammar, text, against));
  if (fixed.tree === undefined) return { faults: fixed.faults, edits: [], isRead: false };
  const found = walk(grammar, fixed.text, fixed.tree, against);
  const own = found.flatMap(({ edit }) => edit ?? []).sort((a, b) => b.start - a.start);
  return {
    faults: [...fixed.faults, ...found.map((fault) => moveBack(fault, fixed.edits))],
    // From the end to the beginning, so that none moves another.
    edits: [...fixed.edits, ...own.filter(({ end }, index) => index === 0 || end <= own[index - 1]!.start)],
    isRead: true,
  };
}

function moveBack(fault: QueryFault, edits: readonly Edit[]): QueryFault {
  if (edits.length === 0) return fault;
  const { edit, ...said } = fault;
  const moved = edit && { ...edit, ...back(edit, edits) };
  return { ...said, ...back(fault, edits), ...(moved && { edit: moved }) };
}

function walk(
  grammar: Grammar<unknown>,
  text: string,
  tree: unknown,
  { schema, table }: Against,
): readonly QueryFault[] {
  const faults: QueryFault[] = [];
  grammar.check({ text, schema, table, variables: [], faults }, tree);
  return faults;
}

function judgeOf(grammar: Grammar<unknown>, original: string, against: Against): Judge<unknown> {
  const isGrouped = (tree: unknown) => grammar.grouped?.(tree) ?? true;
  const parentheses = (text: string) => text.match(/[()]/g)?.length ?? 0;
  // Where one was lost, it probably mattered: a group that changes nothing is the last thing to propose.
  const isIdle = (text: string, tree: unknown) =>
    parentheses(text) > parentheses(original) && !isGrouped(tree);
  return {
    parse: (text) => grammar.parse(text, against.aliases),
    rules: [displayNames(against.table)],
    cost: (text, tree) =>
      10 * walk(grammar, text, tree, against).length + (isIdle(text, tree) ? costOfLoss + 1 : 0),
  };
}
