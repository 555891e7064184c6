/**
 * How many mistakes the check of queries catches, and how many it repairs as they were meant:
 * `node bench/query-mutants.ts` prints the table of docs/query-check.md. Queries and mistakes come from a seed.
 */
import { checkOption } from '../src/odata/check/check-option.ts';
import { mutants, schema, validQueries } from '../test/odata/check/mutants.ts';

const perKind = Number(process.env.EACH ?? 100);
const falseAlarms = validQueries(2000).filter(
  ({ option, right, table }) => checkOption(option, right, { schema, table }).diagnostics.length > 0,
).length;
const kinds = new Map<string, { made: number; caught: number; repaired: number }>();
const start = performance.now();
const all = mutants(perKind);
for (const { kind, option, wrong, right, table } of all) {
  const { diagnostics, corrected } = checkOption(option, wrong, { schema, table });
  const count = kinds.get(kind) ?? { made: 0, caught: 0, repaired: 0 };
  count.made++;
  if (diagnostics.length > 0) count.caught++;
  if (corrected === right) count.repaired++;
  kinds.set(kind, count);
}
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
const sum = (field: 'made' | 'caught' | 'repaired') =>
  [...kinds.values()].reduce((total, count) => total + count[field], 0);
console.log('| mistake | queries | found | repaired as intended |\n|---|---|---|---|');
for (const [kind, { made, caught, repaired }] of kinds) {
  console.log(`| ${kind} | ${made} | ${percent(caught, made)} | ${percent(repaired, made)} |`);
}
console.log(
  `| **all** | **${sum('made')}** | **${percent(sum('caught'), sum('made'))}** | **${percent(sum('repaired'), sum('made'))}** |`,
);
console.log(
  `\nFalse alarms on 2,000 valid queries: ${falseAlarms}. ${((performance.now() - start) / all.length).toFixed(2)} ms a query.`,
);
