import { ConnectorError } from '../errors/connector-error.ts';
import type { Audit } from '../model/audit.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { Telemetry } from '../model/telemetry.ts';
import { hasMethods } from '../validation/assert-options.ts';

/** Who is told about what the connector does. */
export interface ObserverOptions {
  /**
   * Receives spans and metrics: `'opentelemetry'` (with the package `@opentelemetry/api`), or a `Telemetry` of your own.
   * Default: the variable D365_TELEMETRY, or none.
   */
  readonly telemetry?: 'opentelemetry' | Telemetry;
  /**
   * Receives a line for each row that is written: who, what, which row, which outcome, without values (`openAuditLog`).
   * Default: files in the folder of the variable D365_AUDIT, or none.
   */
  readonly audit?: Audit;
}

/** The observers of a connector. SETTING_INVALID for a value that is none: what nobody gets must not go unnoticed. */
export async function openObservers(
  { telemetry, audit }: ObserverOptions,
  env: NodeJS.ProcessEnv,
): Promise<Pick<RuntimeServices, 'telemetry' | 'audit'>> {
  if (audit !== undefined && !hasMethods(audit, 'write', 'runAs'))
    throw new ConnectorError('SETTING_INVALID', 'Option "audit" must have the methods "write" and "runAs".');
  return {
    telemetry: await openTelemetryOf(telemetry ?? env.D365_TELEMETRY),
    audit: audit ?? (await openAuditOf(env)),
  };
}

async function openAuditOf(env: NodeJS.ProcessEnv): Promise<Audit | undefined> {
  return env.D365_AUDIT ? (await import('./audit-log.ts')).auditFromEnv(env) : undefined;
}

async function openTelemetryOf(given: string | Telemetry | undefined): Promise<Telemetry | undefined> {
  if (given === undefined || given === '') return undefined;
  if (given === 'opentelemetry') return await (await import('./open-telemetry.ts')).openTelemetry();
  if (typeof given === 'object' && hasMethods(given, 'start')) return given;
  throw new ConnectorError('SETTING_INVALID', 'Option "telemetry" (D365_TELEMETRY) must be "opentelemetry".');
}
