const ascii = /^[\0-\x7f]*$/;

/**
 * Text as it is compared: without case and without accents, as under the collation of a Dataverse database
 * (CI_AI). ASCII text is only lowered, which SQLite's NOCASE does by itself.
 */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/** What a folded column keeps beside the text: nothing when NOCASE alone compares it rightly. */
export const foldedOrNull = (text: string): string | null => (ascii.test(text) ? null : fold(text));
