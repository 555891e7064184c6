import { isEssential } from './compare/difference.ts';
import type { Judgement } from './judge.ts';

/** Numbers of exchanges of one kind. */
export interface Score {
  readonly kind: string;
  /** Compared exchanges and those whose replay failed. */
  total: number;
  status: number;
  /** Same status, context, members, rows, values, number texts and errors. */
  essentials: number;
  /** Same header names, of `withHeaders`. */
  headers: number;
  withHeaders: number;
  same: number;
  leftOut: number;
}

/** One score per kind, in the order of the kinds, and the sum. */
export function scoreByKind(judgements: readonly Judgement[]): { kinds: readonly Score[]; sum: Score } {
  const kinds = new Map<string, Score>();
  const sum = emptyScore('all');
  for (const judgement of judgements) {
    const { kind } = judgement.exchange;
    const score = kinds.get(kind) ?? emptyScore(kind);
    kinds.set(kind, score);
    for (const target of [score, sum]) count(target, judgement);
  }
  return { kinds: [...kinds.values()].sort((a, b) => a.kind.localeCompare(b.kind)), sum };
}

function emptyScore(kind: string): Score {
  return { kind, total: 0, status: 0, essentials: 0, headers: 0, withHeaders: 0, same: 0, leftOut: 0 };
}

function count(score: Score, judgement: Judgement): void {
  if (judgement.outcome === 'left out') {
    score.leftOut++;
    return;
  }
  score.total++;
  const hasHeaders = judgement.exchange.response?.headers !== undefined;
  if (hasHeaders) score.withHeaders++;
  if (judgement.outcome === 'error') return;
  const { differences } = judgement;
  const kinds = new Set(differences.map(({ kind }) => kind));
  if (!kinds.has('status')) score.status++;
  if (!differences.some(isEssential)) score.essentials++;
  if (hasHeaders && !kinds.has('header name')) score.headers++;
  if (differences.length === 0) score.same++;
}

/** One line per score: `create      8  status 8 (100.0 %)  essentials …`. */
export function formatScore({
  kind,
  total,
  status,
  essentials,
  headers,
  withHeaders,
  same,
  leftOut,
}: Score): string {
  const part = (name: string, number: number, of: number) =>
    `${name} ${number}/${of} (${percent(number, of).toFixed(1)} %)`;
  return [
    kind.padEnd(10),
    part('status', status, total),
    part('essentials', essentials, total),
    part('header names', headers, withHeaders),
    part('same', same, total),
    `left out ${leftOut}`,
  ].join('  ');
}

/** 100 when there is nothing to count. */
export function percent(number: number, of: number): number {
  return of === 0 ? 100 : (100 * number) / of;
}
