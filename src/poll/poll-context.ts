import type { TriggerDefinition, TriggerWatch } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { Table } from '../model/table.ts';
import type { RowReader } from './row-reader-port.ts';

/** What a trigger watches, with the params filled in. */
export interface ResolvedWatch extends Omit<TriggerWatch, 'changedTo'> {
  readonly changedTo?: JsonObject;
}

/** The trigger of a poll, its table, and the services that the poll uses. */
export interface PollContext {
  readonly trigger: Pick<TriggerDefinition, 'id'> & { readonly watch: ResolvedWatch };
  readonly table: Table;
  readonly reader: RowReader;
  /** `clock` only measures the duration of a poll; the times of events are the organization's. */
  readonly services: Pick<RuntimeServices, 'store' | 'clock' | 'uuid' | 'log'>;
}

/** One poll. */
export interface PollRequest {
  readonly params: JsonObject;
  /** The trigger's `where`, rendered with the params; absent if every clause was omitted. */
  readonly filter?: string;
  /** The checkpoint of the previous poll; absent for the first. */
  readonly checkpoint?: unknown;
  /** Where a first poll starts: a date (RFC 3339) or `beginning`. By default it starts now and reports nothing. */
  readonly from?: string;
  /** A systemuserid. Rows that this user changed last are not reported. */
  readonly ignoreChangesBy?: string;
  /** How far each poll reads back, in milliseconds; 10 minutes by default, at least 3. */
  readonly overlapMs?: number;
  readonly limits?: Partial<PollLimits>;
}

/** Limits of one poll; they are checked after each page. A poll that stops at a limit returns `hasMore`. */
export interface PollLimits {
  readonly pages: number;
  readonly rows: number;
  readonly ms: number;
  /** Rows per page, at most 5,000. */
  readonly pageSize: number;
}
