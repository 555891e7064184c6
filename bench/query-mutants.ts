/**
 * Counts the mistakes in queries that the check reports, and those that it corrects as intended. Prints the table of
 * docs/query-check.md: `node --conditions=development bench/query-mutants.ts`. Queries and mistakes come from a seed.
 */
import { checkOption } from '../src/odata/check/check-option.ts';
import { mutants, schema, validQueries } from '../test/odata/check/mutants.ts';

const perKind = Number(process.env.EACH ?? 100);
const falsePositives = validQueries(2000).filter(
  ({ option, right, table }) => checkOption(option, right, { schema, table }).diagnostics.length > 0,
).length;
const kinds = new Map<string, { total: number; found: number; repaired: number }>();
const start = performance.now();
const all = mutants(perKind);
for (const { kind, option, wrong, right, table } of all) {
  const { diagnostics, corrected } = checkOption(option, wrong, { schema, table });
  const count = kinds.get(kind) ?? { total: 0, found: 0, repaired: 0 };
  count.total++;
  if (diagnostics.length > 0) count.found++;
  if (corrected === right) count.repaired++;
  kinds.set(kind, count);
}
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
const sum = (field: 'total' | 'found' | 'repaired') =>
  [...kinds.values()].reduce((total, count) => total + count[field], 0);
console.log('| mistake | queries | found | repaired as intended |\n|---|---|---|---|');
for (const [kind, { total, found, repaired }] of kinds) {
  console.log(`| ${kind} | ${total} | ${percent(found, total)} | ${percent(repaired, total)} |`);
}
console.log(
  `| **all** | **${sum('total')}** | **${percent(sum('found'), sum('total'))}** | **${percent(sum('repaired'), sum('total'))}** |`,
);
console.log(
  `\nFalse positives on 2,000 valid queries: ${falsePositives}. ${((performance.now() - start) / all.length).toFixed(2)} ms per query.`,
);
