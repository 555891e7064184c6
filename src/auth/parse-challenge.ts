import { guidSource } from '../model/guid.ts';

/** What a 401 of Dataverse says about who signs in to it. */
export interface BearerChallenge {
  /** The tenant that owns the organization: its id, or undefined when the challenge names none (`common`). */
  readonly tenant?: string;
  /** The audience that a token must have: `https://contoso.crm.dynamics.com/`. */
  readonly resource?: string;
}

const tenantInAddress = new RegExp(`^https?://[^/]+/(${guidSource})(?:/|$)`, 'i');

/**
 * Reads `WWW-Authenticate: Bearer authorization_uri=https://login…/<tenant>/oauth2/authorize, resource_id=https://…/`
 * (values quoted or not). Only the tenant id is taken from the address, never its host: who signs people in is
 * pinned per cloud.
 */
export function parseChallenge(header: string | undefined): BearerChallenge {
  if (header === undefined || !/\bbearer\b/i.test(header)) return {};
  const authority = readParameter(header, 'authorization_uri') ?? readParameter(header, 'authorization');
  const tenant = tenantInAddress.exec(authority ?? '')?.[1]?.toLowerCase();
  const resource = readParameter(header, 'resource_id') ?? readParameter(header, 'resource');
  return {
    ...(tenant === undefined ? {} : { tenant }),
    ...(resource === undefined ? {} : { resource }),
  };
}

function readParameter(header: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,"]+))`, 'i').exec(header);
  return match?.[1] ?? match?.[2];
}
