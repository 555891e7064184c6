import { nameOf } from './as-connector-error.ts';
import { ConnectorError } from './connector-error.ts';
import { guardIterable } from './guard-errors.ts';

type AnyFunction = (...values: never[]) => unknown;

/**
 * The functions of a module, as an entry point exports them: they throw or reject with a ConnectorError only. Anything
 * else says that an argument is not what its type says, or that a function of the caller threw: INPUT_INVALID. The message
 * of the other error is omitted, because it can contain secrets or row values; its stack is kept. Modules of the engine
 * call each other without this.
 *
 * @example export const { quoteFilterText, quoteString } = guardFunctions(quoteStrings);
 */
export function guardFunctions<Module extends object>(module: Module): Module {
  const guarded = readMembers(module).map(([name, value]) => [
    name,
    typeof value === 'function' ? guardFunction(name, value as AnyFunction) : value,
  ]);
  return Object.fromEntries(guarded);
}

function readMembers(module: object): readonly (readonly [string, unknown])[] {
  try {
    return Object.entries(module);
  } catch (error) {
    throw argumentError('guardFunctions', error);
  }
}

function guardFunction(name: string, work: AnyFunction): AnyFunction {
  const toArgumentError = (error: unknown) => argumentError(name, error);
  const fail = (error: unknown): never => {
    throw toArgumentError(error);
  };
  return (...values) => {
    try {
      const answer = work(...values);
      if (answer instanceof Promise) return answer.catch(fail);
      return isGenerator(answer) ? guardIterable(() => answer, toArgumentError) : answer;
    } catch (error) {
      return fail(error);
    }
  };
}

function argumentError(name: string, cause: unknown): ConnectorError {
  if (cause instanceof ConnectorError) return cause;
  const stack = stackOf(cause);
  const message = `${name} cannot use its arguments (${nameOf(cause)}): one is not what its type says, or a function of yours threw.`;
  const advice = `Compare the arguments with the types of ${name}. If they are right, report it, with the stack of this error.`;
  const error = new ConnectorError('INPUT_INVALID', message, { advice });
  if (stack !== undefined) error.stack = `${error.name}: ${message}\n${stack}`;
  return error;
}

/** The stack of an error without its message. What is thrown can be anything. */
function stackOf(cause: unknown): string | undefined {
  try {
    const { stack } = cause as Partial<Error>;
    const at = stack?.search(/^ {4}at /m) ?? -1;
    return at < 0 ? undefined : stack?.slice(at);
  } catch {
    return undefined;
  }
}

function isGenerator(value: unknown): value is AsyncGenerator<unknown> {
  return Object.prototype.toString.call(value) === '[object AsyncGenerator]';
}
