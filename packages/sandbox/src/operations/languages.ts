import { readLanguages, writeLanguages } from '../logic/languages.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { operationResponse, readIntegerParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Operations on the languages of the organization. */
export const languageOperations: readonly WebApiOperation[] = [
  {
    name: 'RetrieveProvisionedLanguages',
    kind: 'function',
    parameters: {},
    run: (call) =>
      operationResponse(call, { RetrieveProvisionedLanguages: readLanguages(call.context.org.systemStore) }),
  },
  {
    name: 'RetrieveAvailableLanguages',
    kind: 'function',
    parameters: {},
    run: (call) => operationResponse(call, { LocaleIds: readLanguages(call.context.org.systemStore) }),
  },
  {
    name: 'ProvisionLanguage',
    kind: 'action',
    parameters: { Language: 'required' },
    run: (call) => changeLanguages(call, (languages, language) => [...languages, language]),
  },
  {
    name: 'DeprovisionLanguage',
    kind: 'action',
    parameters: { Language: 'required' },
    run: (call) =>
      changeLanguages(call, (languages, language) => languages.filter((each) => each !== language)),
  },
];

function changeLanguages(
  call: OperationContext,
  change: (languages: readonly number[], language: number) => readonly number[],
): WebApiResponse {
  const { systemStore } = call.context.org;
  call.context.request.caller.access?.require('prvLanguageSettings');
  writeLanguages(systemStore, change(readLanguages(systemStore), readIntegerParameter(call, 'Language')));
  return noContentResponse(call.context);
}
