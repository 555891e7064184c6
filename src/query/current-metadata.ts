import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataSource } from '../metadata/metadata-service.ts';

const refusals: readonly string[] = ['INPUT_INVALID', 'QUERY_INVALID'];

/**
 * Runs work that refuses an input because of the organization's metadata. Before the refusal stands, the version of the
 * metadata is compared; if it changed, the work runs again. So a column that was added a moment ago is known.
 *
 * @param work reads metadata and sends nothing else
 */
export async function withCurrentMetadata<T>(
  source: Pick<MetadataSource, 'revalidate'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isRefusal = error instanceof ConnectorError && refusals.includes(error.code);
    if (!isRefusal || !(await hasChanged(source))) throw error;
    return await work();
  }
}

/** Whether the metadata may have changed since it was read. False if that cannot be found out. */
export async function hasChanged(source: Pick<MetadataSource, 'revalidate'>): Promise<boolean> {
  return (await source.revalidate?.().catch(() => false)) ?? false;
}
