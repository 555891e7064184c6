import type { MetadataColumn } from '../../model/metadata.ts';
import type { QueryFunction } from '../query/ast.ts';
import { type Checking, report } from './checking.ts';
import { resolvePath } from './names.ts';
import { misfit } from './values.ts';

/** What a query function works on. */
interface Rule {
  readonly on: RegExp;
  readonly types: readonly MetadataColumn['type'][];
  readonly what: string;
}

const rules: readonly Rule[] = [
  { on: /^(ContainValues|DoesNotContainValues)$/, types: ['choices'], what: 'columns of several choices' },
  {
    on: /^(Above|AboveOrEqual|Under|UnderOrEqual|NotUnder)$/,
    types: ['uuid', 'lookup'],
    what: 'ids and lookups',
  },
  {
    on: /^(Not)?Equal(User|Business)Id$|^EqualUser(Teams|Or)/,
    types: ['uuid', 'lookup'],
    what: 'lookups of users, teams and business units',
  },
  { on: /^EqualUserLanguage$/, types: ['integer', 'choice'], what: 'language columns' },
  {
    on: /^(On|Today|Tomorrow|Yesterday|This|Last|Next|OlderThan|In(OrAfter|OrBefore)?Fiscal)/,
    types: ['date', 'date-time'],
    what: 'dates',
  },
];

/** Checks the column of a query function and the values of In, NotIn, Between and NotBetween. */
export function checkFunction(checking: Checking, call: QueryFunction): void {
  const { name, path, values } = call;
  const rule = rules.find(({ on }) => on.test(name));
  const fits = ({ type }: MetadataColumn) => rule === undefined || rule.types.includes(type);
  const column = columnOf(checking, call, fits);
  if (column === undefined) return;
  if (!fits(column)) {
    const message = `${name} works on ${rule!.what}; ${column.name} is of type ${column.type}.`;
    report(checking, path, { code: 'Q126', message });
    return;
  }
  if (!/^(Not)?(In|Between)$|ContainValues$/.test(name)) return;
  for (const value of values) {
    // Values are given as text whatever the column's type, so only labels of choices are wrong.
    const isLabel =
      value.kind === 'string' &&
      (column.type === 'choice' || column.type === 'choices') &&
      !/^-?\d+$/.test(value.value);
    const wrong = isLabel ? misfit(column, value) : undefined;
    if (wrong !== undefined) report(checking, value, { ...wrong, text: wrong.text && `"${wrong.text}"` });
  }
}

/** PropertyName takes the logical name of a lookup, and its name in rows as well. */
function columnOf(
  checking: Checking,
  { path }: QueryFunction,
  fits: (column: MetadataColumn) => boolean,
): MetadataColumn | undefined {
  const owner = path.segments.length === 1 && checking.variables.length === 0 ? checking.table : undefined;
  const lookup = owner?.attribute(path.segments[0]!);
  if (lookup !== undefined) return lookup;
  const found = resolvePath(checking, path, fits);
  return found?.kind === 'column' ? found.column : undefined;
}
