import type { Connector, JsonObject } from 'dynamics365-connector';
import { createRanking, describeOperation, type OperationView, runtimeOf } from 'dynamics365-connector/host';

/** Finds operations of a connector by everyday words: own ones first without a question, the best ones first with one. */
export function createCatalog(): (connector: Connector, question: string) => readonly JsonObject[] {
  // Views of 300 operations take a while, and a person types a letter at a time.
  const known = new WeakMap<Connector, Catalog>();
  const catalogOf = (connector: Connector) => {
    const catalog = known.get(connector) ?? describeCatalog(connector);
    known.set(connector, catalog);
    return catalog;
  };
  return (connector, question) => {
    const { definition } = runtimeOf(connector);
    const { views, rank } = catalogOf(connector);
    const isOwn = ({ id }: OperationView) => sourceOf(definition, id)?.from === undefined;
    const found =
      question.trim() === ''
        ? [...views.filter(isOwn), ...views.filter((view) => !isOwn(view))]
        : rank(question);
    return found.map(({ kind, id, title, description, group }) => {
      const source = sourceOf(definition, id);
      return { kind, id, title, description, group, file: source?.file ?? '', from: source?.from ?? null };
    });
  };
}

interface Catalog {
  readonly views: readonly OperationView[];
  readonly rank: (question: string) => readonly OperationView[];
}

function describeCatalog(connector: Connector): Catalog {
  const { definition } = runtimeOf(connector);
  const all = [...Object.values(definition.actions), ...Object.values(definition.triggers)];
  const views = all.map((operation) => describeOperation(definition, operation));
  return { views, rank: createRanking(views, definition.featured) };
}

type Definition = ReturnType<typeof runtimeOf>['definition'];

const sourceOf = ({ actions, triggers }: Definition, id: string) => actions[id] ?? triggers[id];
