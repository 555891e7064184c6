import type { ActionDefinition, TriggerDefinition } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import type { NodeRedContext } from './node-red-context.ts';

/** Adds the routes that the editor builds its forms from: the names of all operations, and the schema of one. */
export function addOperationRoutes({ red, connector }: NodeRedContext): void {
  const guard = red.auth.needsPermission('flows.read');
  const { actions, triggers } = runtimeOf(connector).definition;
  const namesOf = (operations: typeof actions | typeof triggers) =>
    Object.values(operations).map(({ id, title, group }) => ({ id, title, group }));
  red.httpAdmin?.get('/dynamics365/operations', guard, (_request, response) =>
    response.json({ actions: namesOf(actions), triggers: namesOf(triggers) }),
  );
  // A Map: ids such as "constructor" must not find members of Object.prototype.
  const operations = new Map(Object.entries({ ...triggers, ...actions }));
  red.httpAdmin?.get('/dynamics365/operations/:id', guard, ({ params: { id = '' } }, response) => {
    const operation = operations.get(id);
    if (operation === undefined) response.sendStatus(404);
    else response.json(toOperationForm(operation));
  });
}

function toOperationForm({ title, description, input }: ActionDefinition | TriggerDefinition) {
  return { title, description, input };
}
