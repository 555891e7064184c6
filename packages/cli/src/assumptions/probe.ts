import type { Json, JsonObject } from 'dynamics365-connector';
import { type Connection, guidSource } from 'dynamics365-connector/host';

/** One request of a probe and its response, as it stands in the record that a user may share. */
export interface Evidence {
  /** Method and path without ids, texts and the organization: `GET /accounts?$top=1&$filter=versionnumber gt 0`. */
  readonly request: string;
  readonly status: number;
  readonly code?: string;
  /** The error message without ids and addresses. */
  readonly message?: string;
}

/** What a probe found out. */
export interface ProbeResult {
  /** Undefined if this organization does not show it. */
  readonly reading: string | undefined;
  /** Why there is no reading, or what was seen. */
  readonly note?: string;
}

/** No reading: the response has a status that no reading explains. */
export function undecided({ status }: Pick<ProbeResponse, 'status'>): ProbeResult {
  return { reading: undefined, note: `The request got status ${status}.` };
}

/** A response as probes see it. */
export interface ProbeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  /** The error message of the organization. */
  readonly message?: string;
}

export interface ProbeRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Behind `/api/data/v9.2/`, percent-encoded; or a link of the organization. */
  readonly path: string;
  readonly prefer?: string;
  readonly ifNoneMatch?: '*';
  /** Of a body that is text. */
  readonly contentType?: string;
  readonly body?: JsonObject | string;
}

/** Sends the requests of one probe and records them. */
export interface ProbeContext {
  send(request: ProbeRequest): Promise<ProbeResponse>;
  /** A new id for rows that the probe creates. */
  readonly newId: () => string;
}

/** Finds the reading of one assumption on a real organization. */
export interface Probe {
  /** A name of `assumptionReadings` in the sandbox. */
  readonly assumption: string;
  readonly question: string;
  /** Whether the probe creates rows, which it deletes again. */
  readonly writes: boolean;
  run(context: ProbeContext): Promise<ProbeResult>;
}

/** Creates the context of a probe. `evidence` receives what it sends. */
export function createProbeContext(connection: Connection, evidence: Evidence[]): ProbeContext {
  const { baseUrl, pipeline, services, guardLink } = connection;
  return {
    newId: services.uuid,
    async send({ method = 'GET', path, body, ...headers }) {
      const url =
        path.startsWith('https:') || path.startsWith('http:') ? guardLink(path) : `${baseUrl}/${path}`;
      const response = await pipeline({
        operation: 'check-assumptions',
        method,
        url,
        headers: toHeaders(headers),
        body,
        safety: method === 'GET' ? 'repeatable' : 'once',
        requestId: services.uuid(),
      });
      const { error } = response;
      evidence.push({
        request: scrub(`${method} ${decodeURIComponent(url.slice(baseUrl.length))}`),
        status: response.status,
        code: error?.details.serverCode,
        message: error === undefined ? undefined : scrub(error.details.serverMessage ?? error.message),
      });
      return { ...response, message: error?.details.serverMessage };
    },
  };
}

function toHeaders({
  prefer,
  ifNoneMatch,
  contentType,
}: Pick<ProbeRequest, 'prefer' | 'ifNoneMatch' | 'contentType'>): Record<string, string> {
  const headers = Object.entries({ prefer, 'if-none-match': ifNoneMatch, 'content-type': contentType });
  return Object.fromEntries(headers.filter((header): header is [string, string] => header[1] !== undefined));
}

/** Replaces ids, addresses, paging tokens and quoted texts, so that the record can be shared. */
export function scrub(text: string): string {
  return text
    .replaceAll(/(\$skiptoken|\$deltatoken)=[^&\s]*/g, '$1={token}')
    .replaceAll(/\bhttps?:\/\/[^\s/'"]+/g, '{organization}')
    .replaceAll(/(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+/g, '{address}')
    .replaceAll(new RegExp(guidSource, 'gi'), '{id}')
    .replaceAll(/'(?:[^']|'')*'/g, "'{text}'");
}
