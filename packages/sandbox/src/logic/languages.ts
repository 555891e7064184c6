import { DataverseError } from '../store/errors.ts';
import type { OrganizationStore } from '../store/types.ts';

/** English: the language in which an organization is created. */
export const baseLanguage = 1033;

/** The kind and key of the blob with the other languages of the organization. */
const blob = ['setting', 'languages'] as const;

/** LCIDs of the languages in which the organization can have labels, the base language first. */
export function readLanguages({ blobs }: OrganizationStore): readonly number[] {
  const text = blobs.get(...blob)?.text;
  return [baseLanguage, ...(text === undefined ? [] : (JSON.parse(text) as number[]))];
}

/** Sets the languages of the organization beside the base language. */
export function writeLanguages({ blobs }: OrganizationStore, languages: readonly number[]): void {
  const others = [...new Set(languages)].filter((language) => language !== baseLanguage);
  blobs.put(...blob, { text: JSON.stringify(others.toSorted((one, other) => one - other)) });
}

/** Throws when the organization has no labels in a language. */
export function requireLanguage(store: OrganizationStore, language: number): void {
  if (readLanguages(store).includes(language)) return;
  throw new DataverseError(
    400,
    '0x80044195',
    'The specified language code is not valid for this organization.',
  );
}
