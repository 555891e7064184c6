import { suggest } from '../../errors/suggest.ts';
import { applyEdits } from '../../model/apply-edits.ts';
import { maxPageSize } from '../limits.ts';
import type { ParameterAliases } from '../query/ast.ts';
import { type CheckedOptionName, checkOption } from './check-option.ts';
import { type CheckResult, hasErrors, type QueryDiagnostic } from './query-diagnostic.ts';
import type { MetadataSchema, TableIndex } from './table-index.ts';

/** The options of a query, decoded: `{ $select: 'title', $filter: "statecode eq 0", '@p1': '5' }`. */
export type QueryOptionTexts = Readonly<Record<string, string>>;

/** The diagnostics of each option; `corrected` if all errors could be repaired. */
export interface QueryCheckResult {
  readonly options: readonly (CheckResult & { readonly name: string; readonly text: string })[];
  readonly corrected?: QueryOptionTexts;
}

const checkedOptions: readonly string[] = [
  '$filter',
  '$orderby',
  '$select',
  '$expand',
  '$apply',
] satisfies CheckedOptionName[];
const knownOptions: readonly string[] = [...checkedOptions, '$top', '$count'];
/** Options that are Dataverse's own, or whose values are opaque. */
const uncheckedOptions: readonly string[] = [
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
  $skip: 'Remove $skip and follow the next link of each page.',
  $search: "Use contains(column,'text') in $filter, or the search endpoint.",
  $format: 'Remove it; responses are always JSON.',
  $inlinecount: 'Write $count=true.',
  $compute: 'Compute after reading, or use $apply for totals.',
  $levels: 'Write each level of $expand.',
  $index: 'Order with $orderby.',
};

/** Checks all options of a query on one table. Never throws. */
export function checkQuery(
  texts: QueryOptionTexts,
  schema: MetadataSchema,
  table: TableIndex | undefined,
): QueryCheckResult {
  const aliases: ParameterAliases = new Map(Object.entries(texts).filter(([name]) => name.startsWith('@')));
  const options = Object.entries(texts)
    .filter(([name]) => !name.startsWith('@'))
    .map(([name, text]) => {
      // With $apply, $orderby names columns of the groups, so its names are not checked.
      const isOfTotals = name === '$orderby' && texts.$apply !== undefined;
      const known = isOfTotals ? undefined : table;
      const checked = checkOne(name, text, { schema, table: known, aliases });
      return { name, text, ...(isOfTotals ? withTotalOrders(checked, text, texts.$apply) : checked) };
    });
  const wrong = options.filter(({ diagnostics }) => diagnostics.length > 0);
  const repaired = options.map(({ name, text, diagnostics, corrected }) => [
    diagnostics.find(({ edit, code }) => code === 'Q103' && edit)?.edit?.text ?? name,
    corrected ?? text,
  ]);
  const allRepaired = wrong.every(
    ({ corrected, diagnostics }) => corrected !== undefined || !hasErrors(diagnostics),
  );
  const changed = wrong.some(({ corrected }) => corrected !== undefined);
  if (!allRepaired || !changed) return { options };
  const kept = Object.entries(texts).filter(([name]) => name.startsWith('@'));
  return { options, corrected: Object.fromEntries([...repaired, ...kept]) };
}

/** Reports an order by a total: Dataverse orders groups by their columns only. */
function withTotalOrders(checked: CheckResult, text: string, apply = ''): CheckResult {
  const [, total] = [...apply.matchAll(/\bas\s+(\w+)/g)].find(([, name = '']) => orders(text, name)) ?? [];
  if (total === undefined) return checked;
  const start = text.search(new RegExp(`\\b${total}\\b`));
  const diagnostic: QueryDiagnostic = {
    severity: 'error',
    code: 'Q116',
    message: `Groups cannot be ordered by the total “${total}”.`,
    start,
    end: start + total.length,
    fix: 'Order after reading, or use FetchXML with <order alias="…">.',
  };
  return { diagnostics: [...checked.diagnostics, diagnostic] };
}

const orders = (text: string, name: string) => new RegExp(`(?:^|,)\\s*${name}\\b`).test(text);

interface QueryCheckContext {
  readonly schema: MetadataSchema;
  readonly table: TableIndex | undefined;
  readonly aliases: ParameterAliases;
}

function checkOne(name: string, text: string, context: QueryCheckContext): CheckResult {
  if (checkedOptions.includes(name)) return checkOption(name as CheckedOptionName, text, context);
  if (name === '$top') return checkTop(text);
  if (name === '$count') return checkCount(text);
  return knownOptions.includes(name) || uncheckedOptions.includes(name)
    ? { diagnostics: [] }
    : checkOptionName(name, text);
}

/** Reports an option that Dataverse does not have: `filter`, `$Filter`, `$skip`. The span is the whole text. */
function checkOptionName(name: string, text: string): CheckResult {
  const base = { severity: 'error', code: 'Q103', start: 0, end: text.length } as const;
  const lower = name.toLowerCase();
  const fix = unsupported[lower];
  if (fix !== undefined)
    return { diagnostics: [{ ...base, message: `Dataverse does not support ${name}.`, fix }] };
  const meant =
    knownOptions.find((option) => option === lower || option === `$${lower}`) ??
    suggest(name, knownOptions, 1)[0];
  if (meant === undefined) return { diagnostics: [] };
  const message = `There is no option ${name}; names of options are case-sensitive.`;
  return {
    diagnostics: [{ ...base, message, fix: `Write ${meant}.`, edit: { start: 0, end: 0, text: meant } }],
    corrected: text,
  };
}

function checkTop(text: string): CheckResult {
  if (/^[1-9]\d{0,3}$/.test(text.trim()) && Number(text) <= maxPageSize) return { diagnostics: [] };
  const isNumber = /^\d+$/.test(text.trim());
  const diagnostic: QueryDiagnostic = {
    severity: isNumber ? 'warning' : 'error',
    code: 'Q104',
    message: isNumber ? `A page has 1 to ${maxPageSize} rows.` : '$top must be a whole number.',
    start: 0,
    end: text.length,
    fix: `Write a number from 1 to ${maxPageSize}, or remove $top and read page by page.`,
  };
  return { diagnostics: [diagnostic] };
}

function checkCount(text: string): CheckResult {
  if (text === 'true' || text === 'false') return { diagnostics: [] };
  const meant = /^(true|1|yes|allpages)$/i.test(text) ? 'true' : 'false';
  const edit = { start: 0, end: text.length, text: meant };
  const diagnostic: QueryDiagnostic = {
    severity: 'error',
    code: 'Q104',
    message: '$count must be true or false.',
    start: 0,
    end: text.length,
    fix: `Write ${meant}.`,
    edit,
  };
  return { diagnostics: [diagnostic], corrected: applyEdits(text, [edit]) };
}
