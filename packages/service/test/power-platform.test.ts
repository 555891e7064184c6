import { expect } from 'chai';
import { type ConnectorDefinition, loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { toSwagger } from '../src/documents/swagger.ts';
import { brokenRules, type Swagger } from './power-platform-rules.ts';

const url = 'https://connect.example.com';
/** All operations are checked, in documents of the size that is allowed. */
const operationsInDocument = 217;
const maxBytes = 1024 * 1024;

describe('service: document for Power Platform', () => {
  let definition: ConnectorDefinition;
  let documents: readonly Swagger[];
  before(async () => {
    definition = runtimeOf(await loadConnector()).definition;
    const { actions, triggers } = definition;
    const ids = [...Object.keys(actions), ...Object.keys(triggers)];
    const chunks = Array.from({ length: Math.ceil(ids.length / operationsInDocument) }, (_, index) =>
      ids.slice(index * operationsInDocument, (index + 1) * operationsInDocument),
    );
    documents = await Promise.all(chunks.map(documentOf));
  });

  const documentOf = async (ids: readonly string[]): Promise<Swagger> => {
    const pick = <Operation extends { readonly id: string }>(all: Readonly<Record<string, Operation>>) =>
      Object.values(all).filter(({ id }) => ids.includes(id));
    const { actions, triggers } = definition;
    const scope = { actions: pick(actions), triggers: pick(triggers) };
    return (await toSwagger({ ...scope, definition, url, connection: 'contoso' })) as unknown as Swagger;
  };

  it('keeps the rules for custom connectors, for every action and trigger', () => {
    for (const document of documents) expect(brokenRules(document)).to.deep.equal([]);
  });

  it('has at most 219 operations and 1 MB', async () => {
    expect(documents).to.have.length.greaterThan(1);
    for (const document of documents)
      expect(Buffer.byteLength(JSON.stringify(document))).to.be.below(maxBytes);
    const ids = Object.keys(definition.actions).slice(0, operationsInDocument + 1);
    const error = await documentOf(ids).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'INPUT_INVALID');
  });

  it('calls a trigger by what happens, and hides what the designer fills in', async () => {
    const document = await documentOf(['case.created', 'case.create']);
    const trigger = document.paths['/connections/contoso/triggers/case.created/subscriptions']?.post;
    expect(trigger?.summary).to.equal('When a case is created');
    const [body] = document.paths['/connections/contoso/actions/case.create']?.post?.parameters ?? [];
    expect(body?.schema?.properties?.contact?.properties?.table).to.include({
      default: 'contact',
      'x-ms-visibility': 'internal',
    });
  });

  const mistakes: Readonly<Record<string, (document: Swagger) => object>> = {
    'the operation id is in Pascal case': ({ paths }) => ({
      paths: withOperation(paths, (operation) => ({ ...operation, operationId: 'case_get' })),
    }),
    'the summary has': ({ paths }) => ({
      paths: withOperation(paths, (operation) => ({ ...operation, summary: 'Get case.' })),
    }),
    'a success has a schema': ({ paths }) => ({
      paths: withOperation(paths, (operation) => ({ ...operation, responses: { 200: {} } })),
    }),
    'the x-ms-summary has': ({ definitions }) => ({
      definitions: { ...definitions, Case: { type: 'object', properties: { id: { type: 'string' } } } },
    }),
    'a reference has a target': () => ({ definitions: {} }),
  };
  for (const [rule, mutate] of Object.entries(mistakes))
    it(`the rules find a mistake: ${rule}`, async () => {
      const document = await documentOf(['case.get']);
      const broken = brokenRules({ ...document, ...mutate(document) } as Swagger);
      expect(broken.join('\n')).to.contain(rule);
    });
});

type Paths = Swagger['paths'];

/** The paths with the first operation changed. */
function withOperation(paths: Paths, change: (operation: object) => object): object {
  const [path = ''] = Object.keys(paths);
  return { ...paths, [path]: { post: change(paths[path]?.post ?? {}) } };
}
