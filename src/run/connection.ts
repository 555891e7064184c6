import type { Environment } from '../auth/environment.ts';
import type { Organization } from '../auth/organization-discovery.ts';
import type { WhoAmI } from '../auth/who-am-i.ts';
import type { Pipeline } from '../http/api-request.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { Table } from '../model/table.ts';
import type { TokenSource } from '../model/token.ts';
import type { QueryChecker } from '../query/query-checker.ts';
import type { Validator } from '../validation/validator.ts';

/** One environment + one credential, alive: what every call of a client shares. */
export interface Connection {
  readonly definition: ConnectorDefinition;
  readonly validator: Validator;
  readonly services: RuntimeServices;
  /** The settings that the user entered, checked and normalized: `{ orgUrl, tenant? }`. */
  readonly settings: JsonObject;
  readonly environment: Environment;
  readonly tokens: TokenSource;
  /** Lists the organizations that the signed-in user may enter; only where a user signed in with us. */
  readonly organizations?: () => Promise<readonly Organization[]>;
  /** Who the connection signs in as; asked once. */
  readonly whoAmI: () => Promise<WhoAmI>;
  /** `https://contoso.crm.dynamics.com` */
  readonly origin: string;
  /** `https://contoso.crm.dynamics.com/api/data/v9.2` */
  readonly baseUrl: string;
  readonly pipeline: Pipeline;
  /** Refuses a link that leaves the origin or the API's path (ORIGIN_REFUSED). */
  readonly guardLink: (link: string) => string;
  /** Checks queries against the organization's own tables, which it reads when they are first asked for. */
  readonly queryChecker: QueryChecker;
  /** Columns of our schemas that this organization turned out not to have: `incident.slaid`. Grows. */
  readonly missingColumns: Set<string>;
  /** `$select` of the tables that were asked for. */
  readonly selectClauses: Map<Table, string>;
}
