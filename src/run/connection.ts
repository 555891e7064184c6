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

/** An open connection to one environment with one credential. Every call of a client shares it. */
export interface Connection {
  readonly definition: ConnectorDefinition;
  readonly validator: Validator;
  readonly services: RuntimeServices;
  /** The connection settings, checked and normalized: `{ orgUrl, tenant? }`. */
  readonly settings: JsonObject;
  readonly environment: Environment;
  readonly tokens: TokenSource;
  /** Lists the organizations that the signed-in user can access. Absent unless a user signed in interactively. */
  readonly organizations?: () => Promise<readonly Organization[]>;
  /** The user that the connection signs in as. The first call asks Dataverse; later calls get the same answer. */
  readonly whoAmI: () => Promise<WhoAmI>;
  /** `https://contoso.crm.dynamics.com` */
  readonly origin: string;
  /** `https://contoso.crm.dynamics.com/api/data/v9.2` */
  readonly baseUrl: string;
  readonly pipeline: Pipeline;
  /** Returns the link if it is below the API's base URL; throws ORIGIN_REFUSED otherwise. */
  readonly guardLink: (link: string) => string;
  /** Checks queries against the organization's own tables. Reads a table's metadata when a query first needs it. */
  readonly queryChecker: QueryChecker;
  /** Columns of our schemas that this organization lacks: `incident.slaid`. Failed requests add to it. */
  readonly missingColumns: Set<string>;
  /** Cached `$select` texts. */
  readonly selectClauses: Map<Table, string>;
}
