const asciiPattern = /^[\0-\x7f]*$/;

/**
 * Text as it is compared: without case and without accents, as under the collation of a Dataverse database
 * (CI_AI). ASCII text is only lowered, which SQLite's NOCASE does by itself.
 */
export function foldText(text: string): string {
  if (asciiPattern.test(text)) return text.toLowerCase();
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/** What a folded column keeps beside the text: nothing when NOCASE alone compares it rightly. */
export const foldNonAscii = (text: string): string | null =>
  asciiPattern.test(text) ? null : foldText(text);
