import type { MetadataColumn } from '../../model/metadata.ts';
import type { Comparison, Filter, Lambda, Literal, Path, TextMatch } from '../query/ast.ts';
import { type Checking, report, segmentSpan } from './checking.ts';
import { checkFunction } from './functions.ts';
import { reportMany, reportName, reportOne } from './lookups.ts';
import { type Found, resolvePath } from './names.ts';
import { wireName } from './table-index.ts';
import { checkColumns } from './two-columns.ts';
import { misfit } from './values.ts';
import { checkWildcards } from './wildcards.ts';

/** Checks a condition against the tables: names, types, choices, lookups, functions. */
export function checkFilter(checking: Checking, filter: Filter): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const term of filter.terms) checkFilter(checking, term);
      return;
    case 'not':
      checkFilter(checking, filter.term);
      return;
    case 'compare':
      checkComparison(checking, filter);
      return;
    case 'text':
      checkTextMatch(checking, filter);
      return;
    case 'function':
      checkFunction(checking, filter);
      return;
    case 'lambda':
      checkLambda(checking, filter);
      return;
  }
}

function checkComparison(checking: Checking, comparison: Comparison): void {
  const { left, right } = comparison;
  if (left.kind === 'path' && right.kind === 'path') checkColumns(checking, left, right);
  else if (left.kind === 'path') checkPair(checking, comparison, [left, right as Literal]);
  else if (right.kind === 'path') checkPair(checking, comparison, [right, left]);
  else reportNoColumn(checking, left);
}

function reportNoColumn(checking: Checking, left: Literal): void {
  const [column] = left.kind === 'string' ? (checking.table?.columnsLike(left.value) ?? []) : [];
  report(checking, left, {
    code: 'Q123',
    message: 'Two values are compared; one side must be a column.',
    ...(column === undefined ? {} : { fix: `Write ${wireName(column)}, without quotes.` }),
    text: column && wireName(column),
  });
}

function checkPair(
  checking: Checking,
  comparison: Comparison,
  [path, literal]: readonly [Path, Literal],
): void {
  const found = resolvePath(checking, path, (column) => misfit(column, literal) === undefined);
  if (found?.kind === 'many') reportMany(checking, comparison, { path, navigation: found.navigation });
  else if (found?.kind === 'one') reportOne(checking, path, { literal, found });
  else if (found !== undefined) checkValue(checking, comparison, { path, literal, found });
}

function checkValue(
  checking: Checking,
  { operator }: Comparison,
  { path, literal, found }: { path: Path; literal: Literal; found: Found<'column'> },
): void {
  const { column } = found;
  const wrong = misfit(column, literal);
  if (wrong !== undefined && column.type === 'lookup' && wrong.text === undefined) {
    reportName(checking, path, found);
  } else if (wrong !== undefined) {
    report(checking, literal, wrong);
  } else if (literal.kind === 'null' && operator !== 'eq' && operator !== 'ne') {
    const message = 'null is compared with eq and ne only.';
    report(checking, literal, { code: 'Q124', message, fix: 'Write eq null or ne null.' });
  }
}

function checkTextMatch(checking: Checking, match: TextMatch): void {
  const { path } = match;
  checkWildcards(checking, match);
  const found = resolvePath(checking, path, ({ type }) => type === 'string');
  if (found === undefined) return;
  if (found.kind === 'many') reportMany(checking, match, { path, navigation: found.navigation });
  else if (found.kind === 'one' || found.column.type === 'lookup') reportName(checking, path, found);
  else if (found.column.type !== 'string') reportNoText(checking, match, found.column);
}

function reportNoText(checking: Checking, match: TextMatch, column: MetadataColumn): void {
  const { path, name, value } = match;
  const equal = misfit(column, value)?.text;
  const text = equal && `${path.segments.join('/')} eq ${equal}`;
  const type = column.type === 'choice' ? 'a choice' : `of type ${column.type}`;
  report(checking, match, {
    code: 'Q125',
    message: `${name}() searches text; the column ${column.name} is ${type}.`,
    fix: text === undefined ? 'Compare it with eq.' : `Write ${text}.`,
    text,
  });
}

function checkLambda(checking: Checking, lambda: Lambda): void {
  const { path, variable, body } = lambda;
  const found = resolvePath(checking, path, 'rows');
  if (found !== undefined && found.kind !== 'many') {
    const name = path.segments.at(-1)!;
    report(checking, segmentSpan(checking, path, path.segments.length - 1), {
      code: 'Q114',
      message: `${name} does not lead to many rows; ${lambda.quantifier}() has nothing to go through.`,
      ...(found.kind === 'one' ? { fix: `Write ${name}/column, without ${lambda.quantifier}().` } : {}),
    });
  }
  if (body === undefined || variable === undefined) return;
  const table = found?.kind === 'many' ? checking.schema.table(found.navigation.target) : undefined;
  checkFilter({ ...checking, variables: [...checking.variables, { name: variable, table }] }, body);
}
