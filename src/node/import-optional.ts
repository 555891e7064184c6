import { ConnectorError } from '../errors/connector-error.ts';
import { assertFunction, copyObject } from '../validation/assert-options.ts';

/**
 * Imports an optional package. Throws PACKAGE_MISSING, with the command that installs it, if the package is not
 * installed. Errors inside the package are rethrown unchanged.
 */
export async function importOptional<T>(
  load: () => Promise<T>,
  about: { readonly name: string; readonly feature: string; readonly install: string },
): Promise<T> {
  const { name, feature, install } = copyObject(about, 'The description of the package');
  assertFunction(load, 'The import of the package');
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw error;
    throw new ConnectorError('PACKAGE_MISSING', `${feature} needs ${name}, which is not installed.`, {
      advice: `Run: npm install ${install}`,
    });
  }
}
