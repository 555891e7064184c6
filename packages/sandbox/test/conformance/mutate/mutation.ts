import type { Random } from '../../../src/random.ts';
import type { Answer } from '../exchange.ts';

/** A changed answer and what was changed. */
export interface Mutation {
  readonly name: string;
  readonly answer: Answer;
}

/** Changes an answer in one value; undefined when the answer has no such value. */
export type Mutator = (answer: Answer, random: Random) => Mutation | undefined;

export function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random.next() * items.length)];
}

/** A text that differs from the given one in one character. */
export function changeText(text: string, random: Random): string {
  const at = Math.floor(random.next() * (text.length + 1));
  const letter = String.fromCharCode(97 + Math.floor(random.next() * 26));
  return text[at] === letter ? `${text}${letter}` : text.slice(0, at) + letter + text.slice(at + 1);
}
