import { suggest } from './suggest.ts';

/**
 * The end of a sentence about an unknown name: the most similar known name, or nothing.
 *
 * @example `is not a column${didYouMean('titel', ['title'])}` // 'is not a column: did you mean "title"?'
 */
export function didYouMean(wrong: string, known: Iterable<string>): string {
  const [nearest] = suggest(wrong, known, 1);
  return nearest === undefined ? '' : `: did you mean "${nearest}"?`;
}
