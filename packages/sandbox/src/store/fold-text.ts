const asciiPattern = /^[\0-\x7f]*$/;

/**
 * Folds text for comparison: without case and accents, as under the collation of a Dataverse database (CI_AI).
 * ASCII text is only lowercased, which SQLite's NOCASE does by itself.
 */
export function foldText(text: string): string {
  if (asciiPattern.test(text)) return text.toLowerCase();
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/** The folded text to store next to a text; null for ASCII, which NOCASE compares correctly. */
export const foldNonAscii = (text: string): string | null =>
  asciiPattern.test(text) ? null : foldText(text);
