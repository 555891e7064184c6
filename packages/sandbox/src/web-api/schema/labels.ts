import { isJsonObject } from 'dynamics365-connector/base';
import { baseLanguage, requireLanguage } from '../../logic/languages.ts';
import type { LocalizedTexts, Translations } from '../../model/types.ts';
import { getHeader } from '../headers.ts';
import type { JsonBody } from '../json-body.ts';
import type { WebApiContext } from '../types.ts';
import { readJsonBody } from '../write/read-body.ts';

/** The labels of a `Label`, each with its language. */
function labelsOf(label: unknown): readonly JsonBody[] {
  if (!isJsonObject(label)) return [];
  const { LocalizedLabels: localized, UserLocalizedLabel: ofUser } = label;
  return (Array.isArray(localized) ? localized : [ofUser]).filter(isJsonObject);
}

/** The text of a `Label` in the base language (1033, English), or without a language. Undefined when there is none. */
export function readLabel(label: unknown): string | undefined {
  const labels = labelsOf(label);
  const found =
    labels.find(({ LanguageCode: code }) => code === baseLanguage) ??
    labels.find(({ LanguageCode: code }) => code === undefined);
  return typeof found?.Label === 'string' ? found.Label : undefined;
}

/** How the labels of a request change those that exist. */
export interface LabelChange {
  readonly translations?: Translations | undefined;
  /** Whether languages that the request leaves out stay: `MSCRM.MergeLabels: true`. */
  readonly merge: boolean;
}

/** The texts of labels in other languages than the base language. Labels that are not given stay. */
export function readTranslations(
  labels: Readonly<Partial<Record<keyof Translations, unknown>>>,
  { translations: existing = {}, merge }: LabelChange,
): Translations | undefined {
  const textsOf = (member: keyof Translations): LocalizedTexts => {
    const before = existing[member] ?? {};
    const label = labels[member];
    return isJsonObject(label) ? { ...(merge ? before : {}), ...otherTexts(label) } : before;
  };
  const members = Object.keys({ ...existing, ...labels }) as (keyof Translations)[];
  const texts = members.map((member) => [member, textsOf(member)] as const);
  const present = texts.filter(([, each]) => Object.keys(each).length > 0);
  return present.length === 0 ? undefined : Object.fromEntries(present);
}

const otherTexts = (label: unknown): LocalizedTexts =>
  Object.fromEntries(
    labelsOf(label).flatMap(({ LanguageCode: code, Label: text }) =>
      typeof code === 'number' && code !== baseLanguage && typeof text === 'string'
        ? [[String(code), text]]
        : [],
    ),
  );

/** Whether the header `MSCRM.MergeLabels` keeps labels in languages that the body leaves out. */
export const mergesLabels = ({ request }: Pick<WebApiContext, 'request'>): boolean =>
  getHeader(request.headers, 'MSCRM.MergeLabels')?.toLowerCase() === 'true';

/** Throws when a body has a label in a language that the organization does not have. */
export function checkLanguages({ org }: WebApiContext, body: unknown): void {
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isJsonObject(value)) return;
    for (const { LanguageCode: code } of labelsOf(value)) {
      if (typeof code === 'number') requireLanguage(org.systemStore, code);
    }
    for (const member of Object.values(value)) visit(member);
  };
  visit(body);
}

/** The value of a managed property or of an enumeration type: `{ "Value": … }`, or the bare value. */
export const readManagedValue = (value: unknown): unknown =>
  isJsonObject(value) && 'Value' in value ? value.Value : value;

/** A yes or no; undefined for anything else. */
export const readFlag = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;

/** A text; undefined for an empty text or anything else. */
export const readText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The body of a change of the schema. Its labels are in languages of the organization. */
export function readSchemaBody(context: WebApiContext, subject: string): JsonBody {
  const body = readJsonBody(context, subject);
  checkLanguages(context, body);
  return body;
}
