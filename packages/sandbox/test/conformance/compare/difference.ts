/** What a difference concerns. */
export type DifferenceKind =
  | 'status'
  | 'context'
  | 'members'
  | 'rows'
  | 'row order'
  | 'type'
  | 'value'
  | 'number text'
  | 'etag'
  | 'error code'
  | 'error message'
  | 'batch'
  | 'body'
  | 'column order'
  | 'escapes'
  | 'header name'
  | 'header value';

/** One difference between the expected response and the answer. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly text: string;
}

const outsideEssentials: ReadonlySet<DifferenceKind> = new Set([
  'column order',
  'escapes',
  'header name',
  'header value',
]);

/** Whether a client that reads status, members and values notices the difference. */
export const isEssential = ({ kind }: Difference): boolean => !outsideEssentials.has(kind);

export function difference(kind: DifferenceKind, text: string): Difference {
  return { kind, text };
}

/** Shortens a value for a report. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
