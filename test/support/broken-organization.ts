import type { HttpRequest, HttpResponse } from '../../src/model/http.ts';

/** An organization with cases, whose responses arrive in parts and sometimes break. */
export interface BrokenOrganizationOptions {
  readonly rows: number;
  /** A random number in [0, 1). */
  readonly random: () => number;
  /** The share of responses whose body breaks somewhere, as a connection or as JSON that ends early. */
  readonly breaks: number;
  /** Whether a body may end early without an error of the connection. */
  readonly shortens?: boolean;
  /** Called before each response. */
  readonly onRequest?: (request: HttpRequest) => void;
}

const origin = 'https://contoso.crm.dynamics.com';
const base = `${origin}/api/data/v9.2/incidents`;

/** The id of the n-th case. */
export function caseId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

export function createBrokenOrganization(options: BrokenOrganizationOptions) {
  const counts = { requests: 0, broken: 0 };
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    counts.requests += 1;
    options.onRequest?.(request);
    const size = Number(/odata\.maxpagesize=(\d+)/.exec(request.headers.prefer ?? '')?.[1] ?? 5000);
    const start = Number(/skiptoken=(\d+)/.exec(request.url)?.[1] ?? 0);
    const bytes = new TextEncoder().encode(
      JSON.stringify(pageOf(start, Math.min(start + size, options.rows), options)),
    );
    const breaks = options.random() < options.breaks;
    if (breaks) counts.broken += 1;
    const end = breaks ? Math.floor(options.random() * bytes.length) : bytes.length;
    const body = partsOf(bytes.subarray(0, end), options.random, breaks && options.shortens !== true);
    return { status: 200, headers: { 'content-type': 'application/json; odata.metadata=minimal' }, body };
  };
  return { origin, send, counts };
}

function pageOf(start: number, end: number, { rows }: BrokenOrganizationOptions) {
  const value = Array.from({ length: end - start }, (_, n) => ({
    '@odata.etag': `W/"${start + n}"`,
    incidentid: caseId(start + n),
    title: `Case ${start + n} },{ "value":[`,
    'title@OData.Community.Display.V1.FormattedValue': 'ü€😀',
  }));
  const nextLink = end < rows ? `${base}?$skiptoken=${end}` : undefined;
  return { '@odata.context': `${base}/$metadata#incidents`, value, '@odata.nextLink': nextLink };
}

async function* partsOf(
  bytes: Uint8Array,
  random: () => number,
  breaks: boolean,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(random() * 16_384);
    yield bytes.subarray(at, at + size);
    at += size;
  }
  if (breaks) throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
}
