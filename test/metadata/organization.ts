import { createWebApiFixture } from '../../packages/sandbox/test/web-api/fixture.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { JsonObject } from '../../src/model/json.ts';

/** A local organization as the metadata service reads it, with every path that was read. */
export function createReader() {
  const world = createWebApiFixture();
  const paths: string[] = [];
  const read = async (path: string): Promise<JsonObject> => {
    paths.push(decodeURIComponent(path));
    const { status, json } = world.get(path.slice(1), { prefer: 'odata.include-annotations="*"' });
    if (status !== 200) throw new ConnectorError('NOT_FOUND', 'There is nothing.', { status });
    return json as JsonObject;
  };
  return { world, read, paths };
}
