import { isFlag, isNumber, isText, listOf, mapOf, objectOf, optional, tupleOf } from '../model/json-shape.ts';
import { maxPageSize } from '../odata/limits.ts';
import type { CheckpointContent } from './checkpoint.ts';
import type { Feed } from './feed.ts';
import { parseStoredJson } from './parse-stored-json.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** Maximum number of rows that a re-evaluated filter may match: what one request returns. */
export const maxMatchingRows = maxPageSize;

/** The rows that matched a filter at one time. */
interface Evaluation {
  readonly atMs: number;
  /** Absent if there were too many. */
  readonly ids?: readonly string[];
  /** Rows that changed since: the number with which the log judged them last, and whether they matched. */
  readonly judged: Readonly<Record<string, readonly [sequence: number, isMatching: 0 | 1]>>;
}

const areEvaluations = listOf(
  objectOf({
    atMs: isNumber,
    ids: optional(listOf(isText)),
    judged: mapOf(tupleOf(isNumber, isFlag)),
  }),
);

/** The judgment of the filter on rows that changed. */
export interface Judgment {
  readonly matching: Iterable<string>;
  readonly others: Iterable<string>;
}

/**
 * The rows that match the filter of a subscription, as it knows from its last evaluation and from the log since then. The
 * evaluation before is kept too, for a host that returns to the checkpoint before. With an older checkpoint, all rows that
 * match count as unknown.
 */
export class MatchingRows {
  readonly #key: string;
  readonly #place: Pick<CheckpointContent, 'evaluatedMs' | 'offset'>;
  readonly #buffer: WriteBuffer;
  #evaluations: readonly Evaluation[] = [];

  constructor(
    { key }: Pick<Feed, 'key'>,
    { activationId, ...place }: Pick<CheckpointContent, 'activationId' | 'evaluatedMs' | 'offset'>,
    buffer: WriteBuffer,
  ) {
    this.#key = `${key}matching/${activationId}`;
    this.#place = place;
    this.#buffer = buffer;
  }

  async load(): Promise<void> {
    const text = await this.#buffer.get(this.#key);
    if (text === undefined) return;
    this.#evaluations = parseStoredJson<readonly Evaluation[]>(this.#key, text, areEvaluations);
  }

  /** The rows that are known to match; undefined before the first evaluation, and after one with too many rows. */
  known(now: Judgment): ReadonlySet<string> | undefined {
    const evaluation = this.#current();
    if (this.#place.evaluatedMs === undefined) return undefined;
    if (evaluation === undefined) return new Set(now.matching);
    if (evaluation.ids === undefined) return undefined;
    const known = new Set(evaluation.ids);
    for (const [id, [sequence, isMatching]] of Object.entries(evaluation.judged)) {
      // A later one may not have been delivered; the log then judges the row again.
      if (sequence > this.#place.offset) continue;
      if (isMatching === 1) known.add(id);
      else known.delete(id);
    }
    for (const id of now.others) known.delete(id);
    for (const id of now.matching) known.add(id);
    return known;
  }

  /** Remembers how the log judged rows up to this number, where it differs from what is known. */
  judge(sequence: number, { matching, others }: Judgment): void {
    const evaluation = this.#current();
    if (evaluation?.ids === undefined) return;
    const ids = new Set(evaluation.ids);
    const judged = new Map(Object.entries(evaluation.judged));
    const differs = (id: string, isMatching: 0 | 1) =>
      (judged.get(id)?.[1] ?? (ids.has(id) ? 1 : 0)) !== isMatching;
    const left = [...others].filter((id) => differs(id, 0));
    const entered = [...matching].filter((id) => differs(id, 1));
    if (left.length + entered.length === 0) return;
    for (const id of left) judged.set(id, [sequence, 0]);
    for (const id of entered) judged.set(id, [sequence, 1]);
    const isTooLarge = judged.size > 2 * maxMatchingRows;
    const next: Evaluation = isTooLarge
      ? { atMs: evaluation.atMs, judged: {} }
      : { ...evaluation, judged: Object.fromEntries(judged) };
    this.#save(this.#evaluations.map((each) => (each === evaluation ? next : each)));
  }

  /** Remembers an evaluation; `ids` is undefined if too many rows match. */
  replace(atMs: number, ids: readonly string[] | undefined): void {
    const before = this.#current();
    this.#save([...(before === undefined ? [] : [before]), { atMs, ids, judged: {} }]);
  }

  #current(): Evaluation | undefined {
    return this.#evaluations.find(({ atMs }) => atMs === this.#place.evaluatedMs);
  }

  #save(evaluations: readonly Evaluation[]): void {
    this.#evaluations = evaluations;
    this.#buffer.set(this.#key, JSON.stringify(evaluations));
  }
}
