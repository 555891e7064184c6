import type { MetadataColumn } from '../../model/metadata.ts';
import type { QueryFunction } from '../query/ast.ts';
import { quoteString } from '../quote-string.ts';
import { type CheckContext, lastSegment, report } from './check-context.ts';
import { findLiteralIssue } from './check-literal.ts';
import { resolvePath } from './resolve-path.ts';

/** The columns that query functions accept. */
interface FunctionRule {
  readonly name: RegExp;
  readonly types: readonly MetadataColumn['type'][];
  readonly columnKind: string;
}

const rules: readonly FunctionRule[] = [
  {
    name: /^(ContainValues|DoesNotContainValues)$/,
    types: ['choices'],
    columnKind: 'columns with several choices',
  },
  {
    name: /^(Above|AboveOrEqual|Under|UnderOrEqual|NotUnder)$/,
    types: ['uuid', 'lookup'],
    columnKind: 'ids and lookups',
  },
  {
    name: /^(Not)?Equal(User|Business|RoleBusiness)Id$|^EqualUser(Teams|Or)/,
    types: ['uuid', 'lookup'],
    columnKind: 'lookups of users, teams and business units',
  },
  { name: /^EqualUserLanguage$/, types: ['integer', 'choice'], columnKind: 'language columns' },
  {
    name: /^(On|Today|Tomorrow|Yesterday|This|Last|Next|OlderThan|In(OrAfter|OrBefore)?Fiscal)/,
    types: ['date', 'date-time'],
    columnKind: 'dates',
  },
];

/** Checks the column of a query function and the values of In, NotIn, Between and NotBetween. */
export function checkQueryFunction(context: CheckContext, call: QueryFunction): void {
  const { name, path, values } = call;
  const rule = rules.find(({ name: on }) => on.test(name));
  const accepts = ({ type }: MetadataColumn) => rule === undefined || rule.types.includes(type);
  const column = findColumn(context, call, accepts);
  if (column === undefined) return;
  if (rule !== undefined && !accepts(column)) {
    const message = `The function ${name} is for ${rule.columnKind}, but ${column.name} is of type ${column.type}.`;
    report(context, path, { code: 'Q126', message });
    return;
  }
  if (name === 'Contains') reportContains(context, call, column);
  if (/X|Fiscal(Period|Year)(AndYear)?$/.test(name)) checkNumbers(context, call);
  if (!/^(Not)?(In|Between)$|ContainValues$/.test(name)) return;
  for (const value of values) {
    // Values are text for columns of any type, so only labels of choices are wrong.
    const isLabel =
      value.kind === 'string' &&
      (column.type === 'choice' || column.type === 'choices') &&
      !/^-?\d+$/.test(value.value);
    const wrong = isLabel ? findLiteralIssue(column, value) : undefined;
    if (wrong !== undefined) report(context, value, { ...wrong, text: wrong.text && `"${wrong.text}"` });
  }
}

/** Contains needs a full-text index, which only knowledge base articles of older organizations have. */
function reportContains(context: CheckContext, call: QueryFunction, column: MetadataColumn): void {
  const [value] = call.values;
  const text = value?.kind === 'string' ? value.value : undefined;
  const instead =
    text === undefined ? undefined : `contains(${call.path.segments.join('/')},${quoteString(text)})`;
  report(context, call, {
    code: 'Q126',
    message: `The function Contains is for columns with a full-text index; ${column.name} has none.`,
    fix: `Write ${instead ?? "contains(column,'text')"}.`,
    text: instead,
  });
}

/** The values of functions such as LastXDays are whole numbers. */
function checkNumbers(context: CheckContext, { name, values }: QueryFunction): void {
  for (const value of values) {
    const text = value.kind === 'number' ? value.text : value.kind === 'string' ? value.value : '';
    if (/^-?\d+$/.test(text)) continue;
    report(context, value, {
      code: 'Q120',
      message: `The function ${name} needs a whole number.`,
      fix: 'Write a number.',
    });
  }
}

/** PropertyName can be the logical name of a lookup or its wire name. */
function findColumn(
  context: CheckContext,
  { path }: QueryFunction,
  fits: (column: MetadataColumn) => boolean,
): MetadataColumn | undefined {
  const owner = path.segments.length === 1 && context.variables.length === 0 ? context.table : undefined;
  const lookup = owner?.columnByLogicalName(lastSegment(path));
  if (lookup !== undefined) return lookup;
  const found = resolvePath(context, path, fits);
  return found?.kind === 'column' ? found.column : undefined;
}
