import type { MetadataColumn } from '../../model/metadata.ts';
import type { Comparison, Filter, Lambda, Literal, PropertyPath, TextMatch } from '../query/ast.ts';
import { printFilter } from '../query/print-filter.ts';
import { toWireName } from '../wire-name.ts';
import { checkColumnComparison } from './check-column-comparison.ts';
import { type CheckContext, lastSegment, report, segmentSpan } from './check-context.ts';
import { findChoice, findLiteralIssue } from './check-literal.ts';
import { checkQueryFunction } from './check-query-function.ts';
import { checkWildcards } from './check-wildcards.ts';
import {
  reportCollectionComparison,
  reportLookupByName,
  reportLookupComparison,
} from './report-lookup-misuse.ts';
import { type ResolvedPathOf, resolvePath } from './resolve-path.ts';

/** Checks a condition against the metadata: names, types, choices, lookups and functions. */
export function checkFilter(context: CheckContext, filter: Filter): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const term of filter.terms) checkFilter(context, term);
      return;
    case 'not':
      checkFilter(context, filter.term);
      return;
    case 'compare':
      checkComparison(context, filter);
      return;
    case 'text':
      checkTextMatch(context, filter);
      return;
    case 'function':
      checkQueryFunction(context, filter);
      return;
    case 'lambda':
      checkLambda(context, filter);
      return;
  }
}

function checkComparison(context: CheckContext, comparison: Comparison): void {
  const { left, right } = comparison;
  if (left.kind === 'path' && right.kind === 'path') checkColumnComparison(context, left, right);
  else if (left.kind === 'path') checkColumnAndValue(context, comparison, [left, right as Literal]);
  else if (right.kind === 'path') checkColumnAndValue(context, comparison, [right, left]);
  else reportNoColumn(context, left);
}

function reportNoColumn(context: CheckContext, left: Literal): void {
  const [column] = left.kind === 'string' ? (context.table?.similarColumns(left.value) ?? []) : [];
  report(context, left, {
    code: 'Q123',
    message: 'Two values are compared. One side must be a column.',
    fix: column && `Write ${toWireName(column)}, without quotes.`,
    text: column && toWireName(column),
  });
}

function checkColumnAndValue(
  context: CheckContext,
  comparison: Comparison,
  [path, literal]: readonly [PropertyPath, Literal],
): void {
  const found = resolvePath(context, path, (column) => findLiteralIssue(column, literal) === undefined);
  if (found?.kind === 'collection')
    reportCollectionComparison(context, comparison, { path, navigation: found.navigation });
  else if (found?.kind === 'lookup') reportLookupComparison(context, path, { literal, found });
  else if (found !== undefined) checkValue(context, comparison, { path, literal, found });
}

function checkValue(
  context: CheckContext,
  { operator }: Comparison,
  { path, literal, found }: { path: PropertyPath; literal: Literal; found: ResolvedPathOf<'column'> },
): void {
  const { column } = found;
  const wrong = findLiteralIssue(column, literal);
  if (wrong !== undefined && column.type === 'lookup' && wrong.text === undefined) {
    reportLookupByName(context, path, found);
  } else if (wrong !== undefined) {
    report(context, literal, wrong);
  } else if (literal.kind === 'null' && operator !== 'eq' && operator !== 'ne') {
    const message = 'null can only be compared with eq and ne.';
    report(context, literal, { code: 'Q124', message, fix: 'Write eq null or ne null.' });
  }
}

function checkTextMatch(context: CheckContext, match: TextMatch): void {
  const { path } = match;
  checkWildcards(context, match);
  const found = resolvePath(context, path, ({ type }) => type === 'string');
  if (found === undefined) return;
  if (found.kind === 'collection')
    reportCollectionComparison(context, match, { path, navigation: found.navigation });
  else if (found.kind === 'lookup' || found.column.type === 'lookup')
    reportLookupByName(context, path, found);
  else if (found.column.type !== 'string') reportNotText(context, match, found.column);
}

function reportNotText(context: CheckContext, match: TextMatch, column: MetadataColumn): void {
  const { path, name, value } = match;
  const equal = findLiteralIssue(column, value)?.text;
  const text =
    column.type === 'choices'
      ? containsChoices(match, column)
      : equal && `${path.segments.join('/')} eq ${equal}`;
  const fallback = column.type === 'choices' ? 'Use ContainValues.' : 'Compare it with eq.';
  const type = column.type === 'choice' ? 'a choice' : `of type ${column.type}`;
  report(context, match, {
    code: 'Q125',
    message: `${name}() searches text, but the column ${column.name} is ${type}.`,
    fix: text === undefined ? fallback : `Write ${text}.`,
    text,
  });
}

/** `eq` matches rows that have exactly these choices; ContainValues those that have one of them, as contains() means. */
function containsChoices({ path, value }: TextMatch, column: MetadataColumn): string | undefined {
  const { start, end } = value;
  const numbers = value.value.split(/[,;]/).map((text) => {
    const number = /^\s*-?\d{1,10}\s*$/.test(text) ? Number(text) : findChoice(column, text.trim())?.value;
    return number === undefined ? undefined : String(number);
  });
  const values = numbers.flatMap((number): Literal[] =>
    number === undefined ? [] : [{ kind: 'string', value: number, start, end }],
  );
  if (values.length < numbers.length) return undefined;
  return printFilter({ kind: 'function', name: 'ContainValues', path, values, start, end });
}

function checkLambda(context: CheckContext, lambda: Lambda): void {
  const { path, variable, body } = lambda;
  const found = resolvePath(context, path, 'rows');
  if (found !== undefined && found.kind !== 'collection') {
    const name = lastSegment(path);
    report(context, segmentSpan(context, path, path.segments.length - 1), {
      code: 'Q114',
      message: `${name} is not a collection, which ${lambda.quantifier}() needs.`,
      fix: found.kind === 'lookup' ? `Write ${name}/column, without ${lambda.quantifier}().` : undefined,
    });
  }
  if (body === undefined || variable === undefined) return;
  const table = found?.kind === 'collection' ? context.schema.table(found.navigation.target) : undefined;
  checkFilter({ ...context, variables: [...context.variables, { name: variable, table }] }, body);
}
