import { errorsPage } from './errors.ts';

/** Every generated page: path from the root of the repo -> text. */
export function pages(): Readonly<Record<string, string>> {
  return { 'docs/errors.md': errorsPage() };
}
