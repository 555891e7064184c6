import type { Model } from '../../../src/model/types.ts';
import type { Random } from '../../../src/random.ts';
import { compareAnswer } from '../compare/compare.ts';
import { isDetermined } from '../compare/undetermined.ts';
import type { Answer, Exchange } from '../exchange.ts';
import { findSkipReason } from '../skip-reason.ts';
import { httpMutators } from './mutate-http.ts';
import { createJsonMutators, type Path } from './mutate-json.ts';
import { type Mutation, type Mutator, pick } from './mutation.ts';

/** How many changed answers the comparison found. */
export interface MutationReport {
  readonly total: number;
  readonly missed: readonly string[];
}

/**
 * Changes recorded answers in one value each, and compares them with themselves: the comparison must find each change.
 */
export function mutateExchanges(
  exchanges: readonly Exchange[],
  { model, count, random }: { readonly model: Model; readonly count: number; readonly random: Random },
): MutationReport {
  const recorded = exchanges.flatMap((exchange) => {
    const answer = findSkipReason(exchange, model) === undefined ? answerOf(exchange) : undefined;
    return answer && compareAnswer(exchange, answer).length === 0 ? [{ exchange, answer }] : [];
  });
  const mutators: readonly Mutator[] = [...httpMutators, ...createJsonMutators(isDeterminedPath)];
  const missed: string[] = [];
  let total = 0;
  for (let index = 0; total < count && index < count * 2; index++) {
    const mutator = mutators[index % mutators.length];
    const changes = recorded.flatMap(({ exchange, answer }) => {
      const mutation = mutator?.(answer, random);
      return mutation && isJudged(exchange, mutation) ? [{ exchange, mutation }] : [];
    });
    const change = pick(changes, random);
    if (!change) continue;
    total++;
    if (compareAnswer(change.exchange, change.mutation.answer).length === 0) {
      missed.push(`${change.exchange.id}: ${change.mutation.name}`);
    }
  }
  return { total, missed };
}

/** The recorded response as an answer; undefined when the recording is not complete. */
function answerOf({ response }: Exchange): Answer | undefined {
  if (!response?.headers || response.partial || response.status === null) return undefined;
  const headers = Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { status: response.status, headers: Object.fromEntries(headers), body: response.body };
}

/** Documentation selects headers, rounds numbers, and shows contexts, URLs and errors of old versions. */
const outsideDocumentation =
  /^(?:header (?:x-extra|odata-entityid|location)|number text|(?:value|type of|without) (?:@odata\.context|@odata\.count|error\/code))/;

function isJudged({ format, request, response }: Exchange, { name }: Mutation): boolean {
  // The id of a created row is new.
  if (request.method !== 'GET' && /^value \w+id$/.test(name)) return false;
  if (format === 'recording') return true;
  return !outsideDocumentation.test(name) && response?.status !== 500;
}

/** Whether the request, with the rows that it presumes, determines the value at a path. */
function isDeterminedPath(path: Path): boolean {
  const name = path.at(-1) ?? '';
  return isDetermined(name) && !/etag$|Link$/.test(name);
}
