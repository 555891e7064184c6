import { baseLanguage, readLanguages } from '../logic/languages.ts';
import type { WebApiContext } from './types.ts';
import { readUserFormat } from './user-format.ts';

/** The language of the caller; without labels in other languages, the base language. */
export function readLanguage({ org, request }: WebApiContext): number {
  const hasOthers = readLanguages(org.systemStore).length > 1;
  return hasOthers ? readUserFormat(org.systemStore, request.caller.userId).language : baseLanguage;
}
