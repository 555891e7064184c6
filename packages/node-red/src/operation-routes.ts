import type { ConnectorDefinition } from 'dynamics365-connector';
import { describeOperation, type FieldView, type OperationView, runtimeOf } from 'dynamics365-connector/host';
import type { NodeRedContext } from './node-red-context.ts';

/**
 * Adds the routes that the editor builds its forms from: the names of all operations with the words to find them by and
 * the fields that must have a value, and the form of one. Operations are described when an editor asks for them first.
 */
export function addOperationRoutes({ red, connector }: NodeRedContext): void {
  const guard = red.auth.needsPermission('flows.read');
  let described: ReadonlyMap<string, OperationView> | undefined;
  const readViews = () => (described ??= describeOperations(runtimeOf(connector).definition));
  red.httpAdmin?.get('/dynamics365/operations', guard, (_request, response) => {
    const views = [...readViews().values()];
    response.json({ actions: namesOf(views, 'action'), triggers: namesOf(views, 'trigger') });
  });
  red.httpAdmin?.get('/dynamics365/operations/:id', guard, ({ params: { id = '' } }, response) => {
    const view = readViews().get(id);
    if (view === undefined) response.sendStatus(404);
    else response.json(formOf(view));
  });
}

/** A Map: ids such as "constructor" must not find members of Object.prototype. */
function describeOperations(definition: ConnectorDefinition): ReadonlyMap<string, OperationView> {
  const operations = Object.values({ ...definition.triggers, ...definition.actions });
  return new Map(operations.map((one) => [one.id, describeOperation(definition, one)]));
}

function namesOf(views: readonly OperationView[], kind: OperationView['kind']) {
  return views
    .filter((view) => view.kind === kind)
    .map(({ id, title, group, description, keywords, fields }) => ({
      ...{ id, title, group, description, keywords },
      required: fields
        .filter((field) => field.required)
        .map(({ name, title: label }) => ({ name, title: label })),
    }));
}

/** A call option with the name of an input is left out: the fields of a form have different names. */
function formOf(view: OperationView) {
  const names = view.fields.map(({ name }) => name);
  const callOptions = view.callOptions.filter(({ name }) => !names.includes(name));
  return { ...view, fields: view.fields.map(withoutSchema), callOptions: callOptions.map(withoutSchema) };
}

/** The editor draws the kind of a field; the engine checks its value. */
function withoutSchema({ schema, ...field }: FieldView) {
  const { minimum, maximum } = schema;
  return { ...field, minimum, maximum };
}
