import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors/connector-error.ts';
import type { ErrorCode } from '../../../src/errors/error-codes.ts';

/** Returns the ConnectorError that the work throws. Fails if it throws nothing or an error with another code. */
export async function errorOf(
  work: Promise<unknown> | (() => unknown),
  code: ErrorCode,
): Promise<ConnectorError> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    expect(error.code, error.message).to.equal(code);
    return error;
  }
  throw new Error(`Expected ${code}, but nothing was thrown.`);
}
