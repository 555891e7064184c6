import { isJsonObject } from 'dynamics365-connector/host';

const baseLanguage = 1033;

/**
 * The text of a `Label`: the one in the organization's language (1033, English), or else the first one. Undefined when
 * there is none.
 */
export function readLabel(label: unknown): string | undefined {
  if (!isJsonObject(label)) return undefined;
  const { LocalizedLabels: localized, UserLocalizedLabel: ofUser } = label;
  const labels = (Array.isArray(localized) ? localized : [ofUser]).filter(isJsonObject);
  const found = labels.find(({ LanguageCode: code }) => code === baseLanguage) ?? labels[0];
  return typeof found?.Label === 'string' ? found.Label : undefined;
}

/** The value of a managed property or of an enumeration type: `{ "Value": … }`, or the bare value. */
export const readManagedValue = (value: unknown): unknown =>
  isJsonObject(value) && 'Value' in value ? value.Value : value;
