import { suggest } from '../../errors/suggest.ts';
import type { Aliases } from '../query/ast.ts';
import { checkOption, type OptionName } from './check-option.ts';
import { applyEdits, type Checked, hasErrors, type QueryFault } from './fault.ts';
import type { Schema, TableIndex } from './table-index.ts';

/** The options of a query, decoded: `{ $select: 'title', $filter: "statecode eq 0", '@p1': '5' }`. */
export type QueryTexts = Readonly<Record<string, string>>;

/** What was found in each option; `corrected` when everything wrong could be repaired. */
export interface CheckedQuery {
  readonly options: readonly (Checked & { readonly name: string; readonly text: string })[];
  readonly corrected?: QueryTexts;
}

const checkedOptions: readonly string[] = [
  '$filter',
  '$orderby',
  '$select',
  '$expand',
  '$apply',
] satisfies OptionName[];
const known: readonly string[] = [...checkedOptions, '$top', '$count'];
/** Options of Dataverse that are not OData's, or whose values only Dataverse understands. */
const opaque: readonly string[] = [
  'fetchXml',
  'savedQuery',
  'userQuery',
  'tag',
  'partitionId',
  '$skiptoken',
  '$deltatoken',
  '$id',
  'api-version',
];

const unsupported: Readonly<Record<string, string>> = {
  $skip: 'Rows are paged by the next link of each page: leave $skip out and read on.',
  $search: "Use contains(column,'text') in $filter, or the search endpoint.",
  $format: 'Answers are always JSON: leave it out.',
  $inlinecount: 'Write $count=true.',
  $compute: 'Compute after reading; totals go with $apply.',
  $levels: 'Write each level of $expand out.',
  $index: 'Order with $orderby.',
};

/** Checks all options of a query on one table. Never throws. */
export function checkQuery(texts: QueryTexts, schema: Schema, table: TableIndex | undefined): CheckedQuery {
  const aliases: Aliases = new Map(Object.entries(texts).filter(([name]) => name.startsWith('@')));
  const options = Object.entries(texts)
    .filter(([name]) => !name.startsWith('@'))
    .map(([name, text]) => {
      // Beside $apply rows are ordered by the names that it gives to its totals, too.
      const known = name === '$orderby' && texts.$apply !== undefined ? undefined : table;
      return { name, text, ...checkOne(name, text, { schema, table: known, aliases }) };
    });
  const wrong = options.filter(({ faults }) => faults.length > 0);
  const repaired = options.map(({ name, text, faults, corrected }) => [
    faults.find(({ edit, code }) => code === 'Q103' && edit)?.edit?.text ?? name,
    corrected ?? text,
  ]);
  const settled = wrong.every(({ corrected, faults }) => corrected !== undefined || !hasErrors(faults));
  const changed = wrong.some(({ corrected }) => corrected !== undefined);
  if (!settled || !changed) return { options };
  const kept = Object.entries(texts).filter(([name]) => name.startsWith('@'));
  return { options, corrected: Object.fromEntries([...repaired, ...kept]) };
}

interface Against {
  readonly schema: Schema;
  readonly table: TableIndex | undefined;
  readonly aliases: Aliases;
}

function checkOne(name: string, text: string, against: Against): Checked {
  if (checkedOptions.includes(name)) return checkOption(name as OptionName, text, against);
  if (name === '$top') return checkTop(text);
  if (name === '$count') return checkCount(text);
  return known.includes(name) || opaque.includes(name) ? { faults: [] } : checkName(name, text);
}

/** An option that Dataverse does not have: `filter`, `$Filter`, `$skip`. Its fault stands for its whole text. */
function checkName(name: string, text: string): Checked {
  const said = { severity: 'error', code: 'Q103', start: 0, end: text.length } as const;
  const lower = name.toLowerCase();
  const why = unsupported[lower];
  if (why !== undefined)
    return { faults: [{ ...said, message: `Dataverse does not take ${name}.`, fix: why }] };
  const meant =
    known.find((option) => option === lower || option === `$${lower}`) ?? suggest(name, known, 1)[0];
  if (meant === undefined) return { faults: [] };
  const message = `Dataverse does not know the option ${name}; names of options are exact.`;
  return {
    faults: [{ ...said, message, fix: `Write ${meant}.`, edit: { start: 0, end: 0, text: meant } }],
    corrected: text,
  };
}

function checkTop(text: string): Checked {
  if (/^[1-9]\d{0,3}$/.test(text.trim()) && Number(text) <= 5000) return { faults: [] };
  const isNumber = /^\d+$/.test(text.trim());
  const fault: QueryFault = {
    severity: isNumber ? 'warning' : 'error',
    code: 'Q104',
    message: isNumber ? 'A page has 1 to 5,000 rows.' : '$top takes a whole number.',
    start: 0,
    end: text.length,
    fix: 'Write a number from 1 to 5000, or leave $top out and read page by page.',
  };
  return { faults: [fault] };
}

function checkCount(text: string): Checked {
  if (text === 'true' || text === 'false') return { faults: [] };
  const meant = /^(true|1|yes|allpages)$/i.test(text) ? 'true' : 'false';
  const edit = { start: 0, end: text.length, text: meant };
  const fault: QueryFault = {
    severity: 'error',
    code: 'Q104',
    message: '$count takes true or false.',
    start: 0,
    end: text.length,
    fix: `Write ${meant}.`,
    edit,
  };
  return { faults: [fault], corrected: applyEdits(text, [edit]) };
}
