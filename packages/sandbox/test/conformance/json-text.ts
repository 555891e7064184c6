/** A JSON number with its text: `8000000.0000000000` and `8000000` are the same number in different texts. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context?: { readonly source?: string },
) => unknown;

/** Parses JSON and keeps the text of each number. */
export function parseJsonText(text: string): unknown {
  const keepNumbers: Reviver = (_key, value, context) =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;
  return JSON.parse(text, keepNumbers);
}

/** Writes JSON with the kept texts of numbers and, as Dataverse does, in ASCII. */
export function writeJsonText(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return escapeText(JSON.stringify(value) ?? 'null');
  const members = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}:${writeJsonText(inner)}`,
  );
  return `{${members.join(',')}}`;
}

function escapeText(json: string): string {
  return json.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)
  );
}
