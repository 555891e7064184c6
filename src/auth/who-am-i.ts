import type { ConnectorError } from '../errors/connector-error.ts';
import type { Json } from '../model/json.ts';

/** The result of `WhoAmI`: the ids of the user, its business unit and the organization. */
export interface WhoAmI {
  readonly userId: string;
  readonly businessUnitId: string;
  readonly organizationId: string;
}

/** The response to `GET /WhoAmI`. */
export interface WhoAmIResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly error?: ConnectorError;
}
