import type { Edit } from '../../../model/diagnostic.ts';
import type { ParseDiagnostic } from '../../query/ast.ts';
import { type Token, tokenize } from '../../query/tokenize.ts';

/** A syntax error with the tokens around it. */
export interface RepairContext {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The index of the token at the error. */
  readonly index: number;
  readonly diagnostic: ParseDiagnostic;
}

/** A rule that proposes repairs. Each proposal is tried, so a rule can propose too many. */
export type RepairRule = (context: RepairContext) => readonly Edit[];

/** Finds the token at an error. */
export function createRepairContext(text: string, diagnostic: ParseDiagnostic): RepairContext {
  const tokens = tokenize(text);
  const at = tokens.findIndex(({ end }) => end > diagnostic.start);
  return { text, tokens, diagnostic, index: at < 0 ? tokens.length - 1 : at };
}

/** An edit that replaces a token. */
export function replaceToken({ start, end }: Token, text: string): Edit {
  return { start, end, text };
}

/** An edit that inserts text at a position. */
export function insertText(position: number, text: string): Edit {
  return { start: position, end: position, text };
}

/** The tokens near an error, the one at the error first. */
export function nearbyTokens({ tokens, index }: RepairContext, maxDistance = 2): readonly Token[] {
  const order = [0, -1, 1, -2, 2, -3, 3].filter((step) => Math.abs(step) <= maxDistance);
  return order.flatMap((step) => tokens[index + step] ?? []).filter(({ kind }) => kind !== 'end');
}

/** For the index of each opening parenthesis that is closed, the index of the token that closes it. */
export function findClosings(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const closings = new Map<number, number>();
  const open: number[] = [];
  for (const [index, { text }] of tokens.entries()) {
    if (text === '(') open.push(index);
    const opening = text === ')' ? open.pop() : undefined;
    if (opening !== undefined) closings.set(opening, index);
  }
  return closings;
}
