import type { MetadataColumn } from '../../model/metadata.ts';
import type { QueryFunction } from '../query/ast.ts';
import { type CheckContext, report } from './check-context.ts';
import { findLiteralIssue } from './check-literal.ts';
import { resolvePath } from './resolve-path.ts';

/** What a query function works on. */
interface FunctionRule {
  readonly name: RegExp;
  readonly types: readonly MetadataColumn['type'][];
  readonly columnKind: string;
}

const rules: readonly FunctionRule[] = [
  {
    name: /^(ContainValues|DoesNotContainValues)$/,
    types: ['choices'],
    columnKind: 'columns of several choices',
  },
  {
    name: /^(Above|AboveOrEqual|Under|UnderOrEqual|NotUnder)$/,
    types: ['uuid', 'lookup'],
    columnKind: 'ids and lookups',
  },
  {
    name: /^(Not)?Equal(User|Business)Id$|^EqualUser(Teams|Or)/,
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
  const fits = ({ type }: MetadataColumn) => rule === undefined || rule.types.includes(type);
  const column = findColumn(context, call, fits);
  if (column === undefined) return;
  if (!fits(column)) {
    const message = `${name} works on ${rule!.columnKind}; ${column.name} is of type ${column.type}.`;
    report(context, path, { code: 'Q126', message });
    return;
  }
  if (!/^(Not)?(In|Between)$|ContainValues$/.test(name)) return;
  for (const value of values) {
    // Values are given as text whatever the column's type, so only labels of choices are wrong.
    const isLabel =
      value.kind === 'string' &&
      (column.type === 'choice' || column.type === 'choices') &&
      !/^-?\d+$/.test(value.value);
    const wrong = isLabel ? findLiteralIssue(column, value) : undefined;
    if (wrong !== undefined) report(context, value, { ...wrong, text: wrong.text && `"${wrong.text}"` });
  }
}

/** PropertyName takes the logical name of a lookup, and its name in rows as well. */
function findColumn(
  context: CheckContext,
  { path }: QueryFunction,
  fits: (column: MetadataColumn) => boolean,
): MetadataColumn | undefined {
  const owner = path.segments.length === 1 && context.variables.length === 0 ? context.table : undefined;
  const lookup = owner?.columnByLogicalName(path.segments[0]!);
  if (lookup !== undefined) return lookup;
  const found = resolvePath(context, path, fits);
  return found?.kind === 'column' ? found.column : undefined;
}
