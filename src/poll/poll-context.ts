import type { TriggerDefinition, TriggerWatch } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { Table } from '../model/table.ts';
import type { RowReader } from './row-reader-port.ts';

/** What a trigger watches, its values filled in from the params. */
export interface ResolvedWatch extends Omit<TriggerWatch, 'changedTo'> {
  readonly changedTo?: JsonObject;
}

/** What a poll works with: the trigger, its table, and the world. */
export interface PollContext {
  readonly trigger: Pick<TriggerDefinition, 'id'> & { readonly watch: ResolvedWatch };
  readonly table: Table;
  readonly reader: RowReader;
  /** `clock` measures how long a poll takes and nothing else; the organization's time places events. */
  readonly services: Pick<RuntimeServices, 'store' | 'clock' | 'uuid' | 'log'>;
}

/** One poll. */
export interface PollRequest {
  readonly params: JsonObject;
  /** The trigger's `where`, rendered with the params; absent when every clause fell away. */
  readonly filter?: string;
  /** As an earlier poll answered it; absent on the first. */
  readonly checkpoint?: unknown;
  /** Where a first poll starts: a date (RFC 3339) or the beginning; absent = now, quietly. */
  readonly from?: string;
  /** A systemuserid, our own: rows that this user changed last are passed over. */
  readonly ignoreChangesBy?: string;
  /** How far each poll looks back, by the organization's clock; 10 minutes unless told, never under 3. */
  readonly overlapMs?: number;
  readonly limits?: Partial<PollLimits>;
}

/** Where one poll stops and says `more`; each is looked at after a whole page. */
export interface PollLimits {
  readonly pages: number;
  readonly rows: number;
  readonly ms: number;
  /** Rows a page, at most 5,000. */
  readonly pageSize: number;
}
