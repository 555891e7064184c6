import {
  createTestServices,
  testCredential,
  testOrigin,
  withTestServices,
} from '../../src/authoring/contract/fixture.ts';
import { createScriptedSender } from '../../src/authoring/contract/scripted-sender.ts';
import type { Client } from '../../src/client/client.ts';
import { openConnection } from '../../src/client/connect.ts';
import { createClient } from '../../src/client/create-client.ts';
import type { ConnectorDefinition, MockResponse } from '../../src/model/definition.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { HttpRequest } from '../../src/model/http.ts';
import type { Json } from '../../src/model/json.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { compileSmall } from '../manifest/support/manifests.ts';

/** The base URL of the Web API in tests. */
export const api = `${testOrigin}/api/data/v9.2`;

/** A client of a small manifest, and the requests that it has sent. */
export interface YamlClient {
  readonly client: Client;
  readonly definition: ConnectorDefinition;
  readonly requests: readonly HttpRequest[];
}

/** A client of the small manifest with these files, which answers its requests with `responses`, in order. */
export function openYamlClient(
  files: Readonly<Record<string, string>>,
  responses: readonly unknown[] = [],
): YamlClient {
  const { definition, diagnostics } = compileSmall(files);
  if (definition === undefined) throw new Error(JSON.stringify(diagnostics.filter(isError), null, 1));
  const script = responses.map((response) => ({ receives: toMock(response) }));
  const sender = createScriptedSender(script, api);
  const services = createTestServices(sender.send);
  const runtime = withTestServices({ definition, validator: createValidator() }, services);
  const connection = openConnection(runtime, { orgUrl: testOrigin }, testCredential);
  return { client: createClient(connection), definition, requests: sender.requests };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

/** A body alone is a response with status 200; `reset` is a connection that breaks. */
function toMock(response: unknown): MockResponse | 'reset' {
  if (response === 'reset') return response;
  const isResponse = typeof response === 'object' && response !== null && 'status' in response;
  return isResponse ? (response as MockResponse) : { status: 200, body: response as Json };
}
