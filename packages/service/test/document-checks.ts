import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonObject } from 'dynamics365-connector';

/** Holds requests and answers against an OpenAPI document. Each function returns what is wrong, or undefined. */
export interface DocumentChecks {
  /** The body of a request of an operation. */
  request(path: string, body: JsonObject): string | undefined;
  /** The JSON answer of an operation: the schema of its status, or the problem of 4XX and 5XX. */
  answer(path: string, answer: { readonly status: number; readonly body: JsonObject }): string | undefined;
}

interface Document {
  readonly paths: Readonly<Record<string, { readonly post?: object }>>;
}

/** Compiles the schemas of a document when they are needed. Paths are those with POST. */
export function createDocumentChecks(document: Document): DocumentChecks {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addFormat('odata-filter', true);
  ajv.addSchema({ $id: 'document', ...document });
  const compiled = new Map<string, ValidateFunction>();
  const check = (pointer: readonly string[], value: JsonObject): string | undefined => {
    const fragment = pointer
      .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const validate = compiled.get(fragment) ?? ajv.compile({ $ref: `document#/${fragment}` });
    compiled.set(fragment, validate);
    return validate(value) ? undefined : JSON.stringify(validate.errors?.slice(0, 3));
  };
  return {
    request: (path, body) =>
      check(['paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema'], body),
    answer: (path, { status, body }) =>
      status >= 400
        ? check(['components', 'schemas', 'Problem'], body)
        : check(
            ['paths', path, 'post', 'responses', String(status), 'content', 'application/json', 'schema'],
            body,
          ),
  };
}
