import { createWebApiFixture } from '../../packages/sandbox/test/web-api/fixture.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { JsonObject } from '../../src/model/json.ts';

/** Reads the metadata of a local organization and records the paths. */
export function createReader() {
  const fixture = createWebApiFixture();
  const paths: string[] = [];
  const read = async (path: string): Promise<JsonObject> => {
    paths.push(decodeURIComponent(path));
    const { status, json } = fixture.get(path.slice(1), { prefer: 'odata.include-annotations="*"' });
    if (status !== 200) throw new ConnectorError('NOT_FOUND', 'There is nothing.', { status });
    return json as JsonObject;
  };
  return { fixture, read, paths };
}
