import { createStandardModel } from '../../src/model/standard-model.ts';
import { createSeededRandom } from '../../src/random.ts';
import { openOrganizationStore } from '../../src/store/open-organization-store.ts';
import type { Exchange } from './exchange.ts';
import { type Judgement, judge } from './judge.ts';
import { mutateExchanges } from './mutate/mutate-exchanges.ts';
import { parseOptions, type ReplayOptions, usage } from './options.ts';
import { readExchanges } from './read-exchanges.ts';
import { formatScore, percent, scoreByKind } from './score.ts';
import { shuffleExchanges } from './shuffle/shuffle.ts';

/*
 * npm run conformance -- <file.json>…
 *
 * Replays documented and recorded exchanges of the Web API against the sandbox, each in an organization that holds
 * the rows which the exchange presumes, and prints the differences and a score per kind. With `--mutations 480` it
 * changes recordings in one value each instead, and prints how many of the changes the comparison finds.
 */

async function replayFile(path: string, { shuffle }: ReplayOptions): Promise<readonly Judgement[]> {
  const store = openOrganizationStore();
  const read = readExchanges(path);
  const exchanges = shuffle === undefined ? read : shuffleExchanges(read, store.model, shuffle);
  const judgements: Judgement[] = [];
  for await (const judgement of judge(exchanges, store.model)) {
    judgements.push(judgement);
    const report = describeJudgement(judgement);
    if (report) console.log(report);
  }
  store.close();
  return judgements;
}

function describeJudgement(judgement: Judgement): string {
  const head = nameOf(judgement.exchange);
  if (judgement.outcome !== 'compared')
    return `${judgement.outcome.padEnd(9)} ${head}\n          ${judgement.reason}`;
  const { differences, problems, notes } = judgement;
  const lines = [
    ...differences.map(({ kind, text }) => `${kind}: ${text}`),
    ...(differences.length > 0 ? problems.map((problem) => `presumed row: ${problem}`) : []),
    ...notes.map((note) => `of the recorded organization: ${note}`),
  ];
  if (lines.length === 0) return '';
  return `${differences.length > 0 ? 'DIFFERS  ' : 'same     '} ${head}\n          ${lines.join('\n          ')}`;
}

const nameOf = ({ id, request }: Exchange): string => `${id}  ${request.method} ${request.url.slice(0, 120)}`;

function printScore(title: string, judgements: readonly Judgement[]): void {
  const { kinds, sum } = scoreByKind(judgements);
  console.log(`\n${title}`);
  for (const score of [...kinds, sum]) console.log(formatScore(score));
  console.log(
    `${judgements.length} samples: ${sum.same} the same, ${sum.total - sum.same} differ, ${sum.leftOut} left out.`,
  );
}

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (!options) {
    console.error(usage);
    return 2;
  }
  if (options.mutations !== undefined) return printMutations(options, options.mutations);
  const all: Judgement[] = [];
  let unreadable = false;
  for (const path of options.paths) {
    try {
      const judgements = await replayFile(path, options);
      all.push(...judgements);
      printScore(path, judgements);
    } catch (error) {
      unreadable = true;
      console.error(`error     ${path}\n          ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (options.paths.length > 1) printScore('all files', all);
  return meetsMinimum(all, options) && !unreadable ? 0 : 1;
}

/** Changes recordings in one value each and prints how many of the changes the comparison finds. */
function printMutations({ paths, shuffle = 1 }: ReplayOptions, count: number): number {
  const exchanges = paths.flatMap((path) => readExchanges(path));
  const { total, missed } = mutateExchanges(exchanges, {
    model: createStandardModel(),
    count,
    random: createSeededRandom(shuffle),
  });
  for (const change of missed) console.log(`missed    ${change}`);
  console.log(`${total - missed.length} of ${total} changed answers found (seed ${shuffle}).`);
  return missed.length === 0 && total > 0 ? 0 : 1;
}

function meetsMinimum(judgements: readonly Judgement[], options: ReplayOptions): boolean {
  const { sum } = scoreByKind(judgements);
  return (
    percent(sum.status, sum.total) >= options.minStatus &&
    percent(sum.essentials, sum.total) >= options.minEssentials &&
    percent(sum.headers, sum.withHeaders) >= options.minHeaders
  );
}

process.exitCode = await main(process.argv.slice(2));
