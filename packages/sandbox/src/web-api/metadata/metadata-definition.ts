import { guidOfNames } from '../../guid.ts';
import { baseLanguage } from '../../logic/languages.ts';
import type { LocalizedTexts, Translations } from '../../model/types.ts';

/** A metadata definition with Dataverse's property names. */
export type MetadataDefinition = Readonly<Record<string, unknown>>;

/** The `MetadataId` for a name; the same name always gives the same id. */
export const createMetadataId = guidOfNames;

/** The label of a text that is not given. */
export const noLabel = { LocalizedLabels: [], UserLocalizedLabel: null };

/** A label in the base language. */
export const createLabel = (text: string, ...names: readonly string[]): object => buildLabel(text, {}, names);

/** The label of a text of a definition, in all its languages. */
export function createTranslatedLabel(
  definition: { readonly [member in keyof Translations]?: string } & {
    readonly translations?: Translations | undefined;
  },
  member: keyof Translations,
  ...names: readonly string[]
): object {
  return buildLabel(definition[member] ?? '', definition.translations?.[member] ?? {}, names);
}

function buildLabel(text: string, translations: LocalizedTexts, names: readonly string[]): object {
  if (text === '') return noLabel;
  const localize = (label: string, language: number) => ({
    Label: label,
    LanguageCode: language,
    IsManaged: true,
    MetadataId: createMetadataId('label', ...names, ...(language === baseLanguage ? [] : [String(language)])),
    HasChanged: null,
  });
  const base = localize(text, baseLanguage);
  const others = Object.entries(translations).map(([language, label]) => localize(label, Number(language)));
  return { LocalizedLabels: [base, ...others], UserLocalizedLabel: base };
}

/** A definition, or a part of one, whose `UserLocalizedLabel`s are in a language, where there is a label in it. */
export function inLanguage<T>(value: T, language: number): T {
  if (language === baseLanguage || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => inLanguage(item, language)) as T;
  const members = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, inLanguage<unknown>(member, language)]),
  );
  const labels: unknown = members.LocalizedLabels;
  const own = Array.isArray(labels)
    ? labels.find((label: { LanguageCode?: unknown }) => label.LanguageCode === language)
    : undefined;
  return (own ? { ...members, UserLocalizedLabel: own } : members) as T;
}

/** A managed property. */
export function createManagedProperty(value: unknown, name: string, canBeChanged = true): object {
  return { Value: value, CanBeChanged: canBeChanged, ManagedPropertyLogicalName: name };
}
