import type { Fault } from '../../query/ast.ts';
import { type Token, tokenize } from '../../query/tokens.ts';
import type { Edit } from '../fault.ts';

/** A syntax fault with the tokens around it. */
export interface Place {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The token at the fault. */
  readonly index: number;
  readonly fault: Fault;
}

/** One way to propose repairs; each proposal is tried, so a rule may be generous. */
export type Rule = (place: Place) => readonly Edit[];

/** The place of a fault in its text. */
export function placeOf(text: string, fault: Fault): Place {
  const tokens = tokenize(text);
  const at = tokens.findIndex(({ end }) => end > fault.start);
  return { text, tokens, fault, index: at < 0 ? tokens.length - 1 : at };
}

/** A token replaced. */
export function replace({ start, end }: Token, text: string): Edit {
  return { start, end, text };
}

/** Text put in at a position. */
export function insert(position: number, text: string): Edit {
  return { start: position, end: position, text };
}

/** The tokens near the fault, the one at it first. */
export function nearby({ tokens, index }: Place, reach = 2): readonly Token[] {
  const order = [0, -1, 1, -2, 2, -3, 3].filter((step) => Math.abs(step) <= reach);
  return order.flatMap((step) => tokens[index + step] ?? []).filter(({ kind }) => kind !== 'end');
}

/** The token that closes the parenthesis at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (tokens[index]!.text === '(') depth++;
    if (tokens[index]!.text === ')' && --depth === 0) return index;
  }
  return -1;
}
