import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors/connector-error.ts';
import type { ErrorCode } from '../../../src/errors/error-codes.ts';

/** The ConnectorError of this code that the work must end in. */
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
  throw new Error(`Nothing failed; expected ${code}.`);
}
