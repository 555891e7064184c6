import { maxPageSize } from 'dynamics365-connector/odata';

/** The preferences that Dataverse supports. */
export interface Preferences {
  readonly representation: boolean;
  readonly maxPageSize?: number;
  readonly trackChanges: boolean;
  readonly continueOnError: boolean;
  /** Whether the caller does not want to wait for the end; custom APIs respect it. */
  readonly respondAsync: boolean;
  /** Where the end of a background operation is reported. */
  readonly callbackUrl?: string;
  /** Whether an annotation (for example `OData.Community.Display.V1.FormattedValue`) is requested. */
  readonly includesAnnotation: (annotation: string) => boolean;
  /** Whether any annotation is requested. Such a read is never answered with 304. */
  readonly hasAnnotations: boolean;
  /** Whether all annotations (`*`) are requested, including those about the organization. */
  readonly allAnnotations: boolean;
  /** The applied preferences in the caller's spelling, for `Preference-Applied`. */
  readonly applied: readonly string[];
}

/** Parses a `Prefer` header (RFC 7240). Some clients separate preferences with semicolons. */
export function parsePreferences(header: string | undefined): Preferences {
  const found = new Map<string, string>();
  const applied: string[] = [];
  for (const [, item = '', name = '', quoted, plain] of (header ?? '').matchAll(preferencePattern)) {
    const key = name.toLowerCase();
    const value = quoted ?? plain ?? '';
    if (found.has(key) || !isSupported(key, value)) continue;
    found.set(key, value);
    if (!backgroundPreferences.has(key)) applied.push(item);
  }
  const size = found.get('odata.maxpagesize');
  const annotations = found.get('odata.include-annotations');
  return {
    representation: found.get('return') === 'representation',
    maxPageSize: size === undefined ? undefined : Math.min(Number(size), maxPageSize),
    trackChanges: found.has('odata.track-changes'),
    continueOnError: found.has('odata.continue-on-error') && found.get('odata.continue-on-error') !== 'false',
    respondAsync: found.has('respond-async'),
    callbackUrl: found.has('odata.callback') ? found.get('url') : undefined,
    includesAnnotation: createAnnotationFilter(annotations ?? ''),
    hasAnnotations: annotations !== undefined,
    allAnnotations: /(^|,)\s*\*\s*(,|$)/.test(annotations ?? ''),
    applied,
  };
}

const preferencePattern = /(?:^|[,;])\s*(([^\s=,;"]+)(?:\s*=\s*(?:"([^"\r\n]*)"|([^\s,;"]*)))?)/g;

/** Applied only where an operation runs in the background. */
const backgroundPreferences: ReadonlySet<string> = new Set(['respond-async', 'odata.callback', 'url']);

function isSupported(name: string, value: string): boolean {
  if (backgroundPreferences.has(name)) return true;
  if (name === 'odata.maxpagesize') return /^[1-9]\d{0,9}$/.test(value);
  if (name === 'return') return value === 'representation' || value === 'minimal';
  return /^odata\.(include-annotations|track-changes|continue-on-error)$/.test(name);
}

/** `*`, `Microsoft.Dynamics.CRM.*`, exact names, and `-name` to exclude one. The longest matching entry decides. */
function createAnnotationFilter(list: string): (annotation: string) => boolean {
  const entries = list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => (entry.startsWith('-') ? { name: entry.slice(1), on: false } : { name: entry, on: true }))
    .sort((a, b) => b.name.length - a.name.length);
  const covers = (name: string, annotation: string) =>
    name === annotation || (name.endsWith('*') && annotation.startsWith(name.slice(0, -1)));
  return (annotation) => entries.find(({ name }) => covers(name, annotation))?.on ?? false;
}

/** Those of the annotations that the caller requests, as members of a response. Undefined values are omitted. */
export function includedAnnotations(
  { includesAnnotation }: Preferences,
  annotations: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const included = Object.entries(annotations).filter(
    ([name, value]) => value !== undefined && includesAnnotation(name),
  );
  return Object.fromEntries(included.map(([name, value]) => [`@${name}`, value]));
}
