import { type Connector, loadConnector } from 'dynamics365-connector';
import { type ContractCaseResult, runContractTests } from 'dynamics365-connector/authoring';
import { createIdMatcher, runtimeOf } from 'dynamics365-connector/host';
import { readManifest } from 'dynamics365-connector/node';
import { describeOrigin } from './describe-origin.ts';

interface TestedConnector {
  readonly connector: Connector;
  /** The id of a base, whose own operations are tested; undefined for the manifest itself. */
  readonly base?: string;
}

/**
 * Runs the contract tests of the operations that match a pattern. Those of a connector that is extended run with it
 * alone, because an extension changes what is read and required.
 */
export async function* runManifestTests(
  manifest: string | undefined,
  pattern: string,
): AsyncGenerator<ContractCaseResult> {
  for (const tested of await loadTested(manifest)) yield* runTests(tested, createIdMatcher(pattern));
}

async function loadTested(manifest: string | undefined): Promise<readonly TestedConnector[]> {
  const connector: Connector = await loadConnector({ manifest });
  const { bases = [] } = runtimeOf(connector).definition;
  if (bases.length === 0) return [{ connector }];
  const { packages } = await readManifest(manifest);
  const loaded = packages.slice(0, -1).map(async ({ folder }, index) => ({
    connector: await loadConnector({ manifest: folder }),
    base: bases[index]?.id ?? folder,
  }));
  return [{ connector }, ...(await Promise.all(loaded))];
}

async function* runTests(
  { connector, base }: TestedConnector,
  accepts: (operation: string) => boolean,
): AsyncGenerator<ContractCaseResult> {
  const { definition, validator } = runtimeOf(connector);
  const operations = new Map(Object.entries({ ...definition.triggers, ...definition.actions }));
  const isOwn = (id: string) => base === undefined || operations.get(id)?.from === undefined;
  for await (const result of runContractTests({ definition, validator }, (id) => accepts(id) && isOwn(id)))
    yield base === undefined
      ? result
      : { ...result, file: describeOrigin({ file: result.file, from: base }) };
}
