import { stripVTControlCharacters } from 'node:util';
import type { Json, JsonObject } from 'dynamics365-connector';
import { removeControls } from 'dynamics365-connector/host';
import stringWidth from 'string-width';

/**
 * The text of a value on one line: the name of a lookup, the label of a choice. Control characters are removed,
 * because anyone can write a row, and a terminal executes escape sequences.
 */
export function cellText(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => cellText(item as Json)).join(', ');
  if (typeof value === 'object') {
    const { name, label, id } = value as JsonObject;
    return cellText(name ?? label ?? id ?? JSON.stringify(value));
  }
  return removeControls(String(value).replaceAll(/\s+/g, ' '));
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The number of columns of a terminal that a text takes: an ideograph or an emoji takes two. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** Cuts a text to a width; the cut text ends with an ellipsis, and has no style. */
export function truncateText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const plain = stripVTControlCharacters(text);
  let cut = '';
  let used = 1;
  for (const { segment } of graphemes.segment(plain)) {
    used += textWidth(segment);
    if (used > width) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** Fills a text with spaces up to a width. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** Breaks a text into lines of at most `width` columns: between words, or within a word that is longer than a line. */
export function wrapText(text: string, width: number): readonly string[] {
  if (textWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )/)) {
    if (textWidth(`${line}${word.trimEnd()}`) > width && line !== '') {
      lines.push(line.trimEnd());
      line = '';
    }
    for (const { segment } of graphemes.segment(word)) {
      if (textWidth(`${line}${segment}`) > width && segment !== ' ') {
        lines.push(line.trimEnd());
        line = '';
      }
      line += segment;
    }
  }
  return [...lines, line.trimEnd()];
}
