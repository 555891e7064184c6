import type { Organisation } from '../auth/discovery.ts';
import type { Environment } from '../auth/environment.ts';
import type { WhoAmI } from '../auth/who-am-i.ts';
import type { Exchange } from '../http/call.ts';
import type { Definition } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import type { TokenSource } from '../model/token.ts';
import type { World } from '../model/world.ts';
import type { Checker } from '../query/check-query.ts';
import type { Validator } from '../validation/validator.ts';

/** One environment + one credential, alive: what every call of a client shares. */
export interface Connection {
  readonly definition: Definition;
  readonly validator: Validator;
  readonly world: World;
  /** The settings that the user entered, checked and normalised: `{ orgUrl, tenant? }`. */
  readonly settings: JsonObject;
  readonly environment: Environment;
  readonly tokens: TokenSource;
  /** Lists the organisations that the signed-in user may enter; only where a user signed in with us. */
  readonly organisations?: () => Promise<readonly Organisation[]>;
  /** Who the connection signs in as; asked once. */
  readonly whoAmI: () => Promise<WhoAmI>;
  /** `https://contoso.crm.dynamics.com` */
  readonly origin: string;
  /** `https://contoso.crm.dynamics.com/api/data/v9.2` */
  readonly baseUrl: string;
  readonly exchange: Exchange;
  /** Refuses a link that leaves the origin or the API's path (ORIGIN_REFUSED). */
  readonly guardLink: (link: string) => string;
  /** Checks queries against the organisation's own tables, which it reads when they are first asked for. */
  readonly checker: Checker;
  /** Columns of our schemas that this organisation turned out not to have: `incident.slaid`. Grows. */
  readonly missingColumns: Set<string>;
  /** `$select` of the tables that were asked for. */
  readonly selects: Map<Table, string>;
}
