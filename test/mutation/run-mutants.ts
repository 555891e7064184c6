/**
 * Changes a source file in one place at a time, and runs its tests, which must fail: `npm run mutants`. Prints the mutants
 * that no test notices. `ONLY=retry` chooses a kind or files, `JOBS=1` the number of processes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMutants, type Mutant } from './find-mutants.ts';
import { type MutatedFile, targets } from './targets.ts';
import { createTestProcess } from './test-process.ts';

const root = join(import.meta.dirname, '../..');
const { ONLY = '', JOBS = '2' } = process.env;

interface Score {
  mutants: number;
  noticed: number;
  equivalent: number;
}

const survivors: string[] = [];
const processes = Array.from({ length: Number(JOBS) }, createTestProcess);
console.log(
  '| kind | mutants | noticed | not noticed, looked at | noticed of the others |\n|---|---|---|---|---|',
);
for (const { kind, files } of targets) {
  const chosen = files.filter(({ file }) => kind.includes(ONLY) || file.includes(ONLY));
  if (chosen.length === 0) continue;
  const total: Score = { mutants: 0, noticed: 0, equivalent: 0 };
  for (const target of chosen) {
    await countNoticed(target, total);
    console.error(`${target.file}: ${total.noticed} of ${total.mutants} of ${kind} so far`);
  }
  const { mutants, noticed, equivalent } = total;
  const share = ((100 * noticed) / (mutants - equivalent)).toFixed(1);
  console.log(`| ${kind} | ${mutants} | ${noticed} | ${equivalent} | ${share} % |`);
}
for (const process of processes) process.close();
console.log(['', ...survivors].join('\n'));

async function countNoticed({ file, tests, equivalent = [] }: MutatedFile, total: Score): Promise<void> {
  const source = readFileSync(join(root, file), 'utf8');
  const queue = findMutants(source).map((mutant) => ({ mutant, line: describe(source, mutant) }));
  total.mutants += queue.length;
  await Promise.all(
    processes.slice(0, queue.length).map(async (process) => {
      await process.open(join(root, file), tests);
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { mutant, line } = next;
        if (!(await process.passes(mutant))) total.noticed += 1;
        else if (equivalent.some(([text]) => text === line)) total.equivalent += 1;
        else {
          survivors.push(`${file}: ${line}`);
          console.error(survivors.at(-1));
        }
      }
    }),
  );
}

/** The line of a mutant, with what is replaced. */
function describe(source: string, { start, end, text }: Mutant): string {
  const from = source.lastIndexOf('\n', start) + 1;
  const to = source.indexOf('\n', end);
  return `${source.slice(from, start)}[${source.slice(start, end)} -> ${text}]${source.slice(end, to)}`.trim();
}
