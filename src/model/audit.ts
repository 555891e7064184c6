import { ConnectorError } from '../errors/connector-error.ts';
/**
 * One write that was sent to an organization: who, what, which row, with which outcome. It has ids and names, and no value
 * of a row.
 */
export interface AuditLine {
  /** When the outcome was known, RFC 3339, by our clock. */
  readonly time: string;
  /** `https://contoso.crm.dynamics.com` */
  readonly organization: string;
  /** The action of the connector: `case.resolve`. */
  readonly operation: string;
  readonly change: AuditChange;
  /** The logical name; the name of the entity set if the connector has no such table. */
  readonly table?: string;
  /** Absent if the organization created no row, or the row is named by an alternate key. */
  readonly id?: string;
  /** For `call`: the action of Dataverse, `CloseIncident`. */
  readonly message?: string;
  /** The user or app that the access token stands for: its object id in Microsoft Entra. */
  readonly user?: string;
  /** The user in whose name it was done (`asUser`): the object id in Microsoft Entra. */
  readonly asUser?: string;
  /** Who asked for it, as the host knows: an API key, an MCP client, a subscription, a user of the machine. */
  readonly actor?: string;
  /** `unknown`: no answer arrived, so it may have been carried out. */
  readonly outcome: AuditOutcome;
  readonly status?: number;
  /** The code of the error. */
  readonly code?: string;
  /** Our id of the call, and that of the service. */
  readonly requestId: string;
  readonly serviceRequestId?: string;
}

/** `upsert`: a row was created or changed. `call`: an action of Dataverse, which may change several rows. */
export type AuditChange = 'create' | 'update' | 'upsert' | 'delete' | 'link' | 'unlink' | 'call';
export type AuditOutcome = 'done' | 'failed' | 'unknown';

/** Who keeps the audit lines. `openAuditLog` of `dynamics365-connector/node` writes them to files. */
export interface Audit {
  /** The lines of one request, as soon as its outcome is known. */
  write(lines: readonly AuditLine[]): void;
  /** What `work` writes gets this actor. */
  runAs<T>(actor: string, work: () => T): T;
}

/** Runs work in the name of an actor, if writes are recorded. */
export function runAs<T>(audit: Audit | undefined, actor: string, work: () => T): T {
  if (typeof work !== 'function' || (audit !== undefined && !canRunAs(audit))) {
    throw new ConnectorError('INPUT_INVALID', 'runAs takes an audit, an actor and a function.');
  }
  return audit === undefined ? work() : audit.runAs(actor, work);
}

/** False also for a value that throws when it is read. */
function canRunAs(audit: Audit): boolean {
  try {
    return typeof audit.runAs === 'function';
  } catch {
    return false;
  }
}
