import { ConnectorError } from '../errors/connector-error.ts';
import type { AccessToken, TokenSource } from '../model/token.ts';
import type { Environment } from './environment.ts';
import { decodeClaims, readTextClaim } from './jwt.ts';
import { isAudienceFor } from './render-scopes.ts';

/**
 * Throws ORG_MISMATCH for a token of another organization. Tokens that do not tell, and those whose audience is the id
 * of an app, are accepted: Dataverse checks them.
 */
export function assertAudience(environment: Environment, { token }: AccessToken): void {
  const audience = readTextClaim(decodeClaims(token.reveal()), 'aud');
  if (audience === undefined || !/^https?:/i.test(audience) || isAudienceFor(audience, environment)) return;
  const { origin } = environment;
  throw new ConnectorError('ORG_MISMATCH', `The access token is for ${audience}, not for ${origin}.`, {
    advice: `Request the token with the scope ${origin}/.default or ${origin}/user_impersonation.`,
  });
}

/** A source that checks each new token before anything is sent, so that no organization gets a token of another one. */
export function requireAudience(tokens: TokenSource, environment: Environment): TokenSource {
  let checked: AccessToken | undefined;
  return {
    peekToken(now) {
      const token = tokens.peekToken?.(now);
      return token === checked ? token : undefined;
    },
    async getToken(options) {
      const token = await tokens.getToken(options);
      if (token !== checked) assertAudience(environment, token);
      checked = token;
      return token;
    },
  };
}
