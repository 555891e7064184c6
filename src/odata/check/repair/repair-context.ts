import type { ParseDiagnostic } from '../../query/ast.ts';
import { type Token, tokenize } from '../../query/tokenize.ts';
import type { TextEdit } from '../query-diagnostic.ts';

/** A syntax fault with the tokens around it. */
export interface RepairContext {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The token at the fault. */
  readonly index: number;
  readonly diagnostic: ParseDiagnostic;
}

/** One way to propose repairs; each proposal is tried, so a rule may be generous. */
export type RepairRule = (context: RepairContext) => readonly TextEdit[];

/** The place of a fault in its text. */
export function createRepairContext(text: string, diagnostic: ParseDiagnostic): RepairContext {
  const tokens = tokenize(text);
  const at = tokens.findIndex(({ end }) => end > diagnostic.start);
  return { text, tokens, diagnostic: diagnostic, index: at < 0 ? tokens.length - 1 : at };
}

/** A token replaced. */
export function replaceToken({ start, end }: Token, text: string): TextEdit {
  return { start, end, text };
}

/** Text put in at a position. */
export function insertText(position: number, text: string): TextEdit {
  return { start: position, end: position, text };
}

/** The tokens near the fault, the one at it first. */
export function nearbyTokens({ tokens, index }: RepairContext, maxDistance = 2): readonly Token[] {
  const order = [0, -1, 1, -2, 2, -3, 3].filter((step) => Math.abs(step) <= maxDistance);
  return order.flatMap((step) => tokens[index + step] ?? []).filter(({ kind }) => kind !== 'end');
}

/** The token that closes the parenthesis at `open`. */
export function findClosing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (tokens[index]!.text === '(') depth++;
    if (tokens[index]!.text === ')' && --depth === 0) return index;
  }
  return -1;
}
