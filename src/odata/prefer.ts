/** What a request may ask for in its `Prefer` header. */
export interface Preferences {
  /** Answer a write with the row: `return=representation`. */
  readonly representation?: boolean;
  /** Rows a page, 1 to 5,000. */
  readonly maxPageSize?: number;
  /** Annotations by name; `*` at the end of a name stands for anything. */
  readonly annotations?: readonly string[];
  /** End the list with a delta link. */
  readonly trackChanges?: boolean;
  /** Let a batch go on after a failure. */
  readonly continueOnError?: boolean;
}

/**
 * Writes a `Prefer` header; undefined when nothing is asked for.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function composePrefer(preferences: Preferences): string | undefined {
  const { representation, maxPageSize, annotations = [], trackChanges, continueOnError } = preferences;
  const parts = [
    representation ? 'return=representation' : '',
    annotations.length > 0 ? `odata.include-annotations="${annotations.join(',')}"` : '',
    maxPageSize === undefined ? '' : `odata.maxpagesize=${maxPageSize}`,
    trackChanges ? 'odata.track-changes' : '',
    continueOnError ? 'odata.continue-on-error' : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(',');
}

/**
 * Reads a `Prefer` or `Preference-Applied` header (RFC 7240): name in lower case -> value, "" where it has none.
 * The first of several equal names counts. Hostile text gives fewer entries, never an error.
 */
export function parsePrefer(header: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain] of header.matchAll(preference)) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, quoted ?? plain ?? '');
  }
  return found;
}

const preference = /(?:^|[,;])\s{0,9}([^\s=,;"]+)(?:\s{0,9}=\s{0,9}(?:"([^"]*)"|([^\s,;"]*)))?/g;
