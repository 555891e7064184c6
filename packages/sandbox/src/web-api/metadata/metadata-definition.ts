import { createHash } from 'node:crypto';

/** Any piece of metadata: properties as Dataverse names them. */
export type MetadataDefinition = Readonly<Record<string, unknown>>;

/** The `MetadataId` of a thing: always the same for the same name. */
export function createMetadataId(...names: readonly string[]): string {
  const hex = createHash('sha256').update(names.join('/')).digest('hex');
  return [8, 4, 4, 4, 12]
    .reduce<{ rest: string; parts: string[] }>(
      ({ rest, parts }, length) => ({ rest: rest.slice(length), parts: [...parts, rest.slice(0, length)] }),
      { rest: hex, parts: [] },
    )
    .parts.join('-');
}

/** A text for people in the organization's one language. */
export function createLabel(text: string, ...names: readonly string[]): object {
  const localized = {
    Label: text,
    LanguageCode: 1033,
    IsManaged: true,
    MetadataId: createMetadataId('label', ...names),
    HasChanged: null,
  };
  return { LocalizedLabels: [localized], UserLocalizedLabel: localized };
}

/** A setting that solutions may lock. */
export function createManagedProperty(value: unknown, name: string): object {
  return { Value: value, CanBeChanged: true, ManagedPropertyLogicalName: name };
}
