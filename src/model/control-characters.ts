/**
 * Characters that a terminal or a form obeys instead of showing: control characters, and those that change the direction
 * of text or end a line. https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const controlCharacters = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Characters that nobody sees: formatting marks besides the controls, such as tags and zero-width spaces. */
const invisibleCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Removes control characters, so that text of a server cannot drive a terminal. Line breaks and tabs are removed too,
 * unless they are kept.
 *
 * @example removeControls('\u001b[31mred\u202e') // '[31mred'
 */
export function removeControls(text: string, { keep = '' }: { readonly keep?: string } = {}): string {
  return text.replaceAll(controlCharacters, (character) => (keep.includes(character) ? character : ''));
}

/** JSON of a value with control characters as escapes (`\u009b`): the same value, on one line. */
export function toPrintableJson(value: unknown): string {
  return escapeWith(controlCharacters, JSON.stringify(value) ?? 'null');
}

/** JSON of a value in which every invisible character is an escape, for a question that shows all there is. */
export function toVisibleJson(value: unknown): string {
  return escapeWith(invisibleCharacters, JSON.stringify(value) ?? 'null');
}

function escapeWith(pattern: RegExp, json: string): string {
  return json.replaceAll(pattern, (character) =>
    [...character]
      .flatMap((one) => one.split(''))
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
