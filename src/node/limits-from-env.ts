import { ConnectorError } from '../errors/connector-error.ts';
import type { LimitSettings } from '../http/rate-limit/service-limits.ts';

const variables = {
  maxRequests: 'D365_MAX_REQUESTS',
  maxExecutionMs: 'D365_MAX_EXECUTION_MS',
  maxConcurrentRequests: 'D365_MAX_CONCURRENT_REQUESTS',
} as const;

/**
 * The service protection limits that the environment variables of a process set, for hosts without an option for them.
 *
 * @throws SETTING_INVALID for a value that is not a whole number above 0
 */
export function limitsFromEnv(env: NodeJS.ProcessEnv): LimitSettings {
  return {
    maxRequests: readLimit(env, variables.maxRequests),
    maxExecutionMs: readLimit(env, variables.maxExecutionMs),
    maxConcurrentRequests: readLimit(env, variables.maxConcurrentRequests),
  };
}

function readLimit(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new ConnectorError(
    'SETTING_INVALID',
    `${name} must be a whole number above 0, not "${text.slice(0, 50)}".`,
  );
}
