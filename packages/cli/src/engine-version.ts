import { createRequire } from 'node:module';

/** The version of the engine, which all of our packages share. */
export function engineVersion(): string {
  const file = createRequire(import.meta.url)('dynamics365-connector/package.json') as { version: string };
  return file.version;
}
