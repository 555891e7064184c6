import { createHash } from 'node:crypto';

/** A metadata definition with Dataverse's property names. */
export type MetadataDefinition = Readonly<Record<string, unknown>>;

/** The `MetadataId` for a name; the same name always gives the same id. */
export function createMetadataId(...names: readonly string[]): string {
  const hex = createHash('sha256').update(names.join('/')).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** A label in the organization's only language (1033, English). */
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

/** A managed property. */
export function createManagedProperty(value: unknown, name: string): object {
  return { Value: value, CanBeChanged: true, ManagedPropertyLogicalName: name };
}
