import type { AuthorityResponse } from '../../auth/send-to-authority.ts';
import type { TokenCredential } from '../../client/credential.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import type { HttpSender } from '../../model/http.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { Clock } from '../../model/runtime-services.ts';
import type { Secret } from '../../model/secret.ts';

/** Keys of an AWS identity. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string | Secret;
  /** Of temporary keys. */
  readonly sessionToken?: string | Secret;
}

/** What a secret manager is asked with. */
export interface ManagerServices {
  readonly send: HttpSender;
  /** For endpoints on this machine, which no proxy reaches. */
  readonly sendLocally: HttpSender;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly azureCredential?: TokenCredential;
  readonly awsCredentials?: () => Promise<AwsCredentials>;
}

/** How often a request is repeated, and how long the pauses may be. */
const retries = { maxCount: 2, delayMs: 1000, maxDelayMs: 15_000 };

/** Repeats a request that failed for a reason that can pass: nothing is changed by reading a secret twice. */
export async function askWithRetries<T>(clock: Clock, ask: () => Promise<T>): Promise<T> {
  for (let count = 0; ; count++) {
    try {
      return await ask();
    } catch (error) {
      if (!ConnectorError.is(error) || !error.retryable || count === retries.maxCount) throw error;
      const delayMs = error.details.retryAfterMs ?? retries.delayMs * 2 ** count;
      if (delayMs > retries.maxDelayMs) throw error;
      await clock.sleep(delayMs);
    }
  }
}

/** The body of a response, `{}` if it is not a JSON object. */
export function parseBody({ text }: Pick<AuthorityResponse, 'text'>): JsonObject {
  try {
    const body: unknown = JSON.parse(text);
    return isJsonObject(body) ? body : {};
  } catch {
    return {};
  }
}

/** A code in a response of a manager, if it looks like one: nothing else of a response gets into an error. */
export function readCode(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9]{2,60}$/.test(value) ? ` (${value})` : '';
}

/** A manager has refused, or has no such secret. Its operator must act. */
export function refused(manager: string, problem: string, advice: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', `${manager} ${problem}`, { advice });
}

/** The answer has not the form that is documented, such as the page of a proxy. */
export function unexpectedAnswer(manager: string, { status }: AuthorityResponse): ConnectorError {
  const code = status >= 300 && status < 400 ? 'SETTING_INVALID' : 'RESPONSE_INVALID';
  return new ConnectorError(code, `${manager} gave an answer that is not documented (HTTP ${status}).`, {
    status,
    advice:
      code === 'SETTING_INVALID'
        ? 'Redirects are not followed, because the token must not be sent elsewhere. Use the address of the active server.'
        : 'Check that the address belongs to this secret manager, and that no proxy answers in its place.',
  });
}
