import type { Connector, JsonObject } from 'dynamics365-connector';
import { describeOperation, type OperationView, rankOperations, runtimeOf } from 'dynamics365-connector/host';

/** Finds operations of a connector by everyday words: own ones first without a question, the best ones first with one. */
export function createCatalog(): (connector: Connector, question: string) => readonly JsonObject[] {
  // Views of 300 operations take a while, and a person types a letter at a time.
  const known = new WeakMap<Connector, readonly OperationView[]>();
  const viewsOf = (connector: Connector) => {
    const { definition } = runtimeOf(connector);
    const all = [...Object.values(definition.actions), ...Object.values(definition.triggers)];
    const views = known.get(connector) ?? all.map((operation) => describeOperation(definition, operation));
    known.set(connector, views);
    return views;
  };
  return (connector, question) => {
    const { definition } = runtimeOf(connector);
    const views = viewsOf(connector);
    const isOwn = ({ id }: OperationView) => sourceOf(definition, id)?.from === undefined;
    const found =
      question.trim() === ''
        ? [...views.filter(isOwn), ...views.filter((view) => !isOwn(view))]
        : rankOperations(views, question, definition.featured);
    return found.map(({ kind, id, title, description, group }) => {
      const source = sourceOf(definition, id);
      return { kind, id, title, description, group, file: source?.file ?? '', from: source?.from ?? null };
    });
  };
}

type Definition = ReturnType<typeof runtimeOf>['definition'];

const sourceOf = ({ actions, triggers }: Definition, id: string) => actions[id] ?? triggers[id];
