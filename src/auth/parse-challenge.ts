import { guidSource } from '../model/guid.ts';

/** The challenge in a 401 of Dataverse. */
export interface BearerChallenge {
  /** The id of the tenant that owns the organization; undefined if the challenge contains none (`common`). */
  readonly tenant?: string;
  /** The required audience of a token: `https://contoso.crm.dynamics.com/`. */
  readonly resource?: string;
}

const tenantInUrl = new RegExp(`^https?://[^/]+/(${guidSource})(?:/|$)`, 'i');

/**
 * Parses `WWW-Authenticate: Bearer authorization_uri=https://login…/<tenant>/oauth2/authorize, resource_id=https://…/`
 * (values quoted or not). Only the tenant id of the URL is used and never its host, because the authority of each cloud
 * is fixed.
 */
export function parseChallenge(header: string | undefined): BearerChallenge {
  if (header === undefined || !/\bbearer\b/i.test(header)) return {};
  const authority = readParameter(header, 'authorization_uri') ?? readParameter(header, 'authorization');
  const tenant = tenantInUrl.exec(authority ?? '')?.[1]?.toLowerCase();
  const resource = readParameter(header, 'resource_id') ?? readParameter(header, 'resource');
  return { tenant, resource };
}

/** A parameter of a Bearer challenge; undefined if the header has no such challenge. */
export function readBearerParameter(header: string, name: string): string | undefined {
  const at = header.search(/\bbearer\b/i);
  return at < 0 ? undefined : readParameter(header.slice(at), name);
}

function readParameter(header: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,"]+))`, 'i').exec(header);
  return match?.[1] ?? match?.[2];
}
